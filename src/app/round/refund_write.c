/* SPDX-License-Identifier: Apache-2.0 */
#include "app/round/refund_write.h"

#include "base/instant.h"
#include "show/messages.h"

struct writing {
    const struct refund *refund;
    const struct refund_record *record;
    const struct refund_case *of;
    int zone_min;
    struct json *j;
};

static void put_time(const struct writing *w, str key, int64_t ms)
{
    char room[INSTANT_TEXT_BYTES];
    json_put_str(w->j, key, instant_format(instant_from_us(ms * US_PER_MS), w->zone_min, room));
}

const char *refund_rule_text(enum refund_rule rule)
{
    static const char *const keys[RULE_COUNT] = {
        [RULE_CN_2016] = "refund.rule_text.cn_2016",
        [RULE_FIFO] = "refund.rule_text.fifo",
        [RULE_PROPORTIONAL] = "refund.rule_text.proportional",
    };
    return keys[rule];
}

/* "zh" and "en": a statement is read by more people than asked for it. */
static void put_both(const struct writing *w, str key, const char *sentence)
{
    json_key(w->j, key);
    json_object(w->j);
    json_put_str(w->j, STR("zh"), message(str_from_c(sentence), LANGUAGE_ZH));
    json_put_str(w->j, STR("en"), message(str_from_c(sentence), LANGUAGE_EN));
    json_end(w->j);
}

static str line_id(const struct writing *w, uint32_t line)
{
    return w->of->entries[w->record->lines[line].entry].id;
}

static str claim_id(const struct writing *w, uint32_t claim)
{
    return w->of->claims[claim].id;
}

/* ---- entries --------------------------------------------------------------------------------- */

static void put_entry(const struct writing *w, uint32_t i)
{
    struct json *j = w->j;
    const struct refund_line *line = &w->record->lines[i];
    const struct refund_entry *e = &w->of->entries[line->entry];
    json_object(j);
    json_put_str(j, STR("id"), e->id);
    put_time(w, STR("time"), e->time_ms);
    if (e->has_seq)
        json_put_i64(j, STR("seq"), e->seq);
    json_put_str(j, STR("direction"), e->is_out ? STR("out") : STR("in"));
    json_put_i64(j, STR("amount"), e->amount_minor);
    json_key(j, STR("claim"));
    if (e->claim == REFUND_NOBODY)
        json_null(j);
    else
        json_str(j, claim_id(w, (uint32_t)e->claim));
    json_put_str(j, STR("status"), transfer_status_name(e->status));
    if (line->fate == FATE_COUNTS) {
        json_put_i64(j, STR("moment"), line->moment);
        json_put_i64(j, STR("balance"), line->balance_minor);
        json_put_i64(j, STR("low_water"), w->record->moments[line->moment].low_minor);
    } else {
        json_put_str(j, STR("left_out"), refund_fate_name(line->fate));
    }
    json_end(j);
}

static void put_entries(const struct writing *w)
{
    json_key(w->j, STR("entries"));
    json_array(w->j);
    for (uint32_t i = 0; i < w->of->entry_count; i++)
        put_entry(w, i);
    json_end(w->j);
}

/* ---- doubts ---------------------------------------------------------------------------------- */

struct doubt {
    const char *code;
    const char *says;
};
static const struct doubt same_moment = {"same_moment", "refund.doubt.same_moment"};
static const struct doubt less_frozen = {"less_frozen", "refund.doubt.less_frozen"};
static const struct doubt more_frozen = {"more_frozen", "refund.doubt.more_frozen"};
static const struct doubt payer_received = {"payer_received", "refund.doubt.payer_received"};

uint32_t refund_doubtful(const struct refund *refund)
{
    const struct refund_case *of = refund->record->of;
    uint32_t count = 0;
    for (uint32_t i = 0; i < of->claim_count; i++)
        count += of->claims[i].is_doubtful && refund->parts[i].amount_minor > 0;
    return count;
}

