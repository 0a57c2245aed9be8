/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN_BYTES = 16, FIRST_BLOCK_BYTES = 16 * 1024 };

struct arena_block {
    struct arena_block *older;
    size_t room;
    size_t used;
    size_t spare_; /* keeps `bytes` on a 16-byte line */
    unsigned char bytes[];
};

void arena_init(struct arena *a, size_t budget_bytes)
{
    assert(a != NULL);
    *a = (struct arena){.budget_bytes = budget_bytes};
}

void arena_done(struct arena *a)
{
    while (a->blocks != NULL) {
        struct arena_block *older = a->blocks->older;
        free(a->blocks);
        a->blocks = older;
    }
    a->used_bytes = 0;
}

void arena_wipe(struct arena *a)
{
    for (struct arena_block *b = a->blocks; b != NULL; b = b->older)
        explicit_bzero(b->bytes, b->room);
    arena_done(a);
}

static void poison(struct arena_block *b)
{
#ifdef ARENA_POISON
    memset(b->bytes, 0xA5, b->used);
#endif
    b->used = 0;
}

void arena_reset(struct arena *a)
{
    struct arena_block *b = a->blocks;
    while (b != NULL && b->older != NULL) {
        struct arena_block *older = b->older;
        poison(b);
        free(b);
        b = older;
    }
    a->blocks = b;
    a->used_bytes = 0;
    if (b == NULL)
        return;
    poison(b);
    a->used_bytes = sizeof *b + b->room;
}

static struct arena_block *block_add(struct arena *a, size_t bytes)
{
    size_t room = a->blocks == NULL ? FIRST_BLOCK_BYTES : a->blocks->room * 2;
    size_t left = a->budget_bytes - a->used_bytes;
    if (left < sizeof(struct arena_block) + bytes)
        return NULL;
    left -= sizeof(struct arena_block);
    if (room > left)
        room = left;
    if (room < bytes)
        room = bytes;
    struct arena_block *b = malloc(sizeof *b + room);
    if (b == NULL)
        return NULL;
    *b = (struct arena_block){.older = a->blocks, .room = room};
    a->blocks = b;
    a->used_bytes += sizeof *b + room;
    return b;
}

static void *make_unset(struct arena *a, size_t bytes)
{
    assert(a != NULL);
    if (bytes > SIZE_MAX / 2)
        return NULL;
    bytes = (bytes + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1);
    struct arena_block *b = a->blocks;
    if (b == NULL || b->room - b->used < bytes)
        b = block_add(a, bytes);
    if (b == NULL)
        return NULL;
    void *piece = b->bytes + b->used;
    b->used += bytes;
    return piece;
}

void *arena_make(struct arena *a, size_t bytes)
{
    void *piece = make_unset(a, bytes);
    if (piece != NULL)
        memset(piece, 0, bytes);
    return piece;
}

void *arena_make_array(struct arena *a, size_t count, size_t bytes_each)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, bytes_each, &bytes))
        return NULL;
    return arena_make(a, bytes);
}

static size_t room_of(size_t bytes)
{
    return (bytes + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1);
}

/* In place, when it is what was made last and there is room behind it. */
static bool grow_in_place(struct arena *a, const void *old, size_t old_bytes, size_t new_bytes)
{
    struct arena_block *b = a->blocks;
    size_t more = room_of(new_bytes) - room_of(old_bytes);
    if (old == NULL || b == NULL || b->room - b->used < more ||
        (const unsigned char *)old + room_of(old_bytes) != b->bytes + b->used)
        return false;
    b->used += more;
    return true;
}

void *arena_grow_unset(struct arena *a, void *old, size_t old_bytes, size_t new_bytes)
{
    assert(new_bytes >= old_bytes);
    if (grow_in_place(a, old, old_bytes, new_bytes))
        return old;
    void *piece = make_unset(a, new_bytes);
    if (piece != NULL && old != NULL)
        memcpy(piece, old, old_bytes);
    return piece;
}

void *arena_grow(struct arena *a, void *old, size_t old_bytes, size_t new_bytes)
{
    char *piece = arena_grow_unset(a, old, old_bytes, new_bytes);
    if (piece != NULL && new_bytes > old_bytes)
        memset(piece + old_bytes, 0, new_bytes - old_bytes);
    return piece;
}
