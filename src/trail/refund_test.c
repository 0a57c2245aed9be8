/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the rules give what a person with a pencil gives, and say on what it rests; what cannot be
 * in a record is refused by entry and column; no sum overflows; an order nobody said, and the order
 * in which entries are handed over, change nothing.
 * Method: accounts worked out by hand, the arithmetic beside them; random ones for what must hold
 * of all (what is exactly right is refund_oracle_test.c's).
 */
#include "trail/refund.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ENTRIES = 40, NONE = REFUND_NOBODY };
#define BEGIN_MS INT64_C(1790000000000)

struct story {
    struct arena arena;
    struct refund_case c;
    struct refund_entry entries[ENTRIES];
    char ids[ENTRIES][16];
    struct refund_claim claims[4];
    struct refund_record record;
    struct refund_faults faults;
    struct refund refund;
};

/* `losses` of A, B, ...; ended by 0. */
static void begin(struct story *s, const int64_t *losses)
{
    static const char *const names[] = {"A", "B", "C", "D"};
    *s = (struct story){0};
    arena_init(&s->arena, 4 << 20);
    for (uint32_t i = 0; losses[i] != 0; i++)
        s->claims[s->c.claim_count++] =
            (struct refund_claim){.id = str_from_c(names[i]), .loss_minor = losses[i]};
    s->c.entries = s->entries;
    s->c.claims = s->claims;
    s->c.frozen_ms = BEGIN_MS + 86400000;
}

static struct refund_entry *put(struct story *s, int64_t ms, int64_t amount, int claim)
{
    uint32_t i = s->c.entry_count++;
    snprintf(s->ids[i], sizeof s->ids[i], "E%02u", i);
    s->entries[i] = (struct refund_entry){.id = str_from_c(s->ids[i]),
                                          .time_ms = BEGIN_MS + ms,
                                          .amount_minor = amount,
                                          .claim = claim,
                                          .status = TRANSFER_BOOKED};
    return &s->entries[i];
}

static struct refund_entry *in(struct story *s, int second, int64_t amount, int claim)
{
    return put(s, second * INT64_C(1000), amount, claim);
}

static struct refund_entry *out(struct story *s, int second, int64_t amount)
{
    struct refund_entry *e = in(s, second, amount, NONE);
    e->is_out = true;
    return e;
}

static void compute(struct story *s, enum refund_rule rule)
{
    assert_int_equal(refund_record_make(&s->c, &s->arena, &s->record, &s->faults).code, ERR_NONE);
    assert_int_equal(refund_compute(&s->record, rule, &s->arena, &s->refund).code, ERR_NONE);
}

static void expect(const struct story *s, int claim, enum refund_basis basis, int64_t amount)
{
    assert_int_equal(s->refund.parts[claim].amount_minor, amount);
    assert_int_equal(s->refund.parts[claim].basis, basis);
}

static void end(struct story *s, int64_t unclaimed)
{
    int64_t sum = s->refund.unclaimed_minor;
    for (uint32_t i = 0; i < s->c.claim_count; i++)
        sum += s->refund.parts[i].amount_minor;
    assert_int_equal(sum, s->c.frozen_minor);
    assert_int_equal(s->refund.unclaimed_minor, unclaimed);
    arena_done(&s->arena);
}

#define LOSSES(...) ((const int64_t[]){__VA_ARGS__, 0})

/* ---- the 2016 rules, article 8 --------------------------------------------------------------- */

/* (1) One deposit; part of it was taken out in cash. What is left is its own. */
static void a_single_deposit_is_returned_directly(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(5000000));
    in(&s, 0, 5000000, 0);
    out(&s, 60, 2000000);
    s.c.frozen_minor = 3000000;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_DIRECT, 3000000);
    end(&s, 0);
}

/* (2) A's money had left before B's came. */
static void an_emptied_account_separates(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(1000000, 2000000));
    in(&s, 0, 1000000, 0);
    out(&s, 60, 1000000);
    in(&s, 120, 2000000, 1);
    out(&s, 180, 500000);
    s.c.frozen_minor = 1500000;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_TIMESTAMP, 0);
    expect(&s, 1, BASIS_TIMESTAMP, 1500000);
    end(&s, 0);
}

