/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/shelf.h"

#include <assert.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

void shelf_init(struct shelf *s, struct arena *a, size_t piece_bytes)
{
    assert(piece_bytes >= sizeof(uint32_t));
    *s = (struct shelf){.arena = a, .piece_bytes = piece_bytes};
}

void *shelf_at(const struct shelf *s, uint32_t number)
{
    assert(number >= 1 && number <= s->count);
    return s->at + (size_t)number * s->piece_bytes;
}

static err grow(struct shelf *s)
{
    uint32_t room = s->room == 0 ? FIRST_ROOM : s->room * 2;
    unsigned char *at =
        arena_grow(s->arena, s->at, s->room * s->piece_bytes, room * s->piece_bytes);
    if (at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    s->at = at;
    s->room = room;
    return OK;
}

err shelf_take(struct shelf *s, uint32_t *ret_number)
{
    uint32_t number = s->free;
    if (number == 0) {
        if (s->count + 1 >= s->room)
            TRY(grow(s));
        number = ++s->count;
    } else {
        memcpy(&s->free, shelf_at(s, number), sizeof s->free);
    }
    memset(shelf_at(s, number), 0, s->piece_bytes);
    *ret_number = number;
    return OK;
}

void shelf_drop(struct shelf *s, uint32_t number)
{
    memcpy(shelf_at(s, number), &s->free, sizeof s->free);
    s->free = number;
}
