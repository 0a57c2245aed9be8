/* SPDX-License-Identifier: Apache-2.0 */
#include "store/seed.h"

#include <stdio.h>

void leaf_seed(const uint8_t record_salt[SALT_BYTES], uint64_t index, uint8_t ret_seed[SALT_BYTES])
{
    char place[24];
    int size = snprintf(place, sizeof place, "%llu", (unsigned long long)index);
    leaf_salt(record_salt, str_make(place, (size_t)size), ret_seed);
}
