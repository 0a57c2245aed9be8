/* SPDX-License-Identifier: Apache-2.0 */
/* What an order says of people, once it is over: kept for as long as its report, then erased. */
#include "desk/change.h"
#include "desk/order_parts.h"

#include <assert.h>

static bool is_over(unsigned state)
{
    return state != ORDER_DRAFTED && state != ORDER_APPROVED && state != ORDER_LIFTING &&
           !order_is_live(state);
}

void order_keep_follow(const struct desk_view *view, const struct law_profile *law, instant at,
                       struct change *change)
{
    const struct order *o = &change->after.order;
    assert(view->own != NULL);
    if (!is_over(o->state) || is_over(view->own->order.state))
        return;
    instant term = instant_add_us(o->proposed_at, law->report_retention_days * US_PER_DAY);
    change_timer(change, ACT_ORDER_ERASE, term.us > at.us ? term : at);
}

/* "order.expired" is nobody's own words, and what counts orders needs it. */
static bool is_code(str why)
{
    bool has_dot = false;
    for (size_t i = 0; i < why.size; i++) {
        char c = why.at[i];
        has_dot = has_dot || c == '.';
        if (c != '.' && c != '_' && (c < 'a' || c > 'z'))
            return false;
    }
    return has_dot;
}

/* The payee's name and what people wrote; whose account it was, how much and how it went stay. A
 * journal says that it went, also of an order that a restored store thinks is still alive. */
err order_erase(const struct desk_view *view, struct change *change)
{
    struct order *o = &change->after.order;
    if (!is_over(o->state) && !change_is_restored(view))
        return fail(ERR_CONFLICT, "order.not_ended", 0);
    change_timer_stop(change, ACT_ORDER_ERASE);
    o->name = STR("");
    o->evidence = str_is_empty(o->evidence) ? o->evidence : STR("erased");
    o->ended_why =
        str_is_empty(o->ended_why) || is_code(o->ended_why) ? o->ended_why : STR("erased");
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
    return OK;
}
