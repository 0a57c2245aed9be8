/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what several orders hold of one account is no more than the bank says can be there.
 * Method: by hand; the comments carry the sums.
 */
#include "app/money/held.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int64_t sum(const int64_t (*said)[2], size_t count)
{
    struct held_order orders[4] = {0};
    assert_true(count <= 4);
    for (size_t i = 0; i < count; i++) {
        orders[i].held = said[i][0];
        orders[i].usable = said[i][1];
    }
    return held_sum(orders, count);
}

static void no_more_than_is_there(void **state)
{
    (void)state;
    assert_int_equal(sum(NULL, 0), 0);
    assert_int_equal(sum(
                         (int64_t[][2]){
                             {60, -1}
    },
                         1),
                     60);
    assert_int_equal(sum(
                         (int64_t[][2]){
                             {60, -1},
                             {40, -1}
    },
                         2),
                     100);
    assert_int_equal(sum(
                         (int64_t[][2]){
                             {60, 60},
                             {60, 60}
    },
                         2),
                     60); /* the same 60 */
    assert_int_equal(sum(
                         (int64_t[][2]){
                             {60, 60},
                             {60, 90}
    },
                         2),
                     90);
    assert_int_equal(sum(
                         (int64_t[][2]){
                             {60, 60 },
                             {60, 200}
    },
                         2),
                     120); /* more came since */
    assert_int_equal(sum(
                         (int64_t[][2]){
                             {60,  60},
                             {100, -1}
    },
                         2),
                     160); /* likewise, untold */
    assert_int_equal(sum(
                         (int64_t[][2]){
                             {60, -1},
                             {60, -1},
                             {10, 70}
    },
                         3),
                     70);
    assert_int_equal(sum(
                         (int64_t[][2]){
                             {60, 0}
    },
                         1),
                     60); /* what is free, not what is there */
}

static void accounts_are_told_apart(void **state)
{
    (void)state;
    const struct held_order orders[] = {
        {.account = STR("a")}, {.account = STR("a")}, {.account = STR("b")}};
    assert_int_equal(held_run(orders, 3), 2);
    assert_int_equal(held_run(orders + 2, 1), 1);
    assert_int_equal(held_run(orders, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_than_is_there),
        cmocka_unit_test(accounts_are_told_apart),
    };
    return cmocka_run_group_tests_name("app/held", tests, NULL, NULL);
}
