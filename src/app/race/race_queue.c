/* SPDX-License-Identifier: Apache-2.0 */
/* Freezes of others that went before ours and have come to their end: what the account is good for
 * now is asked of its bank, once (docs/decisions/0134). */
#include "app/race/race_act_inside.h"
#include "desk/order_parts.h"
#include "fact/prior.h"

/* What the bank said last of who goes before us. */
static err last_said(struct race_pass *p, const struct order *o, str *ret_freezes)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    *ret_freezes = STR("");
    TRY(sql_ask(reader_sql(p->reader),
                "SELECT coalesce(\"freezes\", '') FROM receipt WHERE \"order\" = $1"
                " AND \"fate\" IN ('taken', 'over', 'contradicting')"
                " AND \"result\" IN ('done', 'partial') ORDER BY \"at\" DESC, \"id\" DESC LIMIT 1",
                &row));
    sql_bind_str(row, 1, o->id);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *ret_freezes = sql_str(row, 0, p->arena);
    sql_done(&row);
    return e;
}

/* When the last of those that have ended did, of which the bank has said nothing since; 0: none. */
static err find_ended(struct race_pass *p, const struct order *o, instant *ret_at)
{
    struct prior_list list = {0};
    str freezes = STR("");
    *ret_at = instant_from_us(0);
    TRY(last_said(p, o, &freezes));
    TRY(prior_parse(freezes, p->arena, &list));
    for (size_t i = 0; i < list.count; i++) {
        instant until = list.at[i].until;
        bool has_ended = until.us > o->said_at.us && until.us <= p->now.us;
        if (has_ended && until.us > ret_at->us)
            *ret_at = until;
    }
    return OK;
}

/* By whomever, and whatever became of it. */
static bool was_asked(const struct race_pass *p, const struct order *o, instant since)
{
    for (size_t i = 0; i < p->order_count; i++) {
        const struct order *q = &p->orders[i];
        if (q->kind == ORDER_QUERY && q->proposed_at.us >= since.us &&
            str_equal(q->target, o->target) && str_equal(q->provider, o->provider))
            return true;
    }
    return false;
}

static err ask_bank(struct race_pass *p, const struct order *o)
{
    struct actor actor = {0};
    bool may = false;
    TRY(race_deed_actor(p, o->proposer, &actor, &may));
    struct command *cmd = may ? race_deed_more(p) : NULL;
    if (cmd == NULL)
        return OK;
    *cmd = (struct command){.act = ACT_ORDER_DRAFT, .actor = actor};
    cmd->body.order = (struct order){.incident = o->incident,
                                     .kind = ORDER_QUERY,
                                     .target_kind = o->target_kind,
                                     .target = o->target,
                                     .bank = o->bank,
                                     .currency = o->currency,
                                     .basis = o->basis,
                                     .reason = o->reason,
                                     .provider = o->provider,
                                     .layer = o->layer,
                                     .division = o->division};
    return OK;
}

/* Two orders of ours may stand behind one freeze: the bank is asked once about the account. */
static bool is_told_by_earlier(const struct race_pass *p, size_t at)
{
    for (size_t i = 0; i < p->deed_count; i++) {
        const struct order *q = &p->deeds[i].body.order;
        if (p->deeds[i].act == ACT_ORDER_DRAFT && q->kind == ORDER_QUERY &&
            str_equal(q->target, p->orders[at].target))
            return true;
    }
    return false;
}

err race_queue_ask(struct race_pass *p)
{
    for (size_t i = 0; i < p->order_count; i++) {
        const struct order *o = &p->orders[i];
        const struct provider *bank = provider_find(&p->house->conf.providers, o->provider);
        instant ended = {0};
        bool is_behind = order_is_live(o->state) && o->kind <= ORDER_FREEZE && o->ahead != 0;
        if (!is_behind || bank == NULL || !provider_can(bank, ORDER_QUERY))
            continue;
        TRY(find_ended(p, o, &ended));
        if (ended.us != 0 && !was_asked(p, o, ended) && !is_told_by_earlier(p, i))
            TRY(ask_bank(p, o));
    }
    return OK;
}
