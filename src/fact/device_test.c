/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a handset has one number, whichever of its forms a network wrote down.
 * Method: a table of spellings and one of refusals.
 */
#include "fact/device.h"

#include "kit/kit_test.h"

static struct arena turn;

static void spellings_meet(void **state)
{
    (void)state;
    static const char *const spellings[] = {
        "352099001761481",  "35209900176148",     "3520990017614823",
        "35-209900-176148", "35 209900 176148 1", "３５２０９９００１７６１４８１",
    };
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        str imei;
        str display;
        works(device_parse(str_from_c(spellings[i]), &turn, &imei));
        assert_true(str_equal(imei, STR("352099001761481")));
        works(device_display(imei, &turn, &display));
        assert_true(str_equal(display, STR("35-209900-176148-1")));
        works(device_parse(display, &turn, &imei));
        assert_true(str_equal(imei, STR("352099001761481")));
    }
}

static void reasons_are_right(void **state)
{
    (void)state;
    str imei;
    fails(device_parse(STR(" "), &turn, &imei), ERR_MALFORMED, "device.empty");
    fails(device_parse(STR("3520990017614"), &turn, &imei), ERR_MALFORMED, "device.too_short");
    fails(device_parse(STR("35209900176148123"), &turn, &imei), ERR_MALFORMED, "device.too_long");
    fails(device_parse(STR("352099001761482"), &turn, &imei), ERR_MALFORMED, "device.check");
    fails(device_parse(STR("A1000049A1B2C3"), &turn, &imei), ERR_MALFORMED, "device.character");
    fails(device_parse(STR("000000000000000"), &turn, &imei), ERR_MALFORMED, "device.zeros");
    fails(device_parse(STR("0000000000000001"), &turn, &imei), ERR_MALFORMED, "device.zeros");
}

static void arena_may_be_spent(void **state)
{
    (void)state;
    struct arena small;
    str imei;
    arena_init(&small, 1);
    assert_int_equal(device_parse(STR("352099001761481"), &small, &imei).code, ERR_LIMIT);
    arena_done(&small);
}

static int begin(void **state)
{
    (void)state;
    arena_init(&turn, 1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&turn);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_meet),
        cmocka_unit_test(reasons_are_right),
        cmocka_unit_test(arena_may_be_spent),
    };
    return cmocka_run_group_tests_name("fact/device", tests, begin, end);
}
