/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/bank/notation.h"

#include "fact/currency.h"

#include <assert.h>
#include <stdio.h>

enum { AMOUNT_DIGITS = 18 };

static int64_t unit_of(int digits)
{
    int64_t unit = 1;
    for (int i = 0; i < digits; i++)
        unit *= 10;
    return unit;
}

void money_put(struct text *t, int64_t minor, str currency)
{
    assert(minor >= 0);
    int digits = currency_digits(currency);
    int64_t unit = unit_of(digits);
    text_put_i64(t, minor / unit);
    if (digits > 0)
        text_printf(t, ".%0*lld", digits, (long long)(minor % unit));
}

str money_format(struct arena *a, int64_t minor, str currency)
{
    struct text t;
    text_init(&t, a);
    money_put(&t, minor, currency);
    return text_spent(&t) ? STR("") : text_str(&t);
}

static bool is_all_digits(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

static str without_zeros_behind(str s)
{
    while (s.size > 0 && s.at[s.size - 1] == '0')
        s.size--;
    return s;
}

err money_parse(str s, str currency, int64_t *ret_minor)
{
    int digits = currency_digits(currency);
    if (digits < 0)
        return fail(ERR_MALFORMED, "bank.currency", 0);
    size_t point = str_find_char(s, '.');
    str whole = str_until(s, point);
    str behind = str_from(s, point + 1);
    bool has_point = point < s.size;
    if (whole.size == 0 || (has_point && behind.size == 0) || !is_all_digits(whole) ||
        !is_all_digits(behind))
        return fail(ERR_MALFORMED, "bank.amount", 0);
    behind = without_zeros_behind(behind);
    if (behind.size > (size_t)digits || whole.size + (size_t)digits > AMOUNT_DIGITS)
        return fail(ERR_MALFORMED, "bank.amount", 0);
    int64_t minor = 0;
    for (size_t i = 0; i < whole.size; i++)
        minor = minor * 10 + (whole.at[i] - '0');
    for (size_t i = 0; i < (size_t)digits; i++)
        minor = minor * 10 + (i < behind.size ? behind.at[i] - '0' : 0);
    *ret_minor = minor;
    return OK;
}

/* Both begin with the civil date and time at the offset. */
struct clock_face {
    struct civil date;
    int seconds; /* of the day */
};

static struct clock_face face_of(instant at, int zone_min)
{
    struct civil c = instant_civil(at, zone_min);
    instant midnight = instant_from_civil(c.year, c.month, c.day, zone_min);
    return (struct clock_face){c, (int)((at.us - midnight.us) / US_PER_S)};
}

str stamp_format(instant at, int zone_min, char room[STAMP_ROOM])
{
    struct clock_face f = face_of(at, zone_min);
    int n = snprintf(room, STAMP_ROOM, "%04u%02u%02u%02u%02u%02u", (unsigned)f.date.year % 10000,
                     (unsigned)f.date.month % 100, (unsigned)f.date.day % 100,
                     (unsigned)f.seconds / 3600 % 100, (unsigned)f.seconds / 60 % 60,
                     (unsigned)f.seconds % 60);
    return str_make(room, n < 0 ? 0 : (size_t)n);
}

str day_format(instant at, int zone_min, char room[STAMP_ROOM])
{
    struct civil c = instant_civil(at, zone_min);
    int n = snprintf(room, STAMP_ROOM, "%04u-%02u-%02u", (unsigned)c.year % 10000,
                     (unsigned)c.month % 100, (unsigned)c.day % 100);
    return str_make(room, n < 0 ? 0 : (size_t)n);
}

static err wrong_time(void)
{
    return fail(ERR_MALFORMED, "bank.time", 0);
}

/* Through RFC 3339, which knows how long a month is. */
static err parse_at_zone(const char *text, size_t size, int zone_min, instant *ret_at)
{
    char room[INSTANT_TEXT_BYTES + 8];
    int away = zone_min < 0 ? -zone_min : zone_min;
    int n = snprintf(room, sizeof room, "%.*s%c%02d:%02d", (int)size, text,
                     zone_min < 0 ? '-' : '+', away / 60 % 24, away % 60);
    if (n < 0 || (size_t)n >= sizeof room ||
        failed(instant_parse(str_make(room, (size_t)n), ret_at)))
        return wrong_time();
    return OK;
}

err stamp_parse(str s, int zone_min, instant *ret_at)
{
    if (s.size != 14 || !is_all_digits(s))
        return wrong_time();
    char room[24];
    (void)snprintf(room, sizeof room, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", s.at, s.at + 4, s.at + 6,
                   s.at + 8, s.at + 10, s.at + 12);
    return parse_at_zone(room, strlen(room), zone_min, ret_at);
}

static bool has_offset(str s)
{
    str tail = s.size > 6 ? str_from(s, s.size - 6) : s;
    return str_ends(s, STR("Z")) || str_ends(s, STR("z")) ||
           (s.size > 16 && (tail.at[0] == '+' || tail.at[0] == '-'));
}

err moment_parse(str s, int zone_min, instant *ret_at)
{
    if (s.size < 19 || s.size > INSTANT_TEXT_BYTES || (s.at[10] != 'T' && s.at[10] != 't'))
        return wrong_time();
    if (!has_offset(s))
        return parse_at_zone(s.at, s.size, zone_min, ret_at);
    return failed(instant_parse(s, ret_at)) ? wrong_time() : OK;
}

str cut_to(str s, size_t runes)
{
    size_t i = 0;
    for (size_t n = 0; i < s.size && n < runes; n++)
        do
            i++;
        while (i < s.size && ((unsigned char)s.at[i] & 0xC0) == 0x80);
    return str_until(s, i);
}

err fit_in(str s, size_t runes)
{
    if (cut_to(s, runes).size < s.size)
        return fail(ERR_LIMIT, "bank.too_long", (uint32_t)runes);
    return OK;
}
