/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what is said of warnings is what their outcomes, and a second look at them, bear out.
 * Method: cases worked out by hand; drawn worlds in which the truth is known and only a sample is
 * looked at again; the interval has to hold the truth as often as it says.
 */
#include "tally/warning.h"

#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static uint64_t state = 88172645463325252U;

static bool roll(unsigned percent)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % 10000 < (uint64_t)percent * 100;
}

static void what_was_checked_corrects(void **unused)
{
    (void)unused;
    struct warning_share s;
    struct warning_checked c = {.confirmed = 80, .refuted = 20};
    assert_false(warning_corrected(&c, &s)); /* nobody looked */
    c.confirmed_agreed = 9;
    c.confirmed_differed = 1;
    assert_false(warning_corrected(&c, &s)); /* nobody looked at the refuted ones */
    c.refuted_agreed = 4;
    assert_true(warning_corrected(&c, &s));
    assert_int_equal(s.milli, 72000); /* 80 % less a tenth of it */
    c.refuted_agreed = 3;
    c.refuted_differed = 1;
    assert_true(warning_corrected(&c, &s));
    assert_int_equal(s.milli, 77000); /* and a quarter of the others */
    assert_true(s.low_milli < 72000 && s.high_milli > 80000);
    struct warning_checked all_right = {.confirmed = 50, .confirmed_agreed = 20};
    assert_true(warning_corrected(&all_right, &s));
    assert_int_equal(s.milli, 100000);
    assert_true(s.low_milli >= 0 && s.high_milli == 100000);
    struct warning_checked none = {0};
    assert_false(warning_corrected(&none, &s));
}

/* One in five is looked at again, and whoever said it first errs. */
static bool holds_truth(int64_t *ret_truth, int64_t *ret_said)
{
    struct warning_checked c = {0};
    struct warning_share s;
    int64_t truth = 0;
    for (int i = 0; i < 1000; i++) {
        bool is_right = roll(83);
        bool is_said = roll(is_right ? 95 : 12);
        bool differs = is_said != is_right;
        bool is_checked = roll(20);
        truth += is_right;
        *(is_said ? &c.confirmed : &c.refuted) += 1;
        if (is_checked && is_said)
            *(differs ? &c.confirmed_differed : &c.confirmed_agreed) += 1;
        if (is_checked && !is_said)
            *(differs ? &c.refuted_differed : &c.refuted_agreed) += 1;
    }
    assert_true(warning_corrected(&c, &s));
    *ret_truth += truth * 100;
    *ret_said += s.milli;
    return s.low_milli <= truth * 100 && truth * 100 <= s.high_milli;
}

static void the_interval_holds_the_truth(void **unused)
{
    (void)unused;
    enum { WORLDS = 400 };
    int held = 0;
    int64_t truth = 0;
    int64_t said = 0;
    for (int i = 0; i < WORLDS; i++)
        held += holds_truth(&truth, &said);
    assert_true(held >= WORLDS * 95 / 100);
    int64_t off = (said - truth) / WORLDS;
    assert_true(off > -500 && off < 500); /* half a point, on the average */
}

static void the_error_is_the_mean_distance(void **unused)
{
    (void)unused;
    const struct warning_bin bins[] = {
        {.right = 0,  .wrong = 0,  .micro = 0       },
        {.right = 70, .wrong = 30, .micro = 70000000}, /* as said */
        {.right = 50, .wrong = 50, .micro = 90000000}, /* 90 % was said */
    };
    assert_int_equal(warning_error_milli(bins, 2), 0);
    assert_int_equal(warning_error_milli(bins, 3), 20000);
    assert_int_equal(warning_error_milli(bins, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_checked_corrects),
        cmocka_unit_test(the_interval_holds_the_truth),
        cmocka_unit_test(the_error_is_the_mean_distance),
    };
    return cmocka_run_group_tests_name("tally/warning", tests, NULL, NULL);
}
