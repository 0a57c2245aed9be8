/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sketch - how many different ones there were, in a few bytes that do not say which.
 *
 * Shape     A HyperLogLog of 32 or 64 registers of 4 bits, two to a byte: the low bits of a hash
 *           choose a register, and it keeps the longest run of zeros seen after them. Folding 64 to
 *           32 gives what the same hashes would have left in 32. Few are counted by what is
 *           still empty, as are the bits of a small set.
 *           The same set leaves the same sketch, in any order, however often.
 * Owns      Nothing.
 * Lives     A value.
 * Fails     Never.
 * Threads   Any; one writer.
 * Bounds    Standard error 13 % (64) and 18 % (32) for many, less below a hundred. Integers only.
 */
#ifndef YUMEN_SENSE_SKETCH_H
#define YUMEN_SENSE_SKETCH_H

#include <assert.h>
#include <stdint.h>

enum { SKETCH_32_BYTES = 16, SKETCH_64_BYTES = 32, SKETCH_HASH_LOW = 6, SKETCH_MOST = 15 };

static inline unsigned sketch_get(const uint8_t *sketch, unsigned i)
{
    return sketch[i >> 1] >> (i % 2 * 4) & 0xF;
}

static inline void sketch_raise(uint8_t *sketch, unsigned i, unsigned rank)
{
    unsigned shift = i % 2 * 4;
    unsigned pair = sketch[i >> 1];
    if ((pair >> shift & 0xF) < rank)
        sketch[i >> 1] = (uint8_t)((pair & ~(0xFU << shift)) | rank << shift);
}

/* registers: 32 or 64. */
static inline void sketch_put(uint8_t *sketch, unsigned registers, uint64_t hash)
{
    assert(registers == 32 || registers == 64);
    uint64_t rest = hash >> SKETCH_HASH_LOW | UINT64_C(1) << (SKETCH_MOST - 1);
    sketch_raise(sketch, (unsigned)hash & (registers - 1), (unsigned)__builtin_ctzll(rest) + 1);
}

uint32_t sketch_count(const uint8_t *sketch, unsigned registers);
/* Those of a sketch of 64 that are in one of 32 as well: what both have, less what either has. */
uint32_t sketch_common(const uint8_t one[SKETCH_64_BYTES], const uint8_t other[SKETCH_32_BYTES]);
/* How many different ones set these bits of so many places, 16, 32 or 64. */
uint32_t sketch_bits_count(uint64_t bits, unsigned places);

#endif
