/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/key.h"

#include <assert.h>

#define SALT_A UINT64_C(0xa0c1d3f59b2e8461)
#define SALT_B UINT64_C(0x95e7b04c6d3a21f7)
#define SALT_C UINT64_C(0xc83f5a9216e0d74b)

/* Both halves of the product: each bit of the answer depends on each of the arguments. */
static inline uint64_t fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t read8(const char *at)
{
    uint64_t word = 0;
    memcpy(&word, at, sizeof word);
    return word;
}

/* One to seven bytes; the count goes into the hash beside them. */
static inline uint64_t read_few(const char *at, size_t count)
{
    uint32_t low = 0;
    uint32_t high = 0;
    if (count >= 4) {
        memcpy(&low, at, 4);
        memcpy(&high, at + count - 4, 4);
        return (uint64_t)high << 32 | low;
    }
    return (uint64_t)(unsigned char)at[0] | (uint64_t)(unsigned char)at[count / 2] << 8 |
           (uint64_t)(unsigned char)at[count - 1] << 16;
}

static inline uint64_t stir(uint64_t state, const char *at, size_t count)
{
    size_t left = count;
    for (; left > 8; left -= 8, at += 8)
        state = fold(state ^ read8(at), SALT_A);
    uint64_t tail = left == 8 ? read8(at) : left == 0 ? 0 : read_few(at, left);
    return fold(state ^ tail, SALT_B ^ count);
}

static inline uint64_t to_key(const struct key_seed *s, uint64_t state)
{
    uint64_t key = fold(state ^ SALT_C, state | 1) >> (64 - KEY_BITS);
    if (s->weak_bits > 0)
        key &= ~(KEY_MASK >> s->weak_bits);
    return key;
}

/* x ^ (x >> shift), undone: each round makes `shift` more bits right. */
static uint64_t unshift(uint64_t x, unsigned shift)
{
    uint64_t undone = x;
    for (unsigned right = shift; right < KEY_BITS; right += shift)
        undone = x ^ (undone >> shift);
    return undone;
}

/* Newton's iteration: an odd number is its own inverse modulo 8, and each step doubles the bits. */
static uint64_t inverse(uint64_t odd)
{
    uint64_t x = odd;
    for (int bits = 3; bits < 64; bits *= 2)
        x *= 2 - odd * x;
    return x;
}

uint64_t key_unmix(const struct key_seed *s, uint64_t key)
{
    assert(key <= KEY_MASK);
    uint64_t x = unshift(key, 26);
    x = unshift(x * inverse(KEY_FACTOR_B) & KEY_MASK, 26);
    x = unshift(x * inverse(KEY_FACTOR_A) & KEY_MASK, 27);
    return x ^ (s->seed & KEY_MASK);
}

uint64_t key_bytes(const struct key_seed *s, unsigned kind, str value)
{
    return to_key(s, stir(s->seed + kind, value.at, value.size));
}

uint64_t key_name(const struct key_seed *s, str name)
{
    struct key_suffix whole[1];
    size_t labels = 0;
    (void)key_suffixes(s, name, 1, whole, &labels);
    return whole[0].key;
}

size_t key_suffixes(const struct key_seed *s, str name, size_t most, struct key_suffix *ret_at,
                    size_t *ret_labels)
{
    assert(most >= 1);
    uint64_t state = s->seed;
    size_t count = 0;
    size_t labels = 0;
    size_t end = name.size;
    for (size_t at = name.size; at > 0; at--) {
        if (name.at[at - 1] != '.')
            continue;
        state = stir(state, name.at + at, end - at);
        labels++;
        if (count + 1 < most)
            ret_at[count++] = (struct key_suffix){to_key(s, state), (uint32_t)at};
        end = at - 1;
    }
    state = stir(state, name.at, end);
    ret_at[count++] = (struct key_suffix){to_key(s, state), 0};
    *ret_labels = labels + 1;
    return count;
}
