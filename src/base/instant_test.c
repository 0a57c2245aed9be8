/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: RFC 3339 and epoch milliseconds come in exactly, go out canonically, and nothing else does.
 * Method: known pairs; every day of 400 years against the C library; a round trip of many instants.
 */
#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static void known_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } rows[] = {
        {"1970-01-01T00:00:00Z",      0                        },
        {"2026-11-22T20:18:00+08:00", INT64_C(1795349880000000)},
        {"2026-11-22T12:18:00.25Z",   INT64_C(1795349880250000)},
        {"1795349880000",             INT64_C(1795349880000000)},
        {"2024-02-29T00:00:00Z",      INT64_C(1709164800000000)},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        instant at = {0};
        assert_false(failed(instant_parse(str_from_c(rows[i].text), &at)));
        assert_int_equal(at.us, rows[i].us);
    }
}

static void wrong_texts(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "2026-02-29T00:00:00Z",
        "2026-11-22",
        "2026-11-22T24:00:00Z",
        "2026-11-22T12:18:00",
        "2026-11-22T12:18:00.Z",
        "1969-12-31T23:59:59Z",
        "-1",
        "12x",
        "99999999999999999999",
        "2026-11-22T12:18:00+08:00 ",
        "2026-13-01T00:00:00Z",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        instant at = {77};
        assert_true(failed(instant_parse(str_from_c(rows[i]), &at)));
        assert_int_equal(at.us, 77);
    }
}

static void every_day_agrees_with_libc(void **state)
{
    (void)state;
    for (int64_t day = 0; day < 146097; day++) {
        instant at = instant_from_us(day * US_PER_DAY);
        struct civil c = instant_civil(at, 0);
        time_t seconds = (time_t)(day * 86400);
        struct tm tm;
        gmtime_r(&seconds, &tm);
        assert_int_equal(c.year, tm.tm_year + 1900);
        assert_int_equal(c.month, tm.tm_mon + 1);
        assert_int_equal(c.day, tm.tm_mday);
        assert_int_equal(c.weekday, tm.tm_wday);
        assert_int_equal(instant_from_civil(c.year, c.month, c.day, 0).us, at.us);
    }
}

static void round_trip(void **state)
{
    (void)state;
    static const int offsets[] = {0, 480, -570, 840};
    for (int64_t us = 7; us < INSTANT_MAX_US - US_PER_DAY; us = us * 3 + 11) {
        for (size_t i = 0; i < COUNT_OF(offsets); i++) {
            char room[INSTANT_TEXT_BYTES];
            instant back = {0};
            if (us < US_PER_DAY)
                continue;
            str text = instant_format(instant_from_us(us), offsets[i], room);
            assert_false(failed(instant_parse(text, &back)));
            assert_int_equal(back.us, us);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts),
        cmocka_unit_test(wrong_texts),
        cmocka_unit_test(every_day_agrees_with_libc),
        cmocka_unit_test(round_trip),
    };
    return cmocka_run_group_tests_name("base/instant", tests, NULL, NULL);
}
