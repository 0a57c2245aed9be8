/* SPDX-License-Identifier: Apache-2.0 */
/* The day, event by event, under a policy. */
#include "dispatch_world.h"

#include <assert.h>
#include <stdlib.h>

enum { QUEUE_MOST = 200000, PLAY_ROOM = 128 << 20, LAST_S = 3 * 86400 };

enum happening {
    HAPPENS_ALERT,
    HAPPENS_ANSWER,
    HAPPENS_HAND_OVER,
    HAPPENS_DOOR,
    HAPPENS_DONE,
    HAPPENS_TURN
};

struct happens {
    uint32_t at_s;
    uint32_t order; /* of those in one second */
    uint32_t alert;
    uint32_t officer;
    uint32_t serial; /* of the asking that it belongs to */
    uint8_t what;
};

/* An alert, while it is being looked after. */
struct care {
    uint32_t work;    /* OURS: its place in dispatch */
    uint32_t officer; /* asked, or on the way */
    uint32_t serial;
    uint32_t asked_s;
    bool is_open;  /* NEAREST: waits for somebody */
    bool is_asked; /* NEAREST: and has not heard */
    uint32_t passed[PASSED_MOST];
    uint32_t passed_count;
};

struct play {
    struct dispatch_world *w;
    struct happens *queue;
    struct care *cares;
    struct officer *officers;
    uint32_t *alert_of; /* OURS: of a place in dispatch */
    struct duty duty;
    struct dispatch d;
    struct arena arena;
    uint32_t count;
    uint32_t order;
    uint32_t open;
    enum policy policy;
};

static bool is_sooner(const struct happens *a, const struct happens *b)
{
    return a->at_s != b->at_s ? a->at_s < b->at_s : a->order < b->order;
}

static void expect(struct play *p, struct happens h)
{
    assert(p->count < QUEUE_MOST);
    h.order = p->order++;
    uint32_t i = p->count++;
    for (; i > 0 && is_sooner(&h, &p->queue[(i - 1) / 2]); i = (i - 1) / 2)
        p->queue[i] = p->queue[(i - 1) / 2];
    p->queue[i] = h;
}

static struct happens next(struct play *p)
{
    struct happens top = p->queue[0];
    struct happens last = p->queue[--p->count];
    uint32_t i = 0;
    for (uint32_t child = 1; child < p->count; child = 2 * i + 1) {
        child += child + 1 < p->count && is_sooner(&p->queue[child + 1], &p->queue[child]);
        if (!is_sooner(&p->queue[child], &last))
            break;
        p->queue[i] = p->queue[child];
        i = child;
    }
    p->queue[i] = last;
    return top;
}

/* Somebody is asked: what they will do about it is known to the world alone. */
static void ask(struct play *p, uint32_t alert, uint32_t officer, uint32_t now_s)
{
    struct care *c = &p->cares[alert];
    uint32_t after_s = 0;
    enum answer answer = world_answer(p->w, alert, officer, &after_s);
    c->officer = officer;
    c->serial++;
    c->asked_s = now_s;
    if (answer != ANSWER_NONE)
        expect(p, (struct happens){now_s + after_s, 0, alert, officer, c->serial, HAPPENS_ANSWER});
}

static void follow_orders(struct play *p, uint32_t now_s)
{
    for (uint32_t i = 0; i < p->d.order_count; i++) {
        const struct dispatch_order *o = &p->d.orders[i];
        if (o->kind == DISPATCH_ASK)
            ask(p, p->alert_of[o->work], o->officer, now_s);
        else
            p->cares[p->alert_of[o->work]].serial++;
    }
}

/* --- whoever is free and nearest as the crow flies --- */

static bool may_be_sent(const struct play *p, const struct care *c, uint32_t officer,
                        uint32_t now_s)
{
    const struct officer *o = &p->officers[officer];
    if (o->on_until_s == 0 || o->busy != WORK_NONE || o->asked != WORK_NONE ||
        o->silent_until_s > now_s)
        return false;
    for (uint32_t i = 0; i < c->passed_count && i < PASSED_MOST; i++)
        if (c->passed[i] == officer)
            return false;
    return true;
}

