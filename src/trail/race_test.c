/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the ranking is what its formula says, asks for nothing that it may not ask for, and follows
 * what banks and money do.
 * Method: by hand; random accounts against a ranking written the long way; worlds of two banks
 * that differ tenfold.
 */
#include "trail/race_why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA_BYTES = 64 << 20, MINUTE = 60000, HOUR = 60 * MINUTE, MOST = 2000 };
#define NOW (INT64_C(1790000000000))

struct bed {
    struct arena arena;
    struct arena turn;
    struct hazard *h;
    struct race *r;
    struct race_plan plan;
    uint64_t draws;
};

static int set_up(void **state)
{
    static struct bed bed;
    bed = (struct bed){.draws = 11};
    arena_init(&bed.arena, ARENA_BYTES);
    arena_init(&bed.turn, ARENA_BYTES);
    assert_false(failed(hazard_make(&bed.arena, &bed.h)));
    assert_false(failed(race_make(&bed.arena, MOST, &race_usual, bed.h, &bed.r)));
    *state = &bed;
    return 0;
}

static int tear_down(void **state)
{
    struct bed *bed = *state;
    arena_done(&bed->arena);
    arena_done(&bed->turn);
    return 0;
}

static uint64_t draw(struct bed *b)
{
    uint64_t x = b->draws++ + UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* 10,000.00 came five minutes ago to somebody's account at bank 1. */
static struct race_account plain(uint32_t account)
{
    return (struct race_account){.account = account,
                                 .bank = 1,
                                 .layer = 1,
                                 .can_hold = true,
                                 .can_stop = true,
                                 .attributed = 1000000,
                                 .present = 1000000,
                                 .last_ms = NOW - 5 * MINUTE};
}

static void put(struct bed *b, const struct race_account *a)
{
    assert_false(failed(race_put(b->r, a)));
}

static const struct race_pick *rank_with(struct bed *b, int64_t budget)
{
    arena_reset(&b->turn);
    assert_false(failed(race_rank(b->r, NOW, budget, &b->turn, &b->plan)));
    assert_int_equal(b->plan.count, race_count(b->r));
    return b->plan.picks;
}

static const struct race_pick *rank(struct bed *b)
{
    return rank_with(b, INT64_MAX);
}

/* --- by hand --- */

static void what_there_is_is_held(void **state)
{
    struct bed *b = *state;
    struct race_account a = plain(5);
    put(b, &a);
    const struct race_pick *p = rank(b);
    assert_int_equal(p->action, RACE_HOLD);
    assert_int_equal(p->amount, 1000000);
    assert_true(p->gain > 0 && p->gain < 1000000);
    assert_int_equal(b->plan.asks, 1000000);
    assert_int_equal(b->plan.expected, p->gain);
}

static void what_stands_is_not_asked_again(void **state)
{
    struct bed *b = *state;
    struct race_account a = plain(5);
    a.asked = 300000;
    a.held = 200000;
    a.pending = 100000;
    put(b, &a);
    assert_int_equal(rank(b)->amount, 400000);
    a.held = 700000;
    put(b, &a);
    assert_int_equal(rank(b)->action, RACE_NONE);
    assert_int_equal(rank(b)->against, RACE_WHY_STANDS);
}

/* Money left before the hold came: the hold is brought down to what is there. */
static void what_stands_beyond_is_trimmed(void **state)
{
    struct bed *b = *state;
    struct race_account a = plain(5);
    a.held = 1000000;
    a.present = 250000;
    put(b, &a);
    assert_int_equal(rank(b)->action, RACE_TRIM);
    assert_int_equal(rank(b)->amount, 250000);
    assert_int_equal(rank(b)->against, RACE_WHY_OVER);
    a.present = 0;
    put(b, &a);
    assert_int_equal(rank(b)->amount, 0);
    assert_int_equal(b->plan.asks, 0);
}

static void a_stop_is_for_who_cannot_hold(void **state)
{
    struct bed *b = *state;
    struct race_account a = plain(5);
    a.can_hold = false;
    put(b, &a);
    assert_int_equal(rank(b)->action, RACE_STOP);
    a.honest = 100000000; /* a merchant with a million: not for 10,000 */
    put(b, &a);
    assert_int_equal(rank(b)->action, RACE_NONE);
    assert_int_equal(rank(b)->against, RACE_WHY_NOT_WORTH);
    assert_true(rank(b)->gain < 0 && rank(b)->collateral > 100000000);
    a.can_hold = true; /* a hold leaves the million alone */
    put(b, &a);
    assert_int_equal(rank(b)->action, RACE_HOLD);
    a.can_hold = false;
    a.can_stop = false;
    put(b, &a);
    assert_int_equal(rank(b)->against, RACE_WHY_NO_WAY);
}

/* A stop that keeps 10,000 stands; once most of it turns out to have left before, it is lifted. */
static void a_stop_that_harms_more_is_lifted(void **state)
{
    struct bed *b = *state;
    struct race_account a = plain(5);
    a.can_hold = false;
    a.is_stopped = true;
    a.honest = 2000000;
    put(b, &a);
    assert_int_equal(rank(b)->action, RACE_NONE);
    assert_int_equal(rank(b)->against, RACE_WHY_STANDS);
    a.present = 90000; /* 20,000 honest for 48 hours is counted as 960.00 */
    put(b, &a);
    assert_int_equal(rank(b)->action, RACE_TRIM);
    assert_int_equal(rank(b)->amount, 0);
    assert_int_equal(rank(b)->against, RACE_WHY_STOP_COSTS);
    a.honest = 0;
    put(b, &a);
    assert_int_equal(rank(b)->action, RACE_NONE);
    a.present = 0;
    put(b, &a);
    assert_int_equal(rank(b)->action, RACE_TRIM);
}

static void what_is_not_acted_on_says_why(void **state)
{
    struct bed *b = *state;
    struct race_account nothing = plain(1);
    struct race_account little = plain(2);
    struct race_account refused = plain(3);
    struct race_account leaving = plain(4);
    nothing.present = 0;
    little.present = 1500;
    refused.is_refused = true;
    leaving.pending = leaving.present;
    put(b, &nothing);
    put(b, &little);
    put(b, &refused);
    put(b, &leaving);
    static const uint8_t wanted[] = {0, RACE_WHY_NOTHING, RACE_WHY_NOT_WORTH, RACE_WHY_REFUSED,
                                     RACE_WHY_PENDING};
    const struct race_pick *picks = rank(b);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(picks[i].action, RACE_NONE);
        assert_int_equal(picks[i].amount, 0);
        assert_int_equal(picks[i].against, wanted[picks[i].account]);
    }
}

