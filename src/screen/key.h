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

/* Of a value that is not looked up by suffix. */
uint64_t key_bytes(const struct key_seed *s, unsigned kind, str value);
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