/* (2) Nothing left since B's and C's money came; what went before was A's alone. */
static void money_nothing_was_taken_from_separates(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(1000, 500, 20));
    in(&s, 0, 1000, 0);
    out(&s, 60, 300);
    in(&s, 120, 500, 1);
    in(&s, 180, 20, 2);
    s.c.frozen_minor = 1220;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_TIMESTAMP, 700);
    expect(&s, 1, BASIS_TIMESTAMP, 500);
    expect(&s, 2, BASIS_TIMESTAMP, 20);
    end(&s, 0);
}

/* (3) Mixed and then drawn from: F L / sum(L) = 15000 * 10000 / 30000. */
static void mixed_money_is_shared_in_proportion(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(10000, 20000));
    in(&s, 0, 10000, 0);
    in(&s, 60, 20000, 1);
    out(&s, 120, 15000);
    s.c.frozen_minor = 15000;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_PROPORTIONAL, 5000);
    expect(&s, 1, BASIS_PROPORTIONAL, 10000);
    assert_int_equal(s.refund.step_count, 1);
    assert_int_equal(s.refund.steps[0].total_minor, 15000);
    assert_int_equal(s.refund.steps[0].of_minor, 30000);
    assert_int_equal(s.refund.steps[0].end, END_FROZEN);
    end(&s, 0);
}

/* Both ways in one account: A and B are mixed, C came after the last withdrawal. */
static void some_are_traced_and_some_share(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(100, 50, 20));
    in(&s, 0, 100, 0);
    in(&s, 60, 50, 1);
    out(&s, 120, 30);
    in(&s, 180, 20, 2);
    s.c.frozen_minor = 140;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_PROPORTIONAL, 80);
    expect(&s, 1, BASIS_PROPORTIONAL, 40);
    expect(&s, 2, BASIS_TIMESTAMP, 20);
    end(&s, 0);
}

/* 100 fen, three equal losses: 33 1/3 each; the fen that is missing goes to the first claim id. */
static void a_missing_fen_goes_to_the_largest_remainder(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(100, 100, 100));
    for (int i = 0; i < 3; i++)
        in(&s, i, 100, 2 - i);
    out(&s, 60, 200);
    s.c.frozen_minor = 100;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_PROPORTIONAL, 34);
    expect(&s, 1, BASIS_PROPORTIONAL, 33);
    expect(&s, 2, BASIS_PROPORTIONAL, 33);
    end(&s, 0);
    /* 10 * 5/12 = 4.17, 10 * 4/12 = 3.33, 10 * 3/12 = 2.5: the fen goes to 0.5. */
    begin(&s, LOSSES(5, 4, 3));
    for (int i = 0; i < 3; i++)
        in(&s, i, 5 - i, i);
    out(&s, 60, 2);
    s.c.frozen_minor = 10;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_PROPORTIONAL, 4);
    expect(&s, 1, BASIS_PROPORTIONAL, 3);
    expect(&s, 2, BASIS_PROPORTIONAL, 3);
    end(&s, 0);
}

/* ---- no more than can be there --------------------------------------------------------------- */

/* By losses alone A would get 13 of 15; but when B's 10 came, 10 of A's 100 were left. */
static void low_water_holds_a_share_down(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(100, 10));
    in(&s, 0, 100, 0);
    out(&s, 60, 90);
    in(&s, 120, 10, 1);
    out(&s, 180, 5);
    s.c.frozen_minor = 15;
    compute(&s, RULE_CN_2016);
    assert_int_equal(s.refund.parts[0].least_minor, 5);
    assert_int_equal(s.refund.parts[0].most_minor, 10);
    expect(&s, 0, BASIS_PROPORTIONAL, 10);
    expect(&s, 1, BASIS_PROPORTIONAL, 5);
    assert_int_equal(s.refund.step_count, 2);
    assert_int_equal(s.refund.steps[0].end, END_LOW_WATER);
    assert_int_equal(refund_low_moment(&s.record, s.refund.steps[0].moment), 2);
    end(&s, 0);
}

