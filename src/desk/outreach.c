/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was done to reach somebody, what they asked for, and where they are:
 *
 *     outreach.take ---> alert.step: the ladder goes on, or they were reached
 *
 *       ask            tell             alert concluded or faded, or the hours are over
 *     ------> asked ---------> told ---------------------------------------------------> erased
 */
#include "desk/alert.h"

#include <assert.h>

enum { ADDRESS_BYTES = 2000 };

/* What stands beside an alert is seen by whoever sees the alert. */
static err beside_check(const struct desk_view *view, str division)
{
    if (view->alert == NULL)
        return fail(ERR_ABSENT, "alert.absent", 0);
    return str_equal(division, view->alert->division) ? OK : fail(ERR_DENIED, "permit.division", 0);
}

/* --- the alert's side --- */

err alert_step(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *change)
{
    const struct outreach *o = &cmd->body.outreach;
    struct alert *a = &change->after.alert;
    assert(view->is_follow);
    a->tries++;
    a->tried = o->means > a->tried ? o->means : a->tried;
    bool is_reached = o->result == RESULT_REACHED;
    if (is_reached && a->reached_at.us == 0)
        a->reached_at = o->done_at;
    if (a->state == ALERT_CLOSED) /* from a telephone that had no line */
        return OK;
    a->is_late = 0;
    if (is_reached)
        a->state = ALERT_REACHED;
    if (a->reached_at.us != 0 && law->ladders[a->highest].reached_is_enough != 0)
        ladder_stop(a);
    else
        ladder_next(law, at, a);
    ladder_arm(a, change);
    return OK;
}

/* --- an attempt --- */

static err attempt_check(const struct desk_view *view, const struct command *cmd, instant at,
                         instant *ret_done)
{
    const struct outreach *o = &cmd->body.outreach;
    const struct alert *a = view->alert;
    TRY(beside_check(view, o->division));
    if (o->means == MEANS_NONE || o->means >= MEANS_COUNT || o->result >= RESULT_COUNT)
        return fail(ERR_MALFORMED, "outreach.means", 0);
    TRY(alert_moment(a, o->done_at, at, "outreach.time", ret_done));
    if (a->state == ALERT_CLOSED && ret_done->us > a->closed_at.us)
        return fail(ERR_CONFLICT, "alert.closed", 0);
    if (!str_is_empty(o->note))
        TRY(words_check(o->note, ALERT_NOTE_BYTES, "why.missing", "why.too_long"));
    return OK;
}

/* The machine does what is next, when it may; people say what they did. */
static err machine_check(const struct desk_view *view, const struct command *cmd, instant at)
{
    const struct alert *a = view->alert;
    if (cmd->actor.kind != ACTOR_CENTRE)
        return OK;
    if (cmd->body.outreach.means != a->means)
        return fail(ERR_CONFLICT, "outreach.not_next", 0);
    return a->step_at.us > at.us ? fail(ERR_CONFLICT, "outreach.quiet", 0) : OK;
}

static err take(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *change)
{
    struct outreach o = cmd->body.outreach;
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "outreach.exists", 0);
    TRY(attempt_check(view, cmd, at, &o.done_at));
    TRY(machine_check(view, cmd, at));
    o.id = cmd->record;
    o.step = view->alert->step;
    o.due_at = o.means == view->alert->means ? view->alert->step_due : (instant){0};
    o.told_at = at;
    o.by = cmd->actor.user;
    o.revision = 0;
    change->after.outreach = o;
    change_timer(change, ACT_OUTREACH_ERASE,
                 instant_add_us(at, law->alert_retention_days * US_PER_DAY));
    change_follow(change, ACT_ALERT_STEP, o.alert, STR(""));
    change->follow.body.outreach = o;
    return OK;
}

err outreach_decide(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_OUTREACH_TAKE)
        return take(view, cmd, law, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "outreach.absent", 0);
    ret_change->after.outreach.note = STR("");
    ret_change->is_erasing = true;
    change_timer_stop(ret_change, ACT_OUTREACH_ERASE);
    change_effect(ret_change, EFFECT_ERASURE);
    return OK;
}

/* --- do not warn me again --- */

