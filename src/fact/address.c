/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/address.h"

#include "fact/digits.h"

#include <assert.h>
#include <stdio.h>

enum { V4_PARTS = 4, V6_PIECES = 8, NOWHERE = V6_PIECES + 1 };

static err not_an_address(void)
{
    return fail(ERR_MALFORMED, "url.host", 0);
}

/* The digit's value, or 16. */
static unsigned hex_digit(char c)
{
    if (digit_is(c))
        return (unsigned)(c - '0');
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a') + 10 : 16;
}

static bool is_hex_marked(str s)
{
    return s.size >= 2 && s.at[0] == '0' && (s.at[1] | 0x20) == 'x';
}

bool address_is_number(str label)
{
    if (!is_hex_marked(label))
        return digits_only(label);
    for (size_t i = 2; i < label.size; i++)
        if (hex_digit(label.at[i]) > 15)
            return false;
    return true;
}

/* Decimal, 0… octal or 0x… hexadecimal. */
static err read_part(str s, uint64_t *ret_value)
{
    unsigned base = 10;
    if (is_hex_marked(s))
        base = 16;
    else if (s.size > 1 && s.at[0] == '0')
        base = 8;
    uint64_t value = 0;
    for (size_t i = base == 16 ? 2 : 0; i < s.size; i++) {
        unsigned digit = hex_digit(s.at[i]);
        if (digit >= base || value > UINT32_MAX)
            return not_an_address();
        value = value * base + digit;
    }
    *ret_value = value;
    return s.size == 0 ? not_an_address() : OK;
}

err address_parse_v4(str host, char room[ADDRESS_TEXT_BYTES], str *ret_canonical)
{
    uint64_t parts[V4_PARTS] = {0};
    size_t count = 0;
    str part;
    if (str_ends(host, STR(".")))
        host.size--;
    while (str_split(&host, '.', &part)) {
        if (count == V4_PARTS)
            return not_an_address();
        TRY(read_part(part, &parts[count]));
        count++;
    }
    /* The last part fills all bytes that are left: "10.1" is 10.0.0.1. */
    assert(count >= 1);
    if (parts[count - 1] >> (8 * (V4_PARTS + 1 - count)) != 0)
        return not_an_address();
    uint64_t address = parts[count - 1];
    for (size_t i = 0; i + 1 < count; i++) {
        if (parts[i] > 255)
            return not_an_address();
        address |= parts[i] << (8 * (V4_PARTS - 1 - i));
    }
    int size = snprintf(room, ADDRESS_TEXT_BYTES, "%u.%u.%u.%u", (unsigned)(address >> 24) & 255,
                        (unsigned)(address >> 16) & 255, (unsigned)(address >> 8) & 255,
                        (unsigned)address & 255);
    *ret_canonical = str_make(room, (size_t)size);
    return OK;
}

/* Pieces read so far, and before which of them "::" stood. */
struct pieces {
    uint16_t piece[V6_PIECES];
    size_t count;
    size_t gap; /* NOWHERE until there is one */
};

/* Four dotted decimals as the last two pieces. */
static err read_dotted(str s, struct pieces *p)
{
    uint32_t address = 0;
    for (size_t i = 0; i < V4_PARTS; i++) {
        str part = {0};
        int64_t value = 0;
        if (!str_split(&s, '.', &part) || part.size > 3 || !digits_only(part))
            return not_an_address();
        TRY(str_parse_i64(part, &value));
        if (value > 255 || (part.size > 1 && part.at[0] == '0'))
            return not_an_address();
        address = address << 8 | (uint32_t)value;
    }
    if (s.at != NULL || p->count + 2 > V6_PIECES)
        return not_an_address();
    p->piece[p->count++] = (uint16_t)(address >> 16);
    p->piece[p->count++] = (uint16_t)address;
    return OK;
}

static err read_piece(str s, struct pieces *p)
{
    if (s.size == 0 || s.size > 4 || p->count == V6_PIECES)
        return not_an_address();
    unsigned value = 0;
    for (size_t i = 0; i < s.size; i++) {
        if (hex_digit(s.at[i]) > 15)
            return not_an_address();
        value = value * 16 + hex_digit(s.at[i]);
    }
    p->piece[p->count++] = (uint16_t)value;
    return OK;
}

/* What stands before a piece: "::" once, ':' between two, nothing at the front. */
static err read_colons(str *s, struct pieces *p)
{
    if (str_starts(*s, STR("::"))) {
        if (p->gap != NOWHERE)
            return not_an_address();
        p->gap = p->count;
        *s = str_from(*s, 2);
        return OK;
    }
    if (p->count == 0)
        return OK;
    if (s->at[0] != ':')
        return not_an_address();
    *s = str_from(*s, 1);
    return s->size == 0 ? not_an_address() : OK;
}

static err read_pieces(str s, struct pieces *p)
{
    while (s.size > 0) {
        TRY(read_colons(&s, p));
        if (s.size == 0)
            return OK; /* "::" at the end */
        str piece = str_until(s, str_find_char(s, ':'));
        if (str_find_char(piece, '.') < piece.size)
            return piece.size == s.size ? read_dotted(piece, p) : not_an_address();
        TRY(read_piece(piece, p));
        s = str_from(s, piece.size);
    }
    return OK;
}

/* Opens the gap, so that there are eight. */
static err fill_gap(struct pieces *p)
{
    if (p->gap == NOWHERE)
        return p->count == V6_PIECES ? OK : not_an_address();
    if (p->count >= V6_PIECES)
        return not_an_address();
    size_t behind = p->count - p->gap;
    memmove(&p->piece[V6_PIECES - behind], &p->piece[p->gap], behind * sizeof p->piece[0]);
    memset(&p->piece[p->gap], 0, (V6_PIECES - p->count) * sizeof p->piece[0]);
    return OK;
}

/* The first longest run of two or more zero pieces becomes "::" (RFC 5952 4.2). */
static size_t find_zeros(const uint16_t piece[V6_PIECES], size_t *ret_count)
{
    size_t best = NOWHERE;
    size_t best_count = 1;
    for (size_t i = 0, run = 0; i < V6_PIECES; i++) {
        run = piece[i] == 0 ? run + 1 : 0;
        if (run > best_count) {
            best = i + 1 - run;
            best_count = run;
        }
    }
    *ret_count = best_count;
    return best;
}

err address_parse_v6(str host, char room[ADDRESS_TEXT_BYTES], str *ret_canonical)
{
    if (host.size < 4 || host.at[0] != '[' || host.at[host.size - 1] != ']')
        return not_an_address();
    struct pieces p = {.gap = NOWHERE};
    TRY(read_pieces(str_make(host.at + 1, host.size - 2), &p));
    TRY(fill_gap(&p));

    size_t zero_count = 0;
    size_t zeros = find_zeros(p.piece, &zero_count);
    int size = snprintf(room, ADDRESS_TEXT_BYTES, "[");
    for (size_t i = 0; i < V6_PIECES; i++) {
        const char *colon = i == 0 || i == zeros + zero_count ? "" : ":";
        if (i == zeros) {
            size += snprintf(room + size, ADDRESS_TEXT_BYTES - (size_t)size, "::");
            i += zero_count - 1;
            continue;
        }
        size += snprintf(room + size, ADDRESS_TEXT_BYTES - (size_t)size, "%s%x", colon,
                         (unsigned)p.piece[i]);
    }
    size += snprintf(room + size, ADDRESS_TEXT_BYTES - (size_t)size, "]");
    *ret_canonical = str_make(room, (size_t)size);
    return OK;
}
