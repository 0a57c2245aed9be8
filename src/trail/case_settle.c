/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_inside.h"

#include <string.h>

/* ---- sums ------------------------------------------------------------------------------------ */

static void present_add(struct trail_case *c, const struct lots *l, int sign)
{
    for (uint32_t i = l->head; i < l->end; i++)
        if (l->at[i].owner != LOT_HONEST)
            c->claims[l->at[i].owner].sum.present += sign * l->at[i].minor;
}

static void present_less(struct trail_case *c, const struct takings *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        c->claims[t->at[i].owner].sum.present -= t->at[i].minor;
}

void case_account_for(struct trail_case *c, const struct event *e, int sign)
{
    assert(sign == 1 || sign == -1);
    bool goes_out = event_exit(e) != EXIT_NONE;
    for (uint32_t i = 0; i < e->carried.count; i++) {
        struct lot part = portion_at(&e->carried, i);
        if (goes_out)
            c->claims[part.owner].sum.exited += sign * part.minor;
        else if ((e->when & EVENT_BEYOND) != 0)
            c->claims[part.owner].sum.unknown += sign * part.minor;
    }
    for (uint32_t i = 0; i < e->lost.count; i++) {
        struct lot part = portion_at(&e->lost, i);
        c->claims[part.owner].sum.unknown += sign * part.minor;
    }
}

/* ---- marks ----------------------------------------------------------------------------------- */

err case_mark(struct trail_case *c, uint32_t account, uint32_t event)
{
    struct account *a = c->accounts[account];
    if (a->last_mark == NONE || case_event_compare(c, a->last_mark, event) < 0)
        a->last_mark = event;
    return case_heap_mark(c, account, event);
}

static err beyond(struct trail_case *c, struct event *e)
{
    if (!c->is_strict) {
        c->must_rebuild = true; /* which account is one too many: only the order of money says */
        return OK;
    }
    case_account_for(c, e, -1);
    e->when |= EVENT_BEYOND;
    case_account_for(c, e, 1);
    c->is_at_bound = true;
    return OK;
}

err case_reach(struct trail_case *c, uint32_t event)
{
    struct event *e = case_event(c, event);
    assert(event_exit(e) == EXIT_NONE);
    uint32_t account = case_account_find(c, e->to);
    if (e->carried.count == 0) {
        bool is_listed = account != NONE && case_account_lists(c, c->accounts[account], event);
        return is_listed ? case_mark(c, account, event) : OK;
    }
    bool is_one_too_many = account == NONE && (c->account_count >= c->settings.most_accounts ||
                                               case_account_is_too_much(c, e));
    if (is_one_too_many)
        return beyond(c, e);
    if (account == NONE)
        TRY(case_account_make(c, e->to, &account));
    struct account *a = c->accounts[account];
    TRY(case_account_reach_back(c, a, event_ms(e)));
    uint32_t place = case_account_place(c, a, event);
    if (place == a->count || a->items[place].event != event)
        TRY(case_account_insert(c, a, event)); /* busy, or the port has not heard of the source */
    return case_mark(c, account, event);
}

err case_source_apply(struct trail_case *c, uint32_t event)
{
    struct event *e = case_event(c, event);
    uint32_t claim = case_more(c, event)->claim;
    struct takings *whole = &c->outcome.carried;
    assert(claim < c->claim_count && (e->when & EVENT_SOURCE) != 0);
    takings_clear(whole);
    if (case_event_counts(c, e))
        takings_add(whole, claim, e->amount_minor);
    case_account_for(c, e, -1);
    c->claims[claim].sum.stolen = whole->stolen_minor;
    TRY(portions_set(c, &e->carried, whole));
    case_account_for(c, e, 1);
    uint32_t payer = case_account_find(c, e->from);
    if (payer != NONE && case_account_lists(c, c->accounts[payer], event))
        TRY(case_mark(c, payer, event));
    return event_exit(e) == EXIT_NONE ? case_reach(c, event) : OK;
}

