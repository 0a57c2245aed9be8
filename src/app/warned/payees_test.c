/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a payee that passes money on is told from one that keeps it, a first payment from a second,
 * and nobody's place is ever taken for another's. Method: payments by hand; then two accounts that
 * fall on one place.
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
    const struct payment paid = {from, to, yuan * YUAN, NOON + minute * MINUTE};
    return payees_take(p, &paid);
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
    assert_int_equal(pay(p, 1, 50, 5000, 0).fast, 0);
    (void)pay(p, 50, 60, 4900, 10); /* within the hour, most of it */
    assert_int_equal(pay(p, 2, 50, 8000, 20).fast, 1);
    (void)pay(p, 50, 61, 4000, 30); /* half of it */
    (void)pay(p, 50, 62, 8000, 90); /* too late */
    assert_int_equal(pay(p, 3, 50, 100, 100).fast, 1);
    (void)pay(p, 50, 63, 100, 101); /* nothing large */
    assert_int_equal(pay(p, 4, 50, 100, 102).fast, 1);
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
    assert_int_equal(pay(p, 3, one, 5000, 2).fast, 1);
    assert_int_equal(pay(p, 3, other, 5000, 3).fast, 0);
    assert_int_equal(pay(p, 4, one, 5000, 4).fast, 0); /* forgotten, and nobody else's */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_passes_on_is_known),
        cmocka_unit_test(a_first_payment_is_told),
        cmocka_unit_test(two_on_one_place_are_two),
    };
    return cmocka_run_group_tests(tests, open_room, close_room);
}
