/* SPDX-License-Identifier: Apache-2.0 */
/* The banks: purses, what is held of them, and orders that take their time. */
#include "app/race/race_replay_inside.h"

#include <assert.h>
#include <stdlib.h>

enum { TERM_HOURS = 48, REFUSED_OF_100 = 5, STOPS_ONLY = 5 };
#define MINUTE_US INT64_C(60000000)

enum event_kind { EVENT_REPORT, EVENT_LANDS, EVENT_ENDS, EVENT_CLOSES };

struct replay_event {
    int64_t at_us;
    uint64_t number; /* of two at once, the earlier put */
    uint32_t which;
    uint32_t kind;
};

struct told {
    int64_t at_us;
    uint32_t intent;
};

/* How long an order takes at each bank, in the mean; law.md and the drill's banks say nothing. */
static const int64_t mean_min[] = {1, 2, 4, 6, 2, 20, 1};
/* An exponential wait of mean 1000, in sixteen equally likely parts. */
static const int64_t waits[] = {32,  98,  167, 242,  322,  408,  502,  605,
                                719, 847, 993, 1163, 1367, 1624, 1990, 2920};

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t x = a * UINT64_C(0x9e3779b97f4a7c15) + b;
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* --- what happens next --- */

static bool is_sooner(const struct replay_event *a, const struct replay_event *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->number < b->number;
}

static err put_event(struct replay *r, int64_t at_us, enum event_kind kind, uint32_t which)
{
    if (r->event_count == EVENTS_MOST)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct replay_event e = {at_us, r->event_number++, which, kind};
    uint32_t at = r->event_count++;
    for (; at > 0 && is_sooner(&e, &r->events[(at - 1) / 2]); at = (at - 1) / 2)
        r->events[at] = r->events[(at - 1) / 2];
    r->events[at] = e;
    return OK;
}

static struct replay_event take_event(struct replay *r)
{
    struct replay_event first = r->events[0];
    struct replay_event last = r->events[--r->event_count];
    uint32_t at = 0;
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child + 1 < r->event_count && is_sooner(&r->events[child + 1], &r->events[child]))
            child++;
        if (child >= r->event_count || is_sooner(&last, &r->events[child]))
            break;
        r->events[at] = r->events[child];
        at = child;
    }
    r->events[at] = last;
    return first;
}

/* --- purses --- */

static int64_t held_stolen(const struct purse *p)
{
    return p->stops > 0 ? p->stolen : least(p->held, p->stolen);
}

static int64_t held_honest(const struct purse *p)
{
    return p->stops > 0 ? p->honest : least(p->honest, most(0, p->held - p->stolen));
}

/* Before anything changes in a purse: so long it was as it is. */
static struct purse *touch(struct replay *r, uint32_t account)
{
    struct purse *p = &r->purses[account];
    r->innocent += (__int128)held_honest(p) * (r->now_us - p->since_us);
    p->since_us = r->now_us;
    return p;
}

static err put_lot(struct replay *r, uint32_t account, const struct piece *what)
{
    uint32_t number = r->free_lot;
    if (number != 0) {
        r->free_lot = r->lots[number].next;
    } else {
        if (r->lot_count + 1 == LOTS_MOST)
            return fail(ERR_LIMIT, "limit.memory", 0);
        number = ++r->lot_count;
    }
    struct purse *p = touch(r, account);
    r->lots[number] = *what;
    r->lots[number].next = 0;
    if (p->last_lot == 0)
        p->first_lot = number;
    else
        r->lots[p->last_lot].next = number;
    p->last_lot = number;
    p->stolen += what->fen;
    return OK;
}

/* The oldest first, into another purse or beyond all of them. */
static err move_lots(struct replay *r, uint32_t intent, int64_t fen)
{
    const struct race_intent *i = &r->world->intents[intent];
    struct purse *p = touch(r, i->from);
    p->stolen -= fen;
    while (fen > 0) {
        uint32_t number = p->first_lot;
        struct piece *lot = &r->lots[number];
        struct piece part = {0, lot->taking, intent, least(lot->fen, fen)};
        lot->fen -= part.fen;
        fen -= part.fen;
        if (lot->fen == 0) {
            p->first_lot = lot->next;
            p->last_lot = lot->next == 0 ? 0 : p->last_lot;
            lot->next = r->free_lot;
            r->free_lot = number;
        }
        if (i->to < r->world->accounts)
            TRY(put_lot(r, i->to, &part));
    }
    return OK;
}

static err take_from_victim(struct replay *r, uint32_t intent, int64_t fen)
{
    const struct race_intent *i = &r->world->intents[intent];
    struct piece lot = {0, intent, intent, fen};
    touch(r, i->from)->honest -= fen;
    r->result.stolen_fen += fen;
    TRY(put_event(r, r->now_us + r->settings.delay_us, EVENT_REPORT, intent));
    return i->to < r->world->accounts ? put_lot(r, i->to, &lot) : OK;
}

