/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: allow beats block beats warn, whatever else is listed; time is obeyed to the microsecond.
 * Method: every set of up to six listings (action x match x value), against the rule said again.
 */
#include "screen/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { SHAPES = 12 };

static struct listing shape(unsigned i)
{
    static const char *const values[] = {"evil.com", "a.evil.com"};
    return (struct listing){.state = LISTING_IN_FORCE,
                            .action = i % ACTION_COUNT,
                            .match = i / 3 % 2 == 0 ? MATCH_EXACT : MATCH_SUFFIX,
                            .value = str_from_c(values[i / 6]),
                            .from = {100},
                            .until = {200 + i}};
}

static enum verdict said_again(unsigned set, const char *value)
{
    bool has[ACTION_COUNT] = {false};
    for (unsigned i = 0; i < SHAPES; i++) {
        struct listing l = shape(i);
        bool is_apex = str_equal(l.value, STR("evil.com"));
        bool is_same = str_equal(l.value, str_from_c(value));
        if ((set >> i & 1) != 0 && (is_same || (is_apex && l.match == MATCH_SUFFIX)))
            has[l.action] = true;
    }
    if (has[ACTION_ALLOW])
        return VERDICT_PASS;
    return has[ACTION_BLOCK] ? VERDICT_BLOCK : has[ACTION_WARN] ? VERDICT_WARN : VERDICT_PASS;
}

static void every_set(void **state)
{
    (void)state;
    for (unsigned set = 0; set < 1U << SHAPES; set++) {
        union record candidates[SHAPES] = {0};
        size_t count = 0;
        for (unsigned i = 0; i < SHAPES; i++)
            if ((set >> i & 1) != 0)
                candidates[count++].listing = shape(i);
        struct judgement apex = screen_judge(candidates, count, STR("evil.com"), (instant){150});
        struct judgement below = screen_judge(candidates, count, STR("a.evil.com"), (instant){150});
        struct judgement near = screen_judge(candidates, count, STR("notevil.com"), (instant){150});
        assert_int_equal(below.verdict, said_again(set, "a.evil.com"));
        assert_int_equal(near.verdict, VERDICT_PASS);
        assert_null(near.listing);
        /* of the apex only its own listings speak */
        assert_int_equal(apex.verdict, said_again(set & 63U, "evil.com"));
    }
}

static void time_is_obeyed(void **state)
{
    (void)state;
    union record one = {.listing = shape(0)};
    assert_int_equal(screen_judge(&one, 1, STR("evil.com"), (instant){99}).verdict, VERDICT_PASS);
    assert_int_equal(screen_judge(&one, 1, STR("evil.com"), (instant){100}).verdict, VERDICT_BLOCK);
    assert_int_equal(screen_judge(&one, 1, STR("evil.com"), (instant){199}).verdict, VERDICT_BLOCK);
    assert_int_equal(screen_judge(&one, 1, STR("evil.com"), (instant){200}).verdict, VERDICT_PASS);
    one.listing.state = LISTING_LIFTED;
    assert_int_equal(screen_judge(&one, 1, STR("evil.com"), (instant){150}).verdict, VERDICT_PASS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set),
        cmocka_unit_test(time_is_obeyed),
    };
    return cmocka_run_group_tests_name("screen/verdict", tests, NULL, NULL);
}
