/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/value.h"

/* Invisible code points that a line of text has no honest use for: from, to. */
static const uint32_t hidden[][2] = {
    {0x0000, 0x001F},
    {0x007F, 0x009F},
    {0x061C, 0x061C},
    {0x200E, 0x200F},
    {0x2028, 0x202E},
    {0x2066, 0x2069},
    {0xFEFF, 0xFEFF},
    {0xFFF9, 0xFFFB},
};

static bool is_hidden(uint32_t rune)
{
    for (size_t i = 0; i < COUNT_OF(hidden); i++)
        if (rune >= hidden[i][0] && rune <= hidden[i][1])
            return true;
    return false;
}

/* The str is UTF-8, so that only the first byte has to be looked at for the length. */
static uint32_t rune_take(str *s)
{
    unsigned char first = (unsigned char)s->at[0];
    size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    uint32_t rune = more == 0 ? first : first & (0x3FU >> more);
    for (size_t i = 1; i <= more && i < s->size; i++)
        rune = rune << 6 | ((unsigned char)s->at[i] & 0x3FU);
    *s = str_from(*s, 1 + more);
    return rune;
}

err value_check(str s, enum feed_value kind)
{
    if (str_is_plain(s))
        return OK;
    if (!str_is_utf8(s) || str_has(s, FEED_UNREADABLE))
        return fail(ERR_MALFORMED, "text.not_utf8", 0);
    for (str rest = s; rest.size > 0;) {
        uint32_t at = (uint32_t)(s.size - rest.size);
        uint32_t rune = rune_take(&rest);
        bool is_break = rune == '\n' || rune == '\r' || rune == '\t';
        if (is_hidden(rune) && !(is_break && (kind == FEED_TEXT || kind == FEED_JSON)))
            return fail(ERR_MALFORMED, "text.control", at);
    }
    return OK;
}

static bool digit_take(str *s, int64_t *ret_digit)
{
    if (s->size == 0 || s->at[0] < '0' || s->at[0] > '9')
        return false;
    *ret_digit = s->at[0] - '0';
    *s = str_from(*s, 1);
    return true;
}

static err whole_take(str *s, int64_t *ret_value)
{
    int64_t value = 0;
    int64_t digit = 0;
    while (digit_take(s, &digit))
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return fail(ERR_LIMIT, "number.too_large", 0);
    *ret_value = value;
    return OK;
}

err value_parse_milli(str s, int64_t *ret_milli)
{
    bool is_negative = str_starts(s, STR("-"));
    str rest = is_negative || str_starts(s, STR("+")) ? str_from(s, 1) : s;
    size_t signless_bytes = rest.size;
    int64_t value = 0;
    int64_t digit = 0;
    TRY(whole_take(&rest, &value));
    bool has_digits = rest.size < signless_bytes;
    bool has_point = has_digits && str_starts(rest, STR("."));
    rest = has_point ? str_from(rest, 1) : rest;
    int64_t fraction = 0;
    int64_t weight = 1000;
    while (weight > 1 && digit_take(&rest, &digit)) {
        weight /= 10;
        fraction += digit * weight;
    }
    while (str_starts(rest, STR("0")) && weight == 1) /* 87.5000 says no more than 87.5 */
        rest = str_from(rest, 1);
    if (!has_digits || (has_point && weight == 1000) || rest.size != 0)
        return fail(ERR_MALFORMED, "number.decimal", (uint32_t)(s.size - rest.size));
    if (__builtin_mul_overflow(value, 1000, &value) ||
        __builtin_add_overflow(value, fraction, &value))
        return fail(ERR_LIMIT, "number.too_large", 0);
    *ret_milli = is_negative ? -value : value;
    return OK;
}
