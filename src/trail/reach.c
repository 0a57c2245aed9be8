/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/reach.h"

/* Receipts looked up side by side: enough that memory answers one while the next is asked. */
enum { ABREAST = 16, SLOTS_AT_FIRST = 4096 };

struct reach_slot {
    uint64_t epoch; /* of the layer that put it here */
    struct trail_ref transfer;
};

/* What is left to be read of one account in one run. */
struct reach_cursor {
    const struct trail_run *run;
    uint32_t run_index;
    uint32_t place;
    uint32_t end;
};

/* One question under way. */
struct asking {
    struct reach *r;
    const struct trail_view *v;
    const struct reach_settings *settings;
    unsigned layer;
};

struct receipt {
    uint32_t account;
    uint32_t cause;
    int64_t time_ms;
};

err reach_init(struct reach *r, struct arena *a, uint32_t most_hits)
{
    assert(r != NULL && a != NULL && most_hits > 0);
    *r = (struct reach){.arena = a, .most_hits = most_hits, .slot_count = SLOTS_AT_FIRST};
    r->hits = arena_make_array(a, most_hits, sizeof *r->hits);
    r->slots = arena_make_array(a, SLOTS_AT_FIRST, sizeof *r->slots);
    if (r->hits == NULL || r->slots == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    return OK;
}

/* --- the transfers of a layer --- */

static uint32_t slot_of(struct trail_ref t, uint32_t slot_count)
{
    uint64_t x = ((uint64_t)t.run << 32 | t.place) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(x >> 40) & (slot_count - 1);
}

/* True when it was not there. */
static bool slot_put(struct reach *r, struct trail_ref t)
{
    uint32_t at = slot_of(t, r->slot_count);
    while (r->slots[at].epoch == r->epoch) {
        struct trail_ref here = r->slots[at].transfer;
        if (here.place == t.place && here.run == t.run)
            return false;
        at = (at + 1) & (r->slot_count - 1);
    }
    r->slots[at] = (struct reach_slot){.epoch = r->epoch, .transfer = t};
    r->slot_used++;
    return true;
}

/* Never more than half full. */
static err slots_grow(struct reach *r)
{
    if (2 * (r->slot_used + 1) <= r->slot_count)
        return OK;
    struct reach_slot *old = r->slots;
    uint32_t old_count = r->slot_count;
    struct reach_slot *wider = arena_make_array(r->arena, (size_t)old_count * 2, sizeof *wider);
    if (wider == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    r->slots = wider;
    r->slot_count = old_count * 2;
    r->slot_used = 0;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i].epoch == r->epoch)
            (void)slot_put(r, old[i].transfer);
    return OK;
}

/* --- one receipt --- */

static bool is_followed(const struct asking *q, const struct reach_cursor *c)
{
    const struct trail_row *row = &c->run->rows[c->place];
    unsigned status = trail_status(&q->v->amends, c->run, c->place);
    return (status == TRANSFER_BOOKED || status == TRANSFER_PENDING) && row->from != row->to;
}

static err put_hit(struct asking *q, struct trail_ref t, const struct trail_row *row,
                   uint32_t cause)
{
    struct reach *r = q->r;
    TRY(slots_grow(r));
    if (!slot_put(r, t))
        return OK;
    if (r->hit_count == r->most_hits)
        return fail(ERR_LIMIT, "trail.too_wide", r->most_hits);
    r->hits[r->hit_count++] = (struct reach_hit){.transfer = t,
                                                 .account = row->to,
                                                 .cause = cause,
                                                 .time_ms = row_time_ms(row),
                                                 .layer = q->layer,
                                                 .is_end = row_exit(row) != EXIT_NONE};
    return OK;
}

static const struct trail_row *row_of(const struct reach_cursor *c)
{
    return &c->run->rows[c->place];
}

static bool goes_before(const struct asking *q, const struct reach_cursor *a,
                        const struct reach_cursor *b)
{
    int64_t a_ms = row_time_ms(row_of(a));
    int64_t b_ms = row_time_ms(row_of(b));
    if (a_ms != b_ms)
        return a_ms < b_ms;
    const struct trail_order *order = &q->v->order;
    return order->precedes(order->self, a->run->ordinals[a->place], b->run->ordinals[b->place]);
}

/* The cursor whose row comes first; NULL when all are at their ends. */
static struct reach_cursor *earliest(const struct asking *q, struct reach_cursor *cursors,
                                     uint32_t count)
{
    struct reach_cursor *best = NULL;
    for (uint32_t i = 0; i < count; i++) {
        struct reach_cursor *c = &cursors[i];
        if (c->place < c->end && (best == NULL || goes_before(q, c, best)))
            best = c;
    }
    return best;
}

static err follow(struct asking *q, const struct receipt *receipt, struct reach_cursor *cursors,
                  uint32_t count)
{
    int64_t last_ms = receipt->time_ms + q->settings->window_ms;
    for (unsigned taken = 0; taken < q->settings->first;) {
        struct reach_cursor *c = count == 1 ? cursors : earliest(q, cursors, count);
        if (c == NULL || c->place >= c->end)
            return OK;
        const struct trail_row *row = row_of(c);
        if (row_time_ms(row) > last_ms)
            return OK;
        bool is_next = is_followed(q, c);
        struct trail_ref t = {.run = c->run_index, .place = c->place++};
        if (!is_next)
            continue;
        taken++;
        TRY(put_hit(q, t, row, receipt->cause));
    }
    return OK;
}

