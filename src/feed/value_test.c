/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a field that passes can be shown to a person as it is stored; a decimal means what it says.
 * Method: every code point of the planes that are in use, checked against the list of what is
 * hidden, written out again by ranges; decimals by table, and every number of thousandths there and
 * back.
 */
#include "feed/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static size_t utf8_put(uint32_t rune, char room[4])
{
    size_t more = rune < 0x80 ? 0 : rune < 0x800 ? 1 : rune < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
    room[0] = (char)(leads[more] | (rune >> (6 * more)));
    for (size_t i = 1; i <= more; i++)
        room[i] = (char)(0x80 | (rune >> (6 * (more - i)) & 0x3F));
    return 1 + more;
}

static bool is_hidden(uint32_t r)
{
    return r < 0x20 || (r >= 0x7F && r < 0xA0) || r == 0x61C || r == 0x200E || r == 0x200F ||
           (r >= 0x2028 && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069) || r == 0xFEFF ||
           (r >= 0xFFF9 && r <= 0xFFFB);
}

static void every_code_point(void **state)
{
    (void)state;
    for (uint32_t rune = 0; rune < 0x110000; rune++) {
        char room[8] = "ab";
        bool is_surrogate = rune >= 0xD800 && rune < 0xE000;
        size_t size = utf8_put(rune, room + 1);
        str s = str_make(room, 1 + size);
        bool is_bad = is_hidden(rune) || is_surrogate || rune == 0xFFFD;
        bool is_break = rune == '\n' || rune == '\r' || rune == '\t';
        assert_int_equal(failed(value_check(s, FEED_LINE)), is_bad);
        assert_int_equal(failed(value_check(s, FEED_TEXT)), is_bad && !is_break);
    }
}

static void decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t milli;
    } good[] = {
        {"0",                0                           },
        {"100",              100000                      },
        {"87.5",             87500                       },
        {"+1.25",            1250                        },
        {"-0.001",           -1                          },
        {"007",              7000                        },
        {"1.5000",           1500                        },
        {"9007199254740993", INT64_C(9007199254740993000)}
    };
    static const char *const bad[] = {"",
                                      ".5",
                                      "5.",
                                      "1,5",
                                      "1e3",
                                      "0x10",
                                      "--1",
                                      "1.2345",
                                      "1.00001",
                                      " 1",
                                      "1 ",
                                      "NaN",
                                      "-",
                                      "+",
                                      "1.-",
                                      "\xEF\xBC\x91",
                                      "9223372036854775807",
                                      "9223372036854775.808",
                                      "99999999999999999999"};
    int64_t milli = 0;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_false(failed(value_parse_milli(str_from_c(good[i].text), &milli)));
        assert_int_equal(milli, good[i].milli);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (!failed(value_parse_milli(str_from_c(bad[i]), &milli)))
            fail_msg("taken: \"%s\"", bad[i]);
    for (int64_t want = -100100; want <= 100100; want++) {
        char room[32];
        int64_t away = want < 0 ? -want : want;
        int size = snprintf(room, sizeof(room), "%s%lld.%03lld", want < 0 ? "-" : "",
                            (long long)(away / 1000), (long long)(away % 1000));
        assert_false(failed(value_parse_milli(str_make(room, (size_t)size), &milli)));
        assert_int_equal(milli, want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(decimals),
    };
    return cmocka_run_group_tests_name("feed/value", tests, NULL, NULL);
}
