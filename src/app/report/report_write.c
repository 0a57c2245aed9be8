/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/report_write.h"

#include "app/report/report_before.h"
#include "store/row.h"

#include <assert.h>

struct writing {
    const struct report_writing *w;
    struct report_written *ret;
    str incident;
    int64_t loss;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static str usual(const struct law_word *words, size_t count, str wanted)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(words[i].code, wanted))
            return wanted;
    return count > 0 ? words[0].code : wanted;
}

str report_usual_basis(const struct law_profile *law)
{
    return usual(law->bases, law->basis_count, STR("fraud_law_20"));
}

str report_usual_reason(const struct law_profile *law)
{
    return usual(law->reasons, law->reason_count, STR("mule_account"));
}

static err apply(const struct writing *at, struct command *cmd, union record *ret_after)
{
    cmd->actor = at->w->actor;
    return store_apply(at->w->store, cmd, at->w->at, at->w->arena, ret_after);
}

static err make_room(struct writing *at)
{
    size_t targets = at->w->plan == NULL ? 0 : at->w->plan->count;
    at->ret->claims =
        arena_make_array(at->w->arena, 2 * at->w->form->line_count + 1, sizeof *at->ret->claims);
    at->ret->orders = arena_make_array(at->w->arena, targets + 1, sizeof *at->ret->orders);
    return at->ret->claims == NULL || at->ret->orders == NULL ? spent() : OK;
}

/* --- claims --- */

static err put_claim(struct writing *at, struct command *cmd)
{
    union record after;
    TRY(apply(at, cmd, &after));
    at->ret->claims[at->ret->claim_count++] = after.claim;
    return OK;
}

static struct claim claim_of(const struct report_line *line)
{
    return (struct claim){.state = line->is_known ? CLAIM_MATCHED : CLAIM_TOLD,
                          .transfer = line->transfer,
                          .from = line->from,
                          .to = line->to,
                          .bank = line->bank,
                          .name = line->name,
                          .amount = line->amount,
                          .sent_at = line->at,
                          .mismatch = line->mismatch};
}

static err tell(struct writing *at, struct report_line *line)
{
    struct command cmd = {.act = ACT_CLAIM_TELL,
                          .record = store_id(at->w->store, at->w->at, at->w->arena)};
    cmd.body.claim = claim_of(line);
    cmd.body.claim.report = at->ret->report.id;
    line->claim = cmd.record;
    return put_claim(at, &cmd);
}

/* Of a report that was filed before: its claims come under the incident, and what was found. */
static err confirm(struct writing *at, const struct report_line *line)
{
    bool is_told_twice = !str_is_empty(line->before);
    struct command cmd = {.act = is_told_twice ? ACT_CLAIM_WITHDRAW : ACT_CLAIM_MATCH,
                          .record = line->claim};
    cmd.body.claim = claim_of(line);
    if (!line->is_known) /* what the victim calls it is no bank's word */
        cmd.body.claim.transfer = STR("");
    if (!str_is_empty(line->mismatch)) { /* first where it belongs, then what is wrong with it */
        struct command place = {.act = ACT_CLAIM_MATCH, .record = line->claim};
        TRY(apply(at, &place, NULL));
        cmd.act = ACT_CLAIM_MISMATCH;
    }
    return put_claim(at, &cmd);
}

/* Told before by another report: that claim stands, and is matched where only now it can be. */
static err repeat(struct writing *at, const struct report_line *line)
{
    union record before;
    if (line->is_found) {
        struct command cmd = {.act = ACT_CLAIM_MATCH, .record = line->before};
        cmd.body.claim = claim_of(line);
        err e = apply(at, &cmd, NULL);
        if (failed(e) && e.code != ERR_CONFLICT && e.code != ERR_DENIED)
            return e;
    }
    TRY(row_find(store_sql(at->w->store), RECORD_CLAIM, line->before, at->w->arena, &before));
    at->ret->claims[at->ret->claim_count++] = before.claim;
    return OK;
}