/* --- receipts abreast, in steps that each wait for one line of memory --- */

struct abreast {
    struct receipt receipts[ABREAST];
    uint32_t cursor_counts[ABREAST];
    uint32_t count;
};

static void fetch_lines(const struct abreast *b, const struct trail_directory *d)
{
    if (d->lines == NULL)
        return;
    for (uint32_t i = 0; i < b->count; i++)
        if (b->receipts[i].account < d->account_end)
            __builtin_prefetch(directory_line(d, b->receipts[i].account));
}

static void look_up(const struct asking *q, struct abreast *b, uint32_t run_index)
{
    const struct trail_run *run = q->v->runs[run_index];
    const struct trail_directory *d = &run->out;
    uint32_t at[ABREAST];
    struct trail_range range[ABREAST];
    fetch_lines(b, d);
    for (uint32_t i = 0; i < b->count; i++) {
        at[i] = trail_directory_find(d, b->receipts[i].account);
        __builtin_prefetch(&d->starts[at[i]]);
    }
    for (uint32_t i = 0; i < b->count; i++) {
        range[i] = (struct trail_range){0};
        if (at[i] == d->count)
            continue;
        range[i] = (struct trail_range){.begin = d->starts[at[i]], .end = d->starts[at[i] + 1]};
        __builtin_prefetch(&run->rows[range[i].begin + (range[i].end - range[i].begin) / 2]);
    }
    for (uint32_t i = 0; i < b->count; i++) {
        if (range[i].begin == range[i].end)
            continue;
        uint32_t place = trail_run_after(run, range[i], b->receipts[i].time_ms);
        if (place == range[i].end)
            continue;
        __builtin_prefetch(&run->rows[place]);
        q->r->cursors[i * q->v->run_count + b->cursor_counts[i]++] = (struct reach_cursor){
            .run = run, .run_index = run_index, .place = place, .end = range[i].end};
    }
}

static bool is_outside(const struct asking *q, const struct abreast *b, const struct trail_run *run)
{
    for (uint32_t i = 0; i < b->count; i++) {
        int64_t t = b->receipts[i].time_ms;
        if (run->last_ms > t && run->first_ms <= t + q->settings->window_ms)
            return false;
    }
    return true;
}

static err go_on(struct asking *q, struct abreast *b)
{
    for (uint32_t i = 0; i < b->count; i++)
        b->cursor_counts[i] = 0;
    for (uint32_t run = 0; run < q->v->run_count; run++)
        if (!is_outside(q, b, q->v->runs[run]))
            look_up(q, b, run);
    for (uint32_t i = 0; i < b->count; i++)
        if (b->cursor_counts[i] > 0)
            TRY(follow(q, &b->receipts[i], &q->r->cursors[i * q->v->run_count],
                       b->cursor_counts[i]));
    b->count = 0;
    return OK;
}

static err put_receipt(struct asking *q, struct abreast *b, struct receipt receipt)
{
    b->receipts[b->count++] = receipt;
    return b->count == ABREAST ? go_on(q, b) : OK;
}

static void begin_layer(struct asking *q, unsigned layer)
{
    q->layer = layer;
    q->r->epoch++;
    q->r->slot_used = 0;
}

static err make_cursors(struct reach *r, const struct trail_view *v)
{
    uint32_t wanted = ABREAST * (v->run_count == 0 ? 1 : v->run_count);
    if (wanted <= r->cursor_room)
        return OK;
    r->cursors = arena_make_array(r->arena, wanted, sizeof *r->cursors);
    r->cursor_room = r->cursors == NULL ? 0 : wanted;
    return r->cursors == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err reach_ask(struct reach *r, const struct trail_view *v, const struct reach_settings *settings,
              const struct reach_start *starts, uint32_t start_count)
{
    assert(r != NULL && v != NULL && settings != NULL);
    assert(settings->layers <= REACH_LAYERS && settings->first <= REACH_FIRST);
    assert(settings->window_ms >= 0 && settings->window_ms <= TRANSFER_TIME_MOST);
    struct asking q = {.r = r, .v = v, .settings = settings};
    struct abreast abreast = {.count = 0};
    r->hit_count = 0;
    TRY(make_cursors(r, v));
    if (settings->layers == 0)
        return OK;
    begin_layer(&q, 1);
    for (uint32_t i = 0; i < start_count; i++)
        TRY(put_receipt(&q, &abreast,
                        (struct receipt){.account = starts[i].account,
                                         .cause = REACH_NONE,
                                         .time_ms = starts[i].time_ms}));
    TRY(go_on(&q, &abreast));
    uint32_t begin = 0;
    for (unsigned layer = 2; layer <= settings->layers && begin < r->hit_count; layer++) {
        uint32_t end = r->hit_count;
        begin_layer(&q, layer);
        for (uint32_t i = begin; i < end; i++)
            if (!r->hits[i].is_end)
                TRY(put_receipt(&q, &abreast,
                                (struct receipt){.account = r->hits[i].account,
                                                 .cause = i,
                                                 .time_ms = r->hits[i].time_ms}));
        TRY(go_on(&q, &abreast));
        begin = end;
    }
    return OK;
}
