/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key - the 52 bits under which a value stands in a table.
 *
 * Shape     A number's key is the number: "+8613912345678" and "96110" are told from their keys and
 *           back, so equal keys are equal numbers and nothing else needs comparing. Any other value
 *           has a hash: equal keys only mean that the bytes must be compared.
 *
 *               number   1 and its digits as one integer, and one bit for '+', then a seeded
 *                        bijection of 52 bits (key_mix, key_unmix)
 *               domain   rolled from the right, label by label: one walk over a name gives the key
 *                        of each suffix
 *               bytes    the value and its kind
 *
 * Owns      Nothing.   Lives  Values.   Threads  Any.
 * Fails     key_number: false for what has more than 15 digits; it then is looked up as bytes.
 * Bounds    A name has at most KEY_LABELS labels.
 */
#ifndef YUMEN_SCREEN_KEY_H
#define YUMEN_SCREEN_KEY_H

#include "base/str.h"

enum { KEY_BITS = 52, KEY_DIGITS = 15, KEY_LABELS = 128 };
#define KEY_MASK ((UINT64_C(1) << KEY_BITS) - 1)

/* What makes one program's tables different from another's: nobody can choose values that meet. */
struct key_seed {
    uint64_t seed;
    unsigned weak_bits; /* for tests: all but this many bits of a hash are dropped; 0: none are */
};

/* Of a canonical number. */
static inline bool key_number(str canonical, uint64_t *ret_number)
{
    size_t plus = canonical.size > 0 && canonical.at[0] == '+';
    uint64_t digits = 1;
    if (canonical.size - plus == 0 || canonical.size - plus > KEY_DIGITS)
        return false;
    for (size_t i = plus; i < canonical.size; i++) {
        unsigned digit = (unsigned char)canonical.at[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        digits = digits * 10 + digit;
    }
    *ret_number = digits << 1 | plus;
    return true;
}

/* Odd, so that each has an inverse modulo 2^52; bits spread evenly. */
#define KEY_FACTOR_A UINT64_C(0x6d9c5f3b1a7e5)
#define KEY_FACTOR_B UINT64_C(0x3ac4f2917bd43)

static inline uint64_t key_mix(const struct key_seed *s, uint64_t number)
{
    uint64_t x = number ^ (s->seed & KEY_MASK);
    x = (x ^ (x >> 27)) * KEY_FACTOR_A & KEY_MASK;
    x = (x ^ (x >> 26)) * KEY_FACTOR_B & KEY_MASK;
    return x ^ (x >> 26);
}

uint64_t key_unmix(const struct key_seed *s, uint64_t key);

/* --- hashes: eight bytes a multiplication --- */

#define KEY_SALT_A UINT64_C(0xa0c1d3f59b2e8461)
#define KEY_SALT_B UINT64_C(0x95e7b04c6d3a21f7)
#define KEY_SALT_C UINT64_C(0xc83f5a9216e0d74b)

/* Both halves of the product: each bit of the answer depends on each of the arguments. */
static inline uint64_t key_fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t key_read8(const char *at)
{
    uint64_t word = 0;
    memcpy(&word, at, sizeof word);
    return word;
}

/* One to seven bytes; the count goes into the hash beside them. */
static inline uint64_t key_read_few(const char *at, size_t count)
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

static inline uint64_t key_stir(uint64_t state, const char *at, size_t count)
{
    size_t left = count;
    for (; left > 8; left -= 8, at += 8)
        state = key_fold(state ^ key_read8(at), KEY_SALT_A);
    uint64_t tail = left == 8 ? key_read8(at) : left == 0 ? 0 : key_read_few(at, left);
    return key_fold(state ^ tail, KEY_SALT_B ^ count);
}

static inline uint64_t key_of_state(const struct key_seed *s, uint64_t state)
{
    uint64_t key = key_fold(state ^ KEY_SALT_C, state | 1) >> (64 - KEY_BITS);
    if (s->weak_bits > 0)
        key &= ~(KEY_MASK >> s->weak_bits);
    return key;
}

/* Of a value that is not looked up by suffix. */
static inline uint64_t key_bytes(const struct key_seed *s, unsigned kind, str value)
{
    return key_of_state(s, key_stir(s->seed + kind, value.at, value.size));
}

/* Of a domain as a whole. */
uint64_t key_name(const struct key_seed *s, str name);

/* The suffixes of a name, shortest first: the last one is the name. */
struct key_suffix {
    uint64_t key;
    uint32_t at; /* where it begins */
};

/* The first `most - 1` suffixes and the name itself; how many. `most` >= 1; an empty name has one.
 * *ret_labels: how many labels it has. */
size_t key_suffixes(const struct key_seed *s, str name, size_t most, struct key_suffix *ret_at,
                    size_t *ret_labels);

#endif