/* A and B can have 150 between them, though each alone could have 100; C and D have the rest. */
static void low_water_holds_several_down_together(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(100, 100, 100, 100));
    in(&s, 0, 100, 0);
    in(&s, 1, 100, 1);
    out(&s, 60, 50);
    in(&s, 120, 100, 2);
    in(&s, 121, 100, 3);
    out(&s, 180, 20);
    s.c.frozen_minor = 330;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_PROPORTIONAL, 75);
    expect(&s, 1, BASIS_PROPORTIONAL, 75);
    expect(&s, 2, BASIS_PROPORTIONAL, 90);
    expect(&s, 3, BASIS_PROPORTIONAL, 90);
    end(&s, 0);
}

/* What nobody claims and certainly is there is not used to make losses good. */
static void money_that_certainly_is_anothers_stays(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(100, 100));
    in(&s, 0, 100, 0);
    in(&s, 1, 100, 1);
    out(&s, 60, 50);
    in(&s, 120, 1000, NONE);
    s.c.frozen_minor = 1150;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_PROPORTIONAL, 75);
    expect(&s, 1, BASIS_PROPORTIONAL, 75);
    end(&s, 1000);
}

static void nobody_gets_more_than_was_lost_or_deposited(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(40, 500));
    in(&s, 0, 100, 0);
    in(&s, 60, 100, 1);
    s.c.frozen_minor = 200;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_TIMESTAMP, 40);
    expect(&s, 1, BASIS_TIMESTAMP, 100);
    end(&s, 60);
}

/* ---- what was frozen ------------------------------------------------------------------------- */

/* A hold of what was stolen: the holder's own 1000 are not frozen, A's 100 are. */
static void a_hold_freezes_what_was_stolen(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(100));
    s.c.opening_minor = 1000;
    in(&s, 0, 100, 0);
    s.c.frozen_minor = 100;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_DIRECT, 100);
    end(&s, 0);
}

/* Less is frozen than A and B have there: nobody says whose. */
static void less_than_all_is_shared(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(100, 100));
    in(&s, 0, 100, 0);
    in(&s, 60, 100, 1);
    s.c.frozen_minor = 150;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_PROPORTIONAL, 75);
    expect(&s, 1, BASIS_PROPORTIONAL, 75);
    end(&s, 0);
}

/* More is frozen than the record explains: that is nobody's, until somebody shows it. */
static void what_the_record_does_not_explain_stays(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(100));
    in(&s, 0, 60, 0);
    s.c.frozen_minor = 100;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_DIRECT, 60);
    end(&s, 40);
}

/* ---- time ------------------------------------------------------------------------------------ */

/* A's 50 are there; in one second B's 50 come and 50 leave. */
static void a_second_is_not_told_apart(void **state)
{
    (void)state;
    static const struct {
        int64_t in_ms, out_ms;
        int64_t in_seq, out_seq; /* 0: none */
        enum refund_basis basis;
        int64_t a, b;
    } rows[] = {
        {1000, 1000, 0, 0, BASIS_PROPORTIONAL, 25, 25},
        {1000, 1500, 0, 0, BASIS_PROPORTIONAL, 25, 25}, /* a whole second is any part of it */
        {1500, 1000, 0, 0, BASIS_PROPORTIONAL, 25, 25},
        {1500, 1500, 0, 0, BASIS_PROPORTIONAL, 25, 25},
        {1000, 1000, 7, 0, BASIS_PROPORTIONAL, 25, 25}, /* one number says nothing */
        {1000, 1000, 7, 7, BASIS_PROPORTIONAL, 25, 25},
        {1600, 1500, 0, 0, BASIS_TIMESTAMP,    0,  50}, /* it left before B's came */
        {1000, 1000, 8, 7, BASIS_TIMESTAMP,    0,  50},
        {1500, 1600, 8, 7, BASIS_TIMESTAMP,    0,  50}, /* the bank's numbers rule its second */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct story s;
        begin(&s, LOSSES(50, 50));
        in(&s, 0, 50, 0);
        struct refund_entry *e = put(&s, rows[i].in_ms, 50, 1);
        e->has_seq = rows[i].in_seq != 0;
        e->seq = rows[i].in_seq;
        e = put(&s, rows[i].out_ms, 50, NONE);
        e->is_out = true;
        e->has_seq = rows[i].out_seq != 0;
        e->seq = rows[i].out_seq;
        s.c.frozen_minor = 50;
        compute(&s, RULE_CN_2016);
        expect(&s, 0, rows[i].basis, rows[i].a);
        expect(&s, 1, rows[i].basis, rows[i].b);
        end(&s, 0);
    }
}

