/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

bool str_equal(str a, str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_equal_nocase(str a, str b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

int str_compare(str a, str b)
{
    size_t both = a.size < b.size ? a.size : b.size;
    int order = both == 0 ? 0 : memcmp(a.at, b.at, both);
    if (order != 0)
        return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

bool str_starts(str s, str prefix)
{
    return s.size >= prefix.size && str_equal(str_until(s, prefix.size), prefix);
}

bool str_ends(str s, str suffix)
{
    return s.size >= suffix.size && str_equal(str_from(s, s.size - suffix.size), suffix);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

str str_trim(str s)
{
    while (s.size > 0 && is_space(s.at[0]))
        s = str_from(s, 1);
    while (s.size > 0 && is_space(s.at[s.size - 1]))
        s.size--;
    return s;
}

/* Of the blank that `s` begins with; 0 when it begins with none. */
static size_t blank_bytes(str s)
{
    static const char *const blanks[] = {"\u00a0", "\u00ad", "\u1680", "\u180e", "\u2028", "\u2029",
                                         "\u202f", "\u205f", "\u2060", "\u3000", "\ufeff"};
    if (s.size > 0 && is_space(s.at[0]))
        return 1;
    for (size_t i = 0; i < COUNT_OF(blanks); i++)
        if (str_starts(s, str_from_c(blanks[i])))
            return strlen(blanks[i]);
    bool is_width_only = str_starts(s, STR("\xe2\x80")) && s.size > 2 && /* U+2000 to U+200F */
                         (unsigned char)s.at[2] <= 0x8f;
    return is_width_only ? 3 : 0;
}

bool str_is_blank(str s)
{
    size_t size = blank_bytes(s);
    for (; size > 0; size = blank_bytes(s))
        s = str_from(s, size);
    return str_is_empty(s);
}

str str_from(str s, size_t start)
{
    if (start > s.size)
        start = s.size;
    return str_make(s.at + start, s.size - start);
}

str str_until(str s, size_t end)
{
    return str_make(s.at, end < s.size ? end : s.size);
}

size_t str_find_char(str s, char c)
{
    const char *hit = s.size == 0 ? NULL : memchr(s.at, c, s.size);
    return hit == NULL ? s.size : (size_t)(hit - s.at);
}

bool str_has(str s, str part)
{
    if (part.size == 0)
        return true;
    if (part.size == 1)
        return s.size > 0 && memchr(s.at, part.at[0], s.size) != NULL;
    return s.size >= part.size && memmem(s.at, s.size, part.at, part.size) != NULL;
}

bool str_split(str *rest, char sep, str *ret_part)
{
    if (rest->at == NULL)
        return false;
    size_t cut = str_find_char(*rest, sep);
    *ret_part = str_until(*rest, cut);
    *rest = cut == rest->size ? (str){0} : str_from(*rest, cut + 1);
    return true;
}

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

static uint64_t word_at(const char *at, size_t size)
{
    uint64_t word = EACH_BYTE(' ');
    memcpy(&word, at, size);
    return word;
}

bool str_is_ascii(str s)
{
    uint64_t all = 0;
    size_t i = 0;
    for (; s.size - i >= sizeof all; i += sizeof all)
        all |= word_at(s.at + i, sizeof all);
    if (i < s.size)
        all |= word_at(s.at + i, s.size - i);
    return (all & EACH_BYTE(0x80)) == 0;
}

/* A byte below a blank borrows, DEL and all above it carry: into its top bit. */
static uint64_t oddness(uint64_t word)
{
    return word | (word - EACH_BYTE(' ')) | (word + EACH_BYTE(1));
}

bool str_is_plain(str s)
{
    uint64_t odd = 0;
    size_t i = 0;
    for (; s.size - i >= sizeof odd; i += sizeof odd)
        odd |= oddness(word_at(s.at + i, sizeof odd));
    if (i < s.size)
        odd |= oddness(word_at(s.at + i, s.size - i));
    return (odd & EACH_BYTE(0x80)) == 0;
}

/* Length of the well-formed sequence at the front (Unicode 15, table 3-7), or 0. */
static size_t rune_bytes(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return 1;
    size_t need = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || left < need)
        return 0;
    for (size_t i = 1; i < need; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool is_overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool is_outside = (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF4 && p[1] > 0x8F);
    return is_overlong || is_outside ? 0 : need;
}

bool str_is_utf8(str s)
{
    if (str_is_plain(s)) /* as most of what is asked is */
        return true;
    for (size_t i = 0; i < s.size;) {
        size_t n = rune_bytes((const unsigned char *)s.at + i, s.size - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

size_t str_runes(str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.size; i++)
        count += ((unsigned char)s.at[i] & 0xC0) != 0x80;
    return count;
}

err str_parse_i64(str s, int64_t *ret_value)
{
    bool is_negative = s.size > 0 && s.at[0] == '-';
    str digits = is_negative ? str_from(s, 1) : s;
    if (digits.size == 0)
        return fail(ERR_MALFORMED, "number.not_integer", 0);
    int64_t value = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return fail(ERR_MALFORMED, "number.not_integer", (uint32_t)i);
        int digit = digits.at[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return fail(ERR_LIMIT, "number.too_large", (uint32_t)i);
    }
    if (!is_negative && __builtin_sub_overflow((int64_t)0, value, &value))
        return fail(ERR_LIMIT, "number.too_large", 0);
    *ret_value = value;
    return OK;
}

str str_copy(struct arena *a, str s)
{
    char *copy = str_to_c(a, s);
    return str_make(copy, copy == NULL ? 0 : s.size);
}

char *str_to_c(struct arena *a, str s)
{
    char *copy = arena_make(a, s.size + 1);
    if (copy != NULL && s.size > 0)
        memcpy(copy, s.at, s.size);
    return copy;
}

void text_init(struct text *t, struct arena *a)
{
    assert(a != NULL);
    *t = (struct text){.arena = a};
}

/* Makes room for `more` bytes and a NUL. */
static bool reserve(struct text *t, size_t more)
{
    if (t->is_spent)
        return false;
    if (t->size + more + 1 <= t->room)
        return true;
    size_t room = t->room == 0 ? 64 : t->room;
    while (room < t->size + more + 1)
        room *= 2;
    char *at = arena_grow_unset(t->arena, t->at, t->room, room);
    if (at == NULL) {
        t->is_spent = true;
        return false;
    }
    t->at = at;
    t->room = room;
    return true;
}

void text_expect(struct text *t, size_t more)
{
    (void)reserve(t, more);
}

void text_put(struct text *t, str s)
{
    if (!reserve(t, s.size))
        return;
    if (s.size > 0)
        memcpy(t->at + t->size, s.at, s.size);
    t->size += s.size;
    t->at[t->size] = '\0';
}

void text_put_all(struct text *t, const str *parts, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += parts[i].size;
    if (!reserve(t, size))
        return;
    char *to = t->at + t->size;
    for (size_t i = 0; i < count; i++)
        if (parts[i].size > 0)
            to = (char *)memcpy(to, parts[i].at, parts[i].size) + parts[i].size;
    t->size += size;
    t->at[t->size] = '\0';
}

void text_put_c(struct text *t, const char *c)
{
    text_put(t, str_from_c(c));
}

void text_put_char(struct text *t, char c)
{
    text_put(t, str_make(&c, 1));
}

void text_put_i64(struct text *t, int64_t value)
{
    if (value < 0)
        text_put_char(t, '-');
    text_put_u64(t, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* Not by printf: a leaf of the ledger has eight of them. */
void text_put_u64(struct text *t, uint64_t value)
{
    char room[20];
    size_t at = sizeof room;
    do {
        room[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    text_put(t, str_make(room + at, sizeof room - at));
}

void hex_put(char *ret_hex, const void *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = bytes;
    for (size_t i = 0; i < count; i++) {
        ret_hex[2 * i] = digits[p[i] >> 4];
        ret_hex[2 * i + 1] = digits[p[i] & 15];
    }
}

void text_put_hex(struct text *t, const void *bytes, size_t count)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < count; i++) {
        char hex[2];
        hex_put(hex, &p[i], 1);
        text_put(t, str_make(hex, sizeof hex));
    }
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void text_put_base64(struct text *t, const void *bytes, size_t count)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < count; i += 3) {
        size_t left = count - i;
        uint32_t three = (uint32_t)p[i] << 16;
        three |= left > 1 ? (uint32_t)p[i + 1] << 8 : 0;
        three |= left > 2 ? p[i + 2] : 0;
        char four[4] = {base64_digits[three >> 18], base64_digits[three >> 12 & 63],
                        left > 1 ? base64_digits[three >> 6 & 63] : '=',
                        left > 2 ? base64_digits[three & 63] : '='};
        text_put(t, str_make(four, 4));
    }
}

void text_printf(struct text *t, const char *format, ...)
{
    va_list first;
    va_list second;
    va_start(first, format);
    va_copy(second, first);
    int size = vsnprintf(NULL, 0, format, first);
    va_end(first);
    assert(size >= 0);
    if (reserve(t, (size_t)size)) {
        int written = vsnprintf(t->at + t->size, (size_t)size + 1, format, second);
        assert(written == size);
        t->size += (size_t)size;
    }
    va_end(second);
}

str text_str(const struct text *t)
{
    return t->at == NULL ? STR("") : str_make(t->at, t->size);
}

bool text_spent(const struct text *t)
{
    return t->is_spent;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

err hex_parse(str hex, void *ret_bytes, size_t bytes)
{
    unsigned char *out = ret_bytes;
    if (hex.size != bytes * 2)
        return fail(ERR_MALFORMED, "hex.size", (uint32_t)hex.size);
    for (size_t i = 0; i < hex.size; i++)
        if (hex_digit(hex.at[i]) < 0)
            return fail(ERR_MALFORMED, "hex.digit", (uint32_t)i);
    for (size_t i = 0; i < bytes; i++)
        out[i] = (unsigned char)(hex_digit(hex.at[2 * i]) * 16 + hex_digit(hex.at[2 * i + 1]));
    return OK;
}

static int base64_digit(char c)
{
    if (c == '-')
        c = '+';
    if (c == '_')
        c = '/';
    const char *hit = c == '\0' ? NULL : strchr(base64_digits, c);
    return hit == NULL ? -1 : (int)(hit - base64_digits);
}

err base64_parse(str b64, void *ret_bytes, size_t room, size_t *ret_size)
{
    unsigned char *out = ret_bytes;
    while (b64.size > 0 && b64.at[b64.size - 1] == '=')
        b64.size--;
    size_t size = b64.size / 4 * 3 + (b64.size % 4 == 0 ? 0 : b64.size % 4 - 1);
    if (b64.size % 4 == 1 || size > room)
        return fail(ERR_MALFORMED, "base64.size", (uint32_t)b64.size);
    uint32_t bits = 0;
    size_t done = 0;
    for (size_t i = 0; i < b64.size; i++) {
        int digit = base64_digit(b64.at[i]);
        if (digit < 0)
            return fail(ERR_MALFORMED, "base64.digit", (uint32_t)i);
        bits = bits << 6 | (uint32_t)digit;
        if (i % 4 != 0)
            out[done++] = (unsigned char)(bits >> (6 - 2 * (i % 4)));
    }
    *ret_size = done;
    return OK;
}