static void chain(struct replay *r, uint32_t intent)
{
    const struct race_intent *i = &r->world->intents[intent];
    if (i->from < r->world->accounts) {
        r->next[intent].out = r->chains[i->from].out;
        r->chains[i->from].out = intent + 1;
    }
    if (i->to < r->world->accounts) {
        r->next[intent].in = r->chains[i->to].in;
        r->chains[i->to].in = intent + 1;
    }
}

/* It happens with what is left. */
static err happen(struct replay *r, uint32_t intent)
{
    const struct race_intent *i = &r->world->intents[intent];
    bool is_here = i->from < r->world->accounts;
    const struct purse *p = &r->purses[is_here ? i->from : 0];
    int64_t fen = i->fen;
    assert(is_here || !i->is_stolen);
    chain(r, intent);
    if (i->is_stolen && !i->is_taking) {
        fen = least(fen, p->stolen - held_stolen(p));
        r->done_fen[intent] = fen;
        return fen > 0 ? move_lots(r, intent, fen) : OK;
    }
    if (is_here)
        fen = most(0, least(fen, p->honest - held_honest(p)));
    r->done_fen[intent] = fen;
    if (fen == 0)
        return OK;
    if (i->is_taking)
        return take_from_victim(r, intent, fen);
    if (is_here)
        touch(r, i->from)->honest -= fen;
    if (i->to < r->world->accounts)
        touch(r, i->to)->honest += fen;
    return OK;
}

int64_t banks_known_stolen(const struct replay *r, uint32_t account, const bool *is_reported)
{
    int64_t sum = 0;
    for (uint32_t n = r->purses[account].first_lot; n != 0; n = r->lots[n].next) {
        const struct piece *lot = &r->lots[n];
        bool is_known = r->is_told[lot->brought] || lot->brought == lot->taking;
        sum += is_reported[lot->taking] && is_known ? lot->fen : 0;
    }
    return sum;
}

/* --- orders --- */

bool banks_can_hold(uint32_t bank)
{
    return bank != STOPS_ONLY;
}

err banks_order(struct replay *r, const struct replay_order *order)
{
    if (r->order_count + 1 == ORDERS_MOST)
        return fail(ERR_LIMIT, "limit.memory", 0);
    uint32_t number = ++r->order_count;
    struct replay_order *o = &r->orders[number];
    uint64_t bits = mix(order->account + 1U, (uint64_t)r->now_us);
    uint32_t bank = r->world->banks[order->account];
    *o = *order;
    o->sent_us = r->now_us;
    o->is_refused = o->kind != REPLAY_TRIM && bits / 16 % 100 < REFUSED_OF_100;
    r->result.orders += o->kind != REPLAY_TRIM;
    r->result.trims += o->kind == REPLAY_TRIM;
    int64_t mean = mean_min[bank % COUNT_OF(mean_min)];
    return put_event(r, r->now_us + mean * MINUTE_US / 1000 * waits[bits % 16], EVENT_LANDS,
                     number);
}

err banks_remind(struct replay *r, uint32_t of, int64_t hours)
{
    return put_event(r, r->now_us + hours * REPLAY_HOUR_US, EVENT_CLOSES, of);
}

/* Ends what an earlier order of the case holds there, `asked` of it. */
static void trim(struct replay *r, struct replay_order *by)
{
    struct purse *p = touch(r, by->account);
    int64_t rest = by->asked;
    for (uint32_t i = 1; i <= r->order_count && rest > 0; i++) {
        struct replay_order *o = &r->orders[i];
        if (o->of != by->of || o->account != by->account || o->is_over || !o->has_landed)
            continue;
        int64_t less = least(rest, o->held);
        if (o->kind == REPLAY_HOLD) {
            o->held -= less;
            p->held -= less;
            rest -= less;
        } else if (o->kind == REPLAY_STOP) {
            p->stops -= 1;
            o->is_over = true;
        }
    }
    by->is_over = true;
}

static err land(struct replay *r, uint32_t number)
{
    struct replay_order *o = &r->orders[number];
    struct purse *p = touch(r, o->account);
    int64_t free = p->stolen + p->honest - p->held;
    o->has_landed = true;
    o->landed_us = r->now_us;
    if (o->kind == REPLAY_TRIM)
        trim(r, o);
    else if (o->is_refused)
        o->is_over = true;
    else if (o->kind == REPLAY_STOP)
        p->stops++;
    else if (r->settings.policy == POLICY_ORACLE)
        o->held = most(0, least(o->asked, p->stolen - p->held));
    else
        o->held = most(0, least(o->asked, free));
    p->held += o->kind == REPLAY_HOLD ? o->held : 0;
    if (!o->is_over)
        TRY(put_event(r, r->now_us + TERM_HOURS * REPLAY_HOUR_US, EVENT_ENDS, number));
    return centre_landed(r, o);
}

