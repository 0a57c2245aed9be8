/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_inside.h"

#include <string.h>

enum { SECOND_MS = 1000 };

static err spent(void)
{
    return fail(ERR_LIMIT, "trail.case_too_large", 0);
}

bool case_account_outgrows(const struct trail_case *c, uint32_t id)
{
    const struct case_settings *s = &c->settings;
    const struct case_crowd crowd = {.account = id,
                                     .most = s->most_partners,
                                     .currency = s->currency,
                                     .least_minor = s->partner_minor};
    if (c->port.is_crowded != NULL && c->port.is_crowded(c->port.of, &crowd))
        return true;
    return c->port.has_more != NULL &&
           c->port.has_more(c->port.of, id, s->first_ms, s->most_transfers);
}

bool case_account_is_too_much(const struct trail_case *c, const struct event *e)
{
    uint32_t most = c->settings.most_at_once;
    if (most == 0 || (e->when & EVENT_SOURCE) != 0 || c->port.has_more == NULL)
        return false;
    return c->event_count > most ||
           c->port.has_more(c->port.of, e->to, event_ms(e), most - c->event_count);
}

uint32_t case_account_find(const struct trail_case *c, uint32_t id)
{
    return case_map_find(&c->by_account, id);
}

err case_account_make(struct trail_case *c, uint32_t id, uint32_t *ret_index)
{
    if (c->account_count == c->account_room) {
        uint32_t room = case_pool_more(c->account_room);
        struct account **accounts = case_pool_move(
            &c->pool, c->accounts, c->account_room * sizeof *accounts, room * sizeof *accounts);
        uint32_t *touched = case_pool_move(&c->pool, c->touched, c->account_room * sizeof *touched,
                                           room * sizeof *touched);
        if (accounts == NULL || touched == NULL)
            return spent();
        c->accounts = accounts;
        c->touched = touched;
        c->account_room = room;
    }
    struct account *a = arena_make(&c->arena, sizeof *a);
    if (a == NULL)
        return spent();
    TRY(case_map_put(&c->by_account, &c->pool, id, c->account_count));
    *a = (struct account){.id = id,
                          .pulled_ms = INT64_MAX,
                          .stand.start = NONE,
                          .end.start = NONE,
                          .last_mark = NONE,
                          .is_busy = case_account_outgrows(c, id)};
    c->accounts[c->account_count] = a;
    *ret_index = c->account_count++;
    return OK;
}

void case_account_touch(struct trail_case *c, struct account *a, uint32_t index)
{
    assert(c->accounts[index] == a);
    if (!a->is_touched)
        c->touched[c->touched_count++] = index;
    a->is_touched = true;
}

static bool item_before(const struct trail_case *c, struct item x, struct item y)
{
    if (x.time_ms != y.time_ms)
        return x.time_ms < y.time_ms;
    return case_event_compare(c, x.event, y.event) < 0;
}

