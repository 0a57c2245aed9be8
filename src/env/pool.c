/* SPDX-License-Identifier: Apache-2.0 */
#include "env/pool.h"

#include <assert.h>
#include <string.h>

struct pool_piece {
    struct pool_piece *next;
};

err pool_open(struct pool *p, struct arena *a, size_t piece_bytes, size_t count)
{
    assert(p != NULL && piece_bytes > 0 && count > 0);
    size_t rounded = (piece_bytes + 15) & ~(size_t)15;
    *p = (struct pool){.piece_bytes = rounded, .count = count};
    p->room = arena_make_array(a, count, rounded);
    if (p->room == NULL)
        return fail(ERR_LIMIT, "pool: no memory", 0);
    env_mutex_init(&p->mutex);
    p->is_open = true;
    return OK;
}

void pool_close(struct pool *p)
{
    if (p->is_open)
        env_mutex_done(&p->mutex);
    p->is_open = false;
}

void *pool_take(struct pool *p)
{
    env_mutex_lock(&p->mutex);
    struct pool_piece *piece = p->free;
    if (piece != NULL)
        p->free = piece->next;
    else if (p->fresh < p->count)
        piece = (void *)(p->room + p->piece_bytes * p->fresh++);
    if (piece != NULL)
        p->used++;
    env_mutex_unlock(&p->mutex);
    if (piece != NULL)
        memset(piece, 0, p->piece_bytes);
    return piece;
}

void pool_drop(struct pool *p, void *piece)
{
    unsigned char *at = piece;
    assert(at >= p->room && at < p->room + p->piece_bytes * p->count);
    assert((size_t)(at - p->room) % p->piece_bytes == 0);
    struct pool_piece *node = piece;
    env_mutex_lock(&p->mutex);
    assert(p->used > 0);
    node->next = p->free;
    p->free = node;
    p->used--;
    env_mutex_unlock(&p->mutex);
}

size_t pool_used(struct pool *p)
{
    env_mutex_lock(&p->mutex);
    size_t used = p->used;
    env_mutex_unlock(&p->mutex);
    return used;
}