static void ask_nearest(struct play *p, uint32_t alert, uint32_t now_s)
{
    struct care *c = &p->cares[alert];
    spot door = p->w->centres[p->w->alerts[alert].beat];
    uint32_t best = OFFICER_NONE;
    uint32_t best_m = UINT32_MAX;
    for (uint32_t i = 0; i < PROVINCE_OFFICERS; i++) {
        uint32_t m = spot_distance_m(p->w->centres[p->officers[i].beat], door);
        if (m < best_m && may_be_sent(p, c, i, now_s)) {
            best = i;
            best_m = m;
        }
    }
    if (best == OFFICER_NONE)
        return;
    c->is_asked = true;
    p->officers[best].asked = alert;
    ask(p, alert, best, now_s);
}

static void pass(struct play *p, struct care *c)
{
    p->officers[c->officer].asked = WORK_NONE;
    c->passed[c->passed_count++ % PASSED_MOST] = c->officer;
    c->is_asked = false;
    c->serial++;
}

static void nearest_turn(struct play *p, uint32_t now_s)
{
    for (uint32_t i = 0; i < p->w->alert_count; i++) {
        struct care *c = &p->cares[i];
        uint32_t most_s = dispatch_usual.answer_s[p->w->alerts[i].tier];
        if (c->is_asked && now_s - c->asked_s >= most_s) {
            p->officers[c->officer].silent_until_s = now_s + dispatch_usual.silent_s;
            pass(p, c);
        }
        if (c->is_open && !c->is_asked)
            ask_nearest(p, i, now_s);
    }
}

/* --- what happens --- */

static err on_alert(struct play *p, const struct happens *h)
{
    const struct world_alert *a = &p->w->alerts[h->alert];
    struct care *c = &p->cares[h->alert];
    p->open++;
    if (p->policy == POLICY_NEAREST) {
        c->is_open = true;
        ask_nearest(p, h->alert, h->at_s);
        return OK;
    }
    struct work_new work = {a->beat, a->came_s + WITHIN_S, a->tier};
    TRY(dispatch_arrive(&p->d, work, h->at_s, &c->work));
    p->alert_of[c->work] = h->alert;
    follow_orders(p, h->at_s);
    return OK;
}

static void set_out(struct play *p, const struct happens *h, uint32_t from)
{
    const struct world_alert *a = &p->w->alerts[h->alert];
    uint32_t way_s = world_travel_s(p->w, from, a->beat, h->at_s);
    bool gives_back = world_hands_over(p->w, h->alert, h->officer);
    struct happens then = *h;
    then.what = gives_back ? HAPPENS_HAND_OVER : HAPPENS_DOOR;
    then.at_s += gives_back ? way_s / 2 : way_s;
    expect(p, then);
}

static err on_answer(struct play *p, const struct happens *h)
{
    struct care *c = &p->cares[h->alert];
    struct officer *o = &p->officers[h->officer];
    uint32_t from = o->beat;
    uint32_t after_s = 0;
    if (c->serial != h->serial)
        return OK; /* asked somebody else meanwhile */
    bool accepts = world_answer(p->w, h->alert, h->officer, &after_s) == ANSWER_ACCEPT;
    if (p->policy == POLICY_NEAREST && accepts) {
        o->asked = WORK_NONE;
        o->busy = h->alert;
        c->is_open = c->is_asked = false;
        duty_move(&p->duty, h->officer, p->w->alerts[h->alert].beat);
    } else if (p->policy == POLICY_NEAREST) {
        pass(p, c);
        ask_nearest(p, h->alert, h->at_s);
    } else if (accepts) {
        TRY(dispatch_accept(&p->d, c->work, h->officer, h->at_s));
    } else {
        TRY(dispatch_refuse(&p->d, c->work, h->officer, h->at_s));
        follow_orders(p, h->at_s);
    }
    if (accepts)
        set_out(p, h, from);
    return OK;
}

static void nearest_free(struct play *p, const struct happens *h)
{
    struct officer *o = &p->officers[h->officer];
    o->busy = WORK_NONE;
    o->back_s = h->at_s + neighbours_travel_s(&p->w->near, o->beat, o->home);
}

static err on_hand_over(struct play *p, const struct happens *h)
{
    struct care *c = &p->cares[h->alert];
    if (p->policy == POLICY_NEAREST) {
        nearest_free(p, h);
        c->is_open = true;
        pass(p, c);
        ask_nearest(p, h->alert, h->at_s);
        return OK;
    }
    TRY(dispatch_hand_over(&p->d, c->work, h->officer, h->at_s));
    follow_orders(p, h->at_s);
    return OK;
}

