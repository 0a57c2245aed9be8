/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/round_held.h"

#include "desk/relief.h"

static bool holds(const struct order *o)
{
    bool is_done = o->state == ORDER_EXECUTED || o->state == ORDER_PARTIAL;
    return is_done && !str_is_empty(o->approver);
}

int64_t round_held(const struct round_orders *orders)
{
    int64_t held = 0;
    for (size_t i = 0; i < orders->count; i++)
        held += holds(orders->at[i]) ? relief_held(orders->at[i]) : 0;
    return held;
}

instant round_held_until(const struct round_orders *orders)
{
    instant until = {0};
    for (size_t i = 0; i < orders->count; i++) {
        const struct order *o = orders->at[i];
        bool is_first = until.us == 0 || o->until.us < until.us;
        until = holds(o) && is_first ? o->until : until;
    }
    return until;
}

/* Its bank may have moved it under the freeze already, and not have said so. */
static bool is_being_taken(const struct round_orders *orders)
{
    for (size_t i = 0; i < orders->count; i++)
        if (holds(orders->at[i]) && !str_is_empty(orders->at[i]->taker))
            return true;
    return false;
}

err round_held_check(const struct round *r, const struct round_orders *orders, enum act step,
                     const struct law_profile *law, instant at)
{
    instant until = round_held_until(orders);
    instant paid_by = law_add_working_days(law, at, law->refund_pay_days);
    if (round_held(orders) < r->shared)
        return fail(ERR_CONFLICT, "round.not_held", 0);
    if (step == ACT_ROUND_NOTICE && until.us <= r->notice_until.us)
        return fail(ERR_CONFLICT, "round.term", 0);
    if (step == ACT_ROUND_APPROVE && is_being_taken(orders))
        return fail(ERR_CONFLICT, "round.taken_over", 0);
    if (step == ACT_ROUND_APPROVE && until.us <= paid_by.us)
        return fail(ERR_CONFLICT, "round.pay_term", 0);
    return OK;
}
