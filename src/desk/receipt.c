/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receipts: what a provider says becomes a record, whatever it is; and when it counts, the order
 * moves in the same transaction.
 *
 *     about an ask before the last one, or older than what was said   stale: noted
 *     about what nobody asked, or otherwise than was settled   contradicting: a person looks
 *     money held under what had ended                          contradicting: lifted once more
 *     less held than stood, unasked                            taken: a person looks
 *     more held than ordered                                   over: taken, and trimmed; still
 *                                                              more after that: a person looks
 *     no such order of this provider                           unknown: kept, for who answers for
 *                                                              the whole centre
 *     done, and a list of others' freezes that makes no sense  contradicting: a person looks; of
 *                                                              what is said of ours nothing is lost
 *
 * A provider that names the ask it answers is always understood. Of one that does not: a receipt
 * that says money is held answers no lift. Of shares: payment.c.
 */
#include "desk/change.h"
#include "desk/order_parts.h"
#include "desk/receipt_parts.h"

#include <assert.h>

enum { REASON_BYTES = 1000, KEY_BYTES = 128 };

/* What a query finds held is news of the account, and nothing of ours. */
static bool says_held(const struct order *o, const struct receipt *r)
{
    return o->kind != ORDER_QUERY && r->held > 0 &&
           (r->result == RECEIPT_DONE || r->result == RECEIPT_PARTIAL);
}

/* Which ask a receipt is about: its own word, or what it can only be. */
static int64_t about(const struct order *o, const struct receipt *r)
{
    if (r->ask > 0)
        return r->ask;
    return o->asked == ASK_LIFT && says_held(o, r) ? o->ask - 1 : o->ask;
}

static bool is_over_for_good(unsigned state)
{
    return state == ORDER_REFUSED || state == ORDER_LAPSED || state == ORDER_EXPIRED ||
           state == ORDER_LIFTED || state == ORDER_FAILED;
}

static bool is_too_much(const struct order *o, const struct receipt *r)
{
    bool is_amount = o->kind == ORDER_HOLD || (o->kind == ORDER_FREEZE && o->amount > 0);
    return is_amount && says_held(o, r) && r->held > o->amount;
}

static enum receipt_fate judge(const struct order *o, const struct receipt *r)
{
    int64_t ask = about(o, r);
    if (ask > o->ask || o->ask == 0)
        return RECEIPT_CONTRADICTING;
    if (ask < o->ask)
        return RECEIPT_STALE;
    if (is_over_for_good(o->state))
        return says_held(o, r) ? RECEIPT_CONTRADICTING : RECEIPT_STALE;
    if (r->at.us < o->said_at.us)
        return RECEIPT_STALE;
    bool is_settled = o->asked == ASK_NOTHING;
    if (is_settled && (r->result == RECEIPT_REFUSED || r->result == RECEIPT_PENDING))
        return r->result == RECEIPT_PENDING ? RECEIPT_STALE : RECEIPT_CONTRADICTING;
    return o->asked != ASK_LIFT && is_too_much(o, r) ? RECEIPT_OVER : RECEIPT_TAKEN;
}

/* Does the order move by it? */
static bool moves(const struct order *o, const struct receipt *r)
{
    switch ((enum receipt_fate)r->fate) {
    case RECEIPT_TAKEN:
    case RECEIPT_OVER:
        return true;
    case RECEIPT_STALE: /* that it was done at all is news */
        return says_held(o, r) && o->executed_at.us == 0;
    case RECEIPT_CONTRADICTING: /* nobody's money stays where nothing stands any more */
        return says_held(o, r) && is_over_for_good(o->state) && o->ask > 0;
    case RECEIPT_UNKNOWN:
        break;
    }
    return false;
}

static err take_of_order(const struct desk_view *view, struct receipt *r, struct change *change)
{
    const struct order *o = view->order;
    bool is_known = o != NULL && str_equal(o->provider, r->provider);
    if (r->result == RECEIPT_BOUNCED)
        return fail(ERR_MALFORMED, "word.unknown", 0);
    if (!str_is_empty(r->reason))
        TRY(words_check(r->reason, REASON_BYTES, "reason.missing", "reason.too_long"));
    r->fate = is_known ? judge(o, r) : RECEIPT_UNKNOWN;
    if (!is_known)
        return OK;
    r->division = o->division;
    if (moves(o, r)) {
        change_follow(change, ACT_ORDER_RECEIVE, o->id, STR(""));
        change->follow.body.receipt = *r;
    }
    if (r->fate == RECEIPT_TAKEN && r->wrong != PRIOR_FINE)
        r->fate = RECEIPT_CONTRADICTING;
    return OK;
}

