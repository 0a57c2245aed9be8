/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/unrelated.h"

#include "desk/change.h"
#include "desk/order_parts.h"

#include <assert.h>

enum { WHY_BYTES = 2000 };

void unrelated_end(struct change *change)
{
    struct order *o = &change->after.order;
    if (o->release_by.us == 0)
        return;
    o->release_by = (instant){0};
    change_timer_stop(change, ACT_ORDER_DUE);
}

err unrelated_find(const struct law_profile *law, instant at, struct change *change)
{
    struct order *o = &change->after.order;
    assert(law->unrelated_days > 0);
    if (o->target_kind != INDICATOR_ACCOUNT || o->kind == ORDER_DISCONNECT)
        return fail(ERR_CONFLICT, "order.not_money", 0);
    if (!order_is_live(o->state))
        return fail(ERR_CONFLICT, "order.not_in_force", 0);
    if (o->unrelated_since.us != 0)
        return fail(ERR_CONFLICT, "order.unrelated_before", 0);
    o->unrelated_since = at;
    o->release_by = instant_add_us(at, law->unrelated_days * US_PER_DAY);
    change_timer(change, ACT_ORDER_DUE, o->release_by);
    return OK;
}

err unrelated_not(struct change *change)
{
    struct order *o = &change->after.order;
    if (!order_is_live(o->state))
        return fail(ERR_CONFLICT, "order.not_in_force", 0);
    if (o->unrelated_since.us == 0)
        return fail(ERR_CONFLICT, "order.not_unrelated", 0);
    unrelated_end(change);
    o->unrelated_since = (instant){0};
    o->keeper = STR("");
    return OK;
}

/* What two people decided, and no machine undoes against a person who says why. */
err unrelated_keep(const struct command *cmd, struct change *change)
{
    struct order *o = &change->after.order;
    if (o->release_by.us == 0)
        return fail(ERR_CONFLICT, "order.not_unrelated", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    unrelated_end(change);
    o->keeper = cmd->actor.user;
    return OK;
}

/* Nothing ends by the clock alone: whoever follows the money hears of this, and looks once more. */
err unrelated_due(instant at, struct change *change)
{
    const struct order *o = &change->after.order;
    if (o->release_by.us == 0 || !order_is_live(o->state))
        return fail(ERR_CONFLICT, "order.not_unrelated", 0);
    change_timer(change, ACT_ORDER_DUE, instant_add_us(at, US_PER_DAY));
    return OK;
}

err unrelated_release(const struct desk_view *view, instant at, struct change *change)
{
    const struct order *o = &change->after.order;
    if (o->release_by.us == 0 || !order_is_live(o->state))
        return fail(ERR_CONFLICT, "order.not_unrelated", 0);
    if (at.us < o->release_by.us)
        return fail(ERR_CONFLICT, "order.not_due", 0);
    order_release(view, change, STR(ORDER_WHY_UNRELATED), ORDER_LIFTED, at);
    return OK;
}