/* Whose money it was before, somebody else may say: shared as it is, and made public first. */
static void put_doubt_of_claims(const struct writing *w)
{
    struct json *j = w->j;
    if (refund_doubtful(w->refund) == 0)
        return;
    json_object(j);
    json_put_str(j, STR("code"), str_from_c(payer_received.code));
    put_both(w, STR("says"), payer_received.says);
    json_key(j, STR("entries"));
    json_array(j);
    for (uint32_t i = 0; i < w->record->counted; i++) {
        const struct refund_entry *e = &w->of->entries[w->record->lines[i].entry];
        bool is_claims = !e->is_out && e->claim != REFUND_NOBODY;
        if (is_claims && w->of->claims[e->claim].is_doubtful)
            json_str(j, e->id);
    }
    json_end(j);
    json_key(j, STR("claims"));
    json_array(j);
    for (uint32_t i = 0; i < w->of->claim_count; i++)
        if (w->of->claims[i].is_doubtful && w->refund->parts[i].amount_minor > 0)
            json_str(j, claim_id(w, i));
    json_end(j);
    json_end(j);
}

static void put_doubt(const struct writing *w, const struct doubt *doubt, uint32_t from,
                      uint32_t count)
{
    json_object(w->j);
    json_put_str(w->j, STR("code"), str_from_c(doubt->code));
    put_both(w, STR("says"), doubt->says);
    json_key(w->j, STR("entries"));
    json_array(w->j);
    for (uint32_t i = from; i < from + count; i++)
        json_str(w->j, line_id(w, i));
    json_end(w->j);
    json_end(w->j);
}

/* Where the bank's record does not say all; the computation is safe against each, and says so. */
static void put_doubts(const struct writing *w)
{
    const struct refund_record *r = w->record;
    json_key(w->j, STR("doubts"));
    json_array(w->j);
    for (uint32_t m = 1; m < r->moment_count; m++)
        if (refund_moment_is_open(r, m))
            put_doubt(w, &same_moment, r->moments[m].line, r->moments[m].line_count);
    if (r->balance_minor > w->of->frozen_minor)
        put_doubt(w, &less_frozen, 0, 0);
    if (r->balance_minor < w->of->frozen_minor)
        put_doubt(w, &more_frozen, 0, 0);
    put_doubt_of_claims(w);
    json_end(w->j);
}

/* ---- claims and steps ------------------------------------------------------------------------ */

static void put_claims(const struct writing *w, bool is_full)
{
    struct json *j = w->j;
    json_key(j, STR("claims"));
    json_array(j);
    for (uint32_t i = 0; i < w->of->claim_count; i++) {
        const struct refund_part *p = &w->refund->parts[i];
        json_object(j);
        json_put_str(j, STR("claim"), claim_id(w, i));
        json_put_i64(j, STR("loss"), p->loss_minor);
        if (is_full) {
            json_put_i64(j, STR("deposited"), p->deposited_minor);
            json_put_i64(j, STR("least"), p->least_minor);
            json_put_i64(j, STR("most"), p->most_minor);
        }
        json_put_str(j, STR("basis"), str_from_c(refund_basis_words[p->basis]));
        json_put_i64(j, STR("amount"), p->amount_minor);
        json_end(j);
    }
    json_end(j);
}

static void put_share(const struct writing *w, const struct refund_step *s, uint32_t claim)
{
    const struct refund_part *p = &w->refund->parts[claim];
    __int128 product = (__int128)p->loss_minor * s->total_minor;
    json_object(w->j);
    json_put_str(w->j, STR("claim"), claim_id(w, claim));
    json_put_i64(w->j, STR("whole"), (int64_t)(product / s->of_minor));
    json_put_i64(w->j, STR("rest"), (int64_t)(product % s->of_minor));
    json_put_i64(w->j, STR("amount"), p->amount_minor);
    json_end(w->j);
}