static void the_budget_goes_to_the_best(void **state)
{
    struct bed *b = *state;
    for (uint32_t i = 1; i <= 4; i++) {
        struct race_account a = plain(i);
        a.present = a.attributed = i * 100000;
        put(b, &a);
    }
    const struct race_pick *p = rank_with(b, 500000);
    assert_int_equal(p[0].account, 4);
    assert_int_equal(p[0].amount, 400000);
    assert_int_equal(p[1].account, 3);
    assert_int_equal(p[1].amount, 100000);
    assert_int_equal(p[1].against, RACE_WHY_BUDGET);
    assert_int_equal(p[2].action, RACE_NONE);
    assert_int_equal(p[2].against, RACE_WHY_BUDGET);
    assert_int_equal(b->plan.asks, 500000);
    assert_int_equal(rank_with(b, 0)[0].action, RACE_NONE);
    assert_int_equal(rank_with(b, -5)[0].action, RACE_NONE);
}

static bool has_why(const struct race_pick *p, const char *key, int64_t number)
{
    struct race_reason why[RACE_WHYS];
    unsigned count = race_why(p, why);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(race_why_unit(str_from_c(why[i].key)), why[i].unit);
        if (strcmp(why[i].key, key) == 0)
            return why[i].number == number;
    }
    return false;
}