/* An order that nobody said and that makes no difference does not make anything unclear. */
static void an_order_that_does_not_matter_is_none(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(50, 30));
    in(&s, 0, 50, 0);
    in(&s, 0, 30, 1);
    s.c.frozen_minor = 80;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_TIMESTAMP, 50);
    expect(&s, 1, BASIS_TIMESTAMP, 30);
    end(&s, 0);
}

static void only_what_is_booked_before_the_freeze_counts(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(50, 30));
    in(&s, 0, 50, 0);
    in(&s, 1, 30, 1)->status = TRANSFER_REVERSED;
    out(&s, 2, 7)->status = TRANSFER_REJECTED;
    out(&s, 3, 8)->status = TRANSFER_PENDING;
    in(&s, 4, 30, 1);
    s.c.frozen_ms = BEGIN_MS + 3900;
    s.c.frozen_minor = 50;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_DIRECT, 50);
    expect(&s, 1, BASIS_TIMESTAMP, 0);
    assert_int_equal(s.record.counted, 1);
    assert_int_equal(s.record.lines[1].fate, FATE_NOT_BOOKED);
    assert_int_equal(s.record.lines[4].fate, FATE_LATER);
    end(&s, 0);
}

/* The same entry again changes nothing; with a later status it is that. */
static void a_repeated_entry_counts_once(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(50, 30));
    in(&s, 0, 50, 0);
    in(&s, 0, 50, 0)->id = s.entries[0].id;
    in(&s, 1, 30, 1)->status = TRANSFER_REVERSED;
    in(&s, 1, 30, 1)->id = s.entries[2].id;
    s.c.frozen_minor = 50;
    compute(&s, RULE_CN_2016);
    expect(&s, 0, BASIS_DIRECT, 50);
    expect(&s, 1, BASIS_TIMESTAMP, 0);
    end(&s, 0);
}

/* ---- the other rules ------------------------------------------------------------------------- */

static void fifo_lets_the_oldest_leave_first(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(100, 100, 100));
    s.c.opening_minor = 10;
    in(&s, 0, 100, 0);
    in(&s, 60, 100, 1);
    out(&s, 120, 130);
    in(&s, 180, 100, 2);
    s.c.frozen_minor = 180;
    compute(&s, RULE_FIFO);
    expect(&s, 0, BASIS_TIMESTAMP, 0);
    expect(&s, 1, BASIS_TIMESTAMP, 80);
    expect(&s, 2, BASIS_TIMESTAMP, 100);
    end(&s, 0);
}

/* 180 * 100 / 300, whatever the record says; and never more than was deposited here. */
static void proportional_looks_at_losses_alone(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(100, 100, 100));
    in(&s, 0, 100, 0);
    in(&s, 60, 100, 1);
    out(&s, 120, 120);
    in(&s, 180, 100, 2);
    s.c.frozen_minor = 180;
    compute(&s, RULE_PROPORTIONAL);
    for (int i = 0; i < 3; i++)
        expect(&s, i, BASIS_PROPORTIONAL, 60);
    end(&s, 0);
    begin(&s, LOSSES(80000, 20000));
    in(&s, 0, 10000, 0);
    in(&s, 60, 30000, 1);
    out(&s, 120, 20000);
    s.c.frozen_minor = 20000;
    compute(&s, RULE_PROPORTIONAL);
    expect(&s, 0, BASIS_PROPORTIONAL, 10000);
    expect(&s, 1, BASIS_PROPORTIONAL, 10000);
    assert_int_equal(s.refund.steps[0].end, END_DEPOSITS);
    end(&s, 0);
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void expect_refused(struct story *s, int64_t entry, const char *column, const char *why)
{
    err e = refund_record_make(&s->c, &s->arena, &s->record, &s->faults);
    assert_int_equal(e.code, ERR_MALFORMED);
    assert_int_equal(s->faults.count, 1);
    assert_int_equal(s->faults.at[0].entry, entry);
    assert_string_equal(s->faults.at[0].column, column);
    assert_string_equal(s->faults.at[0].why, why);
    arena_done(&s->arena);
}

