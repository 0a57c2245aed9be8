/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_inside.h"

/* By event; of one event its payer comes first, for the payee needs what it says. */
static bool is_before(const struct trail_case *c, const struct mark *x, const struct mark *y)
{
    if (x->time_ms != y->time_ms)
        return x->time_ms < y->time_ms;
    if (x->event == y->event)
        return x->account != y->account &&
               case_event(c, x->event)->from == c->accounts[x->account]->id;
    return case_event_compare(c, x->event, y->event) < 0;
}

static void set(struct trail_case *c, uint32_t place, struct mark m)
{
    c->heap[place] = m;
    c->accounts[m.account]->heap_at = place + 1;
}

static void sift_up(struct trail_case *c, uint32_t place, struct mark m)
{
    while (place > 0) {
        uint32_t above = (place - 1) / HEAP_ARMS;
        if (!is_before(c, &m, &c->heap[above]))
            break;
        set(c, place, c->heap[above]);
        place = above;
    }
    set(c, place, m);
}

static uint32_t first_below(const struct trail_case *c, uint32_t place)
{
    uint32_t first = place * HEAP_ARMS + 1;
    uint32_t best = first;
    for (uint32_t i = first + 1; i < first + HEAP_ARMS && i < c->heap_count; i++)
        if (is_before(c, &c->heap[i], &c->heap[best]))
            best = i;
    return best;
}

static void sift_down(struct trail_case *c, struct mark m)
{
    uint32_t place = 0;
    while (place * HEAP_ARMS + 1 < c->heap_count) {
        uint32_t below = first_below(c, place);
        if (!is_before(c, &c->heap[below], &m))
            break;
        set(c, place, c->heap[below]);
        place = below;
    }
    set(c, place, m);
}

err case_heap_mark(struct trail_case *c, uint32_t account, uint32_t event)
{
    struct mark m = {.time_ms = event_ms(case_event(c, event)), .event = event, .account = account};
    uint32_t at = c->accounts[account]->heap_at;
    if (at != 0) {
        if (is_before(c, &m, &c->heap[at - 1]))
            sift_up(c, at - 1, m);
        return OK;
    }
    if (c->heap_count == c->heap_room) {
        uint32_t room = case_pool_more(c->heap_room);
        struct mark *heap = case_pool_move(&c->pool, c->heap, c->heap_room * sizeof *heap,
                                           (size_t)room * sizeof *heap);
        if (heap == NULL)
            return fail(ERR_LIMIT, "trail.case_too_large", 0);
        c->heap = heap;
        c->heap_room = room;
    }
    c->heap_count++;
    sift_up(c, c->heap_count - 1, m);
    return OK;
}

void case_heap_next(struct trail_case *c, uint32_t event)
{
    assert(c->heap_count > 0);
    sift_down(c, (struct mark){.time_ms = event_ms(case_event(c, event)),
                               .event = event,
                               .account = c->heap[0].account});
}

void case_heap_drop(struct trail_case *c)
{
    assert(c->heap_count > 0);
    c->accounts[c->heap[0].account]->heap_at = 0;
    c->heap_count--;
    if (c->heap_count > 0)
        sift_down(c, c->heap[c->heap_count]);
}
