/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/relief.h"

#include "desk/order_parts.h"

#include <assert.h>

int64_t relief_held(const struct order *o)
{
    bool is_beyond = o->amount > 0 && o->held > o->amount;
    return is_beyond ? o->amount : o->held;
}

/* The bank's own word after the payment knows of it. */
static struct relief relief_of_whole(const struct order *o, int64_t taken, instant paid_at)
{
    bool is_told = o->said_at.us > paid_at.us;
    int64_t left = is_told ? o->held : o->held - taken;
    if (left == 0)
        return (struct relief){.step = RELIEF_LIFT};
    return (struct relief){.step = is_told ? RELIEF_NOTHING : RELIEF_LOWER, .amount = left};
}

static struct relief relief_of(const struct order *o, int64_t taken, instant paid_at)
{
    if (taken == 0)
        return (struct relief){.step = RELIEF_NOTHING};
    if (o->amount == 0)
        return relief_of_whole(o, taken, paid_at);
    if (o->amount == taken)
        return (struct relief){.step = RELIEF_LIFT};
    return (struct relief){.step = RELIEF_TRIM, .amount = o->amount - taken};
}

int64_t relief_ended(const struct order *const *orders, size_t count, instant sent_at)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        const struct order *o = orders[i];
        bool has_ended = !order_is_live(o->state) && o->ended_at.us >= sent_at.us;
        if (has_ended)
            sum += o->amount > 0 ? o->amount : o->held;
    }
    return sum;
}

int64_t round_relief(const struct round_orders *orders, int64_t paid, instant paid_at,
                     struct relief *ret_relief)
{
    assert(paid >= 0);
    for (size_t i = 0; i < orders->count; i++) {
        int64_t held = relief_held(orders->at[i]);
        int64_t taken = held < paid ? held : paid;
        ret_relief[i] = relief_of(orders->at[i], taken, paid_at);
        paid -= taken;
    }
    return paid;
}

bool relief_command(const struct relief *relief, struct command *ret_cmd)
{
    static const enum act acts[] = {[RELIEF_TRIM] = ACT_ORDER_TRIM,
                                    [RELIEF_LOWER] = ACT_ORDER_LOWER,
                                    [RELIEF_LIFT] = ACT_ORDER_LIFT};
    if (relief->step == RELIEF_NOTHING)
        return false;
    ret_cmd->act = acts[relief->step];
    ret_cmd->body.order.amount = relief->step == RELIEF_TRIM ? relief->amount : 0;
    ret_cmd->body.order.held = relief->step == RELIEF_LOWER ? relief->amount : 0;
    return true;
}
