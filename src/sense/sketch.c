/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/sketch.h"

#include <stdbool.h>
#include <string.h>

/* round(m ln(m / empty)) by how many of m = 64 are empty; of none: as of half a one. */
static const uint16_t linear_64[65] = {
    311, 266, 222, 196, 177, 163, 151, 142, 133, 126, 119, 113, 107, 102, 97, 93, 89,
    85,  81,  78,  74,  71,  68,  65,  63,  60,  58,  55,  53,  51,  48,  46, 44, 42,
    40,  39,  37,  35,  33,  32,  30,  28,  27,  25,  24,  23,  21,  20,  18, 17, 16,
    15,  13,  12,  11,  10,  9,   7,   6,   5,   4,   3,   2,   1,   0,
};

static uint32_t linear(unsigned empty, unsigned places)
{
    assert(64 % places == 0 && empty <= places);
    unsigned scale = 64 / places;
    return empty == 0 ? linear_64[scale / 2] / scale
                      : (linear_64[empty * scale] + scale / 2) / scale;
}

uint32_t sketch_bits_count(uint64_t bits, unsigned places)
{
    assert(places == 16 || places == 32 || places == 64);
    return linear(places - (unsigned)__builtin_popcountll(bits), places);
}

/* What two registers of a byte add: of each 2^(15 - rank), and above it one if it is empty. */
#define EMPTY_AT 40
#define W(rank)                                                                                    \
    ((rank) == 0 ? UINT64_C(1) << EMPTY_AT | 1 << SKETCH_MOST : 1 << (SKETCH_MOST - (rank)))
#define FOUR(high, low)                                                                            \
    W(high) + W(low), W(high) + W((low) + 1), W(high) + W((low) + 2), W(high) + W((low) + 3)
#define ROW(high) FOUR(high, 0), FOUR(high, 4), FOUR(high, 8), FOUR(high, 12)
static const uint64_t weights[256] = {
    ROW(0), ROW(1), ROW(2),  ROW(3),  ROW(4),  ROW(5),  ROW(6),  ROW(7),
    ROW(8), ROW(9), ROW(10), ROW(11), ROW(12), ROW(13), ROW(14), ROW(15),
};
#undef ROW
#undef FOUR
#undef W

static uint32_t count_weighed(uint64_t sum, unsigned registers)
{
    /* alpha m m 2^15, alpha = 0.697 and 0.709 (Flajolet and others, 2007) */
    const uint64_t above = registers == 64 ? UINT64_C(95160369) : UINT64_C(23387439);
    unsigned empty = (unsigned)(sum >> EMPTY_AT);
    uint32_t many = (uint32_t)above / (uint32_t)sum; /* the low 32 bits: 64 times 2^15 at most */
    bool is_few = empty > 0 && many <= registers * 5 / 2;
    return is_few ? linear(empty, registers) : many;
}

uint32_t sketch_count(const uint8_t *sketch, unsigned registers)
{
    assert(registers == 32 || registers == 64);
    uint64_t sum = 0;
    for (unsigned i = 0; i < registers / 2; i++)
        sum += weights[sketch[i]];
    return count_weighed(sum, registers);
}

/* --- sixteen registers at a time: of each byte the low ones, and the high ones --- */

enum { WORD_BYTES = 8, WORDS_OF_32 = SKETCH_32_BYTES / WORD_BYTES };
#define LOW  UINT64_C(0x0F0F0F0F0F0F0F0F)
#define ONES UINT64_C(0x0101010101010101)

static uint64_t word_at(const uint8_t *sketch, unsigned i)
{
    uint64_t word = 0;
    memcpy(&word, sketch + i * WORD_BYTES, sizeof word);
    return word;
}

/* Of each byte that is 15 at most the greater one. */
static uint64_t most_low(uint64_t a, uint64_t b)
{
    uint64_t is_least = ((a | ONES << 7) - b) >> 7 & ONES; /* b is not above it */
    uint64_t from_a = is_least * UINT8_MAX;
    return (a & from_a) | (b & ~from_a);
}

static uint64_t most(uint64_t a, uint64_t b)
{
    return most_low(a & LOW, b & LOW) | most_low(a >> 4 & LOW, b >> 4 & LOW) << 4;
}

static uint64_t weigh(uint64_t word)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < WORD_BYTES; i++)
        sum += weights[word >> (8 * i) & UINT8_MAX];
    return sum;
}

/* Register i of 64 and register i + 32 are one of 32. */
uint32_t sketch_common(const uint8_t one[SKETCH_64_BYTES], const uint8_t other[SKETCH_32_BYTES])
{
    uint64_t sum_one = 0;
    uint64_t sum_other = 0;
    uint64_t sum_both = 0;
    for (unsigned i = 0; i < WORDS_OF_32; i++) {
        uint64_t folded = most(word_at(one, i), word_at(one, i + WORDS_OF_32));
        uint64_t theirs = word_at(other, i);
        sum_one += weigh(folded);
        sum_other += weigh(theirs);
        sum_both += weigh(most(folded, theirs));
    }
    uint32_t parts = count_weighed(sum_one, 32) + count_weighed(sum_other, 32);
    uint32_t all = count_weighed(sum_both, 32);
    return parts > all ? parts - all : 0;
}
