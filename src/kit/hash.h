/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash - says whether bytes are still those that were written: for our own files, against torn
 * writes and bad disks, never against people (that is digest.h). And where a key goes in a table.
 *
 * Shape     XXH3, 64 bits.
 * Owns      Nothing.   Lives  A value.   Fails  Never.   Threads  Any.
 * Bounds    More than 10 GB/s.
 */
#ifndef YUMEN_KIT_HASH_H
#define YUMEN_KIT_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_check(const void *bytes, size_t size);
/* For a table's places, under a seed of its own: who does not know it cannot choose where a key
 * falls. */
uint64_t hash_key(const void *bytes, size_t size, uint64_t seed);

#endif
