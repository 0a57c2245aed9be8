/* SPDX-License-Identifier: Apache-2.0 */
/* What an order must be to be drafted, and still be when a second person approves it. */
#include "desk/change.h"
#include "desk/order_parts.h"
#include "desk/takeover.h"
#include "fact/currency.h"

enum { WORDS_BYTES = 200, EVIDENCE_BYTES = 4000, NOTICE_BYTES = 2000 };

static err scope_check(const struct order *o)
{
    bool is_money = o->kind == ORDER_HOLD || o->kind == ORDER_STOP || o->kind == ORDER_FREEZE;
    if (str_is_empty(o->target))
        return fail(ERR_MALFORMED, "value.missing", 0);
    if (is_money && o->target_kind != INDICATOR_ACCOUNT)
        return fail(ERR_MALFORMED, "order.target", 0);
    bool needs_amount = o->kind == ORDER_HOLD || !str_is_empty(o->report);
    if (o->amount < 0 || (needs_amount && o->amount == 0))
        return fail(ERR_MALFORMED, "order.amount", 0);
    return currency_digits(o->currency) < 0 ? fail(ERR_MALFORMED, "currency.unknown", 0) : OK;
}

static err provider_check(const struct desk_view *view, const struct order *o)
{
    if (view->provider == NULL)
        return fail(ERR_ABSENT, "order.no_provider", 0);
    if (!provider_can(view->provider, o->kind))
        return fail(ERR_CONFLICT, "order.cannot", 0);
    return OK;
}

/* Safeguard 4: the whole of an account is stopped only where an amount of it cannot be held. */
static err scope_is_least(const struct desk_view *view, const struct order *o)
{
    bool is_whole = o->kind == ORDER_STOP || (o->kind == ORDER_FREEZE && o->amount == 0);
    bool could_hold = is_whole && provider_can(view->provider, ORDER_HOLD);
    return could_hold ? fail(ERR_CONFLICT, "order.could_hold", 0) : OK;
}

static err term_check(const struct order *o, const struct law_profile *law, instant at)
{
    int64_t most_us = law->order_max_term_us[o->kind];
    if (most_us <= 0)
        return fail(ERR_MALFORMED, "order.not_allowed", 0);
    if (o->until.us <= at.us)
        return fail(ERR_MALFORMED, "until.past", 0);
    if (o->until.us <= o->from.us)
        return fail(ERR_MALFORMED, "until.before_from", 0);
    int64_t begins_us = o->from.us < at.us ? o->from.us : at.us;
    if (o->until.us - begins_us > most_us)
        return fail(ERR_LIMIT, "until.beyond_limit", 0);
    return OK;
}

static err words_of_order_check(const struct order *o)
{
    TRY(words_check(o->reason, WORDS_BYTES, "reason.missing", "reason.too_long"));
    TRY(words_check(o->basis, WORDS_BYTES, "basis.missing", "basis.too_long"));
    TRY(words_check(o->notice, NOTICE_BYTES, "notice.missing", "notice.too_long"));
    if (str_is_empty(o->incident))
        return words_check(o->evidence, EVIDENCE_BYTES, "evidence.missing", "evidence.too_long");
    return OK;
}

/* Safeguards 4 and 6: nothing rests on a report nobody took, or asks for more than was lost; nor do
 * all that are drafted by hand for one incident together. */
static err budget_check(const struct desk_view *view, const struct order *o)
{
    if (str_is_empty(o->report)) {
        bool is_beyond = view->incident != NULL && o->target_kind == INDICATOR_ACCOUNT &&
                         o->amount > view->incident->stolen - view->ordered;
        return is_beyond ? fail(ERR_LIMIT, "order.beyond_loss", 0) : OK;
    }
    if (view->report == NULL)
        return fail(ERR_ABSENT, "report.absent", 0);
    if (view->report->state != REPORT_TAKEN)
        return fail(ERR_CONFLICT, "report.not_taken", 0);
    if (!str_is_empty(o->takes)) /* pledged already, by what it takes over */
        return OK;
    if (o->amount > view->report->loss - view->report->pledged)
        return fail(ERR_LIMIT, "order.beyond_loss", 0);
    return OK;
}

err order_carry_check(const struct desk_view *view, const struct order *o)
{
    TRY(provider_check(view, o));
    TRY(takeover_check(view, o));
    TRY(scope_is_least(view, o));
    return budget_check(view, o);
}

err order_draft_check(const struct desk_view *view, const struct order *o,
                      const struct law_profile *law, instant at)
{
    TRY(scope_check(o));
    TRY(term_check(o, law, at));
    TRY(words_of_order_check(o));
    return order_carry_check(view, o);
}