/* Of low tiers only: whoever wants to be left alone is still told when their money is going. */
static err ask_hush(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *change)
{
    instant until = cmd->body.hush.until;
    instant longest = instant_add_us(at, law->alert_hush_days * US_PER_DAY);
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "hush.exists", 0);
    TRY(beside_check(view, cmd->body.hush.division));
    if (str_is_empty(view->alert->pseudonym))
        return fail(ERR_CONFLICT, "alert.erased", 0);
    if (view->spent->is_hushed)
        return fail(ERR_CONFLICT, "hush.exists", 0);
    if (law->alert_hush_days <= 0)
        return fail(ERR_CONFLICT, "hush.none", 0);
    if (until.us != 0 && (until.us <= at.us || until.us > longest.us))
        return fail(ERR_MALFORMED, "hush.term", 0);
    struct hush h = {.id = cmd->record,
                     .alert = view->alert->id,
                     .pseudonym = view->alert->pseudonym,
                     .highest = ALERT_MEDIUM,
                     .state = HUSH_IN_FORCE,
                     .by = cmd->actor.user,
                     .asked_at = at,
                     .until = until.us == 0 ? longest : until,
                     .division = view->alert->division};
    change->after.hush = h;
    change_timer(change, ACT_HUSH_END, h.until);
    return OK;
}

err hush_decide(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_HUSH_ASK)
        return ask_hush(view, cmd, law, at, ret_change);
    struct hush *h = &ret_change->after.hush;
    if (view->own == NULL)
        return fail(ERR_ABSENT, "hush.absent", 0);
    if (h->state == HUSH_ENDED)
        return fail(ERR_CONFLICT, "hush.ended", 0);
    h->state = HUSH_ENDED;
    h->pseudonym = STR("");
    ret_change->is_erasing = true;
    change_timer_stop(ret_change, ACT_HUSH_END);
    change_effect(ret_change, EFFECT_ERASURE);
    return OK;
}

/* --- where they are --- */

static err ask_address(const struct desk_view *view, const struct command *cmd,
                       const struct law_profile *law, instant at, struct change *change)
{
    const struct alert *a = view->alert;
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "whereabouts.exists", 0);
    TRY(beside_check(view, cmd->body.whereabouts.division));
    if (a->highest != ALERT_URGENT)
        return fail(ERR_CONFLICT, "whereabouts.not_urgent", 0);
    if (a->state == ALERT_CLOSED)
        return fail(ERR_CONFLICT, "alert.closed", 0);
    if (law->whereabouts_hours <= 0)
        return fail(ERR_CONFLICT, "whereabouts.none", 0);
    TRY(words_check(cmd->why, ALERT_NOTE_BYTES, "purpose.missing", "why.too_long"));
    struct whereabouts w = {.id = cmd->record,
                            .alert = a->id,
                            .state = WHEREABOUTS_ASKED,
                            .asker = cmd->actor.user,
                            .asked_at = at,
                            .until = instant_add_us(at, law->whereabouts_hours * US_PER_HOUR),
                            .division = a->division};
    change->after.whereabouts = w;
    change_timer(change, ACT_WHEREABOUTS_ERASE, w.until);
    return OK;
}

static err tell_address(const struct command *cmd, instant at, struct whereabouts *w)
{
    str address = cmd->body.whereabouts.address;
    if (w->state != WHEREABOUTS_ASKED)
        return fail(ERR_CONFLICT,
                    w->state == WHEREABOUTS_TOLD ? "whereabouts.told" : "whereabouts.erased", 0);
    if (str_is_empty(address) || address.size > ADDRESS_BYTES)
        return fail(ERR_MALFORMED, "whereabouts.address", 0);
    w->state = WHEREABOUTS_TOLD;
    w->address = address;
    w->teller = cmd->actor.user;
    w->told_at = at;
    return OK;
}

/* With what opens its commitments: what was told is nowhere any more. */
static err erase_address(instant at, struct change *change)
{
    struct whereabouts *w = &change->after.whereabouts;
    if (w->state == WHEREABOUTS_ERASED)
        return fail(ERR_CONFLICT, "whereabouts.erased", 0);
    w->state = WHEREABOUTS_ERASED;
    w->address = STR("");
    w->erased_at = at;
    change->is_erasing = true;
    change_timer_stop(change, ACT_WHEREABOUTS_ERASE);
    change_effect(change, EFFECT_ERASURE);
    return OK;
}

err whereabouts_decide(const struct desk_view *view, const struct command *cmd,
                       const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_WHEREABOUTS_ASK)
        return ask_address(view, cmd, law, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "whereabouts.absent", 0);
    if (cmd->act == ACT_WHEREABOUTS_READ) {
        ret_change->is_reading = true;
        if (view->own->whereabouts.state != WHEREABOUTS_TOLD)
            return fail(ERR_CONFLICT, "whereabouts.not_told", 0);
        return words_check(cmd->why, ALERT_NOTE_BYTES, "purpose.missing", "why.too_long");
    }
    if (cmd->act == ACT_WHEREABOUTS_TELL)
        return tell_address(cmd, at, &ret_change->after.whereabouts);
    return erase_address(at, ret_change);
}
