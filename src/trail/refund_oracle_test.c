/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what cn-2016 returns never says more than the record: "traced" is said of exactly those
 * claims of whose money the same amount is there whatever the withdrawals took, and all that is
 * returned could truly be there at once. Within that it is in proportion to the losses.
 * Method: small random accounts. The oracle plays every story the record allows: every order of
 * entries of which nobody said an order, every way of taking a withdrawal from the money that is
 * there, fen by fen, and keeps the set of all endings. It knows nothing of low waters or balances.
 *
 * YUMEN_REFUND_ACCOUNTS=10000000 plays so many; YUMEN_REFUND_SEED chooses others.
 */
#include "trail/refund.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CLAIMS = 3, OWNERS = CLAIMS + 1, NOBODY = CLAIMS, ENTRIES = 7, PURSE = 12 };
enum { SIDE = PURSE + 1, STORIES = SIDE * SIDE * SIDE * SIDE, MASKS = 1 << ENTRIES };
enum { USUAL_ACCOUNTS = 2500, BEGIN_S = 1790000000 };

static uint64_t chance_state;

static unsigned below(unsigned n)
{
    chance_state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = chance_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((z ^ (z >> 31)) % n);
}

/* ---- an account ------------------------------------------------------------------------------ */

struct account {
    struct refund_case c;
    struct refund_entry entries[ENTRIES];
    struct refund_claim claims[CLAIMS];
    char ids[ENTRIES][16];
    unsigned group[ENTRIES]; /* entries of one group: nobody said which was first */
    unsigned groups;
    unsigned came; /* in all */
};

/* Three ways to say an order (seconds, milliseconds, the bank's numbers), and none. */
static void entry_make(struct account *a, unsigned i, unsigned *second, unsigned *millisecond)
{
    struct refund_entry *e = &a->entries[i];
    unsigned way = i == 0 ? 0 : below(5);
    bool is_next = way == 0 || (way == 1 && *millisecond == 0);
    if (is_next) {
        *second += 1 + below(3);
        *millisecond = below(2) == 0 ? 0 : 1 + below(100);
    } else if (way == 1) {
        *millisecond += 1 + below(100);
    }
    bool is_same = !is_next && way != 1;
    a->groups += is_same ? 0 : 1;
    a->group[i] = a->groups;
    snprintf(a->ids[i], sizeof a->ids[i], "%c%u", 'a' + (char)below(26), i);
    *e = (struct refund_entry){.id = str_from_c(a->ids[i]),
                               .time_ms = (int64_t)(BEGIN_S + *second) * 1000 + *millisecond,
                               .amount_minor = 1 + below(3),
                               .is_out = below(5) < 2,
                               .claim = REFUND_NOBODY,
                               .status = TRANSFER_BOOKED};
    a->came += e->is_out ? 0 : (unsigned)e->amount_minor;
    if (a->came > PURSE) /* the oracle's room */
        e->is_out = true;
    if (!e->is_out && below(6) > 0)
        e->claim = (int32_t)below(CLAIMS);
}

/* Now and then the bank numbers all entries of a second: then their order is known. */
static void number_some(struct account *a)
{
    for (unsigned i = 0, end = 0; i < a->c.entry_count; i = end) {
        int64_t second = a->entries[i].time_ms / 1000;
        for (end = i; end < a->c.entry_count && a->entries[end].time_ms / 1000 == second; end++)
            continue;
        if (below(3) > 0)
            continue;
        for (unsigned k = i; k < end; k++) {
            a->entries[k].has_seq = true;
            a->entries[k].seq = 40 + k;
            a->group[k] = 100 + k;
        }
    }
}

static void account_make(struct account *a)
{
    static const char *const names[CLAIMS] = {"A", "B", "C"};
    unsigned second = 0;
    unsigned millisecond = 0;
    *a = (struct account){0};
    a->c.opening_minor = below(3) == 0 ? below(4) : 0;
    a->came = (unsigned)a->c.opening_minor;
    a->c.entry_count = 1 + below(ENTRIES);
    for (unsigned i = 0; i < a->c.entry_count; i++)
        entry_make(a, i, &second, &millisecond);
    number_some(a);
    for (unsigned i = 0; i < CLAIMS; i++)
        a->claims[i] = (struct refund_claim){.id = str_from_c(names[i]), .loss_minor = below(7)};
    a->c.frozen_ms = (int64_t)(BEGIN_S + second + 10) * 1000;
    a->c.entries = a->entries;
    a->c.claims = a->claims;
    a->c.claim_count = CLAIMS;
}

