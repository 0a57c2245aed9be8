/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a payee that passes money on, or whom strangers pay, is told from one that keeps it, a
 * first payment from a second, a sum far above what was paid before from a usual one; who is not
 * known is nothing; nobody's place is ever taken for another's; looking changes nothing. Method:
 * payments by hand; then two accounts that fall on one place.
 */
#include "app/warned/payees.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NOON = 1800000000, MINUTE = 60, YUAN = 100 };

static struct payment_risk pay(struct payees *p, uint64_t from, uint64_t to, int64_t yuan,
                               uint32_t minute)
{
    const struct paid paid = {from, to, yuan * YUAN, NOON + minute * MINUTE};
    return payees_take(p, &paid);
}

static uint32_t fast_of(const struct payees *p, uint64_t key)
{
    return p->at[key].fast;
}

static int open_room(void **state)
{
    *state = calloc(1, PAYEES_ROOM);
    return *state == NULL;
}

static int close_room(void **state)
{
    free(*state);
    return 0;
}

static void who_passes_on_is_known(void **state)
{
    struct payees *p = *state;
    assert_false(pay(p, 1, 50, 5000, 0).is_fast);
    assert_int_equal(fast_of(p, 50), 0);
    (void)pay(p, 50, 60, 4900, 10); /* within the hour, most of it */
    struct payment_risk risk = pay(p, 2, 50, 8000, 20);
    assert_true(risk.is_fast);
    assert_int_equal(risk.payee, 400);
    assert_int_equal(fast_of(p, 50), 1);
    (void)pay(p, 50, 61, 4000, 30); /* half of it */
    (void)pay(p, 50, 62, 8000, 90); /* too late */
    assert_int_equal(fast_of(p, 50), 1);
    (void)pay(p, 3, 50, 100, 100);
    (void)pay(p, 50, 63, 100, 101); /* nothing large */
    assert_int_equal(fast_of(p, 50), 1);
}

static void who_passes_on_often_is_sure(void **state)
{
    struct payees *p = *state;
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(pay(p, 20, 55, 5000, 10 * i).payee, i == 0 ? 0 : 400);
        (void)pay(p, 55, 66, 5000, 10 * i + 5);
    }
    assert_int_equal(pay(p, 20, 55, 5000, 40).payee, 1000);
}

static void strangers_add_up_and_are_forgotten(void **state)
{
    static const uint16_t expected[] = {0, 0, 400, 400, 1000};
    struct payees *p = *state;
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(pay(p, 100 + i, 57, 600, i).payee, expected[i]);
        assert_int_equal(pay(p, 100 + i, 57, 600, i).is_new, false); /* no stranger any more */
        (void)pay(p, 200 + i, 57, 499, i);                           /* a small sum */
    }
    enum { WEEK = 7 * 24 * 60 };
    (void)pay(p, 300, 57, 600, WEEK + 10);
    assert_int_equal(pay(p, 301, 57, 499, WEEK + 11).payee, 400);
}

static void a_sum_far_above_what_was_usual(void **state)
{
    struct payees *p = *state;
    assert_int_equal(pay(p, 30, 71, 9000, 0).amount, 0); /* of whom nothing is known */
    assert_int_equal(pay(p, 31, 71, 900, 0).amount, 0);
    assert_int_equal(pay(p, 31, 71, 1999, 1).amount, 0); /* not large */
    assert_int_equal(pay(p, 31, 71, 5996, 2).amount, 0);
    assert_int_equal(pay(p, 32, 71, 1000, 0).amount, 0);
    assert_int_equal(pay(p, 32, 71, 3000, 1).amount, 400);
    assert_int_equal(pay(p, 32, 71, 30000, 2).amount, 1000);
    assert_int_equal(pay(p, 32, 71, 30000, 3).amount, 0); /* usual by now */
}

static void looking_changes_nothing(void **state)
{
    struct payees *p = *state;
    const struct paid paid = {40, 77, 880000, NOON};
    for (int i = 0; i < 5; i++)
        assert_true(payees_look(p, &paid).is_new);
    assert_int_equal(payees_look(p, &paid).payee, 0);
    assert_true(payees_take(p, &paid).is_new);
    assert_false(payees_look(p, &paid).is_new);
}

static void a_first_payment_is_told(void **state)
{
    struct payees *p = *state;
    assert_true(pay(p, 11, 70, 600, 0).is_new);
    assert_false(pay(p, 11, 70, 600, 5).is_new);
    assert_true(pay(p, 12, 70, 600, 6).is_new);
    assert_true(pay(p, 70, 11, 600, 7).is_new); /* the other way */
}

static void two_on_one_place_are_two(void **state)
{
    struct payees *p = *state;
    uint64_t one = 81;
    uint64_t other = one + PAYEES;
    (void)pay(p, 1, one, 5000, 0);
    (void)pay(p, one, 2, 5000, 1);
    assert_true(pay(p, 3, one, 5000, 2).is_fast);
    assert_false(pay(p, 3, other, 5000, 3).is_fast);
    assert_false(pay(p, 4, one, 5000, 4).is_fast); /* forgotten, and nobody else's */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_passes_on_is_known),
        cmocka_unit_test(who_passes_on_often_is_sure),
        cmocka_unit_test(strangers_add_up_and_are_forgotten),
        cmocka_unit_test(a_sum_far_above_what_was_usual),
        cmocka_unit_test(looking_changes_nothing),
        cmocka_unit_test(a_first_payment_is_told),
        cmocka_unit_test(two_on_one_place_are_two),
    };
    return cmocka_run_group_tests(tests, open_room, close_room);
}
