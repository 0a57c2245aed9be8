/* SPDX-License-Identifier: Apache-2.0 */
#include "app/round/round_compute.h"

#include "app/round/refund_write.h"
#include "app/round/round_money.h"
#include "app/round/round_read.h"
#include "kit/digest.h"

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- from facts to a case --- */

static err gather(const struct round_question *q, struct round_computed *c)
{
    struct round_claim *claims = NULL;
    struct round_parts parts = {0};
    struct round_paid *paid = NULL;
    const struct round_source s = {
        .db = q->db, .account = q->account, .before = q->before, .arena = q->arena};
    TRY(round_hold_read(&s, &c->hold));
    TRY(round_number_read(&s, &c->number, &c->open));
    struct round_facts f = {
        .account = q->account, .currency = c->hold.currency, .frozen = c->hold.amount};
    struct round_money m = {.runs = q->runs,
                            .account = q->account,
                            .currency = c->hold.currency,
                            .incidents = c->hold.incidents,
                            .until_ms = round_freeze_ends(c->hold.executed_ms),
                            .arena = q->arena};
    TRY(round_claims_read(&s, f.currency, &claims, &f.claim_count));
    TRY(round_moment_read(&m, claims, f.claim_count, &m.until_ms));
    if (m.until_ms > round_freeze_ends(c->hold.executed_ms))
        c->hold.executed_ms = m.until_ms;
    f.executed_ms = c->hold.executed_ms;
    TRY(round_paid_read(&s, &paid, &f.paid_count));
    TRY(round_rows_read(&m, &f.rows, &f.row_count));
    err e = round_parts_read(&m, claims, f.claim_count, &parts);
    c->about = parts.busy;
    TRY(e);
    f.claims = c->claims = claims;
    f.parts = parts.at;
    f.part_count = parts.count;
    f.paid = paid;
    return round_case_make(&f, q->arena, &c->made);
}

/* --- from the case to a statement --- */

/* The first thing wrong with the record; a bank has to say more before anything can be computed. */
static err refuse(struct round_computed *c, const struct refund_faults *faults)
{
    const struct refund_fault *f = &faults->at[0];
    c->about = f->entry >= 0 ? c->made.of.entries[f->entry].id : STR("");
    return fail(ERR_CONFLICT, f->why, 0);
}

static err write_statement(const struct round_question *q, struct round_computed *c)
{
    struct text t;
    struct text hex;
    struct json j;
    text_init(&t, q->arena);
    json_init(&j, &t);
    refund_write_statement(&c->refund, q->zone_min, &j);
    if (text_spent(&t))
        return spent();
    c->statement = text_str(&t);
    if (c->statement.size > ROUND_STATEMENT_BYTES)
        return fail(ERR_LIMIT, "round.statement_too_long", ROUND_STATEMENT_BYTES);
    struct digest digest = digest_of(c->statement);
    text_init(&hex, q->arena);
    text_put_hex(&hex, digest.bytes, DIGEST_BYTES);
    c->digest = text_str(&hex);
    return text_spent(&hex) ? spent() : OK;
}

err round_compute(const struct round_question *q, struct round_computed *ret)
{
    struct refund_faults faults = {0};
    *ret = (struct round_computed){0};
    TRY(gather(q, ret));
    err e = refund_record_make(&ret->made.of, q->arena, &ret->record, &faults);
    if (faults.count > 0)
        return refuse(ret, &faults);
    TRY(e);
    TRY(refund_compute(&ret->record, q->rule, q->arena, &ret->refund));
    return write_statement(q, ret);
}

/* --- about it --- */

const struct round_claim *round_claim_of(const struct round_computed *c, uint32_t claim)
{
    return &c->claims[c->made.claims[claim]];
}

int64_t round_shared(const struct round_computed *c)
{
    return c->made.of.frozen_minor - c->refund.unclaimed_minor;
}

bool round_concerns(const struct round_computed *c, str incident)
{
    str rest = c->hold.incidents;
    for (str id = {0}; str_split(&rest, ' ', &id);)
        if (str_equal(id, incident))
            return true;
    for (uint32_t i = 0; i < c->made.of.claim_count; i++)
        if (str_equal(round_claim_of(c, i)->incident, incident))
            return true;
    return false;
}

/* Held by the same: a freeze that took over what one of them held is the same. */
static err is_held_by(const struct round_question *q, const struct round *r, str orders,
                      bool *ret_is)
{
    struct round_orders found = {.count = 0};
    str rest = orders;
    size_t same = 0;
    TRY(round_orders(q->db, r, q->arena, &found));
    for (str id = {0}; same < found.count && str_split(&rest, ' ', &id); same++)
        if (!str_equal(id, found.at[same]->id))
            break;
    *ret_is = same == found.count && str_is_empty(rest);
    return OK;
}

err round_is_stale(const struct round_question *q, const struct round *r, bool *ret_stale)
{
    struct round_computed c;
    struct round_question again = *q;
    again.account = r->account;
    again.rule = (enum refund_rule)r->rule;
    again.before = r->id;
    err e = round_compute(&again, &c);
    bool is_refused = e.code == ERR_CONFLICT || e.code == ERR_ABSENT;
    bool is_same = false;
    if (!failed(e) && str_equal(c.digest, r->digest))
        e = is_held_by(q, r, c.hold.orders, &is_same);
    *ret_stale = is_refused || !is_same;
    return is_refused ? OK : e;
}