static void reasons_are_told(void **state)
{
    struct bed *b = *state;
    struct race_account a = plain(5);
    a.asked = 100000;
    a.exited = 7700;
    put(b, &a);
    const struct race_pick *p = rank(b);
    assert_true(p->gain > 0 && has_why(p, "race.why.gain", p->gain));
    assert_true(has_why(p, "race.why.balance", 1000000));
    assert_true(has_why(p, "race.why.held", 100000));
    assert_true(has_why(p, "race.why.exits", 7700));
    assert_true(has_why(p, "race.why.leaves", hazard_ppm(p->leaves)));
    assert_false(has_why(p, "race.why.over", 0));
    a.held = 1000000;
    put(b, &a);
    assert_true(has_why(rank(b), "race.why.over", 100000));
}

static void one_too_many_is_refused(void **state)
{
    struct bed *b = *state;
    for (uint32_t i = 0; i < MOST; i++) {
        struct race_account a = plain(i * 7919 % MOST);
        put(b, &a);
    }
    struct race_account a = plain(MOST);
    assert_int_equal(race_put(b->r, &a).code, ERR_LIMIT);
    race_drop(b->r, 17, NOW);
    race_drop(b->r, 17, NOW);
    assert_int_equal(race_count(b->r), MOST - 1);
    put(b, &a);
    assert_null(race_find(b->r, 17));
    assert_int_equal(race_find(b->r, MOST)->account, MOST);
}

/* --- the long way --- */

struct long_pick {
    struct race_account a;
    int action;
    int64_t amount;
    int64_t gain;
};

static int64_t share(int64_t value, uint32_t part)
{
    return (int64_t)((__int128)value * part / HAZARD_ONE);
}

static void weigh_long(struct bed *b, struct long_pick *p)
{
    const struct race_account *a = &p->a;
    int64_t since = a->left_ms > a->last_ms ? a->left_ms : a->last_ms;
    uint8_t kind =
        (uint8_t)((a->is_company ? 1 : 0) | (a->left_ms > 0 && a->left_ms >= a->last_ms ? 2 : 0) |
                  (a->exited > 0 ? 4 : 0));
    uint8_t hour = (uint8_t)((since / HOUR + 8) % 24);
    uint8_t hour_now = (uint8_t)((NOW / HOUR + 8) % 24);
    struct hazard_cell money = {a->bank, kind, hour};
    struct hazard_cell order = {a->bank, a->can_hold ? HAZARD_HOLD : HAZARD_STOP, hour_now};
    *p = (struct long_pick){.a = *a, .action = RACE_NONE};
    if (a->asked + a->held > a->present) {
        p->action = RACE_TRIM;
        p->amount = a->present;
        return;
    }
    int64_t worth = a->present - a->pending - a->asked - a->held;
    if (worth <= 0 || a->is_refused || (!a->can_hold && !a->can_stop))
        return;
    struct hazard_landing l = hazard_lands(b->h, order);
    const uint32_t *curve = hazard_curve(b->h, money);
    int64_t age = NOW > since ? NOW - since : 0;
    uint32_t there = 0;
    for (int i = 0; i < HAZARD_QUANTILES; i++)
        there += hazard_alive(curve, age + l.quantile_ms[i]) / 4;
    there = there == 0 ? 1 : there;
    int64_t median = (l.quantile_ms[1] + l.quantile_ms[2]) / 2;
    uint32_t later = hazard_alive(curve, age + median + 2 * (int64_t)HOUR);
    uint32_t leaves = later >= there ? 0 : HAZARD_ONE - hazard_ratio(later, there);
    leaves = leaves < HAZARD_ONE / 4 ? HAZARD_ONE / 4 : leaves;
    uint32_t is_there = hazard_ratio(there, hazard_alive(curve, age));
    int64_t honest = a->honest < 0 ? worth : a->honest;
    int64_t harm =
        a->can_hold
            ? share(share(honest < worth ? honest : worth, HAZARD_ONE - is_there), l.done) * 2
            : share(honest, l.done) * 48;
    p->gain = share(share(share(worth, l.done), is_there), leaves) - harm / 1000 - 2000;
    if (p->gain <= 0)
        return;
    p->action = a->can_hold ? RACE_HOLD : RACE_STOP;
    p->amount = worth;
}

