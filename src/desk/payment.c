/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a provider says of a share, and not once: banks pay what they first could not, and payments
 * come back days later. Each word becomes a receipt, whatever it says; the share stands as the
 * newest says, by the provider's own time:
 *
 *     done     paid            refused   failed            bounced   due again
 *
 *     older than what was said                              stale: kept
 *     another payment of what was paid                      contradicting: a person looks
 *     otherwise than stood when the round was closed        contradicting; the sums follow all the
 *                                                           same, unless the claim had it otherwise
 *     of no share of this provider, or not sent to it       unknown: kept
 *
 * In a closed round nothing is due any more: what came back then has failed.
 */
#include "desk/change.h"
#include "desk/receipt_parts.h"
#include "desk/round_parts.h"

#include <assert.h>

enum { REFERENCE_BYTES = 128, WHY_BYTES = 1000 };

static bool was_sent(const struct round *r)
{
    return r->state == ROUND_SENT || r->state == ROUND_PAID || r->state == ROUND_CLOSED;
}

/* Who was told by the bank: an analyst, who names the payment and did not compute what to pay. */
static err check_staff(const struct desk_view *view, const struct command *cmd)
{
    const struct receipt *said = &cmd->body.receipt;
    if (!str_is_empty(cmd->actor.provider))
        return OK;
    if ((cmd->actor.roles >> ROLE_ANALYST & 1) == 0)
        return fail(ERR_DENIED, "share.provider", 0);
    if (view->share == NULL || view->round == NULL)
        return fail(ERR_ABSENT, "share.absent", 0);
    if (!was_sent(view->round))
        return fail(ERR_CONFLICT, "share.not_sent", 0);
    if (said->result != RECEIPT_DONE)
        return OK;
    if (str_equal(cmd->actor.user, view->round->computer))
        return fail(ERR_DENIED, "round.same_person", 0);
    return str_is_empty(said->reference) ? fail(ERR_MALFORMED, "share.reference_missing", 0) : OK;
}

static err check_words(const struct receipt *said)
{
    bool is_reasoned = said->result == RECEIPT_REFUSED || said->result == RECEIPT_BOUNCED;
    if (said->result == RECEIPT_PARTIAL) /* a share is paid whole or not at all */
        return fail(ERR_MALFORMED, "word.unknown", 0);
    if (is_reasoned || !str_is_empty(said->reason))
        TRY(words_check(said->reason, WHY_BYTES, "why.missing", "why.too_long"));
    if (str_is_empty(said->reference))
        return OK;
    return words_check(said->reference, REFERENCE_BYTES, "share.reference", "share.reference");
}

/* --- what it is --- */

static unsigned state_after(const struct receipt *r, const struct round *of)
{
    if (r->result == RECEIPT_DONE)
        return SHARE_PAID;
    bool is_final = r->result == RECEIPT_REFUSED || of->state == ROUND_CLOSED;
    return is_final ? SHARE_FAILED : SHARE_DUE;
}

static bool is_another_payment(const struct receipt *r, const struct share *s)
{
    bool names_one = !str_is_empty(r->reference) && !str_is_empty(s->reference);
    return r->result == RECEIPT_DONE && s->state == SHARE_PAID && names_one &&
           !str_equal(r->reference, s->reference);
}

static enum receipt_fate judge(const struct desk_view *view, const struct receipt *r)
{
    const struct share *s = view->share;
    if (r->result == RECEIPT_PENDING)
        return s->state == SHARE_DUE ? RECEIPT_TAKEN : RECEIPT_STALE;
    if (r->at.us < s->said_at.us)
        return RECEIPT_STALE;
    bool is_new = state_after(r, view->round) != s->state;
    bool is_late = is_new && view->round->state == ROUND_CLOSED;
    return is_late || is_another_payment(r, s) ? RECEIPT_CONTRADICTING : RECEIPT_TAKEN;
}

/* Nobody is said to have got more than they lost. */
static bool has_room(const struct desk_view *view)
{
    const struct claim *c = view->claim;
    return c != NULL && view->share->amount <= c->amount - c->returned - view->promised;
}

static bool moves(const struct desk_view *view, const struct receipt *r)
{
    bool is_paying = r->result == RECEIPT_DONE && view->share->state != SHARE_PAID;
    if (r->result == RECEIPT_PENDING || r->fate == RECEIPT_STALE)
        return false;
    return !is_paying || view->round->state != ROUND_CLOSED || has_room(view);
}

static enum act act_of(const struct receipt *r, const struct round *of)
{
    static const enum act acts[SHARE_STATE_COUNT] = {
        [SHARE_DUE] = ACT_SHARE_BOUNCE,
        [SHARE_PAID] = ACT_SHARE_PAY,
        [SHARE_FAILED] = ACT_SHARE_FAIL,
    };
    return acts[state_after(r, of)];
}

err payment_take(const struct desk_view *view, const struct command *cmd, struct receipt *r,
                 struct change *change)
{
    const struct share *s = view->share;
    const struct round *of = view->round;
    TRY(check_staff(view, cmd));
    TRY(check_words(r));
    bool is_known = s != NULL && of != NULL && was_sent(of) && str_equal(of->provider, r->provider);
    r->ask = 0;
    r->held = r->balance = -1;
    r->fate = is_known ? judge(view, r) : RECEIPT_UNKNOWN;
    if (!is_known)
        return OK;
    r->division = s->division;
    if (!moves(view, r))
        return OK;
    change_follow(change, act_of(r, of), s->id, r->reason);
    change->follow.body.receipt = *r;
    return OK;
}

/* --- what it does to the share --- */

err payment_settle(const struct desk_view *view, const struct command *cmd, instant at,
                   struct change *change)
{
    static const unsigned states[] = {SHARE_PAID, SHARE_FAILED, SHARE_DUE};
    const struct receipt *r = &cmd->body.receipt;
    struct share *s = &change->after.share;
    assert(cmd->act >= ACT_SHARE_PAY && cmd->act <= ACT_SHARE_BOUNCE && view->round != NULL);
    if (!view->is_follow)
        return fail(ERR_DENIED, "permit.role", 0);
    s->was = s->state;
    s->state = states[cmd->act - ACT_SHARE_PAY];
    s->said_at = r->at;
    s->failure = s->state == SHARE_PAID ? STR("") : r->reason;
    if (s->state == SHARE_PAID && !str_is_empty(r->reference))
        s->reference = r->reference;
    change_effect(change, EFFECT_STREAM);
    if (s->state == s->was) /* said once more */
        return OK;
    s->settled_at = s->state == SHARE_DUE ? (instant){0} : at;
    s->settler = s->state == SHARE_DUE ? STR("") : cmd->actor.user;
    s->reference = s->state == SHARE_PAID ? r->reference : STR("");
    change_follow(change, s->state == SHARE_DUE ? ACT_ROUND_REOPEN : ACT_ROUND_TALLY, s->round,
                  STR(""));
    change->follow.body.share = *s;
    return OK;
}
