/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: money is written as people write it, for every number of 64 bits; sums never wrap around.
 * Method: tables of currencies and numbers, their edges among them.
 */
#include "print/amount.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check(const char *code, int64_t minor, const char *expected)
{
    struct currency c;
    char room[AMOUNT_BYTES];
    assert_false(failed(currency_parse(str_from_c(code), &c)));
    assert_true(str_equal(amount_format(&c, minor, room), str_from_c(expected)));
}

static void amounts_read_well(void **state)
{
    (void)state;
    check("CNY", 0, "¥0.00");
    check("CNY", 5, "¥0.05");
    check("CNY", 99999, "¥999.99");
    check("CNY", 100000, "¥1,000.00");
    check("CNY", 1234567, "¥12,345.67");
    check("CNY", -1234567, "-¥12,345.67");
    check("THB", 100000000, "THB 1,000,000.00");
    check("JPY", 12345, "JPY 12,345");
    check("KWD", 12345, "KWD 12.345");
    check("CNY", INT64_MAX, "¥92,233,720,368,547,758.07");
    check("JPY", INT64_MIN, "-JPY 9,223,372,036,854,775,808");
}

static void currencies_are_three_capitals(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "CN", "CNYY", "cny", "C1Y", "¥"};
    struct currency c;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(currency_parse(str_from_c(bad[i]), &c).code, ERR_MALFORMED);
}

static void sums_do_not_wrap(void **state)
{
    (void)state;
    int64_t sum = INT64_MAX - 1;
    assert_false(failed(amount_add(&sum, 1)));
    assert_int_equal(amount_add(&sum, 1).code, ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_read_well),
        cmocka_unit_test(currencies_are_three_capitals),
        cmocka_unit_test(sums_do_not_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