static int by_gain(const void *one, const void *other)
{
    const struct long_pick *a = one;
    const struct long_pick *b = other;
    int trims = (b->action == RACE_TRIM) - (a->action == RACE_TRIM);
    if (trims != 0)
        return trims;
    if (a->gain != b->gain)
        return a->gain > b->gain ? -1 : 1;
    return a->a.account < b->a.account ? -1 : 1;
}

static void rank_long(struct bed *b, struct long_pick *picks, uint32_t count, int64_t budget)
{
    for (uint32_t i = 0; i < count; i++)
        weigh_long(b, &picks[i]);
    qsort(picks, count, sizeof *picks, by_gain);
    for (uint32_t i = 0; i < count; i++) {
        if (picks[i].action != RACE_HOLD && picks[i].action != RACE_STOP)
            continue;
        if (picks[i].amount > budget)
            picks[i].amount = budget;
        if (picks[i].amount == 0)
            picks[i].action = RACE_NONE;
        budget -= picks[i].amount;
    }
}

static struct race_account draw_account(struct bed *b, uint32_t account)
{
    static const int64_t amounts[] = {0, 1, 100, 5000, 400000, 400000, 10000000, 90000000000};
    struct race_account a = {.account = account, .bank = (uint32_t)(draw(b) % 5 * 70)};
    uint64_t bits = draw(b);
    a.is_company = bits % 5 == 0;
    a.can_hold = bits / 8 % 4 != 0;
    a.can_stop = bits / 64 % 4 != 0;
    a.is_refused = bits / 512 % 9 == 0;
    a.present = amounts[draw(b) % COUNT_OF(amounts)];
    a.attributed = a.present + amounts[draw(b) % COUNT_OF(amounts)];
    a.exited = draw(b) % 3 == 0 ? amounts[draw(b) % COUNT_OF(amounts)] : 0;
    a.pending = draw(b) % 4 == 0 ? a.present / 3 : 0;
    a.asked = draw(b) % 4 == 0 ? a.present / 2 : 0;
    a.held = draw(b) % 4 == 0 ? amounts[draw(b) % COUNT_OF(amounts)] : 0;
    a.honest = draw(b) % 4 == 0 ? -1 : amounts[draw(b) % COUNT_OF(amounts)];
    a.last_ms = NOW + MINUTE - (int64_t)(draw(b) % (80 * (uint64_t)HOUR));
    a.left_ms = draw(b) % 2 == 0 ? 0 : NOW - (int64_t)(draw(b) % (80 * (uint64_t)HOUR));
    return a;
}

static void same_as_the_long_way(struct bed *b, const struct long_pick *wanted, int64_t budget)
{
    const struct race_pick *p = rank_with(b, budget);
    int64_t asks = 0;
    for (uint32_t i = 0; i < b->plan.count; i++) {
        assert_int_equal(p[i].account, wanted[i].a.account);
        assert_int_equal(p[i].action, wanted[i].action);
        assert_int_equal(p[i].amount, wanted[i].amount);
        bool is_acted = p[i].action == RACE_HOLD || p[i].action == RACE_STOP;
        int64_t stands = is_acted ? p[i].stands : 0;
        assert_true(p[i].amount >= 0 && p[i].amount + stands <= wanted[i].a.present);
        assert_true(!is_acted || p[i].gain > 0 || budget == p[i].amount);
        assert_true(p[i].action != RACE_NONE || p[i].against != RACE_WHY_COUNT);
        asks += is_acted ? p[i].amount : 0;
    }
    assert_int_equal(asks, b->plan.asks);
    assert_true(asks <= budget);
}

