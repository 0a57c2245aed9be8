/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter - says of most keys that are not in a set that they are not, from a little more than a
 * byte a key: a binary fuse filter (Graf and Lemire, 2022).
 *
 * Shape     Three bytes, xored, are the fingerprint of every key of the set; of another key they
 *           are it by chance, 1 in 256. The three lie in neighbouring segments, so that building
 *           walks through memory.
 * Owns      Nothing: the bytes are the caller's, and are the whole of it beside filter_shape.
 * Lives     As long as the bytes.
 * Fails     filter_build: false when no seed of FILTER_TRIES fits, or the scratch is spent; the
 *           caller then goes without.
 * Threads   Building: one. Asking: any.
 * Bounds    9.0 bits a key from a million keys on, 9.5 at 70,000, more below; 0.39 % answer yes by
 *           chance. Keys must differ from each other.
 */
#ifndef YUMEN_SCREEN_FILTER_H
#define YUMEN_SCREEN_FILTER_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILTER_TRIES = 64 };

struct filter_shape {
    uint32_t segment_bytes; /* a power of two */
    uint32_t segments;      /* in which a key's first byte may lie; two more follow */
    uint32_t seed;
};

struct filter_shape filter_shape_for(size_t count);
/* Below 2^32. */
size_t filter_bytes(const struct filter_shape *f);

static inline uint64_t filter_mix(uint64_t key, uint32_t seed)
{
    uint64_t x = (key + seed) * UINT64_C(0x9d8a3b5c7e2f4d61);
    x = (x ^ (x >> 32)) * UINT64_C(0xe7b1a5c3d94f2687);
    return x ^ (x >> 29);
}

struct filter_places {
    uint32_t at[3];
    uint8_t print;
};

static inline struct filter_places filter_find(const struct filter_shape *f, uint64_t key)
{
    uint64_t x = filter_mix(key, f->seed);
    uint64_t span = (uint64_t)f->segments * f->segment_bytes;
    uint32_t mask = f->segment_bytes - 1;
    uint32_t first = (uint32_t)(((x >> 32) * span) >> 32);
    return (struct filter_places){
        .at = {first, (first + f->segment_bytes) ^ ((uint32_t)(x >> 18) & mask),
               (first + 2 * f->segment_bytes) ^ ((uint32_t)x & mask)},
        .print = (uint8_t)(x ^ (x >> 32) ^ (x >> 13))
    };
}

static inline bool filter_may_have(const struct filter_shape *f, const uint8_t *bytes, uint64_t key)
{
    struct filter_places p = filter_find(f, key);
    return (uint8_t)(bytes[p.at[0]] ^ bytes[p.at[1]] ^ bytes[p.at[2]]) == p.print;
}

bool filter_build(struct filter_shape *f, const uint64_t *keys, size_t count, struct arena *scratch,
                  uint8_t *ret_bytes);

#endif
