/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case_pool - pieces of a case's arena that come and go: lots, lists, checkpoints.
 *
 * Shape     Sizes are powers of two from 16 bytes; a piece given back waits in its size's list.
 *           Give back with the size that was asked for.
 * Owns      Nothing: the arena does.
 * Lives     Until the arena's reset; then case_pool_init again.
 * Fails     case_pool_take returns NULL when the arena's budget is spent.
 * Threads   One.
 * Bounds    The arena's.
 */
#ifndef YUMEN_TRAIL_CASE_POOL_H
#define YUMEN_TRAIL_CASE_POOL_H

#include "base/arena.h"

#include <stdint.h>

enum { CASE_POOL_SIZES = 48, CASE_POOL_LEAST = 16 };

struct case_pool {
    struct arena *arena;
    void *spare[CASE_POOL_SIZES];
};

void case_pool_init(struct case_pool *p, struct arena *a);
/* Not zeroed. */
void *case_pool_take(struct case_pool *p, size_t bytes);
/* `piece` may be NULL. */
void case_pool_drop(struct case_pool *p, void *piece, size_t bytes);
/* Moves `old` (or nothing) to a piece of `bytes`; NULL leaves `old` as it was. */
void *case_pool_move(struct case_pool *p, void *old, size_t old_bytes, size_t bytes);

/* How many of `each` bytes to ask for, when one more than `room` is wanted: never a waste. */
static inline uint32_t case_pool_more(uint32_t room)
{
    return room == 0 ? 2 : room * 2;
}

#endif