static void put_step(const struct writing *w, const struct refund_step *s)
{
    json_object(w->j);
    json_put_i64(w->j, STR("total"), s->total_minor);
    json_put_i64(w->j, STR("of"), s->of_minor);
    json_put_str(w->j, STR("end"), refund_end_name(s->end));
    if (s->end == END_LOW_WATER) {
        const struct refund_moment *m =
            &w->record->moments[refund_low_moment(w->record, s->moment)];
        if (m->line_count > 0)
            json_put_str(w->j, STR("entry"), line_id(w, m->line + m->line_count - 1));
    }
    json_key(w->j, STR("claims"));
    json_array(w->j);
    for (uint32_t i = 0; i < s->claim_count; i++)
        put_share(w, s, s->claims[i]);
    json_end(w->j);
    json_end(w->j);
}

static void put_steps(const struct writing *w)
{
    json_key(w->j, STR("steps"));
    json_array(w->j);
    for (uint32_t i = 0; i < w->refund->step_count; i++)
        put_step(w, &w->refund->steps[i]);
    json_end(w->j);
}

/* ---- documents ------------------------------------------------------------------------------- */

static struct writing begin(const struct refund *refund, int zone_min, struct json *j)
{
    return (struct writing){.refund = refund,
                            .record = refund->record,
                            .of = refund->record->of,
                            .zone_min = zone_min,
                            .j = j};
}

void refund_write_statement(const struct refund *refund, int zone_min, struct json *j)
{
    struct writing w = begin(refund, zone_min, j);
    json_object(j);
    json_put_str(j, STR("form"), STR("yumen-refund 1"));
    json_put_str(j, STR("account"), w.of->account);
    json_put_str(j, STR("rule"), str_from_c(refund_rule_words[refund->rule]));
    put_both(&w, STR("rule_text"), refund_rule_text(refund->rule));
    json_put_str(j, STR("currency"), w.of->currency);
    json_key(j, STR("frozen"));
    json_object(j);
    json_put_i64(j, STR("amount"), w.of->frozen_minor);
    put_time(&w, STR("time"), w.of->frozen_ms);
    json_end(j);
    json_put_i64(j, STR("opening"), w.of->opening_minor);
    json_put_i64(j, STR("balance"), w.record->balance_minor);
    put_entries(&w);
    put_doubts(&w);
    put_steps(&w);
    put_claims(&w, true);
    json_put_i64(j, STR("unclaimed"), refund->unclaimed_minor);
    json_end(j);
}

void refund_write_fields(const struct refund *refund, int zone_min, struct json *j)
{
    struct writing w = begin(refund, zone_min, j);
    json_put_str(j, STR("account"), w.of->account);
    json_put_str(j, STR("rule"), str_from_c(refund_rule_words[refund->rule]));
    json_put_str(j, STR("currency"), w.of->currency);
    json_put_i64(j, STR("frozen"), w.of->frozen_minor);
    put_claims(&w, false);
    json_put_i64(j, STR("unclaimed"), refund->unclaimed_minor);
    json_key(j, STR("statement"));
    refund_write_statement(refund, zone_min, j);
}

void refund_write(const struct refund *refund, int zone_min, struct json *j)
{
    json_object(j);
    refund_write_fields(refund, zone_min, j);
    json_end(j);
}

/* Rows are counted from 1, as in any feed. */
void refund_write_faults(const struct refund_faults *f, const struct refund_refusal_form *form,
                         struct json *j)
{
    json_object(j);
    json_put_i64(j, STR("refused"), f->count);
    json_key(j, STR("refusals"));
    json_array(j);
    for (uint32_t i = 0; i < f->count && i < REFUND_FAULTS_MOST; i++) {
        const struct refund_fault *fault = &f->at[i];
        json_object(j);
        if (fault->entry >= 0) {
            json_put_i64(j, STR("row"), fault->entry + 1);
            json_put_str_if_any(j, STR("id"), form->of->entries[fault->entry].id);
        }
        json_put_str(j, STR("column"), str_from_c(fault->column));
        json_put_str(j, STR("code"), str_from_c(fault->why));
        json_put_str(j, STR("reason"), form->say(form->self, fault->why));
        json_end(j);
    }
    json_end(j);
    json_end(j);
}
