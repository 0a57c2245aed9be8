/* SPDX-License-Identifier: Apache-2.0 */
#include "env/id.h"

#include <assert.h>
#include <string.h>

enum { ID_SIZE = ID_ROOM - 1, REF_LETTERS = 16, BITS_PER_LETTER = 5 };

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* The low 5 * count bits of a big-endian number, most significant letter first. */
static void encode(const unsigned char *bytes, size_t size, char *ret_letters, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t low_bit = (count - 1 - i) * BITS_PER_LETTER; /* counted from the right */
        size_t at = size - 1 - low_bit / 8;
        unsigned pair = bytes[at];
        if (at > 0)
            pair |= (unsigned)bytes[at - 1] << 8;
        ret_letters[i] = alphabet[pair >> low_bit % 8 & 31];
    }
}

void id_source_init(struct id_source *s, struct random_source *random)
{
    assert(s != NULL && random != NULL);
    *s = (struct id_source){.random = random};
}

/* False when all 80 bits were ones. */
static bool count_up(unsigned char *bytes, size_t size)
{
    for (size_t i = size; i-- > 0;)
        if (++bytes[i] != 0)
            return true;
    return false;
}

void id_make(struct id_source *s, instant now, char ret_id[ID_ROOM])
{
    uint64_t ms = (uint64_t)(now.us / US_PER_MS);
    if (ms > s->last_ms) {
        s->last_ms = ms;
        random_fill(s->random, s->last, sizeof s->last);
        s->last[0] &= 0x7F; /* leaves room to count up in */
    } else if (!count_up(s->last, sizeof s->last)) {
        s->last_ms++;
    }
    unsigned char bytes[16];
    for (size_t i = 0; i < 6; i++)
        bytes[i] = (unsigned char)(s->last_ms >> (40 - 8 * i));
    memcpy(bytes + 6, s->last, sizeof s->last);
    encode(bytes, sizeof bytes, ret_id, ID_SIZE);
    ret_id[ID_SIZE] = '\0';
}

static bool is_letter(char c)
{
    return c != '\0' && strchr(alphabet, c) != NULL;
}

bool id_is_wellformed(str s)
{
    if (s.size != ID_SIZE || s.at[0] > '7')
        return false;
    for (size_t i = 0; i < s.size; i++)
        if (!is_letter(s.at[i]))
            return false;
    return true;
}

/* One more than what a letter stands for; 0: no letter. */
static const uint8_t values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
    ['G'] = 17, ['H'] = 18, ['J'] = 19, ['K'] = 20, ['M'] = 21, ['N'] = 22, ['P'] = 23, ['Q'] = 24,
    ['R'] = 25, ['S'] = 26, ['T'] = 27, ['V'] = 28, ['W'] = 29, ['X'] = 30, ['Y'] = 31, ['Z'] = 32,
};

bool id_number(str id, uint64_t ret_number[2])
{
    unsigned __int128 number = 0;
    if (id.size != ID_SIZE || id.at[0] > '7')
        return false;
    for (size_t i = 0; i < ID_SIZE; i++) {
        uint8_t value = values[(unsigned char)id.at[i]];
        if (value == 0)
            return false;
        number = number << BITS_PER_LETTER | (value - 1U);
    }
    ret_number[0] = (uint64_t)(number >> 64);
    ret_number[1] = (uint64_t)number;
    return true;
}

void id_letters(const uint64_t number[2], char ret_letters[ID_SIZE])
{
    unsigned __int128 rest = (unsigned __int128)number[0] << 64 | number[1];
    for (size_t i = ID_SIZE; i-- > 0; rest >>= BITS_PER_LETTER)
        ret_letters[i] = alphabet[(unsigned)rest & 31];
}

static void group(const char letters[REF_LETTERS], char ret_ref[REF_ROOM])
{
    char *to = ret_ref;
    for (size_t i = 0; i < REF_LETTERS; i++) {
        if (i > 0 && i % 4 == 0)
            *to++ = '-';
        *to++ = letters[i];
    }
    *to = '\0';
}

void ref_make(struct random_source *random, char ret_ref[REF_ROOM])
{
    unsigned char bytes[10];
    char letters[REF_LETTERS];
    random_fill(random, bytes, sizeof bytes);
    encode(bytes, sizeof bytes, letters, sizeof letters);
    group(letters, ret_ref);
}

/* What a person may have meant by this letter; '\0' when nothing. */
static char understand(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        return '0';
    if (c == 'I' || c == 'L')
        return '1';
    if (!is_letter(c))
        return '\0';
    return c;
}

err ref_parse(str typed, char ret_ref[REF_ROOM])
{
    char letters[REF_LETTERS];
    size_t count = 0;
    for (size_t i = 0; i < typed.size; i++) {
        if (typed.at[i] == '-' || typed.at[i] == ' ')
            continue;
        char c = understand(typed.at[i]);
        if (c == '\0' || count == REF_LETTERS)
            return fail(ERR_MALFORMED, "ref.malformed", (uint32_t)i);
        letters[count++] = c;
    }
    if (count != REF_LETTERS)
        return fail(ERR_MALFORMED, "ref.malformed", (uint32_t)typed.size);
    group(letters, ret_ref);
    return OK;
}