/* Who goes before us, by the bank's own list. */
static err read_freezes(const struct desk_view *view, struct receipt *r)
{
    struct prior_list list = {0};
    TRY(prior_parse(r->freezes, view->turn, &list));
    r->wrong = prior_judge(&list);
    r->ahead = prior_ahead(&list);
    return OK;
}

/* What a payment is called, and why it was not one, goes like the share's own words. */
static err erase(const struct desk_view *view, struct change *change)
{
    struct receipt *r = &change->after.receipt;
    if (view->own == NULL)
        return fail(ERR_ABSENT, "record.absent", 0);
    change_timer_stop(change, ACT_RECEIPT_ERASE);
    r->reference = r->reason = STR("");
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
    return OK;
}

err receipt_decide(const struct desk_view *view, const struct command *cmd,
                   const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_RECEIPT_ERASE)
        return erase(view, ret_change);
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "receipt.exists", 0);
    struct receipt r = cmd->body.receipt;
    bool is_of_share = !str_is_empty(r.share);
    assert(r.result <= RECEIPT_BOUNCED);
    if (!str_is_empty(cmd->actor.provider) && !str_equal(cmd->actor.provider, r.provider))
        return fail(ERR_DENIED, "receipt.provider", 0);
    if (r.held < -1 || r.balance < -1 || r.ask < 0)
        return fail(ERR_MALFORMED, "receipt.amount", 0);
    if (r.key.size > KEY_BYTES)
        return fail(ERR_MALFORMED, "receipt.key", 0);
    TRY(read_freezes(view, &r));
    r.id = cmd->record;
    r.at = r.at.us == 0 ? at : r.at;
    r.received_at = at;
    r.receiver = cmd->actor.user;
    r.division = view->centre != NULL ? view->centre->division : r.division;
    r.revision = 0;
    TRY(is_of_share ? payment_take(view, cmd, &r, ret_change)
                    : take_of_order(view, &r, ret_change));
    ret_change->after.receipt = r;
    change_effect(ret_change, EFFECT_STREAM);
    if (is_of_share)
        change_timer(ret_change, ACT_RECEIPT_ERASE,
                     instant_add_us(at, law->report_retention_days * US_PER_DAY));
    return OK;
}

/* --- what it does to the order --- */

static void note(struct order *o, const struct receipt *r, instant at)
{
    bool is_done = r->result == RECEIPT_DONE || r->result == RECEIPT_PARTIAL;
    if (r->balance >= 0)
        o->balance = r->balance;
    if (is_done && o->executed_at.us == 0)
        o->executed_at = at;
    if (is_done)
        o->ahead = r->ahead;
    if (!is_done || o->kind == ORDER_QUERY)
        return;
    if (r->held < 0 && r->result == RECEIPT_PARTIAL) { /* how much, nobody knows: a person asks */
        o->is_late = 1;
        return;
    }
    /* What stands behind others' freezes is not held by us. */
    o->held = prior_left(r->ahead, o->balance, r->held >= 0 ? r->held : o->amount);
}

static bool is_behind(const struct order *o)
{
    bool is_amount = o->kind == ORDER_HOLD || o->kind == ORDER_FREEZE;
    return is_amount && o->ahead != 0 && o->held < o->amount;
}

/* An earlier freeze ended, or money came: ours has moved up. */
static void fill(struct order *o, const struct receipt *r)
{
    if (o->state == ORDER_PARTIAL && r->result == RECEIPT_DONE && o->held >= o->amount)
        o->state = ORDER_EXECUTED;
}

static void placed(const struct receipt *r, instant at, struct change *change)
{
    struct order *o = &change->after.order;
    if (r->result == RECEIPT_PENDING) {
        o->state = ORDER_ACKNOWLEDGED;
        return;
    }
    order_settle(change);
    if (r->result == RECEIPT_REFUSED) {
        order_end(change, r->reason, at);
        o->state = ORDER_REFUSED;
        o->released_at = at;
        o->bound = 0;
        return;
    }
    note(o, r, at);
    o->bound = o->amount; /* it may have been trimmed before it was done */
    o->state = r->result == RECEIPT_DONE && !is_behind(o) ? ORDER_EXECUTED : ORDER_PARTIAL;
}

/* It stands as long as the provider knows of, and no longer: a person has to look. */
static void not_extended(struct change *change)
{
    struct order *o = &change->after.order;
    order_settle(change);
    o->until = o->agreed_until;
    o->agreed_until = (instant){0};
    o->repeats--;
    o->is_late = 1;
    change_timer(change, ACT_ORDER_EXPIRE, o->until);
}