/* ---- one account, one event ------------------------------------------------------------------ */

/* What the payer's account came to, kept with the event; the payee hears when it changed. */
static err say(struct trail_case *c, uint32_t event)
{
    struct event *e = case_event(c, event);
    const struct outcome *o = &c->outcome;
    present_less(c, &o->carried);
    present_less(c, &o->lost);
    bool is_source = (e->when & EVENT_SOURCE) != 0;
    bool is_moved = !is_source && !portions_equal(&e->carried, &o->carried);
    bool is_lost = !portions_equal(&e->lost, &o->lost);
    e->when = (e->when & ~(uint64_t)EVENT_SAID) | o->said;
    if (!is_moved && !is_lost)
        return OK;
    case_account_for(c, e, -1);
    if (is_moved)
        TRY(portions_set(c, &e->carried, &o->carried));
    if (is_lost)
        TRY(portions_set(c, &e->lost, &o->lost));
    case_account_for(c, e, 1);
    return is_moved && event_exit(e) == EXIT_NONE ? case_reach(c, event) : OK;
}

static err step(struct trail_case *c, struct account *a)
{
    uint32_t event = a->items[a->cursor].event;
    TRY(case_walk_step(c, &a->stand, a, event));
    const struct event *e = case_event(c, event);
    if (e->from == a->id)
        return say(c, event);
    if (!case_event_counts(c, e) || event_exit(e) != EXIT_NONE)
        return OK;
    for (uint32_t i = 0; i < e->carried.count; i++) {
        struct lot part = portion_at(&e->carried, i);
        c->claims[part.owner].sum.present += part.minor;
    }
    return OK;
}

/* ---- checkpoints ----------------------------------------------------------------------------- */

