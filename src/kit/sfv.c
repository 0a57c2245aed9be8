/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/sfv.h"

enum { INTEGER_DIGITS = 15 };

struct sfv sfv_of(str field)
{
    return (struct sfv){.rest = str_trim(field)};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_among(char c, const char *any_of)
{
    return c != '\0' && strchr(any_of, c) != NULL;
}

static bool is_of_key(char c)
{
    return is_lower(c) || is_digit(c) || is_among(c, "_-.*");
}

static bool is_of_token(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || is_among(c, "!#$%&'*+-.^_`|~:/");
}

static bool is_of_string(char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static bool is_of_base64(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || is_among(c, "+/=");
}

static char front(const struct sfv *s)
{
    return s->rest.size == 0 ? '\0' : s->rest.at[0];
}

static bool take_char(struct sfv *s, char c)
{
    if (s->is_bad || s->rest.size == 0 || s->rest.at[0] != c)
        return false;
    s->rest = str_from(s->rest, 1);
    return true;
}

static bool is_wrong(struct sfv *s)
{
    s->is_bad = true;
    return false;
}

static str take_while(struct sfv *s, bool (*is_of)(char))
{
    size_t n = 0;
    while (n < s->rest.size && is_of(s->rest.at[n]))
        n++;
    str taken = str_until(s->rest, n);
    s->rest = str_from(s->rest, n);
    return taken;
}

static void skip_spaces(struct sfv *s)
{
    while (take_char(s, ' '))
        continue;
}

static void skip_blanks(struct sfv *s)
{
    while (take_char(s, ' ') || take_char(s, '\t'))
        continue;
}

static bool take_key(struct sfv *s, str *ret_key)
{
    if (!is_lower(front(s)) && front(s) != '*')
        return is_wrong(s);
    *ret_key = take_while(s, is_of_key);
    return true;
}

static bool take_quoted(struct sfv *s, char quote, bool (*is_of)(char), str *ret_slice)
{
    (void)take_char(s, quote);
    *ret_slice = take_while(s, is_of);
    return take_char(s, quote) || is_wrong(s);
}

static bool take_integer(struct sfv *s, int64_t *ret_number)
{
    bool is_negative = take_char(s, '-');
    str digits = take_while(s, is_digit);
    if (digits.size == 0 || digits.size > INTEGER_DIGITS || front(s) == '.')
        return is_wrong(s);
    int64_t value = 0;
    for (size_t i = 0; i < digits.size; i++)
        value = value * 10 + (digits.at[i] - '0');
    *ret_number = is_negative ? -value : value;
    return true;
}

static bool take_bool(struct sfv *s, int64_t *ret_number)
{
    (void)take_char(s, '?');
    *ret_number = front(s) == '1';
    return take_char(s, '0') || take_char(s, '1') || is_wrong(s);
}

static bool take_bare(struct sfv *s, struct sfv_item *ret_item)
{
    struct sfv_item item = {.slice = STR("")};
    char c = front(s);
    bool is_right = false;
    if (s->is_bad)
        return false;
    if (c == '"') {
        item.kind = SFV_STRING;
        is_right = take_quoted(s, '"', is_of_string, &item.slice);
    } else if (c == ':') {
        item.kind = SFV_BYTES;
        is_right = take_quoted(s, ':', is_of_base64, &item.slice);
    } else if (c == '?') {
        item.kind = SFV_BOOL;
        is_right = take_bool(s, &item.number);
    } else if (is_digit(c) || c == '-') {
        item.kind = SFV_INTEGER;
        is_right = take_integer(s, &item.number);
    } else {
        item.kind = SFV_TOKEN;
        item.slice = take_while(s, is_of_token);
        is_right = item.slice.size > 0 || is_wrong(s);
    }
    *ret_item = item;
    return is_right;
}

bool sfv_member(struct sfv *s, str *ret_key)
{
    if (s->is_bad || (s->rest.size == 0 && !s->has_begun))
        return false;
    if (s->has_begun) {
        skip_blanks(s);
        if (s->rest.size == 0)
            return false;
        if (!take_char(s, ','))
            return is_wrong(s);
        skip_blanks(s);
    }
    s->has_begun = true;
    if (!take_key(s, ret_key))
        return false;
    /* A key alone is a member too (it says yes), but none that anybody signs with. */
    return take_char(s, '=') || is_wrong(s);
}

bool sfv_inner_begin(struct sfv *s)
{
    return take_char(s, '(');
}

bool sfv_inner_item(struct sfv *s, struct sfv_item *ret_item)
{
    skip_spaces(s);
    if (take_char(s, ')') || s->is_bad)
        return false;
    if (!take_bare(s, ret_item))
        return false;
    return front(s) == ' ' || front(s) == ')' || front(s) == ';' || is_wrong(s);
}

bool sfv_item(struct sfv *s, struct sfv_item *ret_item)
{
    return take_bare(s, ret_item);
}

bool sfv_parameter(struct sfv *s, str *ret_key, struct sfv_item *ret_item)
{
    if (!take_char(s, ';'))
        return false;
    skip_spaces(s);
    if (!take_key(s, ret_key))
        return false;
    *ret_item = (struct sfv_item){.kind = SFV_BOOL, .slice = STR(""), .number = 1};
    return !take_char(s, '=') || take_bare(s, ret_item);
}

static void skip_parameters(struct sfv *s)
{
    str key;
    struct sfv_item item;
    while (sfv_parameter(s, &key, &item))
        continue;
}

void sfv_skip(struct sfv *s)
{
    struct sfv_item item;
    if (sfv_inner_begin(s))
        while (sfv_inner_item(s, &item))
            skip_parameters(s);
    else
        (void)take_bare(s, &item);
    skip_parameters(s);
}
