/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: amounts are exact or refused, times mean the same in both directions.
 * Method: tables of right and wrong; every number of fen of a range, there and back.
 */
#include "gate/bank/notation.h"

#include "kit/kit_test.h"

static void amounts_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *currency;
        int64_t minor;
    } right[] = {
        {"0",                   "CNY", 0                          },
        {"1",                   "CNY", 100                        },
        {"0.01",                "CNY", 1                          },
        {"1.5",                 "CNY", 150                        },
        {"100.00",              "CNY", 10000                      },
        {"100.00000",           "CNY", 10000                      },
        {"7",                   "JPY", 7                          },
        {"7.00",                "JPY", 7                          },
        {"1.234",               "KWD", 1234                       },
        {"0001.10",             "CNY", 110                        },
        {"9999999999999999.99", "CNY", INT64_C(999999999999999999)},
    };
    for (size_t i = 0; i < COUNT_OF(right); i++) {
        int64_t minor = -1;
        works(money_parse(str_from_c(right[i].text), str_from_c(right[i].currency), &minor));
        assert_int_equal(minor, right[i].minor);
    }
    static const char *const wrong[] = {"",
                                        ".",
                                        "1.",
                                        ".5",
                                        "-1",
                                        "+1",
                                        "1e3",
                                        "1,00",
                                        "0x1",
                                        "100.001",
                                        "1.2.3",
                                        " 1",
                                        "1 ",
                                        "１",
                                        "10000000000000000.00",
                                        "99999999999999999999",
                                        "NaN"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        int64_t minor = -1;
        fails(money_parse(str_from_c(wrong[i]), STR("CNY"), &minor), ERR_MALFORMED, "bank.amount");
        assert_int_equal(minor, -1);
    }
    int64_t minor = -1;
    fails(money_parse(STR("7.01"), STR("JPY"), &minor), ERR_MALFORMED, "bank.amount");
    fails(money_parse(STR("7"), STR("ZZZ"), &minor), ERR_MALFORMED, "bank.currency");
    fails(money_parse(STR("7"), STR(""), &minor), ERR_MALFORMED, "bank.currency");
}

static void amounts_go_there_and_back(void **state)
{
    (void)state;
    static const char *const currencies[] = {"CNY", "JPY", "KWD", "UYW"};
    struct arena a;
    arena_init(&a, 16 << 20);
    for (size_t c = 0; c < COUNT_OF(currencies); c++)
        for (int64_t minor = 0; minor < 20000; minor += 37) {
            int64_t back = -1;
            str code = str_from_c(currencies[c]);
            works(money_parse(money_format(&a, minor, code), code, &back));
            assert_int_equal(back, minor);
        }
    is_str(money_format(&a, 5, STR("CNY")), STR("0.05"));
    is_str(money_format(&a, 123456789, STR("CNY")), STR("1234567.89"));
    is_str(money_format(&a, 5, STR("JPY")), STR("5"));
    arena_done(&a);
}

static void times_mean_the_same(void **state)
{
    (void)state;
    static const int zones[] = {480, 0, -300, 345};
    char room[STAMP_ROOM];
    instant at;
    for (size_t z = 0; z < COUNT_OF(zones); z++)
        for (int64_t s = 86400; s < INT64_C(4000000000); s += 7654321) {
            instant then = {s * US_PER_S};
            works(stamp_parse(stamp_format(then, zones[z], room), zones[z], &at));
            assert_int_equal(at.us, then.us);
        }
    works(stamp_parse(STR("20261123094530"), 480, &at));
    assert_int_equal(at.us, INT64_C(1795398330) * US_PER_S);
    is_str(day_format(at, 480, room), STR("2026-11-23"));
    static const char *const same[] = {"2026-11-23T09:45:30", "2026-11-23T01:45:30Z",
                                       "2026-11-23T09:45:30.000+08:00", "2026-11-22T20:45:30-05:00",
                                       "2026-11-23T09:45:30.0"};
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        instant then = {0};
        works(moment_parse(str_from_c(same[i]), 480, &then));
        assert_int_equal(then.us, at.us);
    }
}

static void odd_times_are_refused(void **state)
{
    (void)state;
    static const char *const stamps[] = {"",
                                         "2026112309453",
                                         "20261123094561",
                                         "20261323094530",
                                         "20260230094530",
                                         "2026112309453a",
                                         "202611230945300"};
    static const char *const moments[] = {"",
                                          "2026-11-23",
                                          "2026-11-23 09:45:30",
                                          "2026-11-23T09:45",
                                          "2026-02-30T09:45:30",
                                          "1795000000000",
                                          "2026-11-23T09:45:3x",
                                          "2026-11-23T09:45:30+8"};
    instant at = {7};
    for (size_t i = 0; i < COUNT_OF(stamps); i++)
        fails(stamp_parse(str_from_c(stamps[i]), 480, &at), ERR_MALFORMED, "bank.time");
    for (size_t i = 0; i < COUNT_OF(moments); i++)
        fails(moment_parse(str_from_c(moments[i]), 480, &at), ERR_MALFORMED, "bank.time");
    assert_int_equal(at.us, 7);
}

static void texts_are_cut_between_characters(void **state)
{
    (void)state;
    is_str(cut_to(STR("中文字"), 2), STR("中文"));
    is_str(cut_to(STR("ab"), 5), STR("ab"));
    is_str(cut_to(STR(""), 5), STR(""));
    works(fit_in(STR("中文字"), 3));
    fails(fit_in(STR("中文字"), 2), ERR_LIMIT, "bank.too_long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_exact),
        cmocka_unit_test(amounts_go_there_and_back),
        cmocka_unit_test(times_mean_the_same),
        cmocka_unit_test(odd_times_are_refused),
        cmocka_unit_test(texts_are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