static void what_cannot_be_a_record_is_refused(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(50));
    in(&s, 0, 50, 0);
    out(&s, 1, 51);
    expect_refused(&s, 1, "amount", "refund.overdrawn");
    begin(&s, LOSSES(50));
    in(&s, 0, 50, 0);
    in(&s, 0, 40, 0)->id = s.entries[0].id;
    expect_refused(&s, 1, "id", "refund.id_conflict");
}

/* The greatest amounts there can be: products of 2^96 and more. */
static void great_sums_do_not_overflow(void **state)
{
    (void)state;
    struct story s;
    begin(&s, LOSSES(TRANSFER_AMOUNT_MOST, TRANSFER_AMOUNT_MOST - 1, 1));
    in(&s, 0, TRANSFER_AMOUNT_MOST, 0);
    in(&s, 1, TRANSFER_AMOUNT_MOST, 1);
    in(&s, 2, TRANSFER_AMOUNT_MOST, 2);
    out(&s, 60, TRANSFER_AMOUNT_MOST);
    out(&s, 61, TRANSFER_AMOUNT_MOST);
    s.c.frozen_minor = TRANSFER_AMOUNT_MOST;
    compute(&s, RULE_CN_2016);
    /* M = 2^48-1, losses M, M-1, 1, sum 2M: halves M/2, (M-1)/2, 1/2; M is odd. */
    expect(&s, 0, BASIS_PROPORTIONAL, TRANSFER_AMOUNT_MOST / 2 + 1);
    expect(&s, 1, BASIS_PROPORTIONAL, TRANSFER_AMOUNT_MOST / 2);
    expect(&s, 2, BASIS_PROPORTIONAL, 0);
    end(&s, 0);
}

/* ---- what must hold of all ------------------------------------------------------------------- */

static uint64_t chance_state = 5;

static unsigned below(unsigned n)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (unsigned)((chance_state >> 33) % n);
}

static void begin_random(struct story *s)
{
    begin(s, LOSSES(1 + below(9000), 1 + below(9000), 1 + below(9000), 1 + below(9000)));
    s->c.opening_minor = below(2) * below(500);
    int64_t balance = s->c.opening_minor;
    unsigned count = 1 + below(ENTRIES - 1);
    for (unsigned i = 0; i < count; i++) {
        int second = (int)(i * 2 / 3);
        bool is_out = balance > 0 && below(3) == 0;
        int64_t amount = is_out ? 1 + below((unsigned)balance) : 1 + below(3000);
        balance += is_out ? -amount : amount;
        if (is_out)
            out(s, second, amount);
        else
            in(s, second, amount, (int)below(5) - 1);
    }
    s->c.frozen_minor = below(2) == 0 ? balance : below((unsigned)balance + 2);
}

static void shuffle(struct story *s)
{
    for (uint32_t i = s->c.entry_count; i > 1; i--) {
        uint32_t k = below(i);
        struct refund_entry moved = s->entries[i - 1];
        s->entries[i - 1] = s->entries[k];
        s->entries[k] = moved;
    }
}

static void the_order_of_entries_in_a_file_changes_nothing(void **state)
{
    (void)state;
    for (int n = 0; n < 1000; n++) {
        struct story s;
        begin_random(&s);
        enum refund_rule rule = below(RULE_COUNT);
        compute(&s, rule);
        struct refund first = s.refund;
        shuffle(&s);
        compute(&s, rule);
        assert_memory_equal(first.parts, s.refund.parts, s.c.claim_count * sizeof *first.parts);
        end(&s, first.unclaimed_minor);
    }
}

/* min(loss, frozen * loss / all losses): whole fen down, what is missing by largest remainder. */
static void by_the_formula(const int64_t *losses, uint32_t count, int64_t frozen, int64_t *ret)
{
    int64_t sum = 0;
    int64_t missing = frozen;
    int64_t rest[4] = {0};
    for (uint32_t i = 0; i < count; i++)
        sum += losses[i];
    for (uint32_t i = 0; i < count; i++) {
        ret[i] = frozen * losses[i] / sum;
        rest[i] = frozen * losses[i] % sum;
        missing -= ret[i];
    }
    for (; missing > 0; missing--) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < count; i++)
            best = rest[i] > rest[best] ? i : best;
        ret[best]++;
        rest[best] = -1;
    }
}

