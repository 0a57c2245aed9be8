/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/sketch.h"

#include <stdbool.h>

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

/* What a register adds: 2^(15 - rank), and above it one if it is empty. */
#define EMPTY_AT 40
#define W(rank)  (UINT64_C(1) << (SKETCH_MOST - (rank)))
static const uint64_t weights[SKETCH_MOST + 1] = {
    UINT64_C(1) << EMPTY_AT | W(0),
    W(1),
    W(2),
    W(3),
    W(4),
    W(5),
    W(6),
    W(7),
    W(8),
    W(9),
    W(10),
    W(11),
    W(12),
    W(13),
    W(14),
    W(15),
};
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
        sum += weights[sketch[i] & 0xF] + weights[sketch[i] >> 4];
    return count_weighed(sum, registers);
}

static uint8_t most(uint8_t a, uint8_t b)
{
    return a > b ? a : b;
}

/* Register i of 64 and register i + 32 are one of 32. */
uint32_t sketch_common(const uint8_t one[SKETCH_64_BYTES], const uint8_t other[SKETCH_32_BYTES])
{
    uint64_t sum_one = 0;
    uint64_t sum_other = 0;
    uint64_t sum_both = 0;
    for (unsigned i = 0; i < SKETCH_32_BYTES; i++) {
        uint8_t low = most(one[i] & 0xF, one[i + SKETCH_32_BYTES] & 0xF);
        uint8_t high = most(one[i] >> 4, one[i + SKETCH_32_BYTES] >> 4);
        sum_one += weights[low] + weights[high];
        sum_other += weights[other[i] & 0xF] + weights[other[i] >> 4];
        sum_both += weights[most(low, other[i] & 0xF)] + weights[most(high, other[i] >> 4)];
    }
    uint32_t parts = count_weighed(sum_one, 32) + count_weighed(sum_other, 32);
    uint32_t all = count_weighed(sum_both, 32);
    return parts > all ? parts - all : 0;
}
