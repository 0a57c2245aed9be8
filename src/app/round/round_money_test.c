/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: of an account its own transfers are found, each once and as they stand; and of every
 * claim the money that came to it, by whatever way and not a fen more than was stolen.
 * Method: small worlds by hand in runs that lie in memory; then seeded crowds of accounts that pass
 * money on: no transfer brings more than it moved, and no claim more than it lost at once.
 */
#include "app/round/round_money.h"

#include "env/random.h"
#include "trail/case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { ROWS = 600, CLAIMS = 40, PEOPLE = 20, BEGIN_MS = 1790000000 };
#define AT(second) (INT64_C(1000) * (BEGIN_MS + (second)))

struct world {
    struct arena arena;
    struct runs *runs;
    struct transfer rows[ROWS];
    char ids[ROWS][16];
    char keys[ROWS][2][16];
    uint32_t count;
    struct round_claim claims[CLAIMS];
    size_t claim_count;
    struct round_row *found;
    size_t found_count;
    struct trail_part *parts;
    size_t part_count;
    uint32_t most_transfers;
};

static void begin(struct world *w)
{
    const struct runs_options options = {.folder = NULL};
    *w = (struct world){.count = 0};
    arena_init(&w->arena, 256 << 20);
    assert_false(failed(runs_open(&options, &w->runs)));
}

static void end(struct world *w)
{
    runs_close(w->runs);
    arena_done(&w->arena);
}

/* Accounts are letters. */
static struct transfer *pay(struct world *w, char from, char to, int64_t second, int64_t amount)
{
    uint32_t i = w->count++;
    (void)snprintf(w->ids[i], sizeof w->ids[i], "T%u", i);
    (void)snprintf(w->keys[i][0], sizeof w->keys[i][0], "BKA:%c", from);
    (void)snprintf(w->keys[i][1], sizeof w->keys[i][1], "BKA:%c", to);
    w->rows[i] = (struct transfer){.id = str_from_c(w->ids[i]),
                                   .time_ms = AT(second),
                                   .from = str_from_c(w->keys[i][0]),
                                   .to = str_from_c(w->keys[i][1]),
                                   .amount_minor = amount,
                                   .currency = "CNY",
                                   .status = TRANSFER_BOOKED,
                                   .from_bank = STR("BKA"),
                                   .to_bank = STR("BKA")};
    return &w->rows[i];
}

static size_t claim(struct world *w, const char *id, const struct transfer *t)
{
    w->claims[w->claim_count] = (struct round_claim){.id = str_from_c(id),
                                                     .incident = STR("I"),
                                                     .transfer = t->id,
                                                     .from = t->from,
                                                     .to = t->to,
                                                     .amount = t->amount_minor,
                                                     .is_matched = true};
    return w->claim_count++;
}

static void take(struct world *w)
{
    static uint8_t fates[ROWS];
    const struct runs_batch batch = {.rows = w->rows, .count = w->count, .ret_fates = fates};
    assert_false(failed(runs_take(w->runs, &batch)));
    assert_false(failed(runs_sync(w->runs)));
}

static err ask_of(struct world *w, const char *account, int64_t second, str *ret_busy)
{
    struct round_parts parts = {0};
    const struct round_money m = {.runs = w->runs,
                                  .account = str_from_c(account),
                                  .currency = STR("CNY"),
                                  .incidents = STR("H I"),
                                  .until_ms = AT(second),
                                  .most_transfers = w->most_transfers,
                                  .arena = &w->arena};
    assert_false(failed(round_rows_read(&m, &w->found, &w->found_count)));
    err e = round_parts_read(&m, w->claims, w->claim_count, &parts);
    w->parts = parts.at;
    w->part_count = parts.count;
    *ret_busy = parts.busy;
    return e;
}

static void ask(struct world *w, const char *account, int64_t second)
{
    str busy = {0};
    assert_false(failed(ask_of(w, account, second, &busy)));
}

