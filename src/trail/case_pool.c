/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_pool.h"

#include <assert.h>
#include <string.h>

void case_pool_init(struct case_pool *p, struct arena *a)
{
    assert(p != NULL && a != NULL);
    *p = (struct case_pool){.arena = a};
}

/* The power of two, counted from CASE_POOL_LEAST. */
static unsigned size_of(size_t bytes)
{
    assert(bytes > 0 && bytes < (size_t)1 << 46);
    if (bytes <= CASE_POOL_LEAST)
        return 0;
    return 60U - (unsigned)__builtin_clzll((unsigned long long)(bytes - 1));
}

void *case_pool_take(struct case_pool *p, size_t bytes)
{
    unsigned size = size_of(bytes);
    void *piece = p->spare[size];
    if (piece == NULL)
        return arena_make(p->arena, (size_t)CASE_POOL_LEAST << size);
    memcpy(&p->spare[size], piece, sizeof(void *));
    return piece;
}

void case_pool_drop(struct case_pool *p, void *piece, size_t bytes)
{
    if (piece == NULL)
        return;
    unsigned size = size_of(bytes);
    memcpy(piece, &p->spare[size], sizeof(void *));
    p->spare[size] = piece;
}

void *case_pool_move(struct case_pool *p, void *old, size_t old_bytes, size_t bytes)
{
    assert(bytes >= old_bytes);
    void *piece = case_pool_take(p, bytes);
    if (piece == NULL || old == NULL)
        return piece;
    memcpy(piece, old, old_bytes);
    case_pool_drop(p, old, old_bytes);
    return piece;
}