/* The first check behind a place. */
static uint32_t check_after(const struct account *a, uint32_t place)
{
    uint32_t low = 0;
    uint32_t high = a->check_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (a->checks[middle].at <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static err check_write(struct trail_case *c, struct check *check, const struct account *a)
{
    check->at = a->cursor;
    check->stand.start = a->stand.start;
    return lots_copy(&check->stand.lots, &a->stand.lots, &c->pool);
}

/* One every so many events, and no more lots copied than events walked. */
static bool check_is_due(const struct trail_case *c, const struct account *a)
{
    uint32_t lots = lots_count(&a->stand.lots);
    uint32_t apart = lots > c->check_apart ? lots : c->check_apart;
    uint32_t before = a->check_next == 0 ? 0 : a->checks[a->check_next - 1].at;
    if (a->cursor - before < apart)
        return false;
    return a->check_next == a->check_count ||
           a->checks[a->check_next].at - a->cursor >= c->check_apart;
}

static err check_add(struct trail_case *c, struct account *a)
{
    if (a->check_count == a->check_room) {
        uint32_t room = case_pool_more(a->check_room);
        struct check *checks = case_pool_move(&c->pool, a->checks, a->check_room * sizeof *checks,
                                              room * sizeof *checks);
        if (checks == NULL)
            return fail(ERR_LIMIT, "trail.case_too_large", 0);
        a->checks = checks;
        a->check_room = room;
    }
    struct check *check = &a->checks[a->check_next];
    memmove(check + 1, check, (a->check_count - a->check_next) * sizeof *check);
    *check = (struct check){0};
    a->check_count++;
    a->check_next++;
    return check_write(c, check, a);
}

/* The last stand that is sure to hold before a place. */
static err restore(struct trail_case *c, struct account *a, uint32_t place)
{
    assert(!a->is_active && !a->has_end);
    a->end = a->stand;
    a->has_end = true;
    a->stand = (struct stand){.start = NONE};
    a->cursor = 0;
    uint32_t next = check_after(a, place);
    if (next == 0)
        return OK;
    const struct check *check = &a->checks[next - 1];
    a->cursor = check->at;
    a->stand.start = check->stand.start;
    return lots_copy(&a->stand.lots, &check->stand.lots, &c->pool);
}

/* ---- a marked account, to its end ------------------------------------------------------------ */

static err seek(struct trail_case *c, struct account *a, uint32_t event)
{
    if (a->is_active) {
        assert(a->items[a->cursor].event == event); /* money only moves forward */
        return OK;
    }
    uint32_t place = case_account_place(c, a, event);
    assert(place < a->count && a->items[place].event == event);
    present_add(c, &a->stand.lots, -1);
    if (place < a->cursor)
        TRY(restore(c, a, place));
    for (; a->cursor < place; a->cursor++)
        TRY(case_walk_step(c, &a->stand, a, a->items[a->cursor].event));
    present_add(c, &a->stand.lots, 1);
    a->check_next = check_after(a, place);
    a->is_active = true;
    return OK;
}

static void finish(struct trail_case *c, struct account *a)
{
    assert(c->accounts[c->heap[0].account] == a);
    case_account_touch(c, a, c->heap[0].account);
    lots_drop(&a->end.lots, &c->pool);
    a->has_end = false;
    a->is_active = false;
    a->last_mark = NONE;
    case_heap_drop(c);
}

/* From here on everything is as it was before. */
static bool is_as_before(const struct trail_case *c, const struct account *a)
{
    const struct check *check = &a->checks[a->check_next];
    return a->has_end && check->stand.start == a->stand.start &&
           lots_equal(&check->stand.lots, &a->stand.lots) &&
           case_event_compare(c, a->items[a->cursor].event, a->last_mark) > 0;
}

static void end_as_before(struct trail_case *c, struct account *a)
{
    present_add(c, &a->stand.lots, -1);
    lots_drop(&a->stand.lots, &c->pool);
    a->stand = a->end;
    a->end = (struct stand){.start = NONE};
    a->cursor = a->count;
    present_add(c, &a->stand.lots, 1);
    finish(c, a);
}

/* What comes next is one of these; each step is of another account, where no cache has it. */
static void fetch_next(const struct trail_case *c)
{
    for (uint32_t i = 1; i <= HEAP_ARMS && i < c->heap_count; i++) {
        const struct account *a = c->accounts[c->heap[i].account];
        const struct event *e = case_event(c, c->heap[i].event);
        __builtin_prefetch(e->carried.count > 1 ? (const void *)e->carried.many : e);
        __builtin_prefetch(a->is_active ? (const void *)(a->stand.lots.at + a->stand.lots.head)
                                        : a);
    }
}

static err advance(struct trail_case *c)
{
    fetch_next(c);
    struct account *a = c->accounts[c->heap[0].account];
    TRY(seek(c, a, c->heap[0].event));
    TRY(step(c, a));
    assert(c->accounts[c->heap[0].account] == a);
    a->cursor++;
    if (a->cursor == a->count) {
        finish(c, a);
        return OK;
    }
    bool is_check = a->check_next < a->check_count && a->checks[a->check_next].at == a->cursor;
    if (is_check && is_as_before(c, a)) {
        end_as_before(c, a);
        return OK;
    }
    if (is_check)
        TRY(check_write(c, &a->checks[a->check_next++], a));
    else if (check_is_due(c, a))
        TRY(check_add(c, a));
    case_heap_next(c, a->items[a->cursor].event);
    return OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

err case_run(struct trail_case *c)
{
    while (c->heap_count > 0 && !c->must_rebuild)
        TRY(advance(c));
    return OK;
}

/* No fen made, none lost. */
void case_check_sums(const struct trail_case *c)
{
    for (uint32_t i = 0; i < c->claim_count; i++) {
        const struct case_sum *s = &c->claims[i].sum;
        assert(s->present >= 0 && s->exited >= 0 && s->unknown >= 0);
        assert(s->stolen == s->present + s->exited + s->unknown);
    }
}