static err write_claims(struct writing *at)
{
    struct report_form *form = at->w->form;
    for (size_t i = 0; i < form->line_count; i++) {
        struct report_line *line = &form->lines[i];
        if (!str_is_empty(line->before))
            TRY(repeat(at, line));
        if (!str_is_empty(line->claim))
            TRY(confirm(at, line));
        else if (str_is_empty(line->before))
            TRY(tell(at, line));
    }
    return OK;
}

/* --- incident and report --- */

static bool is_new(const struct report_line *line)
{
    return str_is_empty(line->before) && str_is_empty(line->mismatch);
}

/* What is new of it: transfers for the incident, and the loss. */
static err sum_up(struct writing *at, struct incident *ret)
{
    const struct report_form *form = at->w->form;
    struct text ids;
    text_init(&ids, at->w->arena);
    for (size_t i = 0; i < form->line_count; i++) {
        const struct report_line *line = &form->lines[i];
        if (is_new(line) && at->loss > INT64_MAX - line->amount)
            return fail(ERR_MALFORMED, "report.loss", 0);
        at->loss += is_new(line) ? line->amount : 0;
        bool is_source =
            line->is_known && str_is_empty(line->mismatch) && (is_new(line) || line->is_found);
        if (!is_source)
            continue;
        if (text_str(&ids).size > 0)
            text_put_char(&ids, '\n');
        text_put(&ids, line->transfer);
    }
    *ret = (struct incident){.transfers = text_str(&ids),
                             .currency = form->said.currency,
                             .stolen = at->loss,
                             .division = at->w->division};
    return text_spent(&ids) ? spent() : OK;
}

static err write_incident(struct writing *at)
{
    bool is_joined = !str_is_empty(at->incident);
    struct command cmd = {.act = is_joined ? ACT_INCIDENT_JOIN : ACT_INCIDENT_OPEN};
    TRY(sum_up(at, &cmd.body.incident));
    at->ret->is_joined = is_joined;
    if (is_joined && at->loss == 0 && str_is_empty(cmd.body.incident.transfers))
        return OK; /* nothing new in it */
    cmd.record = is_joined ? at->incident : store_id(at->w->store, at->w->at, at->w->arena);
    at->incident = cmd.record;
    return apply(at, &cmd, NULL);
}

static err write_report(struct writing *at, enum act act)
{
    union record after;
    bool is_filed = !str_is_empty(at->w->filed);
    struct command cmd = {.act = act};
    cmd.record = is_filed ? at->w->filed : store_id(at->w->store, at->w->at, at->w->arena);
    cmd.body.report = at->w->form->said;
    cmd.body.report.incident = at->incident;
    cmd.body.report.loss = at->loss;
    cmd.body.report.division = at->w->division;
    TRY(apply(at, &cmd, &after));
    at->ret->report = after.report;
    return OK;
}

/* --- orders --- */

static const struct report_line *line_of(const struct writing *at, const struct report_target *t)
{
    static const struct report_line none = {.index = -1};
    return t->line == REPORT_NO_LINE ? &none : &at->w->form->lines[t->line];
}

static struct order order_of(const struct writing *at, const struct report_target *t,
                             int64_t amount)
{
    const struct report_form *form = at->w->form;
    return (struct order){.incident = at->incident,
                          .report = at->ret->report.id,
                          .kind = t->kind,
                          .target_kind = INDICATOR_ACCOUNT,
                          .target = t->account,
                          .bank = t->bank,
                          .name = t->name,
                          .amount = amount,
                          .currency = form->said.currency,
                          .claim = line_of(at, t)->claim,
                          .basis = at->w->basis,
                          .reason = at->w->reason,
                          .provider = t->provider->id,
                          .layer = t->layer,
                          .rank = (int64_t)at->ret->order_count + 1,
                          .rank_why = t->why,
                          .division = at->ret->report.division};
}

/* The disk, or the schema's own word, ends the whole; what the desk refuses, only this order. */
static bool is_refusal(err e)
{
    return e.code == ERR_MALFORMED || e.code == ERR_DENIED || e.code == ERR_ABSENT ||
           e.code == ERR_LIMIT || (e.code == ERR_CONFLICT && !sql_is_constraint(e));
}