/* Trimmed or extended; refused, a person has to look. */
static void changed(const struct receipt *r, instant at, struct change *change)
{
    struct order *o = &change->after.order;
    if (r->result == RECEIPT_PENDING)
        return;
    if (r->result == RECEIPT_REFUSED && o->agreed_until.us != 0) {
        not_extended(change);
        return;
    }
    if (r->result == RECEIPT_REFUSED) {
        o->is_late = 1;
        return;
    }
    if (o->asked == ASK_TRIM && r->fate == RECEIPT_OVER) { /* said, and not done */
        note(o, r, at);
        o->is_late = 1;
        return;
    }
    order_settle(change);
    o->agreed_until = (instant){0};
    note(o, r, at);
    o->bound = o->amount;
}

static unsigned last_state(const struct order *o)
{
    return str_equal(o->ended_why, STR(ORDER_WHY_LAPSED))    ? ORDER_LAPSED
           : str_equal(o->ended_why, STR(ORDER_WHY_EXPIRED)) ? ORDER_EXPIRED
                                                             : ORDER_LIFTED;
}

/* Who refuses to let go, lets go of a part, or says that it is done and holds on, has not; unless
 * nothing is held any more. */
static void let_go(const struct receipt *r, instant at, struct change *change)
{
    struct order *o = &change->after.order;
    bool is_gone = (r->result == RECEIPT_DONE && r->held <= 0) ||
                   (r->result == RECEIPT_REFUSED && r->held == 0);
    if (r->held >= 0)
        o->held = r->held;
    if (r->result == RECEIPT_PENDING)
        return;
    if (!is_gone) {
        o->is_late = 1;
        return;
    }
    order_settle(change);
    o->held = o->bound = 0;
    o->state = last_state(o);
    o->released_at = at;
}

/* News of what stands. Less than stood, where nobody asked for that and nobody goes before us, is
 * money let out: a person has to look. */
static void unasked(struct order *o, const struct receipt *r, instant at)
{
    int64_t held = o->held;
    bool is_first = o->ahead == 0;
    note(o, r, at);
    fill(o, r);
    if (o->held < held && is_first && o->ahead == 0)
        o->is_late = 1;
}

static void answered(const struct receipt *r, instant at, struct change *change)
{
    switch ((enum order_ask)change->after.order.asked) {
    case ASK_PLACE:
        placed(r, at, change);
        return;
    case ASK_TRIM:
    case ASK_EXTEND:
        changed(r, at, change);
        return;
    case ASK_LIFT:
        let_go(r, at, change);
        return;
    case ASK_NOTHING:
    case ORDER_ASK_COUNT:
        unasked(&change->after.order, r, at);
    }
}

/* When the first of those before us ends by its own term, somebody is to hear of it. */
static err watch_queue(const struct desk_view *view, const struct receipt *r, instant at,
                       struct change *change)
{
    struct prior_list list = {0};
    instant first = {0};
    if (change->after.order.kind == ORDER_QUERY || change->after.order.ahead == 0)
        return OK;
    TRY(prior_parse(r->freezes, view->turn, &list));
    for (size_t i = 0; i < list.count; i++) {
        instant until = list.at[i].until;
        if (until.us > at.us && (first.us == 0 || until.us < first.us))
            first = until;
    }
    if (first.us != 0)
        change_timer(change, ACT_ORDER_FREED, first);
    return OK;
}

/* The clock says so, and not yet its bank: whoever follows the money hears of this, and asks. */
err order_freed(struct change *change)
{
    const struct order *o = &change->after.order;
    if (!order_is_live(o->state) || o->ahead == 0)
        return fail(ERR_CONFLICT, "order.not_in_force", 0);
    return OK;
}

err order_receive(const struct desk_view *view, const struct command *cmd, instant at,
                  struct change *change)
{
    const struct receipt *r = &cmd->body.receipt;
    struct order *o = &change->after.order;
    if (r->fate == RECEIPT_STALE) {
        note(o, r, at);
        return OK;
    }
    if (r->fate == RECEIPT_CONTRADICTING) {
        o->state = ORDER_LIFTING;
        o->held = r->held;
        o->released_at = (instant){0};
        order_ask(view, change, ASK_LIFT, at);
        return OK;
    }
    if (r->result != RECEIPT_PENDING) /* says nothing, and perhaps by our own clock */
        o->said_at = r->at;
    answered(r, at, change);
    if (r->fate == RECEIPT_OVER && o->asked != ASK_TRIM) /* once, and not in a loop */
        order_ask(view, change, ASK_TRIM, at);
    return order_is_live(o->state) ? watch_queue(view, r, at, change) : OK;
}
