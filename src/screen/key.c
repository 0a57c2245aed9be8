/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/key.h"

#include <assert.h>

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
        state = key_stir(state, name.at + at, end - at);
        labels++;
        if (count + 1 < most)
            ret_at[count++] = (struct key_suffix){key_of_state(s, state), (uint32_t)at};
        end = at - 1;
    }
    state = key_stir(state, name.at, end);
    ret_at[count++] = (struct key_suffix){key_of_state(s, state), 0};
    *ret_labels = labels + 1;
    return count;
}
