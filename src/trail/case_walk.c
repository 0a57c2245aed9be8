/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_inside.h"

/* A balance beyond this (45 trillion yuan) is a mistake, and is not believed. */
#define BALANCE_MOST (INT64_C(1) << 52)

static err put(struct trail_case *c, struct lots *l, uint32_t owner, int64_t minor)
{
    return method_put(c->settings.method, l, &c->pool,
                      (struct lot){.minor = minor, .owner = owner});
}

static void take(struct trail_case *c, struct lots *l, int64_t minor, struct takings *ret)
{
    method_take(c->settings.method, l, minor, c->rests, ret);
}

static bool says_balance(const struct event *e)
{
    return (e->when & ROW_HAS_BALANCE) != 0 && e->balance_minor <= BALANCE_MOST &&
           e->balance_minor >= -BALANCE_MOST;
}

/* It does not move anything here; but who reads the account should know of it. */
static unsigned said_without_moving(const struct trail_case *c, const struct event *e)
{
    unsigned status = (unsigned)(e->when & ROW_STATUS_MASK);
    if (e->from == e->to || status > TRANSFER_BOOKED)
        return 0;
    if (status == TRANSFER_PENDING)
        return EVENT_PENDING;
    assert(!case_event_counts(c, e));
    return EVENT_FOREIGN;
}

/* A victim's own payment is the claim's money, whatever the account holds of others: honest money
 * stands for it first; what must be taken from other claims cannot be told any more. */
static void pay_as_victim(struct trail_case *c, struct stand *s, const struct event *e)
{
    int64_t honest = method_take_honest(c->settings.method, &s->lots, e->amount_minor);
    take(c, &s->lots, e->amount_minor - honest, &c->outcome.lost);
    if (c->outcome.lost.stolen_minor > 0)
        c->outcome.said |= EVENT_TAKEN;
}

/* Money that was seen moves before money that was not: what the balance says is missing afterwards
 * left afterwards. What is too much must have been there before, or it could not have been paid. */
static err pay(struct trail_case *c, struct stand *s, const struct event *e)
{
    struct outcome *o = &c->outcome;
    struct lots *l = &s->lots;
    bool has_balance = says_balance(e);
    if (has_balance && e->balance_minor + e->amount_minor > lots_total(l))
        TRY(put(c, l, LOT_HONEST, e->balance_minor + e->amount_minor - lots_total(l)));
    if (l->stolen_minor > 0 && e->amount_minor > lots_total(l))
        o->said |= EVENT_OVERDRAWN;
    if ((e->when & EVENT_SOURCE) != 0)
        pay_as_victim(c, s, e);
    else
        take(c, l, e->amount_minor, &o->carried);
    if (!has_balance)
        return OK;
    int64_t lost_before = o->lost.stolen_minor;
    int64_t balance = e->balance_minor > 0 ? e->balance_minor : 0;
    if (lots_total(l) > balance)
        take(c, l, lots_total(l) - balance, &o->lost);
    if (o->lost.stolen_minor > lost_before)
        o->said |= EVENT_UNSEEN;
    return OK;
}

static err wake(struct trail_case *c, struct stand *s, const struct account *a)
{
    struct trail_event before = case_event_tell(c, s->start);
    int64_t opening = 0;
    assert(lots_count(&s->lots) == 0);
    if (a->is_busy) /* what it pays is not looked at: only what is stolen counts */
        return OK;
    if (!c->port.opening(c->port.of, a->id, &before, &opening) || opening < 0)
        opening = 0;
    return put(c, &s->lots, LOT_HONEST, opening);
}

static err receive(struct trail_case *c, struct stand *s, const struct account *a,
                   const struct event *e)
{
    int64_t honest = a->is_busy ? 0 : e->amount_minor - portions_sum(&e->carried);
    const struct lot one = {.minor = e->carried.minor, .owner = e->carried.owner};
    const struct lot *parts = e->carried.count > 1 ? e->carried.many : &one;
    assert(honest >= 0);
    TRY(method_put_parts(c->settings.method, &s->lots, &c->pool, parts, e->carried.count));
    return put(c, &s->lots, LOT_HONEST, honest);
}

err case_walk_step(struct trail_case *c, struct stand *s, const struct account *a, uint32_t event)
{
    struct outcome *o = &c->outcome;
    takings_clear(&o->carried);
    takings_clear(&o->lost);
    o->said = 0;
    const struct event *e = case_event(c, event);
    bool counts = case_event_counts(c, e);
    c->work++;
    if (e->from == a->id) {
        if (s->start == NONE)
            return OK;
        if (counts)
            return pay(c, s, e);
        o->said = s->lots.stolen_minor > 0 ? said_without_moving(c, e) : 0;
        return OK;
    }
    assert(e->to == a->id);
    if (!counts || event_exit(e) != EXIT_NONE)
        return OK;
    if (s->start == NONE && e->carried.count == 0)
        return OK;
    if (s->start == NONE) {
        s->start = event;
        TRY(wake(c, s, a));
    }
    return receive(c, s, a, e);
}
