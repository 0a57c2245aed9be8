/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the interval is Wilson's, and can be shown as it is.
 * Method: values published by others; and for every count of many sizes what must always hold.
 */
#include "tally/interval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { TENTH_OF_PERCENT = 100, PERCENT_OF_TENTH_THOUSAND = 10 };

/* To four decimals, as R. G. Newcombe (1998, method 3) and Agresti and Coull print them. */
static void as_others_computed_it(void **state)
{
    static const struct {
        int64_t count;
        int64_t of;
        int64_t low; /* in ten-thousandths */
        int64_t high;
    } rows[] = {
        {81, 263, 2553, 3662 },
        {15, 148, 624,  1605 },
        {0,  20,  0,    1611 },
        {1,  29,  61,   1718 },
        {5,  10,  2366, 7634 },
        {10, 10,  7225, 10000},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct interval found = interval_wilson(rows[i].count, rows[i].of);
        /* a thousandth of a percent is a tenth of a ten-thousandth: theirs are rounded */
        assert_in_range(found.low_milli + 6, rows[i].low * PERCENT_OF_TENTH_THOUSAND,
                        rows[i].low * PERCENT_OF_TENTH_THOUSAND + 12);
        assert_in_range(found.high_milli + 6, rows[i].high * PERCENT_OF_TENTH_THOUSAND,
                        rows[i].high * PERCENT_OF_TENTH_THOUSAND + 12);
    }
}

static void it_holds_the_share_and_stays_within(void **state)
{
    (void)state;
    for (int64_t of = 1; of <= 400; of++)
        for (int64_t count = 0; count <= of; count++) {
            struct interval found = interval_wilson(count, of);
            int64_t share = interval_share_milli(count, of);
            assert_true(found.low_milli >= 0 && found.high_milli <= INTERVAL_WHOLE);
            assert_true(found.low_milli <= share && share <= found.high_milli);
            assert_true(found.low_milli < found.high_milli);
        }
}

static int64_t width_of(int64_t count, int64_t of)
{
    struct interval found = interval_wilson(count, of);
    return found.high_milli - found.low_milli;
}

/* The same share of more is known better; until rounding outwards is all that is left of it. */
static void is_narrower_with_more(int64_t count, int64_t of)
{
    int64_t before = width_of(count, of);
    for (int64_t times = 2; times <= 1 << 20 && before > TENTH_OF_PERCENT; times *= 4) {
        int64_t width = width_of(count * times, of * times);
        assert_true(width < before);
        before = width;
    }
}

static void more_makes_it_narrower(void **state)
{
    (void)state;
    for (int64_t of = 2; of <= 60; of++)
        for (int64_t count = 0; count <= of; count++)
            is_narrower_with_more(count, of);
}

/* What is not bad is the mirror of what is. */
static void it_is_the_same_from_the_other_side(void **state)
{
    (void)state;
    for (int64_t of = 1; of <= 300; of += 7)
        for (int64_t count = 0; count <= of; count++) {
            struct interval one = interval_wilson(count, of);
            struct interval other = interval_wilson(of - count, of);
            int64_t off = one.low_milli + other.high_milli - INTERVAL_WHOLE;
            assert_true(off >= -1 && off <= 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_others_computed_it),
        cmocka_unit_test(it_holds_the_share_and_stays_within),
        cmocka_unit_test(more_makes_it_narrower),
        cmocka_unit_test(it_is_the_same_from_the_other_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
