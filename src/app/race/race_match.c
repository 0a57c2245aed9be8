/* SPDX-License-Identifier: Apache-2.0 */
/* Payments that no bank knew when they were told, and those that a bank took back and booked
 * again. */
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

static void read_lines(const struct race_pass *p, struct report_form *form)
{
    for (size_t i = 0; i < p->claim_count && form->line_count < REPORT_CLAIMS; i++) {
        const struct claim *c = &p->claims[i];
        bool is_asked =
            c->state == CLAIM_TOLD || (c->state == CLAIM_MATCHED && is_taken_back(p, c));
        if (is_asked)
            form->lines[form->line_count++] = report_line_of(c, (int64_t)i);
    }
}

static void put_match(struct race_pass *p, const struct report_line *line)
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
                                           .mismatch = line->mismatch};
    }
    if (join != NULL) { /* its loss is counted already */
        *join = (struct command){
            .act = ACT_INCIDENT_JOIN, .actor = race_deed_centre, .record = p->incident.id};
        join->body.incident = (struct incident){.transfers = line->transfer};
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

/* A claim that was matched stays as it is, also when its bank took the payment back, until that is
 * booked again. */
static err follow(struct race_pass *p, const struct report_line *line, bool *ret_is_moved)
{
    const struct claim *c = &p->claims[line->index];
    bool is_other = !str_is_empty(line->mismatch);
    if (c->state == CLAIM_MATCHED && (is_other || str_equal(line->transfer, c->transfer)))
        return OK;
    *ret_is_moved = *ret_is_moved || c->state == CLAIM_MATCHED;
    put_match(p, line);
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
            TRY(follow(p, &form->lines[i], ret_is_moved));
    return OK;
}
