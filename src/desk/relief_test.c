/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what was paid leaves the orders that held it, the oldest first, and nothing else does.
 * Method: small accounts by hand; then many by chance, whose orders together still keep exactly
 * what was not paid.
 */
#include "desk/relief.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { MOST = 4 };

static const instant paid_at = {100};

struct account {
    struct order orders[MOST];
    size_t count;
};

static void put(struct account *a, int64_t amount, int64_t held)
{
    a->orders[a->count++] = (struct order){.amount = amount, .held = held};
}

static int64_t relieve(const struct account *a, int64_t paid, struct relief ret[MOST])
{
    const struct order *orders[MOST];
    for (size_t i = 0; i < a->count; i++)
        orders[i] = &a->orders[i];
    return round_relief(&(struct round_orders){orders, a->count}, paid, paid_at, ret);
}

static void expect(const struct relief *r, enum relief_step step, int64_t amount)
{
    assert_int_equal(r->step, step);
    if (step == RELIEF_TRIM || step == RELIEF_LOWER)
        assert_int_equal(r->amount, amount);
}

static void test_oldest_first(void **state)
{
    (void)state;
    struct account a = {.count = 0};
    struct relief r[MOST];
    put(&a, 500, 500);
    put(&a, 300, 300);
    put(&a, 100, 100);
    assert_int_equal(relieve(&a, 600, r), 0);
    expect(&r[0], RELIEF_LIFT, 0);
    expect(&r[1], RELIEF_TRIM, 200);
    expect(&r[2], RELIEF_NOTHING, 0);
}

static void test_all_and_nothing(void **state)
{
    (void)state;
    struct account a = {.count = 0};
    struct relief r[MOST];
    put(&a, 500, 500);
    assert_int_equal(relieve(&a, 0, r), 0); /* every payment failed */
    expect(&r[0], RELIEF_NOTHING, 0);
    assert_int_equal(relieve(&a, 500, r), 0);
    expect(&r[0], RELIEF_LIFT, 0);
    assert_int_equal(relieve(&a, 501, r), 1);
    expect(&r[0], RELIEF_LIFT, 0);
    assert_int_equal(relieve(&(struct account){.count = 0}, 7, r), 7);
}

/* It held less than it asks for: the rest may still come. */
static void test_partly_held(void **state)
{
    (void)state;
    struct account a = {.count = 0};
    struct relief r[MOST];
    put(&a, 500, 300);
    assert_int_equal(relieve(&a, 300, r), 0);
    expect(&r[0], RELIEF_TRIM, 200);
}

static void test_whole_account(void **state)
{
    (void)state;
    struct account a = {.count = 0};
    struct relief r[MOST];
    put(&a, 0, 900);
    assert_int_equal(relieve(&a, 300, r), 0);
    expect(&r[0], RELIEF_LOWER, 600);
    a.orders[0].said_at = paid_at; /* it may have spoken before it paid */
    assert_int_equal(relieve(&a, 300, r), 0);
    expect(&r[0], RELIEF_LOWER, 600);
    a.orders[0].said_at.us++; /* what it says it holds is what is left */
    assert_int_equal(relieve(&a, 300, r), 0);
    expect(&r[0], RELIEF_NOTHING, 0);
    a.orders[0].said_at.us = 0;
    assert_int_equal(relieve(&a, 900, r), 0);
    expect(&r[0], RELIEF_LIFT, 0);
    a.orders[0].amount = 400; /* a stop: the whole account stands still, for 400 of it */
    assert_int_equal(relieve(&a, 400, r), 0);
    expect(&r[0], RELIEF_LIFT, 0);
}

/* What is to be done about it, and by how much. */
static void test_commands(void **state)
{
    (void)state;
    static const struct {
        struct relief of;
        enum act act;
        int64_t amount;
        int64_t held;
    } rows[] = {
        {{RELIEF_TRIM, 7},  ACT_ORDER_TRIM,  7, 0},
        {{RELIEF_LOWER, 8}, ACT_ORDER_LOWER, 0, 8},
        {{RELIEF_LIFT, 0},  ACT_ORDER_LIFT,  0, 0},
    };
    struct command cmd = {.act = ACT_COUNT};
    assert_false(relief_command(&(struct relief){.step = RELIEF_NOTHING}, &cmd));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_true(relief_command(&rows[i].of, &cmd));
        assert_int_equal(cmd.act, rows[i].act);
        assert_int_equal(cmd.body.order.amount, rows[i].amount);
        assert_int_equal(cmd.body.order.held, rows[i].held);
    }
}

/* Of two, one was lifted while the bank paid: the other keeps what nobody paid out of it. */
static void test_one_has_ended(void **state)
{
    (void)state;
    static const struct order orders[] = {
        {.state = ORDER_EXECUTED, .amount = 500, .held = 500    },
        { .state = ORDER_LIFTING,          .amount = 300,     .held = 0, .ended_at = {7}},
        { .state = ORDER_LIFTED,            .amount = 0,    .held = 20, .ended_at = {8}},
        { .state = ORDER_EXPIRED,          .amount = 100,   .held = 100, .ended_at = {6}},
    };
    const struct order *at[] = {&orders[0], &orders[1], &orders[2], &orders[3]};
    assert_int_equal(relief_ended(at, 4, (instant){7}), 320);
    assert_int_equal(relief_ended(at, 4, (instant){9}), 0); /* before the round was sent */
    assert_int_equal(relief_ended(at, 1, (instant){7}), 0);
}

static void test_nothing_is_lost(void **state)
{
    (void)state;
    uint32_t dice = 20261123;
    for (int turn = 0; turn < 20000; turn++) {
        struct account a = {.count = 0};
        struct relief r[MOST];
        int64_t held = 0;
        int64_t kept = 0;
        dice = dice * 1664525U + 1013904223U;
        for (size_t n = dice >> 30; a.count <= n;) {
            dice = dice * 1664525U + 1013904223U;
            int64_t amount = 1 + (dice >> 24);
            put(&a, amount, amount);
            held += amount;
        }
        dice = dice * 1664525U + 1013904223U;
        int64_t paid = (int64_t)(dice >> 20) % (held + 1);
        assert_int_equal(relieve(&a, paid, r), 0);
        for (size_t i = 0; i < a.count; i++) {
            bool is_whole = r[i].step == RELIEF_NOTHING;
            kept += is_whole ? a.orders[i].amount : r[i].step == RELIEF_TRIM ? r[i].amount : 0;
        }
        assert_int_equal(kept, held - paid);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oldest_first),  cmocka_unit_test(test_all_and_nothing),
        cmocka_unit_test(test_partly_held),   cmocka_unit_test(test_whole_account),
        cmocka_unit_test(test_one_has_ended), cmocka_unit_test(test_nothing_is_lost),
        cmocka_unit_test(test_commands),
    };
    return cmocka_run_group_tests_name("relief", tests, NULL, NULL);
}
