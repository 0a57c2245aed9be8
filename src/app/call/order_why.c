/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/order_why.h"

#include "fact/currency.h"
#include "trail/race_why.h"

#include <stdio.h>

enum { TEXT_BYTES = 1024, PPM_PER_PERCENT = 10000, LONG_S = 7200, SHORT_S = 120 };

static void put_grouped(struct text *t, int64_t number)
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%lld", (long long)number);
    for (int i = 0; i < size; i++) {
        text_put_char(t, digits[i]);
        bool is_between = (size - i) % 3 == 1 && i + 1 < size && digits[i] != '-';
        if (is_between)
            text_put_char(t, ',');
    }
}

/* 12,345.67 */
static void put_money(struct text *t, int64_t minor, str currency)
{
    int digits = currency_digits(currency);
    int64_t unit = 1;
    for (int i = 0; i < digits; i++)
        unit *= 10;
    put_grouped(t, minor / unit);
    int64_t rest = minor % unit;
    if (digits > 0)
        text_printf(t, ".%0*lld", digits, (long long)(rest < 0 ? -rest : rest));
}

static void put_span(struct text *t, int64_t s, enum language language)
{
    const char *key = s < SHORT_S ? "race.seconds" : s < LONG_S ? "race.minutes" : "race.hours";
    int64_t n = s < SHORT_S ? s : s < LONG_S ? s / 60 : s / 3600;
    str words = message(str_from_c(key), language);
    size_t cut = str_find_char(words, '{');
    text_put(t, str_until(words, cut));
    text_printf(t, "%lld", (long long)n);
    if (cut < words.size)
        text_put(t, str_from(words, cut + 3));
}

static void put_number(struct text *t, char unit, int64_t number, const struct call *call,
                       str currency)
{
    if (unit == 'P')
        text_printf(t, "%lld", (long long)(number / PPM_PER_PERCENT));
    else if (unit == 'S')
        put_span(t, number, call->language);
    else
        put_money(t, number, currency); /* minor units, or those times hours */
}

static void put_text(struct call *call, struct json *j, str code, int64_t number, str currency)
{
    str words = message_exists(code) ? message(code, call->language) : code;
    size_t cut = str_find_char(words, '{');
    struct text t;
    text_init(&t, &call->arena);
    text_put(&t, str_until(words, cut));
    if (cut < words.size) {
        put_number(&t, race_why_unit(code), number, call, currency);
        text_put(&t, str_from(words, cut + 3));
    }
    json_put_str(j, STR("text"), text_spent(&t) ? words : text_str(&t));
}

void order_why_put(struct call *call, struct json *j, str lines, str currency)
{
    str line = {0};
    json_key(j, STR("why"));
    json_array(j);
    while (!str_is_empty(lines) && str_split(&lines, '\n', &line)) {
        int64_t number = 0;
        size_t cut = str_find_char(line, ' ');
        str code = str_until(line, cut);
        bool has_number = !failed(str_parse_i64(str_trim(str_from(line, cut)), &number));
        json_object(j);
        json_put_str(j, STR("code"), code);
        put_text(call, j, code, number, currency);
        if (has_number)
            json_put_i64(j, STR("number"), number);
        json_end(j);
    }
    json_end(j);
}
