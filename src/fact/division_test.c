/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: one predicate says who sees what, and SQL's range says exactly the same.
 * Method: all pairs of a set of codes that touch every level and every edge digit.
 */
#include "fact/division.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const codes[] = {"",     "1",      "62",     "6201",      "6209",         "6210",
                                    "63",   "620102", "620199", "620102001", "620102001001", "99",
                                    "9999", "999999", "61",     "629"};

static void range_is_the_predicate(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct division_range r = division_range(str_from_c(codes[i]));
        for (size_t j = 0; j < COUNT_OF(codes); j++) {
            bool in_range = strcmp(codes[j], r.low) >= 0 && strcmp(codes[j], r.high) < 0;
            assert_int_equal(in_range, division_covers(str_from_c(codes[i]), str_from_c(codes[j])));
        }
    }
}

static void parsing(void **state)
{
    (void)state;
    char room[DIVISION_BYTES];
    str d = {0};
    assert_false(failed(division_parse(STR("620000"), room, &d)));
    assert_true(str_equal(d, STR("62")));
    assert_false(failed(division_parse(STR("620100"), room, &d)));
    assert_true(str_equal(d, STR("6201")));
    assert_false(failed(division_parse(STR(""), room, &d)));
    assert_true(str_equal(d, STR("")));
    assert_true(failed(division_parse(STR("6x"), room, &d)));
    assert_true(failed(division_parse(STR("620"), room, &d)));
    assert_true(failed(division_parse(STR("1234567890123"), room, &d)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(range_is_the_predicate),
        cmocka_unit_test(parsing),
    };
    return cmocka_run_group_tests_name("fact/division", tests, NULL, NULL);
}
