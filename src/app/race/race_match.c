/* SPDX-License-Identifier: Apache-2.0 */
/* Payments that no bank knew when they were told, or knew otherwise, and those that a bank took
 * back and booked again. */
#include "app/race/race_act_inside.h"
#include "app/report/report_match.h"

/* What is known of the trail's beginnings says so: nothing is asked of claims that stand. */
static bool is_taken_back(const struct race_pass *p, const struct claim *c)
{
    for (size_t i = 0; p->has_doc && i < p->doc.source_count; i++) {
        const struct transfer *t = &p->doc.sources[i].transfer;
        if (str_equal(t->id, c->transfer) && str_equal(t->to, c->to))
            return t->status > TRANSFER_BOOKED;
    }
    return false;
}

static bool is_taken(const struct race_pass *p, str report)
{
    for (size_t i = 0; i < p->report_count; i++)
        if (str_equal(p->reports[i].id, report))
            return p->reports[i].state == REPORT_TAKEN;
    return false;
}

/* The victim looked again, and told of a payment to this account about then that stands: what was
 * said before it is no payment that may still come. */
static bool was_told_anew(const struct race_pass *p, const struct claim *c)
{
    int64_t window_us = p->house->conf.report_match_min * US_PER_MIN;
    for (size_t i = 0; i < p->claim_count; i++) {
        const struct claim *o = &p->claims[i];
        int64_t apart_us = o->sent_at.us - c->sent_at.us;
        bool is_near = o->sent_at.us == 0 || c->sent_at.us == 0 ||
                       (apart_us <= window_us && apart_us >= -window_us);
        bool stands = o->state == CLAIM_TOLD || o->state == CLAIM_MATCHED;
        if (stands && is_near && str_compare(o->id, c->id) > 0 && str_equal(o->to, c->to))
            return true;
    }
    return false;
}

static bool may_come(const struct race_pass *p, const struct claim *c)
{
    return c->state == CLAIM_MISMATCHED && is_taken(p, c->report) && !was_told_anew(p, c);
}

/* Of a payment that the bank knew otherwise, its number said which one it was not: that one booked
 * again, or another as it was told. */
static struct report_line line_of(const struct claim *c, size_t index)
{
    struct report_line line = report_line_of(c, (int64_t)index);
    if (c->state == CLAIM_MISMATCHED && !str_equal(c->mismatch, STR("status")))
        line.transfer = STR("");
    return line;
}

static void read_lines(const struct race_pass *p, struct report_form *form)
{
    for (size_t i = 0; i < p->claim_count && form->line_count < REPORT_CLAIMS; i++) {
        const struct claim *c = &p->claims[i];
        bool is_asked = c->state == CLAIM_TOLD || may_come(p, c) ||
                        (c->state == CLAIM_MATCHED && is_taken_back(p, c));
        if (is_asked)
            form->lines[form->line_count++] = line_of(c, i);
    }
}

/* `loss`: what was none until now. */
static void put_match(struct race_pass *p, const struct report_line *line, int64_t loss)
{
    bool is_other = !str_is_empty(line->mismatch);
    struct command *match = race_deed_more(p);
    struct command *join = is_other ? NULL : race_deed_more(p);
    if (match != NULL) {
        *match = (struct command){.act = is_other ? ACT_CLAIM_MISMATCH : ACT_CLAIM_MATCH,
                                  .actor = race_deed_centre,
                                  .record = line->claim};
        match->body.claim = (struct claim){.transfer = line->transfer,
                                           .from = line->from,
                                           .bank = line->bank,
                                           .sent_at = line->at,
                                           .amount = loss,
                                           .mismatch = line->mismatch};
    }
    if (join != NULL) {
        *join = (struct command){
            .act = ACT_INCIDENT_JOIN, .actor = race_deed_centre, .record = p->incident.id};
        join->body.incident = (struct incident){.transfers = line->transfer, .stolen = loss};
    }
}

/* Holds under a payment that the bank now tells otherwise are let go: law.md, a mismatch is not
 * stopped. What two people froze by it, and what a round counts on, is for people. */
static err free_mismatched(struct race_pass *p, str claim)
{
    for (size_t i = 0; i < p->order_count; i++) {
        const struct order *o = &p->orders[i];
        bool stays = o->state > ORDER_PARTIAL || !str_equal(o->claim, claim);
        if (!stays)
            TRY(race_deed_settled(p, o, &stays));
        struct command *cmd = stays ? NULL : race_deed_more(p);
        if (cmd != NULL)
            *cmd = race_deed_freeing(ACT_ORDER_LIFT, o, STR(RACE_WHY_MISMATCH));
    }
    return OK;
}

/* The centre itself found it otherwise, when it was a loss already; who took the report with the
 * mismatch counted none (desk/report.c). */
static err was_counted(const struct race_pass *p, const struct claim *c, bool *ret_was)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(p->reader),
                "SELECT 1 FROM ledger_leaf WHERE \"record\" = $1 AND \"act\" = 'claim.mismatch'"
                " AND \"actor\" = $2 LIMIT 1",
                &row));
    sql_bind_str(row, 1, c->id);
    sql_bind_str(row, 2, race_deed_centre.user);
    err e = sql_next(row, ret_was);
    sql_done(&row);
    return e;
}

/* It came as it was told, and is nobody else's: once, as a claim that is matched is not asked
 * about again (docs/decisions/0121). */
static err heal(struct race_pass *p, const struct report_matching *m,
                const struct report_form *form, const struct report_line *line)
{
    const struct claim *c = &p->claims[line->index];
    bool is_claimed = false;
    bool is_loss = false;
    TRY(report_match_is_claimed(m, form, line, &line->known, &is_claimed));
    if (is_claimed)
        return OK;
    TRY(was_counted(p, c, &is_loss));
    put_match(p, line, is_loss ? 0 : c->amount);
    return OK;
}

/* A claim that was matched stays as it is, also when its bank took the payment back, until that is
 * booked again. */
static err follow(struct race_pass *p, const struct report_matching *m,
                  const struct report_form *form, const struct report_line *line,
                  bool *ret_is_moved)
{
    const struct claim *c = &p->claims[line->index];
    bool is_other = !str_is_empty(line->mismatch);
    if (c->state == CLAIM_MISMATCHED)
        return is_other ? OK : heal(p, m, form, line);
    if (c->state == CLAIM_MATCHED && (is_other || str_equal(line->transfer, c->transfer)))
        return OK;
    *ret_is_moved = *ret_is_moved || c->state == CLAIM_MATCHED;
    put_match(p, line, 0);
    return is_other ? free_mismatched(p, line->claim) : OK;
}

err race_match_told(struct race_pass *p, bool *ret_is_moved)
{
    struct report_form *form = arena_make(p->arena, sizeof *form);
    *ret_is_moved = false;
    if (form == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    read_lines(p, form);
    if (form->line_count == 0)
        return OK;
    const struct report_matching m = {.runs = p->runs,
                                      .db = reader_sql(p->reader),
                                      .providers = &p->house->conf.providers,
                                      .arena = p->arena,
                                      .currency = p->house->law.currency,
                                      .window_us = p->house->conf.report_match_min * US_PER_MIN,
                                      .now = p->now};
    TRY(report_match(&m, form));
    for (size_t i = 0; i < form->line_count; i++)
        if (form->lines[i].is_known || str_equal(form->lines[i].mismatch, STR("currency")))
            TRY(follow(p, &m, form, &form->lines[i], ret_is_moved));
    return OK;
}
