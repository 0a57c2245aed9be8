/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: chance falls the same way on every machine, and as often as it says. Method: values written
 * down once; then shares, medians and means of many throws against what they should be.
 */
#include "drill/dice.h"
#include "drill/drill_test.h"

#include <stdlib.h>

enum { THROWS = 200000 };

static void falls_as_written_down(void **state)
{
    (void)state;
    struct dice d;
    dice_fork(&d, 7, STR("test"));
    assert_int_equal(dice_mix(1, 2, 3), UINT64_C(12918191221454121869));
    assert_int_equal(dice_below(&d, 1000000), 650598);
    assert_int_equal(dice_wait(&d, 1000000), 274131);
    assert_int_equal(dice_about(&d, 5000, 1200000), 2353);
    assert_int_equal(dice_skewed(&d, 1000000, 3), 28362);
}

static void forks_differ(void **state)
{
    (void)state;
    struct dice a;
    struct dice b;
    struct dice c;
    dice_fork(&a, 7, STR("rent"));
    dice_fork(&b, 7, STR("bill"));
    dice_fork(&c, 8, STR("rent"));
    uint64_t first = dice_below(&a, UINT64_MAX);
    assert_true(first != dice_below(&b, UINT64_MAX));
    assert_true(first != dice_below(&c, UINT64_MAX));
}

static void spread_is_a_power_of_e(void **state)
{
    (void)state;
    /* e^0 = 1, e^1 = 2.718282, e^-1 = 0.367879, e^2.5 = 12.182494 */
    assert_int_equal(dice_spread(1000000, MICRO, 0), 1000000);
    assert_in_range(dice_spread(1000000, MICRO, MICRO), 2718082, 2718482);
    assert_in_range(dice_spread(1000000, MICRO, -MICRO), 367829, 367929);
    assert_in_range(dice_spread(1000000, MICRO / 2, 5 * MICRO), 12181494, 12183494);
    assert_int_equal(dice_spread(1000000, 0, 4 * MICRO), 1000000);
    assert_int_equal(dice_spread(INT64_MAX, 4 * MICRO, 4 * MICRO), INT64_MAX);
    assert_int_equal(dice_spread(1000000, 4 * MICRO, -40 * MICRO), 0);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void throws_are_as_often_as_said(void **state)
{
    (void)state;
    static int64_t about[THROWS];
    const int64_t weights[] = {1, 0, 3};
    int picked[3] = {0};
    int64_t waited = 0;
    int hits = 0;
    struct dice d;
    dice_fork(&d, 1, STR("often"));
    for (int i = 0; i < THROWS; i++) {
        about[i] = dice_about(&d, 100000, 800000);
        waited += dice_wait(&d, 100000);
        hits += dice_hits(&d, 250000);
        picked[dice_pick(&d, weights, COUNT_OF(weights))]++;
        assert_true(dice_below(&d, 10) < 10 && dice_skewed(&d, 10, 2) < 10);
    }
    qsort(about, THROWS, sizeof about[0], compare);
    assert_in_range(about[THROWS / 2], 99000, 101000);
    assert_in_range(about[THROWS * 84 / 100], 217000, 227000); /* e^0.8 = 2.2255 */
    assert_in_range(waited / THROWS, 99000, 101000);
    assert_in_range(hits, 49000, 51000);
    assert_in_range(picked[0], 49000, 51000);
    assert_int_equal(picked[1], 0);
}

static void limits_are_kept(void **state)
{
    (void)state;
    struct dice d;
    dice_fork(&d, 1, STR("limits"));
    assert_int_equal(dice_below(&d, 1), 0);
    assert_int_equal(dice_below(&d, 0), 0);
    assert_int_equal(dice_wait(&d, 0), 0);
    assert_false(dice_hits(&d, 0));
    assert_true(dice_hits(&d, MICRO));
    assert_in_range(dice_bell(UINT64_MAX, UINT64_MAX), 4800000, 4910000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(falls_as_written_down),       cmocka_unit_test(forks_differ),
        cmocka_unit_test(spread_is_a_power_of_e),      cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(throws_are_as_often_as_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