uint32_t case_account_place(const struct trail_case *c, const struct account *a, uint32_t e)
{
    struct item wanted = {.time_ms = event_ms(case_event(c, e)), .event = e};
    uint32_t low = 0;
    uint32_t high = a->count;
    if (high > 0 && item_before(c, a->items[high - 1], wanted))
        return high; /* the usual case: news is new */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (item_before(c, a->items[middle], wanted))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool case_account_lists(const struct trail_case *c, const struct account *a, uint32_t e)
{
    if (!a->is_busy)
        return event_ms(case_event(c, e)) >= a->pulled_ms;
    uint32_t place = case_account_place(c, a, e);
    return place < a->count && a->items[place].event == e;
}

static err room_make(struct trail_case *c, struct account *a, uint32_t more)
{
    uint32_t room = a->room;
    while (room - a->count < more) {
        if (room > UINT32_MAX / 4)
            return spent();
        room = case_pool_more(room);
    }
    if (room == a->room)
        return OK;
    struct item *items =
        case_pool_move(&c->pool, a->items, a->room * sizeof *items, (size_t)room * sizeof *items);
    if (items == NULL)
        return spent();
    a->items = items;
    a->room = room;
    return OK;
}

err case_account_insert(struct trail_case *c, struct account *a, uint32_t e)
{
    uint32_t place = case_account_place(c, a, e);
    assert(place == a->count || a->items[place].event != e);
    TRY(room_make(c, a, 1));
    memmove(a->items + place + 1, a->items + place, (a->count - place) * sizeof *a->items);
    a->items[place] = (struct item){.time_ms = event_ms(case_event(c, e)), .event = e};
    a->count++;
    for (uint32_t i = a->check_count; i > 0 && a->checks[i - 1].at > place; i--)
        a->checks[i - 1].at++;
    a->cursor += a->cursor > place;
    return OK;
}

/* ---- what a port brings ---------------------------------------------------------------------- */

err case_pulled(struct trail_case *c, const struct trail_event *e)
{
    assert(c->pulling != NULL);
    int64_t time_ms = row_time_ms(&e->row);
    bool is_its = e->row.from == c->pulling->id || e->row.to == c->pulling->id;
    if (!is_its || time_ms < c->pull_span.from_ms || time_ms >= c->pull_span.until_ms ||
        time_ms > c->settings.as_of_ms)
        return OK;
    if (c->fresh_count == c->fresh_room) {
        uint32_t room = case_pool_more(c->fresh_room);
        struct item *fresh = case_pool_move(
            &c->steady_pool, c->fresh, c->fresh_room * sizeof *fresh, (size_t)room * sizeof *fresh);
        if (fresh == NULL)
            return spent();
        c->fresh = fresh;
        c->fresh_room = room;
    }
    uint32_t event = case_event_find(c, e->number);
    if (event == NONE)
        TRY(case_event_make(c, e, &event));
    else
        case_event_learn(c, event, e);
    c->fresh[c->fresh_count++] = (struct item){.time_ms = time_ms, .event = event};
    return OK;
}

/* One run after the other, each merged into what is before it: ports bring few runs. */
static uint32_t run_end(const struct trail_case *c, const struct item *at, uint32_t from,
                        uint32_t end)
{
    uint32_t i = from + 1;
    while (i < end && !item_before(c, at[i], at[i - 1]))
        i++;
    return i < end ? i : end;
}

struct merge {
    const struct item *from;
    struct item *to;
    uint32_t low;
    uint32_t middle;
    uint32_t high;
};

static void merge_runs(const struct trail_case *c, const struct merge *m)
{
    uint32_t x = m->low;
    uint32_t y = m->middle;
    for (uint32_t i = m->low; i < m->high; i++) {
        bool takes_y = x == m->middle || (y < m->high && item_before(c, m->from[y], m->from[x]));
        m->to[i] = takes_y ? m->from[y++] : m->from[x++];
    }
}

/* One pass over all runs, two by two; false when there was but one. */
static bool merge_pass(const struct trail_case *c, const struct item *from, struct item *to)
{
    uint32_t low = 0;
    uint32_t count = c->fresh_count;
    if (run_end(c, from, 0, count) == count)
        return false;
    while (low < count) {
        struct merge m = {.from = from, .to = to, .low = low};
        m.middle = run_end(c, from, low, count);
        m.high = m.middle == count ? count : run_end(c, from, m.middle, count);
        merge_runs(c, &m);
        low = m.high;
    }
    return true;
}

static err fresh_sort(struct trail_case *c)
{
    if (c->fresh_count < 2)
        return OK;
    size_t bytes = c->fresh_room * sizeof *c->fresh;
    struct item *other = case_pool_take(&c->steady_pool, bytes);
    if (other == NULL)
        return spent();
    while (merge_pass(c, c->fresh, other)) {
        struct item *sorted = other;
        other = c->fresh;
        c->fresh = sorted;
    }
    case_pool_drop(&c->steady_pool, other, bytes);
    uint32_t kept = 1; /* a transfer to oneself comes twice */
    for (uint32_t i = 1; i < c->fresh_count; i++)
        if (c->fresh[i].event != c->fresh[kept - 1].event)
            c->fresh[kept++] = c->fresh[i];
    c->fresh_count = kept;
    return OK;
}

/* All of them are before the items that are there. */
static err fresh_keep(struct trail_case *c, struct account *a)
{
    uint32_t more = c->fresh_count;
    if (more == 0)
        return OK;
    TRY(fresh_sort(c));
    more = c->fresh_count;
    TRY(room_make(c, a, more));
    memmove(a->items + more, a->items, a->count * sizeof *a->items);
    memcpy(a->items, c->fresh, more * sizeof *a->items);
    for (uint32_t i = 0; i < a->check_count; i++)
        a->checks[i].at += more;
    a->cursor = a->count == 0 ? 0 : a->cursor + more;
    a->count += more;
    return OK;
}

err case_account_reach_back(struct trail_case *c, struct account *a, int64_t time_ms)
{
    int64_t from_ms = time_ms - time_ms % SECOND_MS;
    if (a->is_busy || from_ms >= a->pulled_ms)
        return OK;
    assert(c->pulling == NULL);
    c->pull_span =
        (struct case_span){.account = a->id, .from_ms = from_ms, .until_ms = a->pulled_ms};
    c->pulling = a;
    c->fresh_count = 0;
    err e = c->port.pull(c->port.of, &c->pull_span, c);
    c->pulling = NULL;
    TRY(e);
    TRY(fresh_keep(c, a));
    a->pulled_ms = from_ms;
    return OK;
}
