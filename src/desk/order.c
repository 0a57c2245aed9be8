/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an order:
 *
 *              approve: a second person        pending             done, partial
 *     drafted ---------------------------> sent ------> acknowledged ----> executed, partial
 *        |    (`from` ahead: approved)       |               |                  |
 *        | refuse    ^                       +--- lift, lapse, expire, refuse --+
 *        | expire    | emergency: at once                    v
 *        v           +-- an operator's word               lifting --done--> lifted, lapsed, expired
 *     refused, lapsed                                         +--fail--> failed
 *
 * A provider is asked for one thing at a time: `asked`, numbered `ask`. What was once asked for
 * ends only when the provider says that it has let go. Whatever sets free needs one person;
 * whatever holds needs two, or lapses. A provider that is late raises an alarm (alarm.c), which
 * stands until somebody above says by name that they have seen it, whatever the provider does.
 *
 * Under a report, what orders ask for or hold is pledged of its loss: each change of that goes to
 * the report in the same transaction, whose row refuses more than was lost.
 */
#include "desk/change.h"
#include "desk/order_parts.h"
#include "desk/takeover.h"
#include "desk/unrelated.h"

#include <assert.h>

enum { WHY_BYTES = 2000 };

/* What a provider has to answer within when it has gone from yumen.yaml since. */
#define ANSWER_US (60 * US_PER_MIN)

bool order_is_live(unsigned state)
{
    return state == ORDER_SENT || state == ORDER_ACKNOWLEDGED || state == ORDER_EXECUTED ||
           state == ORDER_PARTIAL;
}

/* What of its report's loss an order takes up: a trim frees it once the provider has done it. */
static int64_t pledged(const struct order *o)
{
    return str_is_empty(o->report) ? 0 : takeover_bound(o);
}

void order_ask(const struct desk_view *view, struct change *change, enum order_ask ask, instant at)
{
    struct order *o = &change->after.order;
    int64_t answer_us = view->provider != NULL ? view->provider->answer_s * US_PER_S : ANSWER_US;
    o->asked = ask;
    o->ask++;
    o->asked_at = at;
    o->due_at = instant_add_us(at, answer_us);
    o->is_late = 0;
    change_timer(change, ACT_ORDER_LATE, o->due_at);
    change_effect(change, EFFECT_ORDER);
}

/* Nobody waits for an answer any more. */
void order_settle(struct change *change)
{
    struct order *o = &change->after.order;
    o->asked = ASK_NOTHING;
    o->is_late = 0;
    o->due_at = (instant){0};
    change_timer_stop(change, ACT_ORDER_LATE);
}

/* No term runs from here on, and no extension waits. */
void order_end(struct change *change, str why, instant at)
{
    struct order *o = &change->after.order;
    o->ended_at = at;
    o->ended_why = why;
    o->wanted_until = (instant){0};
    o->wanted_by = STR("");
    change_timer_stop(change, ACT_ORDER_LAPSE);
    change_timer_stop(change, ACT_ORDER_EXPIRE);
    change_timer_stop(change, ACT_ORDER_BEGIN);
    unrelated_end(change);
}

void order_release(const struct desk_view *view, struct change *change, str why, unsigned last,
                   instant at)
{
    struct order *o = &change->after.order;
    bool was_asked = o->ask > 0;
    order_end(change, why, at);
    o->state = was_asked ? (unsigned)ORDER_LIFTING : last;
    if (was_asked)
        order_ask(view, change, ASK_LIFT, at);
    else
        o->released_at = at;
}

/* --- drafting --- */

static struct order drafted(const struct command *cmd, const struct law_profile *law, instant at)
{
    struct order o = cmd->body.order;
    assert(o.kind < ORDER_KIND_COUNT && o.target_kind < INDICATOR_KIND_COUNT);
    o.id = cmd->record;
    o.state = ORDER_DRAFTED;
    o.is_emergency = 0;
    o.from = o.from.us == 0 ? at : o.from;
    o.until = o.until.us == 0 ? instant_add_us(o.from, law->order_max_term_us[o.kind]) : o.until;
    o.notice = str_is_empty(o.notice) ? law->order_notice : o.notice;
    o.asked = ASK_NOTHING;
    o.alarm = ALARM_NONE;
    o.ask = o.bound = o.yielded = o.is_late = o.held = o.ahead = o.repeats = o.revision = 0;
    o.balance = -1;
    o.proposer = o.deciders = cmd->actor.user;
    o.proposed_at = at;
    o.approver = o.ended_why = o.wanted_by = o.heeder = o.taker = o.keeper = STR("");
    o.countersign_by = o.asked_at = o.due_at = o.said_at = o.wanted_until = (instant){0};
    o.heeded_at = o.alarmed_at = o.unrelated_since = o.release_by = (instant){0};
    o.decided_at = o.executed_at = o.ended_at = o.released_at = (instant){0};
    o.profile = law->name;
    o.max_term_us = law->order_max_term_us[o.kind];
    o.max_repeats = law->order_max_repeats[o.kind];
    return o;
}

