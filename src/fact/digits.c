/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/digits.h"

#include <assert.h>

/* A range of code points and the ASCII it stands for. */
struct folding {
    uint32_t first;
    uint32_t last;
    char ascii; /* 0: vanishes; 1: moves down with the range to '!' */
};

enum { VANISHES = 0, MOVES = 1 };

static const struct folding foldings[] = {
    {0x00A0, 0x00A0, ' '     }, /* no-break space */
    {0x2000, 0x200A, ' '     }, /* typographic spaces */
    {0x200B, 0x200F, VANISHES}, /* zero width; marks of direction, as phones copy them */
    {0x2010, 0x2015, '-'     }, /* dashes */
    {0x202A, 0x202E, VANISHES}, /* embedding of direction */
    {0x202F, 0x202F, ' '     },
    {0x2060, 0x2069, VANISHES}, /* joiners and isolates */
    {0x2212, 0x2212, '-'     }, /* minus */
    {0x3000, 0x3000, ' '     }, /* ideographic space */
    {0xFEFF, 0xFEFF, VANISHES}, /* byte order mark */
    {0xFF01, 0xFF5E, MOVES   }, /* full-width forms */
};

/* Decodes two or three bytes; 0 when there are none (all foldings are below U+10000). */
static size_t read_rune(str s, uint32_t *ret_rune)
{
    const unsigned char *p = (const unsigned char *)s.at;
    if (s.size >= 2 && (p[0] & 0xE0) == 0xC0) {
        *ret_rune = (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
        return 2;
    }
    if (s.size >= 3 && (p[0] & 0xF0) == 0xE0) {
        *ret_rune = (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
        return 3;
    }
    return 0;
}

static const struct folding *find_folding(uint32_t rune)
{
    for (size_t i = 0; i < COUNT_OF(foldings); i++)
        if (rune >= foldings[i].first && rune <= foldings[i].last)
            return &foldings[i];
    return NULL;
}

str digits_fold(str text, struct arena *turn)
{
    char *at = arena_make(turn, text.size + 1);
    if (at == NULL)
        return (str){0};
    size_t size = 0;
    for (size_t i = 0; i < text.size;) {
        uint32_t rune = 0;
        size_t bytes = read_rune(str_from(text, i), &rune);
        const struct folding *f = bytes == 0 ? NULL : find_folding(rune);
        if (f == NULL)
            at[size++] = text.at[i++];
        else if (f->ascii != VANISHES)
            at[size++] = f->ascii == MOVES ? (char)('!' + (rune - f->first)) : f->ascii;
        i += f == NULL ? 0 : bytes;
    }
    return str_trim(str_make(at, size));
}

str digits_strip(str folded, struct arena *turn)
{
    char *at = arena_make(turn, folded.size + 1);
    if (at == NULL)
        return (str){0};
    size_t size = 0;
    for (size_t i = 0; i < folded.size; i++) {
        char c = folded.at[i];
        if (c != ' ' && c != '-')
            at[size++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return str_make(at, size);
}

bool digits_only(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (!digit_is(s.at[i]))
            return false;
    return s.size > 0;
}

/* The weighted sum as if `skip` more digits followed. */
static unsigned luhn_sum(str digits, size_t skip)
{
    unsigned sum = 0;
    for (size_t i = 0; i < digits.size; i++) {
        assert(digit_is(digits.at[digits.size - 1 - i]));
        unsigned digit = (unsigned)(digits.at[digits.size - 1 - i] - '0');
        unsigned weighted = (i + skip) % 2 == 1 ? digit * 2 : digit;
        sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum;
}

bool digits_luhn(str digits)
{
    return digits.size > 1 && luhn_sum(digits, 0) % 10 == 0;
}

char digits_luhn_next(str digits)
{
    return (char)('0' + (10 - luhn_sum(digits, 1) % 10) % 10);
}

void digits_group(struct text *t, str s, const char *sizes)
{
    assert(*sizes == '\0' || (*sizes > '0' && *sizes <= '9'));
    while (s.size > 0) {
        size_t size = *sizes == '\0' ? s.size : (size_t)(*sizes - '0');
        text_put(t, str_until(s, size));
        s = str_from(s, size);
        if (s.size > 0)
            text_put_char(t, ' ');
        if (*sizes != '\0' && sizes[1] != '\0')
            sizes++;
    }
}

static unsigned two_digits(str s, size_t at)
{
    return (unsigned)(s.at[at] - '0') * 10 + (unsigned)(s.at[at + 1] - '0');
}

bool digits_name_a_person(str s)
{
    static const unsigned char weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    if (s.size != 18 || !digits_only(str_until(s, 17)))
        return false;
    unsigned century = two_digits(s, 6);
    unsigned month = two_digits(s, 10);
    unsigned day = two_digits(s, 12);
    if ((century != 19 && century != 20) || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += weights[i] * (unsigned)(s.at[i] - '0');
    char check = "10X98765432"[sum % 11];
    return s.at[17] == check || (check == 'X' && s.at[17] == 'x');
}

err digits_spent(void)
{
    return fail(ERR_LIMIT, "fact: the turn's arena is spent", 0);
}
