/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/sip/scan.h"

/* token: RFC 3261 25.1; host: what a parameter's value may hold besides, "[2001:db8::9:1]". */
enum { OF_TOKEN = 1, OF_HOST = 2 };

static const uint8_t kinds[256] = {
    ['0' ... '9'] = OF_TOKEN, ['A' ... 'Z'] = OF_TOKEN, ['a' ... 'z'] = OF_TOKEN, ['-'] = OF_TOKEN,
    ['.'] = OF_TOKEN,         ['!'] = OF_TOKEN,         ['%'] = OF_TOKEN,         ['*'] = OF_TOKEN,
    ['_'] = OF_TOKEN,         ['+'] = OF_TOKEN,         ['`'] = OF_TOKEN,         ['\''] = OF_TOKEN,
    ['~'] = OF_TOKEN,         ['['] = OF_HOST,          [']'] = OF_HOST,          [':'] = OF_HOST,
};

bool sip_is_token_char(char c)
{
    return kinds[(unsigned char)c] == OF_TOKEN;
}

bool sip_is_token(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (!sip_is_token_char(s.at[i]))
            return false;
    return s.size > 0;
}

bool sip_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int sip_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

void scan_blanks(struct scan *s)
{
    while (s->at < s->end && sip_is_blank(*s->at))
        s->at++;
}

bool scan_separator(struct scan *s, char c)
{
    scan_blanks(s);
    if (!scan_take(s, c))
        return false;
    scan_blanks(s);
    return true;
}

static str take_of(struct scan *s, unsigned kind)
{
    const char *begin = s->at;
    while (s->at < s->end && (kinds[(unsigned char)*s->at] & kind) != 0)
        s->at++;
    return scan_since(s, begin);
}

bool scan_token(struct scan *s, str *ret_token)
{
    str token = take_of(s, OF_TOKEN);
    if (token.size == 0)
        return false;
    *ret_token = token;
    return true;
}

bool scan_quoted(struct scan *s, str *ret_quoted)
{
    const char *begin = s->at;
    if (!scan_take(s, '"'))
        return false;
    while (s->at < s->end && *s->at != '"') {
        bool is_pair = *s->at == '\\';
        s->at++;
        if (is_pair && s->at < s->end)
            s->at++; /* whatever it is */
    }
    if (!scan_take(s, '"'))
        return false;
    *ret_quoted = scan_since(s, begin);
    return true;
}

bool scan_number(struct scan *s, uint64_t most, uint64_t *ret_number)
{
    uint64_t number = 0;
    const char *begin = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
        uint64_t digit = (uint64_t)(*s->at - '0');
        if (number > (most - digit) / 10 || digit > most)
            return false;
        number = number * 10 + digit;
        s->at++;
    }
    if (s->at == begin)
        return false;
    *ret_number = number;
    return true;
}

bool scan_param(struct scan *s, struct sip_param *ret_param)
{
    struct sip_param param = {.value = {.at = NULL}};
    if (!scan_token(s, &param.name))
        return false;
    struct scan after = *s;
    if (!scan_separator(&after, '=')) {
        *ret_param = param;
        return true;
    }
    *s = after;
    if (!scan_quoted(s, &param.value))
        param.value = take_of(s, OF_TOKEN | OF_HOST);
    if (param.value.size == 0)
        return false;
    *ret_param = param;
    return true;
}
