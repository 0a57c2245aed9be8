/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a deadline in working days falls where a person with a wall calendar would put it.
 * Method: the calendar of China for 2026 written out month by month as one letter a day, and every
 * start day of the year, every count and several zones compared with walking along those letters.
 */
#include "fact/law.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* w a working day, . a day off. Written from the notice of the State Council, not from the rule. */
static const char *const months_2026[12] = {
    "...wwwwww..wwwww..wwwww..wwwww.", /* 1-3 off, 4 made up */
    ".wwwww..wwwwww.........wwwww",    /* 14 and 28 made up, 15-23 off */
    ".wwwww..wwwww..wwwww..wwwww..ww", "www...wwww..wwwww..wwwww..wwww", /* 4-6 off */
    ".....wwww.wwwww..wwwww..wwwww..",                                   /* 1-5 off, 9 made up */
    "wwwww..wwwww..wwww...wwwww..ww",                                    /* 19-21 off */
    "www..wwwww..wwwww..wwwww..wwwww", "..wwwww..wwwww..wwwww..wwwww..w",
    "wwww..wwwww..wwwww.wwwww...www",  /* 20 made up, 25-27 off */
    ".......www.wwwww..wwwww..wwwww.", /* 1-7 off, 10 made up */
    ".wwwww..wwwww..wwwww..wwwww..w",  "wwww..wwwww..wwwww..wwwww..wwww",
};

static const struct law_day special_days[] = {
    {2026, 1,  1,  false},
    {2026, 1,  2,  false},
    {2026, 1,  4,  true },
    {2026, 2,  14, true },
    {2026, 2,  16, false},
    {2026, 2,  17, false},
    {2026, 2,  18, false},
    {2026, 2,  19, false},
    {2026, 2,  20, false},
    {2026, 2,  23, false},
    {2026, 2,  28, true },
    {2026, 4,  6,  false},
    {2026, 5,  1,  false},
    {2026, 5,  4,  false},
    {2026, 5,  5,  false},
    {2026, 5,  9,  true },
    {2026, 6,  19, false},
    {2026, 9,  20, true },
    {2026, 9,  25, false},
    {2026, 10, 1,  false},
    {2026, 10, 2,  false},
    {2026, 10, 5,  false},
    {2026, 10, 6,  false},
    {2026, 10, 7,  false},
    {2026, 10, 10, true },
};

static struct law_profile china_at(int zone_min)
{
    return (struct law_profile){
        .zone_min = zone_min,
        .working_weekdays = 0x3E,
        .days = special_days,
        .day_count = COUNT_OF(special_days),
    };
}

struct wall_day {
    int month;
    int day;
    bool is_working;
};

static size_t hang_calendar(struct wall_day wall[366])
{
    size_t count = 0;
    for (int month = 1; month <= 12; month++)
        for (int day = 1; months_2026[month - 1][day - 1] != '\0'; day++)
            wall[count++] = (struct wall_day){month, day, months_2026[month - 1][day - 1] == 'w'};
    return count;
}

static void calendar_is_the_notice(void **state)
{
    (void)state;
    struct wall_day wall[366];
    struct law_profile law = china_at(480);
    assert_int_equal(hang_calendar(wall), 365);
    for (size_t i = 0; i < 365; i++)
        assert_int_equal(law_is_working_day(&law, 2026, wall[i].month, wall[i].day),
                         wall[i].is_working);
}

static void check_from(const struct law_profile *law, const struct wall_day wall[366], size_t start,
                       int64_t into_day_us)
{
    instant midnight = instant_from_civil(2026, wall[start].month, wall[start].day, law->zone_min);
    instant from = instant_add_us(midnight, into_day_us);
    int64_t days = 0;
    for (size_t i = start; i < 365; i++) {
        days += i > start && wall[i].is_working;
        if (i > start && !wall[i].is_working)
            continue;
        instant want = instant_from_civil(2026, wall[i].month, wall[i].day, law->zone_min);
        want = instant_add_us(want, US_PER_DAY - US_PER_S);
        assert_int_equal(law_add_working_days(law, from, days).us, want.us);
    }
}

static void deadlines_match_the_wall(void **state)
{
    (void)state;
    static const int zones_min[] = {-570, 0, 330, 480, 840};
    struct wall_day wall[366];
    assert_int_equal(hang_calendar(wall), 365);
    for (size_t z = 0; z < COUNT_OF(zones_min); z++) {
        struct law_profile law = china_at(zones_min[z]);
        for (size_t start = 0; start < 365; start += z == 3 ? 1 : 13) {
            check_from(&law, wall, start, 0);
            check_from(&law, wall, start, US_PER_DAY - 1);
        }
    }
}

/* Goal: adding in two steps is adding once, so that an extended deadline does not lose a day. */
static void steps_add_up(void **state)
{
    (void)state;
    struct law_profile law = china_at(480);
    instant from = instant_from_civil(2026, 1, 31, 480);
    for (int64_t a = 1; a < 40; a++)
        for (int64_t b = 0; b < 40; b++)
            assert_int_equal(law_add_working_days(&law, law_add_working_days(&law, from, a), b).us,
                             law_add_working_days(&law, from, a + b).us);
}

/* Goal: an absurd count ends at the last representable day instead of running for ever. */
static void end_of_time_is_an_end(void **state)
{
    (void)state;
    struct law_profile law = {.working_weekdays = 1};
    instant late = instant_from_us(INSTANT_MAX_US - 30 * US_PER_DAY);
    instant due = law_add_working_days(&law, late, INT64_MAX);
    assert_true(due.us > late.us && due.us <= INSTANT_MAX_US);
    due = law_add_working_days(&law, instant_from_us(INSTANT_MAX_US), 1);
    assert_true(due.us <= INSTANT_MAX_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar_is_the_notice),
        cmocka_unit_test(deadlines_match_the_wall),
        cmocka_unit_test(steps_add_up),
        cmocka_unit_test(end_of_time_is_an_end),
    };
    return cmocka_run_group_tests_name("fact/law", tests, NULL, NULL);
}