static void a_random_lesson(struct bed *b)
{
    struct race_receipt receipt = {.account = (uint32_t)(draw(b) % 300),
                                   .bank = (uint32_t)(draw(b) % 5 * 70),
                                   .is_stop = draw(b) % 2 == 0,
                                   .is_done = draw(b) % 4 != 0,
                                   .asked = 1000,
                                   .held = (int64_t)(draw(b) % 2000),
                                   .sent_ms = NOW - (int64_t)(draw(b) % (HOUR * 40ULL)),
                                   .landed_ms = NOW - (int64_t)(draw(b) % (HOUR * 40ULL))};
    race_receipt(b->r, &receipt);
}

/* Put, replaced, dropped, in any order; after each, as if from nothing. */
static void any_order_of_changes_is_one_ranking(void **state)
{
    struct bed *b = *state;
    static struct race_account live[300];
    static bool is_live[300];
    static struct long_pick wanted[300];
    static const int64_t budgets[] = {0, 1, 3000000, INT64_MAX};
    memset(is_live, 0, sizeof is_live);
    for (int round = 0; round < 1500; round++) {
        uint32_t account = (uint32_t)(draw(b) % 300);
        is_live[account] = draw(b) % 3 != 0;
        live[account] = draw_account(b, account);
        if (is_live[account])
            put(b, &live[account]);
        else
            race_drop(b->r, account, NOW);
        if (round % 3 == 0)
            a_random_lesson(b);
        uint32_t count = 0;
        for (uint32_t i = 0; i < 300; i++)
            if (is_live[i])
                wanted[count++].a = live[i];
        int64_t budget = budgets[draw(b) % COUNT_OF(budgets)];
        rank_long(b, wanted, count, budget);
        same_as_the_long_way(b, wanted, budget);
    }
}

static void equal_gains_go_by_number(void **state)
{
    struct bed *b = *state;
    static const uint32_t numbers[] = {9, 4, 4000000000, 77, 1};
    static const uint32_t wanted[] = {1, 4, 9, 77, 4000000000};
    for (unsigned i = 0; i < COUNT_OF(numbers); i++) {
        struct race_account a = plain(numbers[i]);
        put(b, &a);
    }
    for (unsigned i = 0; i < COUNT_OF(numbers); i++)
        assert_int_equal(rank(b)[i].account, wanted[i]);
}

/* --- what is learnt --- */

/* A receipt of 10,000.00 at `bank`; all of it leaves after `dwell_ms`. */
static void let_pass(struct bed *b, uint32_t bank, int64_t dwell_ms)
{
    struct race_account a = plain(900);
    a.bank = bank;
    a.last_ms = NOW - 20 * (int64_t)HOUR;
    put(b, &a);
    a.present = 0;
    a.left_ms = a.last_ms + dwell_ms;
    put(b, &a);
    race_drop(b->r, a.account, NOW);
}

static void transfers_teach(void **state)
{
    struct bed *b = *state;
    struct race_account slow = plain(1);
    struct race_account fast = plain(2);
    fast.bank = 2;
    put(b, &slow);
    put(b, &fast);
    assert_int_equal(rank(b)[0].account, 1);
    for (int i = 0; i < 40; i++) {
        let_pass(b, 1, 10 * (int64_t)HOUR + (int64_t)(draw(b) % HOUR));
        let_pass(b, 2, HOUR + (int64_t)(draw(b) % (HOUR / 10)));
    }
    slow.last_ms = fast.last_ms = NOW - HOUR / 2;
    struct race_pick was = rank(b)[0];
    assert_int_equal(was.account, 2);
}