static int64_t part_of(const struct world *w, size_t claim)
{
    int64_t sum = 0;
    for (size_t i = 0; i < w->part_count; i++)
        sum += w->parts[i].claim == claim ? w->parts[i].minor : 0;
    return sum;
}

/* --- by hand --- */

static void its_own_transfers(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    pay(&w, 'V', 'M', 10, 100);
    struct transfer *out = pay(&w, 'M', 'S', 20, 30);
    out->has_balance = out->has_seq = true;
    out->balance_minor = 70;
    out->seq = 4;
    pay(&w, 'M', 'M', 21, 5);
    memcpy(pay(&w, 'V', 'M', 22, 7)->currency, "USD", 3);
    pay(&w, 'V', 'S', 23, 9);
    pay(&w, 'V', 'M', 31, 8);
    take(&w);
    ask(&w, "BKA:M", 30);
    assert_int_equal(w.found_count, 2);
    for (size_t i = 0; i < w.found_count; i++) {
        const struct round_row *r = &w.found[i];
        assert_int_equal(r->is_out, str_equal(r->id, STR("T1")));
        assert_int_equal(r->has_balance, r->is_out);
        assert_int_equal(r->balance, r->is_out ? 70 : 0);
        assert_int_equal(r->seq, r->is_out ? 4 : 0);
    }
    ask(&w, "BKA:nobody", 30);
    assert_int_equal(w.found_count + w.part_count, 0);
    end(&w);
}

static void money_through_another_account(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    size_t a = claim(&w, "A", pay(&w, 'V', 'L', 10, 100));
    size_t b = claim(&w, "B", pay(&w, 'W', 'L', 20, 50));
    size_t c = claim(&w, "C", pay(&w, 'X', 'M', 25, 11));
    size_t d = claim(&w, "D", pay(&w, 'Y', 'Q', 26, 11));
    pay(&w, 'L', 'M', 30, 120);
    take(&w);
    ask(&w, "BKA:M", 100);
    assert_int_equal(part_of(&w, a), 100);
    assert_int_equal(part_of(&w, b), 20);
    assert_int_equal(part_of(&w, c), 11);
    assert_int_equal(part_of(&w, d), 0);
    assert_int_equal(w.part_count, 3);
    for (size_t i = 1; i < w.part_count; i++)
        assert_true(w.parts[i - 1].ordinal <= w.parts[i].ordinal);
    ask(&w, "BKA:M", 29); /* before it came */
    assert_int_equal(w.part_count, 1);
    end(&w);
}

/* In one second, in the order that the bank has numbered. */
static void passed_on_at_once(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    struct transfer *first = pay(&w, 'V', 'L', 10, 100);
    size_t a = claim(&w, "A", first);
    struct transfer *on = pay(&w, 'L', 'K', 10, 100);
    struct transfer *last = pay(&w, 'K', 'M', 10, 90);
    first->has_seq = on->has_seq = last->has_seq = true;
    first->seq = 1;
    on->seq = 2;
    last->seq = 3;
    take(&w);
    ask(&w, "BKA:M", 10);
    assert_int_equal(part_of(&w, a), 90);
    end(&w);
}

static void one_payment_is_lost_once(void **state)
{
    struct world w;
    (void)state;
    for (int withdrawn = 0; withdrawn < 2; withdrawn++) {
        begin(&w);
        const struct transfer *t = pay(&w, 'V', 'M', 10, 100);
        size_t a = claim(&w, "A", t);
        size_t b = claim(&w, "B", t);
        w.claims[a].settled = 30;
        w.claims[b].settled = 5;
        w.claims[a].is_matched = !withdrawn;
        take(&w);
        ask(&w, "BKA:M", 100);
        size_t stands = withdrawn ? b : a;
        assert_int_equal(w.part_count, 1);
        assert_int_equal(part_of(&w, stands), 100);
        assert_int_equal(w.claims[stands].settled, 35);
        end(&w);
    }
}