static err draft(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *change)
{
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "order.exists", 0);
    struct order *o = &change->after.order;
    *o = drafted(cmd, law, at);
    TRY(order_draft_check(view, o, law, at));
    change_timer(change, ACT_ORDER_EXPIRE, o->until);
    change_effect(change, EFFECT_STREAM);
    return OK;
}

/* On one signed-in person's word, and under a report that such a person took. */
static err emergency(const struct desk_view *view, const struct command *cmd,
                     const struct law_profile *law, instant at, struct change *change)
{
    TRY(draft(view, cmd, law, at, change));
    struct order *o = &change->after.order;
    bool is_brief = o->kind == ORDER_HOLD || o->kind == ORDER_STOP;
    if (!is_brief || str_is_empty(o->report) || o->from.us > at.us)
        return fail(ERR_CONFLICT, "order.not_emergency", 0);
    if (cmd->actor.kind != ACTOR_STAFF)
        return fail(ERR_DENIED, "permit.machine", 0);
    bool is_banks_own = str_equal(view->report->taker, cmd->actor.user);
    if (!str_is_empty(cmd->actor.provider) &&
        !is_banks_own) /* a bank confirms its own customers' */
        return fail(ERR_DENIED, "permit.role", 0);
    o->is_emergency = 1;
    o->bound = o->amount;
    o->countersign_by = instant_add_us(at, law->emergency_min * US_PER_MIN);
    o->state = ORDER_SENT;
    order_ask(view, change, ASK_PLACE, at);
    change_timer(change, ACT_ORDER_LAPSE, o->countersign_by);
    return OK;
}

/* --- the second person --- */

static err sign(const struct command *cmd, instant at, struct order *o)
{
    if (str_equal(cmd->actor.user, o->proposer))
        return fail(ERR_DENIED, "order.same_person", 0);
    o->approver = cmd->actor.user;
    o->decided_at = at;
    return OK;
}

static err extend_now(const struct desk_view *view, const struct command *cmd, instant at,
                      struct change *change)
{
    struct order *o = &change->after.order;
    if (str_equal(cmd->actor.user, o->wanted_by))
        return fail(ERR_DENIED, "order.same_person", 0);
    bool is_asked = o->executed_at.us != 0;
    if (is_asked && o->agreed_until.us == 0)
        o->agreed_until = o->until;
    o->until = o->wanted_until;
    o->wanted_until = (instant){0};
    o->wanted_by = STR("");
    o->repeats++;
    change_timer(change, ACT_ORDER_EXPIRE, o->until);
    order_ask(view, change, is_asked ? ASK_EXTEND : ASK_PLACE, at);
    return OK;
}

static err approve_draft(const struct desk_view *view, const struct command *cmd, instant at,
                         struct change *change)
{
    struct order *o = &change->after.order;
    TRY(sign(cmd, at, o));
    TRY(order_carry_check(view, o));
    o->bound = o->amount;
    o->state = o->from.us > at.us ? ORDER_APPROVED : ORDER_SENT;
    if (o->state == ORDER_APPROVED)
        change_timer(change, ACT_ORDER_BEGIN, o->from);
    else
        order_ask(view, change, ASK_PLACE, at);
    return OK;
}

static err approve(const struct desk_view *view, const struct command *cmd, instant at,
                   struct change *change)
{
    struct order *o = &change->after.order;
    if (o->state == ORDER_DRAFTED)
        return approve_draft(view, cmd, at, change);
    if (!order_is_live(o->state))
        return fail(ERR_CONFLICT, "order.ended", 0);
    if (o->is_emergency != 0 && str_is_empty(o->approver)) {
        change_timer_stop(change, ACT_ORDER_LAPSE);
        return sign(cmd, at, o);
    }
    if (o->wanted_until.us != 0)
        return extend_now(view, cmd, at, change);
    return fail(ERR_CONFLICT, "order.approved_before", 0);
}