/* Goal: where everybody's money came here and no more is frozen than was lost, `proportional` is
 * the formula of the law as it stands, to the fen (docs/decisions/0120). */
static void proportional_is_the_formula_as_it_stands(void **state)
{
    (void)state;
    for (int n = 0; n < 3000; n++) {
        struct story s;
        int64_t losses[5] = {0};
        int64_t wanted[4];
        int64_t sum = 0;
        uint32_t count = 1 + below(4);
        for (uint32_t i = 0; i < count; i++)
            sum += losses[i] = 1 + below(n % 2 == 0 ? 9 : 90000);
        begin(&s, losses);
        for (uint32_t i = 0; i < count; i++)
            in(&s, (int)(i * 60), losses[i], (int)i);
        int64_t gone = below((unsigned)sum);
        if (gone > 0)
            out(&s, 600, gone);
        s.c.frozen_minor = sum - gone;
        compute(&s, RULE_PROPORTIONAL);
        by_the_formula(losses, count, s.c.frozen_minor, wanted);
        for (uint32_t i = 0; i < count; i++)
            expect(&s, (int)i, BASIS_PROPORTIONAL, wanted[i]);
        end(&s, 0);
    }
}

/* Largest remainders may take back a fen when there is more to share (the Alabama paradox); no rule
 * takes back two. */
static void more_frozen_is_less_for_nobody(void **state)
{
    (void)state;
    for (int n = 0; n < 1000; n++) {
        struct story s;
        begin_random(&s);
        enum refund_rule rule = below(RULE_COUNT);
        compute(&s, rule);
        struct refund first = s.refund;
        s.c.frozen_minor += 1 + below(20);
        compute(&s, rule);
        for (uint32_t i = 0; i < s.c.claim_count; i++)
            assert_true(s.refund.parts[i].amount_minor >= first.parts[i].amount_minor - 1);
        end(&s, s.refund.unclaimed_minor);
    }
}

static void ends_and_fates_have_their_words(void **state)
{
    (void)state;
    assert_true(str_equal(refund_end_name(END_LOW_WATER), STR("low_water")));
    assert_true(str_equal(refund_fate_name(FATE_LATER), STR("after_freeze")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_deposit_is_returned_directly),
        cmocka_unit_test(an_emptied_account_separates),
        cmocka_unit_test(money_nothing_was_taken_from_separates),
        cmocka_unit_test(mixed_money_is_shared_in_proportion),
        cmocka_unit_test(some_are_traced_and_some_share),
        cmocka_unit_test(a_missing_fen_goes_to_the_largest_remainder),
        cmocka_unit_test(low_water_holds_a_share_down),
        cmocka_unit_test(low_water_holds_several_down_together),
        cmocka_unit_test(money_that_certainly_is_anothers_stays),
        cmocka_unit_test(nobody_gets_more_than_was_lost_or_deposited),
        cmocka_unit_test(a_hold_freezes_what_was_stolen),
        cmocka_unit_test(less_than_all_is_shared),
        cmocka_unit_test(what_the_record_does_not_explain_stays),
        cmocka_unit_test(a_second_is_not_told_apart),
        cmocka_unit_test(an_order_that_does_not_matter_is_none),
        cmocka_unit_test(only_what_is_booked_before_the_freeze_counts),
        cmocka_unit_test(a_repeated_entry_counts_once),
        cmocka_unit_test(fifo_lets_the_oldest_leave_first),
        cmocka_unit_test(proportional_looks_at_losses_alone),
        cmocka_unit_test(what_cannot_be_a_record_is_refused),
        cmocka_unit_test(great_sums_do_not_overflow),
        cmocka_unit_test(the_order_of_entries_in_a_file_changes_nothing),
        cmocka_unit_test(proportional_is_the_formula_as_it_stands),
        cmocka_unit_test(more_frozen_is_less_for_nobody),
        cmocka_unit_test(ends_and_fates_have_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