/* What is stolen stays; the rest is given back. */
static void end_term(struct replay *r, struct replay_order *o)
{
    if (o->is_over)
        return;
    struct purse *p = touch(r, o->account);
    o->is_over = true;
    if (o->kind == REPLAY_STOP) {
        p->stops--;
        p->held = most(p->held, p->stolen);
        return;
    }
    int64_t beyond = most(0, p->held - p->stolen);
    p->held -= least(beyond, o->held);
}

static err act(struct replay *r, const struct replay_event *e)
{
    switch ((enum event_kind)e->kind) {
    case EVENT_REPORT:
        return centre_report(r, e->which);
    case EVENT_LANDS:
        return land(r, e->which);
    case EVENT_ENDS:
        end_term(r, &r->orders[e->which]);
        return OK;
    case EVENT_CLOSES:
        return centre_close(r, e->which);
    }
    return OK;
}

/* --- a month --- */

static int by_told(const void *one, const void *other)
{
    const struct told *a = one;
    const struct told *b = other;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    return a->intent < b->intent ? -1 : a->intent > b->intent;
}

static err begin(struct replay *r, struct told **ret_told)
{
    const struct race_world *w = r->world;
    struct told *told = arena_make_array(&r->arena, w->count + 1, sizeof *told);
    r->purses = arena_make_array(&r->arena, w->accounts, sizeof *r->purses);
    r->done_fen = arena_make_array(&r->arena, w->count, sizeof *r->done_fen);
    r->is_told = arena_make_array(&r->arena, w->count, sizeof *r->is_told);
    r->chains = arena_make_array(&r->arena, w->accounts, sizeof *r->chains);
    r->next = arena_make_array(&r->arena, w->count, sizeof *r->next);
    r->lots = arena_make_array(&r->arena, LOTS_MOST, sizeof *r->lots);
    r->orders = arena_make_array(&r->arena, ORDERS_MOST, sizeof *r->orders);
    r->events = arena_make_array(&r->arena, EVENTS_MOST, sizeof *r->events);
    if (told == NULL || r->purses == NULL || r->done_fen == NULL || r->is_told == NULL ||
        r->lots == NULL || r->chains == NULL || r->next == NULL || r->orders == NULL ||
        r->events == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < w->count; i++) {
        told[i] = (struct told){w->intents[i].told_us, i};
        r->done_fen[i] = -1;
    }
    told[w->count].at_us = INT64_MAX;
    qsort(told, w->count, sizeof *told, by_told);
    r->now_us = w->count > 0 ? w->intents[0].at_us : 0;
    for (uint32_t i = 0; i < w->accounts; i++)
        r->purses[i] = (struct purse){.honest = w->openings[i], .since_us = r->now_us};
    *ret_told = told;
    return centre_make(r);
}

static err tell(struct replay *r, uint32_t intent)
{
    if (r->done_fen[intent] <= 0)
        return OK;
    r->is_told[intent] = true;
    return centre_told(r, intent);
}

static err go(struct replay *r, const struct told *told)
{
    const struct race_world *w = r->world;
    uint32_t next = 0;
    uint32_t next_told = 0;
    for (;;) {
        int64_t happens = next < w->count ? w->intents[next].at_us : INT64_MAX;
        int64_t acts = r->event_count > 0 ? r->events[0].at_us : INT64_MAX;
        int64_t tells = told[next_told].at_us;
        r->now_us = most(r->now_us, least(happens, least(acts, tells)));
        if (happens <= least(acts, tells)) {
            if (happens == INT64_MAX)
                return OK;
            TRY(happen(r, next++));
        } else if (tells <= acts) {
            TRY(tell(r, told[next_told++].intent));
        } else {
            struct replay_event e = take_event(r);
            TRY(act(r, &e));
        }
    }
}

static void sum_up(struct replay *r)
{
    for (uint32_t i = 0; i < r->world->accounts; i++) {
        const struct purse *p = touch(r, i);
        r->result.saved_fen += held_stolen(p);
    }
    r->result.innocent = (int64_t)(r->innocent / REPLAY_HOUR_US);
}

err race_replay(const struct race_world *w, const struct replay_settings *s,
                struct replay_result *ret_result)
{
    struct replay r = {.world = w, .settings = *s};
    struct told *told = NULL;
    arena_init(&r.arena, SIZE_MAX);
    err e = begin(&r, &told);
    if (!failed(e))
        e = go(&r, told);
    if (!failed(e))
        sum_up(&r);
    *ret_result = r.result;
    centre_done(r.centre);
    arena_done(&r.arena);
    return e;
}
