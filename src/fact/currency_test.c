/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a code is a currency or not, and money is shown as people write it. Method: known ones,
 * near misses, and every edge of grouping.
 */
#include "fact/currency.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void only_currencies_are(void **state)
{
    (void)state;
    assert_int_equal(currency_digits(STR("CNY")), 2);
    assert_int_equal(currency_digits(STR("JPY")), 0);
    assert_int_equal(currency_digits(STR("KWD")), 3);
    assert_int_equal(currency_digits(STR("UYW")), 4);
    static const char *const none[] = {"", "cny", "RMB", "CN", "CNYX", "C Y", " CN", "D A", "XAU"};
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_true(currency_digits(str_from_c(none[i])) < 0);
}

static void money_reads_as_written(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        const char *code;
        const char *want;
    } cases[] = {
        {0,         "CNY", "0.00"                      },
        {5,         "CNY", "0.05"                      },
        {99999,     "CNY", "999.99"                    },
        {100000,    "CNY", "1,000.00"                  },
        {100000005, "CNY", "1,000,000.05"              },
        {-123456,   "CNY", "-1,234.56"                 },
        {1234567,   "JPY", "1,234,567"                 },
        {1234567,   "KWD", "1,234.567"                 },
        {INT64_MIN, "CNY", "-92,233,720,368,547,758.08"},
    };
    struct arena a;
    arena_init(&a, 1 << 16);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct text t;
        text_init(&t, &a);
        currency_put(&t, cases[i].minor, str_from_c(cases[i].code));
        assert_true(str_equal(text_str(&t), str_from_c(cases[i].want)));
    }
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_currencies_are),
        cmocka_unit_test(money_reads_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
