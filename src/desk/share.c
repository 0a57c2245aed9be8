/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one claim gets of a round, and its payment:
 *
 *     make            pay: the provider paid it
 *    ------> due <---------------------------> paid
 *             ^   bounce: it came back          ^
 *             |                                 |
 *             +--> failed <---------------------+   fail: it cannot be, and why; once its round is
 *                                                   closed, the money stays frozen for a later one
 *
 * The provider's newest word counts (payment.c), and is counted in its round in the same
 * transaction; what is paid, or came back, also in its claim, whose row refuses that anybody gets
 * back more than they lost.
 */
#include "desk/change.h"
#include "desk/receipt_parts.h"
#include "desk/round_parts.h"

#include <assert.h>

/* Of the claim: nobody is promised more than they lost, by all open rounds together. */
static err claim_check(const struct desk_view *view, const struct share *s)
{
    const struct claim *c = view->claim;
    if (c == NULL)
        return fail(ERR_ABSENT, "claim.absent", 0);
    if (c->state == CLAIM_WITHDRAWN)
        return fail(ERR_CONFLICT, "claim.withdrawn", 0);
    if (str_is_empty(c->incident))
        return fail(ERR_CONFLICT, "report.not_taken", 0);
    if (!str_equal(c->currency, view->round->currency))
        return fail(ERR_CONFLICT, "share.currency", 0);
    if (s->amount > c->amount - c->returned - view->promised)
        return fail(ERR_LIMIT, "claim.returned", 0);
    return OK;
}

static err make(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *change)
{
    struct share s = cmd->body.share;
    assert(s.basis < BASIS_COUNT);
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "share.exists", 0);
    if (view->round == NULL)
        return fail(ERR_ABSENT, "round.absent", 0);
    if (!str_equal(cmd->actor.user, view->round->computer))
        return fail(ERR_DENIED, "permit.role", 0);
    if (s.amount <= 0 || s.amount > s.loss)
        return fail(ERR_MALFORMED, "share.amount", 0);
    TRY(claim_check(view, &s));
    s.id = cmd->record;
    s.round = view->round->id;
    s.claim = view->claim->id;
    s.incident = view->claim->incident;
    s.to = view->claim->from;
    s.state = s.was = SHARE_DUE;
    s.settled_at = s.said_at = (instant){0};
    s.reference = s.failure = s.settler = STR("");
    s.division = view->round->division;
    s.revision = 0;
    change->after.share = s;
    change_timer(change, ACT_SHARE_ERASE,
                 instant_add_us(at, law->report_retention_days * US_PER_DAY));
    change_follow(change, ACT_ROUND_ALLOT, s.round, STR(""));
    change->follow.body.share = s;
    return OK;
}

/* To whom it goes is needed until nothing more is asked of its round. */
static err erase(const struct desk_view *view, const struct law_profile *law, instant at,
                 struct change *change)
{
    struct share *s = &change->after.share;
    assert(view->round != NULL);
    if (!round_has_ended(view->round->state) && !change_is_restored(view)) {
        change_timer(change, ACT_SHARE_ERASE,
                     instant_add_us(at, law->report_retention_days * US_PER_DAY));
        return OK;
    }
    change_timer_stop(change, ACT_SHARE_ERASE);
    s->to = s->reference = STR("");
    s->failure = str_is_empty(s->failure) ? s->failure : STR("erased");
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
    return OK;
}

err share_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_SHARE_MAKE)
        return make(view, cmd, law, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "share.absent", 0);
    if (cmd->act == ACT_SHARE_ERASE)
        return erase(view, law, at, ret_change);
    return payment_settle(view, cmd, at, ret_change);
}