/* ---- every story ----------------------------------------------------------------------------- */

struct purse {
    int of[OWNERS];
};

static bool told[MASKS][STORIES];

static unsigned number_of(const struct purse *p)
{
    unsigned n = 0;
    for (int o = 0; o < OWNERS; o++)
        n = n * SIDE + (unsigned)p->of[o];
    return n;
}

static struct purse purse_of(unsigned n)
{
    struct purse p;
    for (int o = OWNERS; o-- > 0; n /= SIDE)
        p.of[o] = (int)(n % SIDE);
    return p;
}

/* Marks every way of taking n fen. */
static void take_every_way(struct purse p, int owner, int n, bool *ret)
{
    if (owner == OWNERS) {
        ret[number_of(&p)] = ret[number_of(&p)] || n == 0;
        return;
    }
    int has = p.of[owner];
    for (int k = 0; k <= has && k <= n; k++) {
        p.of[owner] = has - k;
        take_every_way(p, owner + 1, n - k, ret);
    }
}

static void play(const struct refund_entry *e, struct purse p, bool *ret)
{
    if (e->is_out) {
        take_every_way(p, 0, (int)e->amount_minor, ret);
        return;
    }
    int *mine = &p.of[e->claim == REFUND_NOBODY ? NOBODY : e->claim];
    *mine += (int)e->amount_minor;
    assert_true(*mine <= PURSE);
    ret[number_of(&p)] = true;
}

/* Each entry of the group that is not yet among `mask` may be the next. */
static void play_next(const struct account *a, unsigned from, unsigned end, unsigned mask,
                      unsigned story)
{
    for (unsigned k = 0; k < end - from; k++)
        if ((mask >> k & 1) == 0)
            play(&a->entries[from + k], purse_of(story), told[mask | 1U << k]);
}

/* told[0] before the group; told[0] after it, in every order. */
static void play_group(const struct account *a, unsigned from, unsigned end)
{
    unsigned all = (1U << (end - from)) - 1;
    for (unsigned mask = 1; mask <= all; mask++)
        memset(told[mask], 0, sizeof told[mask]);
    for (unsigned mask = 0; mask < all; mask++)
        for (unsigned s = 0; s < STORIES; s++)
            if (told[mask][s])
                play_next(a, from, end, mask, s);
    memcpy(told[0], told[all], sizeof told[0]);
}

static int balance_of(const struct account *a)
{
    int balance = (int)a->c.opening_minor;
    for (unsigned i = 0; i < a->c.entry_count; i++)
        balance +=
            (int)(a->entries[i].is_out ? -a->entries[i].amount_minor : a->entries[i].amount_minor);
    return balance;
}

/* What is not frozen: nobody's money where that is certainly enough, else any. */
static void play_freeze(const struct account *a)
{
    int left = balance_of(a) - (int)a->c.frozen_minor;
    int nobodys = PURSE;
    for (unsigned s = 0; s < STORIES; s++)
        if (told[0][s] && purse_of(s).of[NOBODY] < nobodys)
            nobodys = purse_of(s).of[NOBODY];
    memset(told[1], 0, sizeof told[1]);
    for (unsigned s = 0; s < STORIES && left > 0; s++) {
        struct purse p = purse_of(s);
        if (!told[0][s])
            continue;
        if (left > nobodys) {
            take_every_way(p, 0, left, told[1]);
            continue;
        }
        p.of[NOBODY] -= left;
        told[1][number_of(&p)] = true;
    }
    if (left > 0)
        memcpy(told[0], told[1], sizeof told[0]);
}

/* False: no story is possible. */
static bool play_all(const struct account *a)
{
    struct purse opening = {.of[NOBODY] = (int)a->c.opening_minor};
    memset(told[0], 0, sizeof told[0]);
    told[0][number_of(&opening)] = true;
    for (unsigned i = 0, end = 0; i < a->c.entry_count; i = end) {
        for (end = i; end < a->c.entry_count && a->group[end] == a->group[i]; end++)
            continue;
        play_group(a, i, end);
    }
    for (unsigned s = 0; s < STORIES; s++)
        if (told[0][s])
            return true;
    return false;
}

/* ---- the endings say ------------------------------------------------------------------------- */