static err on_door(struct play *p, const struct happens *h)
{
    struct world_alert *a = &p->w->alerts[h->alert];
    struct happens then = *h;
    a->door_s = h->at_s;
    then.what = HAPPENS_DONE;
    then.at_s += a->visit_s;
    expect(p, then);
    if (p->policy == POLICY_NEAREST)
        return OK;
    return dispatch_at_door(&p->d, p->cares[h->alert].work, h->officer, h->at_s);
}

static err on_done(struct play *p, const struct happens *h)
{
    p->open--;
    if (p->policy == POLICY_NEAREST) {
        nearest_free(p, h);
        return OK;
    }
    dispatch_done(&p->d, p->cares[h->alert].work, h->at_s);
    follow_orders(p, h->at_s);
    return OK;
}

static err on_turn(struct play *p, const struct happens *h)
{
    if (p->policy == POLICY_NEAREST) {
        duty_return(&p->duty, h->at_s);
        nearest_turn(p, h->at_s);
    } else {
        TRY(dispatch_turn(&p->d, h->at_s, &p->w->turn));
        arena_reset(&p->w->turn);
        follow_orders(p, h->at_s);
    }
    /* The rest of the day's alerts stand in the queue. */
    if (p->count > 0 || p->open > 0) {
        struct happens then = *h;
        then.at_s += TURN_EVERY_S;
        expect(p, then);
    }
    return OK;
}

static err happen(struct play *p, const struct happens *h)
{
    static err (*const handlers[])(struct play *, const struct happens *) = {
        [HAPPENS_ALERT] = on_alert,         [HAPPENS_ANSWER] = on_answer,
        [HAPPENS_HAND_OVER] = on_hand_over, [HAPPENS_DOOR] = on_door,
        [HAPPENS_DONE] = on_done,           [HAPPENS_TURN] = on_turn,
    };
    return handlers[h->what](p, h);
}

static err begin(struct play *p)
{
    struct dispatch_world *w = p->w;
    arena_init(&p->arena, PLAY_ROOM);
    p->queue = arena_make_array(&p->arena, QUEUE_MOST, sizeof *p->queue);
    p->cares = arena_make_array(&p->arena, w->alert_count, sizeof *p->cares);
    p->officers = arena_make_array(&p->arena, PROVINCE_OFFICERS, sizeof *p->officers);
    p->alert_of = arena_make_array(&p->arena, WORK_MOST, sizeof *p->alert_of);
    if (p->queue == NULL || p->cares == NULL || p->officers == NULL || p->alert_of == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < PROVINCE_OFFICERS; i++) {
        struct officer *o = &p->officers[i];
        o->home = world_home(w, i);
        o->on_until_s = world_is_on(w, i) ? LAST_S : 0;
        memcpy(o->division, w->divisions[o->home], DIVISION_BYTES);
    }
    TRY(duty_make(&p->duty, &w->near, (const char(*)[DIVISION_BYTES])w->divisions, 2, &p->arena));
    duty_staff(&p->duty, p->officers, PROVINCE_OFFICERS);
    TRY(dispatch_make(&p->d, &p->duty, &dispatch_usual, &p->arena));
    for (uint32_t i = 0; i < w->alert_count; i++) {
        w->alerts[i].door_s = 0;
        expect(p, (struct happens){.at_s = w->alerts[i].came_s, .alert = i, .what = HAPPENS_ALERT});
    }
    expect(p, (struct happens){.at_s = TURN_EVERY_S, .what = HAPPENS_TURN});
    return OK;
}

err dispatch_world_play(struct dispatch_world *w, enum policy policy,
                        struct world_figures *ret_figures)
{
    struct play p = {.w = w, .policy = policy};
    err e = begin(&p);
    while (!failed(e) && p.count > 0) {
        struct happens h = next(&p);
        if (h.at_s > LAST_S)
            break; /* what nobody ever reaches */
        e = happen(&p, &h);
    }
    *ret_figures = (struct world_figures){.counts = p.d.counts};
    world_count(w, ret_figures);
    arena_done(&p.arena);
    return e;
}