/* An order finds all of it, or that all of it has left. */
static void a_hold_lands(struct bed *b, uint32_t bank, unsigned mean_min)
{
    struct race_account a = plain(900);
    a.bank = bank;
    unsigned age_min = 2 + (unsigned)(draw(b) % 100);
    a.last_ms = NOW - (age_min + 1) * (int64_t)MINUTE;
    put(b, &a);
    bool has_left = false;
    for (unsigned minute = 0; minute < age_min; minute++)
        has_left = has_left || draw(b) % mean_min == 0;
    struct race_receipt receipt = {.account = a.account,
                                   .bank = bank,
                                   .is_done = true,
                                   .asked = a.present,
                                   .held = has_left ? 0 : a.present,
                                   .sent_ms = NOW - 2 * MINUTE,
                                   .landed_ms = NOW - MINUTE};
    race_receipt(b->r, &receipt);
    a.held = receipt.held;
    a.present = receipt.held;
    put(b, &a);
    race_drop(b->r, a.account, NOW);
}

static void put_two(struct bed *b)
{
    for (uint32_t bank = 1; bank <= 2; bank++) {
        struct race_account a = plain(bank);
        a.bank = bank;
        put(b, &a);
    }
}

/* How many of 200 receipts it takes until the account at bank `first` comes first for good. */
static unsigned receipts_until(struct bed *b, const unsigned means_min[3], uint32_t first)
{
    unsigned last_wrong = 0;
    for (unsigned i = 1; i <= 200; i++) {
        uint32_t bank = 1 + i % 2;
        a_hold_lands(b, bank, means_min[bank]);
        if (rank(b)[0].account != first)
            last_wrong = i;
    }
    return last_wrong;
}

/* Money leaves one bank in 20 minutes and the other in 200, then the other way round. What holds
 * find is enough to know it: no transfer is seen. */
static void banks_swap_within_200_receipts(void **state)
{
    struct bed *b = *state;
    static const unsigned one_fast[] = {0, 20, 200};
    static const unsigned two_fast[] = {0, 200, 20};
    put_two(b);
    assert_int_equal(rank(b)[0].account, 1);
    assert_true(receipts_until(b, two_fast, 2) < 200);
    for (int round = 0; round < 3; round++) {
        unsigned there = receipts_until(b, one_fast, 1);
        unsigned back = receipts_until(b, two_fast, 2);
        print_message("swapped after %u receipts, back after %u\n", there, back);
        assert_true(there > 0 && there < 200 && back > 0 && back < 200);
    }
}

static void let_land(struct bed *b, uint32_t bank, int64_t about_ms)
{
    struct race_receipt receipt = {.account = 4711,
                                   .bank = bank,
                                   .is_done = true,
                                   .asked = 1000,
                                   .held = 1000,
                                   .sent_ms = NOW - 3 * (int64_t)HOUR};
    receipt.landed_ms = receipt.sent_ms + about_ms / 2 + (int64_t)(draw(b) % (uint64_t)about_ms);
    race_receipt(b->r, &receipt);
}

/* Orders land ten times as fast at one bank as at the other: its account comes first. */
static void slow_banks_come_later(void **state)
{
    struct bed *b = *state;
    put_two(b);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 200; i++)
            let_land(b, 1 + (uint32_t)i % 2, i % 2 == 0 ? 40 * MINUTE : 4 * MINUTE);
        assert_int_equal(rank(b)[0].account, 2);
        for (int i = 0; i < 200; i++)
            let_land(b, 1 + (uint32_t)i % 2, i % 2 == 0 ? 4 * MINUTE : 40 * MINUTE);
        assert_int_equal(rank(b)[0].account, 1);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_there_is_is_held),
        TEST(what_stands_is_not_asked_again),
        TEST(what_stands_beyond_is_trimmed),
        TEST(a_stop_is_for_who_cannot_hold),
        TEST(a_stop_that_harms_more_is_lifted),
        TEST(what_is_not_acted_on_says_why),
        TEST(the_budget_goes_to_the_best),
        TEST(reasons_are_told),
        TEST(one_too_many_is_refused),
        TEST(any_order_of_changes_is_one_ranking),
        TEST(equal_gains_go_by_number),
        TEST(transfers_teach),
        TEST(banks_swap_within_200_receipts),
        TEST(slow_banks_come_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