/* Whether at least so much of each claim's money can be there at once. */
static bool is_possible(const int64_t *amounts)
{
    for (unsigned s = 0; s < STORIES; s++) {
        struct purse p = purse_of(s);
        bool is_enough = told[0][s];
        for (int i = 0; i < CLAIMS && is_enough; i++)
            is_enough = p.of[i] >= amounts[i];
        if (is_enough)
            return true;
    }
    return false;
}

static void check_bounds(const struct refund *r)
{
    for (int i = 0; i < CLAIMS; i++) {
        int least = PURSE;
        int most = 0;
        for (unsigned s = 0; s < STORIES; s++) {
            if (!told[0][s])
                continue;
            int has = purse_of(s).of[i];
            least = has < least ? has : least;
            most = has > most ? has : most;
        }
        assert_int_equal(r->parts[i].least_minor, least);
        assert_int_equal(r->parts[i].most_minor, most);
        assert_int_equal(r->parts[i].basis == BASIS_PROPORTIONAL, least < most);
    }
}

/* All are possible at once; none could have a fen more; and no fen would be fairer elsewhere. */
static void check_amounts(const struct refund *r)
{
    int64_t amounts[CLAIMS];
    for (int i = 0; i < CLAIMS; i++)
        amounts[i] = r->parts[i].basis == BASIS_PROPORTIONAL ? r->parts[i].amount_minor
                                                             : r->parts[i].most_minor;
    assert_true(is_possible(amounts));
    for (int i = 0; i < CLAIMS; i++) {
        const struct refund_part *p = &r->parts[i];
        if (p->basis != BASIS_PROPORTIONAL || p->amount_minor == p->loss_minor)
            continue;
        amounts[i]++;
        assert_false(is_possible(amounts));
        for (int k = 0; k < CLAIMS; k++) {
            const struct refund_part *q = &r->parts[k];
            if (k == i || q->basis != BASIS_PROPORTIONAL || q->amount_minor == 0)
                continue;
            amounts[k]--;
            if (is_possible(amounts))
                assert_true(q->amount_minor * p->loss_minor - p->amount_minor * q->loss_minor <
                            q->loss_minor + p->loss_minor);
            amounts[k]++;
        }
        amounts[i]--;
    }
}

static void check_sum(const struct refund *r)
{
    int64_t sum = r->unclaimed_minor;
    for (int i = 0; i < CLAIMS; i++) {
        const struct refund_part *p = &r->parts[i];
        assert_true(p->amount_minor <= p->loss_minor && p->amount_minor <= p->deposited_minor);
        sum += p->amount_minor;
    }
    assert_int_equal(sum, r->record->of->frozen_minor);
    assert_true(r->unclaimed_minor >= 0);
}

static void check_frozen(struct account *a, struct arena *arena)
{
    struct refund_record record;
    struct refund_faults faults = {0};
    assert_int_equal(refund_record_make(&a->c, arena, &record, &faults).code, ERR_NONE);
    assert_int_equal(record.balance_minor, balance_of(a));
    for (enum refund_rule rule = 0; rule < RULE_COUNT; rule++) {
        struct refund r;
        assert_int_equal(refund_compute(&record, rule, arena, &r).code, ERR_NONE);
        check_sum(&r);
        if (rule != RULE_CN_2016)
            continue;
        check_bounds(&r);
        check_amounts(&r);
    }
}

static void every_story_is_played(void **state)
{
    (void)state;
    const char *accounts = getenv("YUMEN_REFUND_ACCOUNTS"); // NOLINT(concurrency-mt-unsafe)
    const char *seed = getenv("YUMEN_REFUND_SEED");         // NOLINT(concurrency-mt-unsafe)
    long count = accounts == NULL ? USUAL_ACCOUNTS : strtol(accounts, NULL, 10);
    chance_state = seed == NULL ? 1 : strtoull(seed, NULL, 10);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (long n = 0; n < count; n++) {
        struct account a;
        struct refund_record record;
        struct refund_faults faults = {0};
        account_make(&a);
        arena_reset(&arena);
        bool is_possible_at_all = play_all(&a);
        err e = refund_record_make(&a.c, &arena, &record, &faults);
        assert_int_equal(failed(e), !is_possible_at_all);
        if (failed(e)) {
            assert_string_equal(faults.at[0].why, "refund.overdrawn");
            continue;
        }
        int balance = balance_of(&a);
        a.c.frozen_minor = below(3) == 0 ? below((unsigned)balance + 3) : (unsigned)balance;
        play_freeze(&a);
        check_frozen(&a, &arena);
    }
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_story_is_played),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