/* Why one person's word is not enough; NULL: it is. */
static const char *guard_of(const struct report_line *line, const struct report_target *t)
{
    return line->is_perhaps && t->guard == NULL ? "claim.perhaps_same" : t->guard;
}

static void tell_refusal(struct writing *at, const struct report_target *t, const char *code,
                         str order)
{
    const struct report_line *line = line_of(at, t);
    struct report_refusal *refusal = report_refuse(at->w->form, line->index, "", code);
    refusal->account = t->account;
    refusal->order = order;
    refusal->incident = line->perhaps;
}

static err write_order(struct writing *at, const struct report_target *t, int64_t *left)
{
    union record after;
    const char *guard = guard_of(line_of(at, t), t);
    bool is_sent = guard == NULL;
    struct command cmd = {.act = is_sent ? ACT_ORDER_EMERGENCY : ACT_ORDER_DRAFT,
                          .record = store_id(at->w->store, at->w->at, at->w->arena)};
    cmd.body.order = order_of(at, t, t->amount < *left ? t->amount : *left);
    err e = apply(at, &cmd, &after);
    if (failed(e) && !is_refusal(e))
        return e;
    if (failed(e)) {
        tell_refusal(at, t, e.why, STR(""));
        return OK;
    }
    if (!is_sent)
        tell_refusal(at, t, guard, cmd.record);
    at->ret->orders[at->ret->order_count++] = after.order;
    *left -= is_sent ? after.order.amount : 0;
    return OK;
}

/* A target whose payment was told by another meanwhile has its orders there. */
static bool is_wanted(const struct writing *at, const struct report_target *t)
{
    return t->line == REPORT_NO_LINE || is_new(&at->w->form->lines[t->line]);
}

static err write_orders(struct writing *at)
{
    const struct report_plan *plan = at->w->plan;
    int64_t left = at->loss;
    size_t sent = 0;
    for (size_t i = 0; i < plan->count && left > 0 && sent < at->w->most_orders; i++) {
        if (!is_wanted(at, &plan->targets[i]))
            continue;
        TRY(write_order(at, &plan->targets[i], &left));
        sent++;
    }
    return OK;
}

/* As it stands after its orders: what is pledged is theirs to say. */
static err read_again(struct writing *at)
{
    union record r;
    TRY(row_find(store_sql(at->w->store), RECORD_REPORT, at->ret->report.id, at->w->arena, &r));
    at->ret->report = r.report;
    return OK;
}

err report_write_taken(const struct report_writing *w, struct report_written *ret)
{
    assert(w->plan != NULL && !str_is_empty(w->basis) && !str_is_empty(w->reason));
    *ret = (struct report_written){0};
    struct writing at = {.w = w, .ret = ret};
    const struct report_past past = {.db = store_sql(w->store),
                                     .actor = &w->actor,
                                     .window_us = w->window_us,
                                     .now = w->at,
                                     .arena = w->arena};
    TRY(make_room(&at));
    TRY(report_find_before(&past, w->form, &at.incident));
    TRY(write_incident(&at));
    TRY(write_report(&at, ACT_REPORT_TAKE));
    TRY(write_claims(&at));
    TRY(write_orders(&at));
    return read_again(&at);
}

err report_write_filed(const struct report_writing *w, struct report_written *ret)
{
    *ret = (struct report_written){0};
    struct writing at = {.w = w, .ret = ret};
    TRY(make_room(&at));
    for (size_t i = 0; i < w->form->line_count; i++) {
        if (at.loss > INT64_MAX - w->form->lines[i].amount)
            return fail(ERR_MALFORMED, "report.loss", 0);
        at.loss += w->form->lines[i].amount;
    }
    TRY(write_report(&at, ACT_REPORT_FILE));
    for (size_t i = 0; i < w->form->line_count; i++)
        TRY(tell(&at, &w->form->lines[i]));
    return OK;
}
