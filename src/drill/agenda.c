/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/agenda.h"

#include <assert.h>

enum { FIRST_ROOM = 1024 };

void agenda_init(struct agenda *a, struct arena *arena)
{
    *a = (struct agenda){.arena = arena};
}

static bool is_before(const struct event *a, const struct event *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static err grow(struct agenda *a)
{
    size_t room = a->room == 0 ? FIRST_ROOM : a->room * 2;
    struct event *heap = arena_grow(a->arena, a->heap, a->room * sizeof *heap, room * sizeof *heap);
    if (heap == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    a->heap = heap;
    a->room = room;
    return OK;
}

err agenda_put(struct agenda *a, const struct event *e)
{
    if (a->count == a->room)
        TRY(grow(a));
    struct event new = *e;
    new.order = a->orders++;
    size_t at = a->count++;
    while (at > 0 && is_before(&new, &a->heap[(at - 1) / 2])) {
        a->heap[at] = a->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    a->heap[at] = new;
    return OK;
}

bool agenda_take(struct agenda *a, struct event *ret_event)
{
    if (a->count == 0)
        return false;
    *ret_event = a->heap[0];
    struct event last = a->heap[--a->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= a->count)
            break;
        if (child + 1 < a->count && is_before(&a->heap[child + 1], &a->heap[child]))
            child++;
        if (is_before(&last, &a->heap[child]))
            break;
        a->heap[at] = a->heap[child];
        at = child;
    }
    if (a->count > 0)
        a->heap[at] = last;
    return true;
}

const struct event *agenda_first(const struct agenda *a)
{
    return a->count == 0 ? NULL : &a->heap[0];
}
