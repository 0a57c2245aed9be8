/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Silent providers are told of to people above, once, and once more; of a lift, again and again:
 *
 *     none --late--> late --escalate: still silent--> loud
 *      ^              |                                |
 *      +---- heed ----+--------------------------------+    by name, also once it has answered
 *      |                                               |
 *      +--- a lift, still unconfirmed: escalate -------+    somebody's money is held for nothing
 *
 * `alarmed_at` is when it was last told. Who heeds says which telling they saw: one that came after
 * they looked stands.
 */
#include "desk/change.h"
#include "desk/order_parts.h"

enum { WHY_BYTES = 2000 };

static void alarm(struct order *o, enum order_alarm how, instant at)
{
    o->alarmed_at = at;
    o->alarm = how;
}

static void tell_again(const struct law_profile *law, instant at, struct change *change)
{
    change_timer(change, ACT_ORDER_ESCALATE, instant_add_us(at, law->escalate_min * US_PER_MIN));
}

/* Once a silence, whatever made it late; once more when it still lasts at the second deadline, or
 * when money that nobody asked for was let out again. */
void order_alarm_follow(const struct desk_view *view, const struct law_profile *law, instant at,
                        struct change *change)
{
    struct order *o = &change->after.order;
    bool was_late = view->own->order.is_late != 0;
    bool is_late = o->is_late != 0;
    bool is_more = was_late && o->asked == ASK_NOTHING && o->held < view->own->order.held;
    if (is_late && (!was_late || is_more)) {
        alarm(o, o->alarm == ALARM_LOUD ? ALARM_LOUD : ALARM_LATE, at);
        tell_again(law, at, change);
    }
    if (was_late && !is_late)
        change_timer_stop(change, ACT_ORDER_ESCALATE);
}

err order_escalate(instant at, struct order *o)
{
    if (o->is_late == 0)
        return fail(ERR_CONFLICT, "order.answered", 0);
    alarm(o, ALARM_LOUD, at);
    return OK;
}

/* To the second: as instants are written. */
static bool is_same_second(instant a, instant b)
{
    return a.us / US_PER_S == b.us / US_PER_S;
}

/* Not a decision about the order: who has seen that a bank is silent may still hear an appeal. */
err order_heed(const struct command *cmd, const struct law_profile *law, instant at,
               struct change *change)
{
    const struct order *seen = &cmd->body.order;
    struct order *o = &change->after.order;
    if (o->alarm == ALARM_NONE)
        return fail(ERR_CONFLICT, "order.no_alarm", 0);
    if (seen->alarm == ALARM_NONE || seen->alarmed_at.us == 0)
        return fail(ERR_MALFORMED, "order.heed_which", 0);
    if (seen->alarm != o->alarm || !is_same_second(seen->alarmed_at, o->alarmed_at))
        return fail(ERR_CONFLICT, "order.heed_newer", 0);
    if (!str_is_empty(cmd->why))
        TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    o->alarm = ALARM_NONE;
    o->alarmed_at = (instant){0};
    o->heeder = cmd->actor.user;
    o->heeded_at = at;
    if (o->asked == ASK_NOTHING) /* no answer is waited for: what was wrong was said, and is seen */
        o->is_late = 0;
    if ((o->asked == ASK_LIFT || o->asked == ASK_TRIM) && o->is_late != 0)
        tell_again(law, at, change);
    return OK;
}
