/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"

#include <assert.h>
#include <stdio.h>

instant instant_add_us(instant t, int64_t us)
{
    int64_t sum = 0;
    if (__builtin_add_overflow(t.us, us, &sum) || sum > INSTANT_MAX_US)
        sum = INSTANT_MAX_US;
    return instant_from_us(sum < 0 ? 0 : sum);
}

/* Days since 1970-01-01 of a proleptic Gregorian date. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil instant_civil(instant t, int offset_min)
{
    int64_t local = t.us + offset_min * US_PER_MIN;
    int64_t days = local / US_PER_DAY - (local % US_PER_DAY < 0);
    int64_t shifted = days + 719468;
    int64_t era = shifted / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    struct civil c = {
        .day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1),
        .month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9),
        .weekday = (int)((days + 4) % 7 + 7) % 7,
    };
    c.year = (int)(year_of_era + era * 400 + (c.month <= 2));
    return c;
}

instant instant_from_civil(int year, int month, int day, int offset_min)
{
    return instant_from_us(days_from_civil(year, month, day) * US_PER_DAY -
                           offset_min * US_PER_MIN);
}

static bool digits_take(str *s, size_t count, int *ret_value)
{
    if (s->size < count)
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (s->at[i] < '0' || s->at[i] > '9')
            return false;
        value = value * 10 + (s->at[i] - '0');
    }
    *s = str_from(*s, count);
    *ret_value = value;
    return true;
}

static bool char_take(str *s, const char *any_of)
{
    for (; *any_of != '\0' && s->size > 0; any_of++)
        if (s->at[0] == *any_of) {
            *s = str_from(*s, 1);
            return true;
        }
    return false;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

static bool date_take(str *s, int64_t *ret_days)
{
    int year = 0;
    int month = 0;
    int day = 0;
    bool is_shaped = digits_take(s, 4, &year) && char_take(s, "-") && digits_take(s, 2, &month) &&
                     char_take(s, "-") && digits_take(s, 2, &day);
    if (!is_shaped || year < 1970 || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month))
        return false;
    *ret_days = days_from_civil(year, month, day);
    return true;
}

static bool clock_take(str *s, int64_t *ret_us)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    bool is_shaped = digits_take(s, 2, &hour) && char_take(s, ":") && digits_take(s, 2, &minute) &&
                     char_take(s, ":") && digits_take(s, 2, &second);
    if (!is_shaped || hour > 23 || minute > 59 || second > 60)
        return false;
    int64_t fraction_us = 0;
    if (char_take(s, ".")) {
        int64_t scale = 100000;
        int digit = 0;
        size_t before = s->size;
        while (digits_take(s, 1, &digit)) {
            fraction_us += digit * scale;
            scale /= 10;
        }
        if (s->size == before)
            return false;
    }
    *ret_us = ((hour * 60 + minute) * 60 + second) * US_PER_S + fraction_us;
    return true;
}

static bool offset_take(str *s, int *ret_min)
{
    if (char_take(s, "Zz")) {
        *ret_min = 0;
        return true;
    }
    int sign = s->size > 0 && s->at[0] == '-' ? -1 : 1;
    int hour = 0;
    int minute = 0;
    if (!char_take(s, "+-") || !digits_take(s, 2, &hour) || !char_take(s, ":") ||
        !digits_take(s, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *ret_min = sign * (hour * 60 + minute);
    return true;
}

static err epoch_ms_parse(str s, instant *ret_at)
{
    int64_t ms = 0;
    TRY(str_parse_i64(s, &ms));
    if (ms < 0 || ms > INSTANT_MAX_US / US_PER_MS)
        return fail(ERR_MALFORMED, "time.range", 0);
    *ret_at = instant_from_us(ms * US_PER_MS);
    return OK;
}

err instant_parse(str s, instant *ret_at)
{
    bool is_epoch = s.size > 0;
    for (size_t i = 0; i < s.size; i++)
        is_epoch = is_epoch && ((s.at[i] >= '0' && s.at[i] <= '9') || (i == 0 && s.at[i] == '-'));
    if (is_epoch)
        return epoch_ms_parse(s, ret_at);
    str rest = s;
    int64_t days = 0;
    int64_t clock_us = 0;
    int offset_min = 0;
    if (!date_take(&rest, &days) || !char_take(&rest, "Tt ") || !clock_take(&rest, &clock_us) ||
        !offset_take(&rest, &offset_min) || rest.size != 0)
        return fail(ERR_MALFORMED, "time.malformed", (uint32_t)(s.size - rest.size));
    int64_t us = days * US_PER_DAY + clock_us - offset_min * US_PER_MIN;
    if (us < 0 || us > INSTANT_MAX_US)
        return fail(ERR_MALFORMED, "time.range", 0);
    *ret_at = instant_from_us(us);
    return OK;
}

str instant_format(instant t, int offset_min, char room[INSTANT_TEXT_BYTES])
{
    assert(t.us >= 0 && t.us <= INSTANT_MAX_US);
    struct civil c = instant_civil(t, offset_min);
    int64_t day_us = (t.us + offset_min * US_PER_MIN) % US_PER_DAY;
    day_us += day_us < 0 ? US_PER_DAY : 0;
    int64_t second = day_us / US_PER_S;
    int size = snprintf(room, INSTANT_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month,
                        c.day, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
    if (day_us % US_PER_S != 0)
        size += snprintf(room + size, INSTANT_TEXT_BYTES - (size_t)size, ".%06d",
                         (int)(day_us % US_PER_S));
    int away_min = offset_min < 0 ? -offset_min : offset_min;
    if (offset_min == 0)
        size += snprintf(room + size, INSTANT_TEXT_BYTES - (size_t)size, "Z");
    else
        size += snprintf(room + size, INSTANT_TEXT_BYTES - (size_t)size, "%c%02d:%02d",
                         offset_min < 0 ? '-' : '+', away_min / 60, away_min % 60);
    return str_make(room, (size_t)size);
}
