/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena - memory with a lifetime instead of a bookkeeper: carve as you go, give back all at once.
 *
 * Shape     A list of blocks; `arena_make` moves a pointer. `arena_reset` ends a turn and keeps the
 *           first block; `arena_done` gives everything back. In test builds (ARENA_POISON) memory
 *           of a finished turn is filled with 0xA5, so that a pointer kept too long shows at once.
 * Owns      Its blocks.
 * Lives     Until arena_done; what was carved, until the next reset.
 * Fails     arena_make returns NULL once `budget_bytes` is spent; the caller makes it ERR_LIMIT.
 * Threads   One at a time.
 * Bounds    budget_bytes; a piece is aligned to 16 bytes.
 */
#ifndef YUMEN_BASE_ARENA_H
#define YUMEN_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t used_bytes;          /* over all blocks, with their headers */
    size_t budget_bytes;
};

void arena_init(struct arena *a, size_t budget_bytes);
void arena_done(struct arena *a);
/* Likewise, and nothing of what was there stays in memory: a secret passed through. */
void arena_wipe(struct arena *a);
void arena_reset(struct arena *a);

/* Zeroed memory, or NULL when the budget is spent. */
void *arena_make(struct arena *a, size_t bytes);
void *arena_make_array(struct arena *a, size_t count, size_t bytes_each);

/* Grows the newest piece in place where possible, else copies. `old` may be NULL. */
void *arena_grow(struct arena *a, void *old, size_t old_bytes, size_t new_bytes);
/* Likewise, and what is new is not cleared: for what is never read before it is written. */
void *arena_grow_unset(struct arena *a, void *old, size_t old_bytes, size_t new_bytes);

#endif
