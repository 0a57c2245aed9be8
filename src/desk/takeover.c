/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/takeover.h"

#include "desk/change.h"
#include "desk/order_parts.h"

static bool is_bound(unsigned state)
{
    return state == ORDER_APPROVED || state == ORDER_LIFTING || order_is_live(state);
}

int64_t takeover_bound(const struct order *o)
{
    bool has_more = o->bound > o->yielded;
    return is_bound(o->state) && has_more ? o->bound - o->yielded : 0;
}

static bool is_same_money(const struct order *o, const struct order *hold)
{
    return o->target_kind == hold->target_kind && str_equal(o->target, hold->target) &&
           str_equal(o->provider, hold->provider) && str_equal(o->currency, hold->currency) &&
           str_equal(o->report, hold->report) && str_equal(o->incident, hold->incident);
}

err takeover_check(const struct desk_view *view, const struct order *o)
{
    const struct order *hold = view->taken;
    if (str_is_empty(o->takes))
        return OK;
    if (hold == NULL)
        return fail(ERR_ABSENT, "order.takes_absent", 0);
    if (o->kind != ORDER_FREEZE || (hold->kind != ORDER_HOLD && hold->kind != ORDER_STOP))
        return fail(ERR_MALFORMED, "order.takes_kind", 0);
    if (!is_same_money(o, hold))
        return fail(ERR_MALFORMED, "order.takes_other", 0);
    if (!order_is_live(hold->state))
        return fail(ERR_CONFLICT, "order.takes_ended", 0);
    if (!str_is_empty(hold->taker) && !str_equal(hold->taker, o->id))
        return fail(ERR_CONFLICT, "order.takes_twice", 0);
    if (view->is_paying)
        return fail(ERR_CONFLICT, "order.takes_paid", 0);
    if (o->amount == 0 || o->amount > hold->amount)
        return fail(ERR_LIMIT, "order.takes_more", 0);
    return OK;
}

bool takeover_follow(const struct desk_view *view, struct change *change)
{
    const struct order *o = &change->after.order;
    const struct order *before = &view->own->order;
    int64_t bound = takeover_bound(before);
    bool is_news = o->state != before->state || takeover_bound(o) != bound;
    bool was_approved = is_bound(o->state) || is_bound(before->state);
    if (str_is_empty(o->takes) || !is_news || !was_approved)
        return false;
    change_follow(change, ACT_ORDER_YIELD, o->takes, STR(ORDER_WHY_TAKEN));
    change->follow.body.order = (struct order){.id = o->id,
                                               .state = o->state,
                                               .amount = o->amount,
                                               .held = o->held,
                                               .bound = takeover_bound(o),
                                               .yielded = bound}; /* so far */
    return true;
}

bool takeover_hear(const struct command *cmd, struct order *hold)
{
    const struct order *freeze = &cmd->body.order;
    bool is_theirs = str_is_empty(hold->taker) || str_equal(hold->taker, freeze->id);
    if (!is_theirs)
        return false;
    bool is_free = !is_bound(freeze->state) && order_is_live(hold->state); /* for another */
    hold->taker = is_free ? STR("") : freeze->id;
    hold->yielded = freeze->bound;
    bool is_done = freeze->state == ORDER_EXECUTED && freeze->held >= freeze->amount;
    return is_done && order_is_live(hold->state);
}

bool takeover_is_doubled(const struct order *o, const struct order *all, size_t count)
{
    for (size_t i = 0; i < count && !str_is_empty(o->takes); i++)
        if (str_equal(all[i].id, o->takes))
            return order_is_live(all[i].state);
    return false;
}