static void what_never_moved_is_nobodys(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    struct transfer *t = pay(&w, 'V', 'M', 10, 100);
    t->status = TRANSFER_REVERSED;
    claim(&w, "A", t);
    claim(&w, "B", pay(&w, 'V', 'M', 20, 40));
    w.claims[1].is_matched = false; /* withdrawn, and something was paid on it */
    claim(&w, "C", pay(&w, 'W', 'M', 30, 7));
    w.claims[2].transfer = STR("nowhere");
    take(&w);
    ask(&w, "BKA:M", 100);
    assert_int_equal(w.part_count, 0);
    assert_int_equal(w.found_count, 3);
    end(&w);
}

/* L has three transfers, and two are followed: that nothing came from there is not said. What was
 * rejected does not make it busy; nor are other incidents' claims asked about. */
/* Only a payment into the account itself, that stands, was sent before the freeze and is booked
 * later: no other moves the moment. */
static void the_moment_of_what_was_booked_again(void **state)
{
    static const struct {
        char payee;
        int64_t sent; /* second; 0: not known */
        int64_t booked;
        uint8_t status;
        bool is_matched;
        int64_t moment;
    } rows[] = {
        {'M', 10, 10, TRANSFER_BOOKED,   true,  30}, /* as told */
        {'M', 10, 60, TRANSFER_BOOKED,   true,  60}, /* taken back, and booked again */
        {'M', 30, 60, TRANSFER_BOOKED,   true,  60}, /* in the freeze's last second */
        {'M', 31, 60, TRANSFER_BOOKED,   true,  30}, /* a later payment is for a later round */
        {'M', 0,  60, TRANSFER_BOOKED,   true,  30},
        {'S', 10, 60, TRANSFER_BOOKED,   true,  30},
        {'M', 10, 60, TRANSFER_REVERSED, true,  30}, /* taken back once more */
        {'M', 10, 60, TRANSFER_PENDING,  true,  30},
        {'M', 10, 60, TRANSFER_BOOKED,   false, 30},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        int64_t moment = 0;
        begin(&w);
        pay(&w, 'V', 'M', 1, 5);
        struct transfer *t = pay(&w, 'V', rows[i].payee, rows[i].booked, 100);
        t->status = rows[i].status;
        size_t c = claim(&w, "c", t);
        w.claims[c].sent_ms = rows[i].sent == 0 ? 0 : AT(rows[i].sent);
        w.claims[c].is_matched = rows[i].is_matched;
        take(&w);
        const struct round_money m = {.runs = w.runs,
                                      .account = STR("BKA:M"),
                                      .currency = STR("CNY"),
                                      .until_ms = AT(30),
                                      .arena = &w.arena};
        assert_false(failed(round_moment_read(&m, w.claims, w.claim_count, &moment)));
        if (moment != AT(rows[i].moment))
            fail_msg("row %zu: %lld", i, (long long)((moment - AT(0)) / 1000));
        end(&w);
    }
}

static void an_account_too_busy_to_be_followed(void **state)
{
    struct world w;
    str busy = {0};
    (void)state;
    begin(&w);
    w.most_transfers = 2;
    size_t a = claim(&w, "A", pay(&w, 'V', 'L', 10, 100));
    pay(&w, 'L', 'M', 30, 100);
    for (int i = 0; i < 5; i++)
        pay(&w, 'X', 'L', 40 + i, 1)->status = TRANSFER_REJECTED;
    take(&w);
    ask(&w, "BKA:M", 100);
    assert_int_equal(part_of(&w, a), 100);
    end(&w);

    begin(&w);
    w.most_transfers = 2;
    a = claim(&w, "A", pay(&w, 'V', 'L', 10, 100));
    pay(&w, 'L', 'M', 30, 100);
    pay(&w, 'X', 'L', 40, 1);
    take(&w);
    err e = ask_of(&w, "BKA:M", 100, &busy);
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_string_equal(e.why, "round.busy");
    assert_true(str_equal(busy, STR("BKA:L")));
    w.claims[a].incident = STR("J");
    ask(&w, "BKA:M", 100);
    assert_int_equal(w.part_count, 0);
    w.claims[a].incident = STR("I");
    ask(&w, "BKA:L", 100); /* where it is busy itself, what came is known */
    assert_int_equal(part_of(&w, a), 100);
    end(&w);
}