static err extend(const struct command *cmd, instant at, struct order *o)
{
    instant until = cmd->body.order.until;
    if (!order_is_live(o->state))
        return fail(ERR_CONFLICT, "order.ended", 0);
    if (o->is_emergency != 0 && str_is_empty(o->approver))
        return fail(ERR_CONFLICT, "order.countersign_first", 0);
    if (o->repeats >= o->max_repeats)
        return fail(ERR_LIMIT, "order.no_more_terms", 0);
    if (until.us <= o->until.us || until.us <= at.us)
        return fail(ERR_MALFORMED, "order.not_longer", 0);
    if (until.us - o->until.us > o->max_term_us)
        return fail(ERR_LIMIT, "until.beyond_limit", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    o->wanted_until = until;
    o->wanted_by = cmd->actor.user;
    return OK;
}

/* --- setting free --- */

static err refuse(const struct desk_view *view, const struct command *cmd, instant at,
                  struct change *change)
{
    struct order *o = &change->after.order;
    bool is_waiting = o->is_emergency != 0 && str_is_empty(o->approver) && order_is_live(o->state);
    bool is_own = str_equal(cmd->actor.user, o->proposer);
    bool is_approver = (cmd->actor.roles >> ROLE_APPROVER & 1) != 0;
    if (o->state != ORDER_DRAFTED && o->state != ORDER_APPROVED && !is_waiting)
        return fail(ERR_CONFLICT, "order.approved_before", 0);
    if (!is_own && !is_approver)
        return fail(ERR_DENIED, "permit.role", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    if (is_waiting) {
        order_release(view, change, cmd->why, ORDER_LIFTED, at);
        return OK;
    }
    order_end(change, cmd->why, at);
    o->state = ORDER_REFUSED;
    return OK;
}

static err lift(const struct desk_view *view, const struct command *cmd, instant at,
                struct change *change)
{
    struct order *o = &change->after.order;
    if (o->state == ORDER_DRAFTED &&
        cmd->actor.kind == ACTOR_CENTRE) { /* its report is withdrawn */
        order_end(change, cmd->why, at);
        o->state = ORDER_REFUSED;
        return OK;
    }
    if (o->state != ORDER_APPROVED && !order_is_live(o->state))
        return fail(ERR_CONFLICT,
                    o->state == ORDER_LIFTING ? "order.lifting" : "order.not_in_force", 0);
    if (!view->is_follow)
        TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    order_release(view, change, cmd->why, ORDER_LIFTED, at);
    return OK;
}

static err trim(const struct desk_view *view, const struct command *cmd, instant at,
                struct change *change)
{
    struct order *o = &change->after.order;
    int64_t amount = cmd->body.order.amount;
    if (!order_is_live(o->state))
        return fail(ERR_CONFLICT, "order.not_in_force", 0);
    if (amount <= 0 || amount >= o->amount)
        return fail(ERR_MALFORMED, "order.not_less", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    o->amount = amount;
    order_ask(view, change, o->executed_at.us == 0 ? ASK_PLACE : ASK_TRIM, at);
    return OK;
}

/* A whole account stands still, and a round has paid a part of what it held: that is gone. */
static err lower(const struct command *cmd, struct change *change)
{
    struct order *o = &change->after.order;
    bool is_done = o->state == ORDER_EXECUTED || o->state == ORDER_PARTIAL;
    if (!is_done || o->amount != 0)
        return fail(ERR_CONFLICT, "order.not_in_force", 0);
    if (cmd->body.order.held <= 0 || cmd->body.order.held >= o->held)
        return fail(ERR_MALFORMED, "order.not_less", 0);
    o->held = cmd->body.order.held;
    return OK;
}

/* --- by itself --- */

static err lapse(const struct desk_view *view, instant at, struct change *change)
{
    const struct order *o = &change->after.order;
    if (o->is_emergency == 0 || !str_is_empty(o->approver) || !order_is_live(o->state))
        return fail(ERR_CONFLICT, "order.approved_before", 0);
    order_release(view, change, STR(ORDER_WHY_LAPSED), ORDER_LAPSED, at);
    return OK;
}

static err expire(const struct desk_view *view, instant at, struct change *change)
{
    const struct order *o = &change->after.order;
    if (o->state != ORDER_DRAFTED && o->state != ORDER_APPROVED && !order_is_live(o->state))
        return fail(ERR_CONFLICT, "order.ended", 0);
    unsigned last = o->state == ORDER_DRAFTED ? ORDER_LAPSED : ORDER_EXPIRED;
    order_release(view, change, STR(ORDER_WHY_EXPIRED), last, at);
    return OK;
}

static err begin(const struct desk_view *view, instant at, struct change *change)
{
    struct order *o = &change->after.order;
    if (o->state != ORDER_APPROVED)
        return fail(ERR_CONFLICT, "order.ended", 0);
    o->state = ORDER_SENT;
    order_ask(view, change, ASK_PLACE, at);
    return OK;
}

static err late(struct order *o)
{
    if (o->asked == ASK_NOTHING)
        return fail(ERR_CONFLICT, "order.answered", 0);
    o->is_late = 1;
    return OK;
}

/* A person gives up on a provider that never confirms; the record says so for ever. */
static err write_off(const struct command *cmd, struct change *change)
{
    struct order *o = &change->after.order;
    if (o->state != ORDER_LIFTING || o->is_late == 0)
        return fail(ERR_CONFLICT, "order.not_late", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    o->state = ORDER_FAILED;
    o->ended_why = cmd->why;
    o->bound = 0;
    order_settle(change);
    return OK;
}

/* A freeze takes over what this holds; carried out, it is let go of. */
static err yield(const struct desk_view *view, const struct command *cmd, instant at,
                 struct change *change)
{
    if (!view->is_follow)
        return fail(ERR_DENIED, "permit.role", 0);
    if (takeover_hear(cmd, &change->after.order))
        order_release(view, change, STR(ORDER_WHY_TAKEN), ORDER_LIFTED, at);
    return OK;
}

static err act_on(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *change)
{
    switch ((int)cmd->act) { /* only this record's acts come here */
    case ACT_ORDER_APPROVE:
        return approve(view, cmd, at, change);
    case ACT_ORDER_REFUSE:
        return refuse(view, cmd, at, change);
    case ACT_ORDER_BEGIN:
        return begin(view, at, change);
    case ACT_ORDER_TRIM:
        return trim(view, cmd, at, change);
    case ACT_ORDER_LOWER:
        return lower(cmd, change);
    case ACT_ORDER_EXTEND:
        return extend(cmd, at, &change->after.order);
    case ACT_ORDER_LIFT:
        return lift(view, cmd, at, change);
    case ACT_ORDER_LAPSE:
        return lapse(view, at, change);
    case ACT_ORDER_EXPIRE:
        return expire(view, at, change);
    case ACT_ORDER_LATE:
        return late(&change->after.order);
    case ACT_ORDER_ESCALATE:
        return order_escalate(at, &change->after.order);
    case ACT_ORDER_HEED:
        return order_heed(cmd, law, at, change);
    case ACT_ORDER_UNRELATE:
        return unrelated_find(law, at, change);
    case ACT_ORDER_RELATE:
        return unrelated_not(change);
    case ACT_ORDER_KEEP:
        return unrelated_keep(cmd, change);
    case ACT_ORDER_DUE:
        return unrelated_due(at, change);
    case ACT_ORDER_RELEASE:
        return unrelated_release(view, at, change);
    case ACT_ORDER_FREED:
        return order_freed(change);
    case ACT_ORDER_RECEIVE:
        return order_receive(view, cmd, at, change);
    case ACT_ORDER_FAIL:
        return write_off(cmd, change);
    case ACT_ORDER_YIELD:
        return yield(view, cmd, at, change);
    }
    return OK; /* hear: only the list of deciders grows */
}

/* Each change of what is asked for is a change of what is left of the loss: of a freeze that takes
 * over what a hold holds, of both at once, when the hold has heard of it. */
static void pledge(const struct desk_view *view, const struct command *cmd, struct change *change)
{
    const struct order *o = &change->after.order;
    int64_t before = view->own == NULL ? 0 : pledged(&view->own->order);
    int64_t more = pledged(o) - before;
    if (view->own != NULL && takeover_follow(view, change))
        return;
    if (cmd->act == ACT_ORDER_YIELD && !str_is_empty(o->report))
        more += cmd->body.order.bound - cmd->body.order.yielded;
    if (more == 0)
        return;
    change_follow(change, ACT_REPORT_PLEDGE, o->report, STR(""));
    change->follow.body.report.pledged = more;
}

err order_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change)
{
    struct order *o = &ret_change->after.order;
    bool is_made = cmd->act == ACT_ORDER_DRAFT || cmd->act == ACT_ORDER_EMERGENCY;
    change_begin(ret_change, view);
    if (is_made) {
        TRY(cmd->act == ACT_ORDER_DRAFT ? draft(view, cmd, law, at, ret_change)
                                        : emergency(view, cmd, law, at, ret_change));
        pledge(view, cmd, ret_change);
        return OK;
    }
    if (view->own == NULL)
        return fail(ERR_ABSENT, "order.absent", 0);
    if (cmd->act == ACT_ORDER_ERASE)
        return order_erase(view, ret_change);
    if (cmd->act == ACT_ORDER_READ) {
        ret_change->is_reading = true;
        return words_check(cmd->why, WHY_BYTES, "purpose.missing", "why.too_long");
    }
    TRY(act_on(view, cmd, law, at, ret_change));
    order_alarm_follow(view, law, at, ret_change);
    order_keep_follow(view, law, at, ret_change);
    bool decides = cmd->actor.kind == ACTOR_STAFF && cmd->act != ACT_ORDER_RECEIVE &&
                   cmd->act != ACT_ORDER_HEED && cmd->act != ACT_ORDER_YIELD;
    if (decides)
        TRY(people_add(o->deciders, cmd->actor.user, view->turn, &o->deciders));
    change_effect(ret_change, EFFECT_STREAM);
    pledge(view, cmd, ret_change);
    return OK;
}
