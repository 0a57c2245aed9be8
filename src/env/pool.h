/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool - a fixed number of equal pieces, taken by one thread and perhaps given back by another.
 *
 * Shape     A free list through the pieces themselves. Taken pieces are zeroed.
 * Owns      Its mutex; the room is the arena's.
 * Lives     From pool_open to pool_close; a piece, from take to drop.
 * Fails     pool_take gives NULL when all are out. Giving back a foreign piece: assert.
 * Threads   Any.
 * Bounds    `count` pieces of `piece_bytes`, rounded up to 16.
 */
#ifndef YUMEN_ENV_POOL_H
#define YUMEN_ENV_POOL_H

#include "base/arena.h"
#include "base/err.h"
#include "env/thread.h"

struct pool_piece;

struct pool {
    struct env_mutex mutex;
    struct pool_piece *free;
    unsigned char *room;
    size_t piece_bytes;
    size_t count;
    size_t fresh; /* pieces from here on were never taken */
    size_t used;
    bool is_open;
};

err pool_open(struct pool *p, struct arena *a, size_t piece_bytes, size_t count);
/* Accepts a zeroed pool. */
void pool_close(struct pool *p);
void *pool_take(struct pool *p);
void pool_drop(struct pool *p, void *piece);
size_t pool_used(struct pool *p);

#endif
