/* SPDX-License-Identifier: Apache-2.0 */
#include "app/alert/alert_turn.h"

#include "app/alert/alert_seal.h"
#include "kit/json.h"
#include "store/alert_figures.h"
#include "store/row.h"

enum { JOINED_DAYS = 30 };

static const struct actor machine = {
    .user = {.at = "centre", .size = 6},
      .kind = ACTOR_CENTRE
};

err alert_pseudonym(const struct house *house, str number, struct arena *turn, str *ret_pseudonym)
{
    return seal_name(&house->seal, STR(ALERT_SEALED_NUMBER), number, turn, ret_pseudonym);
}

/* An entry of this rise behind those of before, or none where there is no more room. */
static err put_parts(const struct alert_turning *t, const struct alert_news *n, str before,
                     str *ret_parts)
{
    char when[INSTANT_TEXT_BYTES];
    struct text text;
    struct json j;
    bool is_first = before.size <= 2;
    text_init(&text, t->arena);
    text_put(&text, is_first ? STR("[") : str_until(before, before.size - 1));
    text_put_c(&text, is_first ? "" : ",");
    json_init(&j, &text);
    json_object(&j);
    json_put_str(&j, STR("at"), instant_format(t->at, t->house->law.zone_min, when));
    json_put_str(&j, STR("tier"), str_from_c(alert_tier_words[n->tier]));
    json_put_i64(&j, STR("micro"), n->micro);
    json_key(&j, STR("parts"));
    json_raw(&j, str_is_empty(n->parts) ? STR("[]") : n->parts);
    json_end(&j);
    text_put_char(&text, ']');
    if (text_spent(&text))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_parts = text_str(&text).size > ALERT_PARTS_BYTES ? before : text_str(&text);
    return OK;
}

static struct command command_of(const struct alert_news *n, enum act act, str record)
{
    struct command cmd = {
        .act = act, .actor = n->by == NULL ? machine : *n->by, .record = record, .why = n->why};
    cmd.body.alert = (struct alert){.tier = n->tier,
                                    .micro = n->micro,
                                    .scam = n->scam,
                                    .cause = n->cause,
                                    .source = n->source,
                                    .rules = n->rules,
                                    .is_faint = n->is_none,
                                    .language = n->language,
                                    .division = n->division};
    return cmd;
}

static err open_new(const struct alert_turning *t, const struct alert_news *n, str pseudonym,
                    str *ret_id)
{
    if (n->is_none)
        return OK;
    str id = store_id(t->store, t->at, t->arena);
    struct command cmd = command_of(n, ACT_ALERT_OPEN, id);
    cmd.body.alert.pseudonym = pseudonym;
    TRY(seal_put(&t->house->seal, STR(ALERT_SEALED_NUMBER), n->number, t->arena,
                 &cmd.body.alert.subscriber));
    TRY(put_parts(t, n, STR(""), &cmd.body.alert.parts));
    TRY(store_apply(t->store, &cmd, t->at, t->arena, NULL));
    *ret_id = id;
    return OK;
}

static err move(const struct alert_turning *t, const struct alert_news *n, str id)
{
    union record *now = arena_make(t->arena, sizeof *now);
    if (now == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(row_find(store_sql(t->store), RECORD_ALERT, id, t->arena, now));
    bool is_up = !n->is_none && (n->tier > now->alert.tier || now->alert.is_faint != 0);
    if (!is_up && !n->is_none && n->tier == now->alert.tier)
        return OK;
    struct command cmd = command_of(n, is_up ? ACT_ALERT_RISE : ACT_ALERT_FALL, id);
    if (n->is_none)
        cmd.body.alert.tier = ALERT_LOW;
    if (is_up)
        TRY(put_parts(t, n, now->alert.parts, &cmd.body.alert.parts));
    return store_apply(t->store, &cmd, t->at, t->arena, NULL);
}

err alert_turn(const struct alert_turning *t, const struct alert_news *news, str *ret_id)
{
    str pseudonym = {0};
    str id = STR("");
    TRY(alert_pseudonym(t->house, news->number, t->arena, &pseudonym));
    err e = alerts_find_open(store_sql(t->store), pseudonym, t->arena, &id);
    if (e.code == ERR_ABSENT)
        e = open_new(t, news, pseudonym, &id);
    else if (!failed(e))
        e = move(t, news, id);
    if (!failed(e) && ret_id != NULL)
        *ret_id = id;
    return e;
}

/* A time, or 0. */
static err first_of(struct store *store, const char *literal, str id, int64_t *ret_us)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store_sql(store), literal, &row));
    sql_bind_str(row, 1, id);
    err e = sql_next(row, &has_row);
    *ret_us = !failed(e) && has_row ? sql_i64(row, 0) : 0;
    sql_done(&row);
    return e;
}

/* How long before they first paid something had reached them. */
static err measure_lead(const struct alert_turning *t, const struct report *report,
                        struct alert *said)
{
    union record *r = arena_make(t->arena, sizeof *r);
    int64_t paid_us = 0;
    int64_t warned_us = 0;
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(row_find(store_sql(t->store), RECORD_ALERT, said->id, t->arena, r));
    TRY(first_of(t->store, "SELECT coalesce(min(\"sent_at\"), 0) FROM claim WHERE \"report\" = $1",
                 report->id, &paid_us));
    TRY(first_of(t->store,
                 "SELECT coalesce(min(\"done_at\"), 0) FROM outreach WHERE \"alert\" = $1"
                 " AND \"result\" IN ('sent', 'reached')",
                 said->id, &warned_us));
    paid_us = paid_us == 0 ? report->filed_at.us : paid_us;
    said->is_warned = warned_us != 0;
    said->lead_s = (paid_us - (warned_us != 0 ? warned_us : r->alert.opened_at.us)) / US_PER_S;
    said->lost = report->loss;
    return OK;
}

err alert_join_report(const struct alert_turning *t, const struct report *report)
{
    str pseudonym = {0};
    str id = {0};
    if (str_is_empty(report->victim_number))
        return OK;
    instant since = instant_add_us(t->at, -JOINED_DAYS * US_PER_DAY);
    TRY(alert_pseudonym(t->house, report->victim_number, t->arena, &pseudonym));
    err e = alerts_find_warned(store_sql(t->store), pseudonym, since, t->arena, &id);
    if (e.code == ERR_ABSENT)
        return alerts_count_alone(t->store, report, t->at);
    TRY(e);
    struct command cmd = {.act = ACT_ALERT_REPORT, .actor = machine, .record = id};
    cmd.body.alert = (struct alert){.id = id, .report = report->id};
    TRY(measure_lead(t, report, &cmd.body.alert));
    return store_apply(t->store, &cmd, t->at, t->arena, NULL);
}