/* --- seeded --- */

/* Everybody pays everybody, and tells what is left; some of it is claimed. Where nobody tells, an
 * account is followed from when stolen money first came: then it matters whose. */
static void draw_crowd(struct world *w, struct random_source *r)
{
    int64_t balances[PEOPLE];
    for (uint32_t i = 0; i < PEOPLE; i++)
        balances[i] = (int64_t)random_below(r, 1000);
    for (uint32_t i = 0; i < 300; i++) {
        uint32_t from = (uint32_t)random_below(r, PEOPLE);
        uint32_t to = (uint32_t)random_below(r, PEOPLE);
        if (balances[from] == 0)
            continue;
        int64_t amount = (int64_t)(1 + random_below(r, (uint64_t)balances[from]));
        struct transfer *t = pay(w, (char)('A' + from), (char)('A' + to), i / 2, amount);
        balances[from] -= amount;
        balances[to] += amount;
        t->has_balance = t->has_seq = true;
        t->balance_minor = balances[from];
        t->seq = i;
        if (from != to && w->claim_count < CLAIMS && random_below(r, 8) == 0)
            claim(w, t->id.at, t);
    }
}

/* The same for all claims at once, none passed over. */
static int64_t part_of_all(struct world *w, size_t wanted, int64_t second)
{
    uint32_t ordinals[CLAIMS];
    struct trail_parts parts = {0};
    int64_t sum = 0;
    uint32_t account = 0;
    for (size_t i = 0; i < w->claim_count; i++) {
        size_t found = 0;
        assert_false(
            failed(runs_ask_transfers(w->runs, w->claims[i].transfer, &ordinals[i], 1, &found)));
        assert_int_equal(found, 1);
    }
    assert_false(failed(runs_ask_account(w->runs, STR("BKA:C"), &account)));
    const struct trail_parts_question q = {.claims = ordinals,
                                           .claim_count = w->claim_count,
                                           .account = account,
                                           .as_of_ms = AT(second)};
    assert_false(failed(trail_parts_make(w->runs, &q, &w->arena, &parts)));
    for (size_t i = 0; i < parts.count; i++)
        sum += parts.at[i].claim == wanted ? parts.at[i].minor : 0;
    return sum;
}

static int64_t amount_at(const struct world *w, uint32_t ordinal)
{
    for (size_t i = 0; i < w->found_count; i++)
        if (w->found[i].ordinal == ordinal && !w->found[i].is_out)
            return w->found[i].amount;
    return 0;
}

static void crowds(void **state)
{
    static struct world w;
    struct random_source random;
    size_t told = 0;
    (void)state;
    random_init_seeded(&random, 20261123);
    for (int round = 0; round < 60; round++) {
        int64_t until = 20 + (int64_t)random_below(&random, 140);
        begin(&w);
        draw_crowd(&w, &random);
        take(&w);
        ask(&w, "BKA:C", until);
        for (size_t i = 0; i < w.claim_count; i++)
            if (w.claims[i].is_matched)
                assert_int_equal(part_of(&w, i), part_of_all(&w, i, until));
        for (size_t i = 0; i < w.part_count;) {
            int64_t sum = 0;
            uint32_t ordinal = w.parts[i].ordinal;
            for (; i < w.part_count && w.parts[i].ordinal == ordinal; i++)
                sum += w.parts[i].minor;
            assert_true(sum <= amount_at(&w, ordinal));
        }
        told += w.part_count;
        end(&w); /* what was asked of it lies in its arena */
    }
    assert_true(told > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_own_transfers),
        cmocka_unit_test(money_through_another_account),
        cmocka_unit_test(passed_on_at_once),
        cmocka_unit_test(one_payment_is_lost_once),
        cmocka_unit_test(what_never_moved_is_nobodys),
        cmocka_unit_test(the_moment_of_what_was_booked_again),
        cmocka_unit_test(an_account_too_busy_to_be_followed),
        cmocka_unit_test(crowds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
