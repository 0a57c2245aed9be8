/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shelf - equal pieces by number, taken and put back; grows in an arena.
 *
 * Shape     Numbers begin at 1, so 0 says "none". A piece that is taken is zeroed. Pieces move
 *           when the shelf grows: keep numbers, not pointers.
 * Owns      Its array, in the caller's arena.
 * Lives     As long as the arena.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   One.
 * Bounds    2^32 pieces of at least 4 bytes; twice its size while it grows.
 */
#ifndef YUMEN_DRILL_SHELF_H
#define YUMEN_DRILL_SHELF_H

#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

struct shelf {
    struct arena *arena;
    unsigned char *at;
    size_t piece_bytes;
    uint32_t count; /* ever taken at once */
    uint32_t room;
    uint32_t free;
};

void shelf_init(struct shelf *s, struct arena *a, size_t piece_bytes);
err shelf_take(struct shelf *s, uint32_t *ret_number);
void shelf_drop(struct shelf *s, uint32_t number);
void *shelf_at(const struct shelf *s, uint32_t number);

#endif
