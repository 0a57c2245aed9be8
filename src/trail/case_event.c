/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_inside.h"

#include <string.h>

static err spent(void)
{
    return fail(ERR_LIMIT, "trail.case_too_large", 0);
}

static err chunk_make(struct trail_case *c)
{
    uint32_t chunk = c->event_count >> CHUNK_SHIFT;
    if (chunk == c->chunk_room) {
        uint32_t room = case_pool_more(c->chunk_room);
        size_t before = c->chunk_room * sizeof(void *);
        struct event **events = case_pool_move(&c->pool, c->events, before, room * sizeof(void *));
        if (events == NULL)
            return spent();
        c->events = events;
        struct event_more **mores =
            case_pool_move(&c->pool, c->mores, before, room * sizeof(void *));
        if (mores == NULL)
            return spent();
        c->mores = mores;
        c->chunk_room = room;
    }
    c->events[chunk] = arena_make_array(&c->arena, CHUNK_EVENTS, sizeof(struct event));
    c->mores[chunk] = arena_make_array(&c->arena, CHUNK_EVENTS, sizeof(struct event_more));
    return c->events[chunk] == NULL || c->mores[chunk] == NULL ? spent() : OK;
}

err case_event_make(struct trail_case *c, const struct trail_event *from, uint32_t *ret_e)
{
    assert(from->id.size <= TRANSFER_ID_BYTES);
    assert(row_time_ms(&from->row) <= c->settings.as_of_ms);
    if (c->event_count == NONE - 1)
        return spent();
    if ((c->event_count & (CHUNK_EVENTS - 1)) == 0)
        TRY(chunk_make(c));
    uint32_t e = c->event_count;
    char *id = NULL;
    if (from->id.size > 0) {
        id = arena_make(&c->arena, from->id.size);
        if (id == NULL)
            return spent();
        memcpy(id, from->id.at, from->id.size);
    }
    TRY(case_map_put(&c->by_number, &c->pool, from->number, e));
    *case_event(c, e) = (struct event){
        .when = from->row.when & ~(uint64_t)(EVENT_SOURCE | EVENT_BEYOND | EVENT_SAID),
        .amount_minor = row_amount(&from->row),
        .balance_minor = from->balance_minor,
        .from = from->row.from,
        .to = from->row.to,
    };
    *case_more(c, e) = (struct event_more){.id = id,
                                           .id_bytes = (uint32_t)from->id.size,
                                           .seq = from->seq,
                                           .number = from->number,
                                           .bank = from->bank};
    c->event_count++;
    *ret_e = e;
    return OK;
}

void case_event_learn(struct trail_case *c, uint32_t e, const struct trail_event *from)
{
    struct event *event = case_event(c, e);
    if ((from->row.when & ~event->when & ROW_HAS_BALANCE) == 0)
        return;
    event->when |= ROW_HAS_BALANCE;
    event->balance_minor = from->balance_minor;
}

uint32_t case_event_find(const struct trail_case *c, uint32_t number)
{
    return case_map_find(&c->by_number, number);
}

struct trail_event case_event_tell(const struct trail_case *c, uint32_t e)
{
    const struct event *event = case_event(c, e);
    const struct event_more *more = case_more(c, e);
    return (struct trail_event){
        .number = more->number,
        .bank = more->bank,
        .row = {.from = event->from,
                .to = event->to,
                .when = event->when & ~(uint64_t)(EVENT_SOURCE | EVENT_BEYOND | EVENT_SAID),
                .what = (uint64_t)event->amount_minor},
        .seq = more->seq,
        .balance_minor = event->balance_minor,
        .id = str_make(more->id, more->id_bytes),
    };
}

static int compare_i64(int64_t x, int64_t y)
{
    return x < y ? -1 : x > y;
}

static err words_read(struct trail_case *c, struct event_more *more)
{
    struct trail_event e = {.number = more->number};
    TRY(c->port.words(c->port.of, &e));
    assert(e.id.size <= TRANSFER_ID_BYTES);
    char *id = arena_make(&c->arena, e.id.size + 1);
    if (id == NULL)
        return spent();
    if (e.id.size > 0)
        memcpy(id, e.id.at, e.id.size);
    more->bank = e.bank;
    more->seq = e.seq;
    more->id = id;
    more->id_bytes = (uint32_t)e.id.size;
    return OK;
}

const struct event_more *case_event_words(const struct trail_case *c, uint32_t e)
{
    struct event_more *more = case_more(c, e);
    if (more->id == NULL && c->port.words != NULL && !failed(c->unread))
        c->self->unread = words_read(c->self, more);
    return more;
}

/* Time, bank, seq (absent last), seq, id; and the number, should a feed lie about ids. */
int case_event_compare(const struct trail_case *c, uint32_t x, uint32_t y)
{
    const struct event *ex = case_event(c, x);
    const struct event *ey = case_event(c, y);
    int order = compare_i64(event_ms(ex), event_ms(ey));
    if (order != 0 || x == y)
        return order;
    const struct event_more *mx = case_event_words(c, x);
    const struct event_more *my = case_event_words(c, y);
    bool has_x = (ex->when & ROW_HAS_SEQ) != 0;
    bool has_y = (ey->when & ROW_HAS_SEQ) != 0;
    order = compare_i64(mx->bank, my->bank);
    if (order == 0)
        order = (int)has_y - (int)has_x;
    if (order == 0 && has_x)
        order = compare_i64(mx->seq, my->seq);
    if (order == 0)
        order = str_compare(str_make(mx->id, mx->id_bytes), str_make(my->id, my->id_bytes));
    return order != 0 ? order : compare_i64(mx->number, my->number);
}

bool case_event_counts(const struct trail_case *c, const struct event *e)
{
    return (e->when & ROW_STATUS_MASK) == TRANSFER_BOOKED && e->from != e->to &&
           (unsigned)(e->when >> ROW_CURRENCY_SHIFT & (TRAIL_CURRENCIES - 1)) ==
               c->settings.currency;
}

int64_t portions_sum(const struct portions *p)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < p->count; i++)
        sum += portion_at(p, i).minor;
    return sum;
}

bool portions_equal(const struct portions *p, const struct takings *t)
{
    if (p->count != t->count)
        return false;
    if (p->count == 1)
        return p->minor == t->at[0].minor && p->owner == t->at[0].owner;
    return p->count == 0 || memcmp(p->many, t->at, p->count * sizeof *p->many) == 0;
}

err portions_set(struct trail_case *c, struct portions *p, const struct takings *t)
{
    if (p->count > 1)
        case_pool_drop(&c->pool, p->many, p->count * sizeof *p->many);
    *p = (struct portions){0};
    if (t->count == 1)
        *p = (struct portions){.minor = t->at[0].minor, .owner = t->at[0].owner, .count = 1};
    if (t->count <= 1)
        return OK;
    struct lot *many = case_pool_take(&c->pool, t->count * sizeof *many);
    if (many == NULL)
        return spent();
    memcpy(many, t->at, t->count * sizeof *many);
    *p = (struct portions){.many = many, .count = t->count};
    return OK;
}
