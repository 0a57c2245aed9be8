/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/hash.h"

#include <xxhash.h>

uint64_t hash_check(const void *bytes, size_t size)
{
    return XXH3_64bits(bytes, size);
}

uint64_t hash_key(const void *bytes, size_t size, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes, size, seed);
}
