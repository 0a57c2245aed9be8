/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/event.h"

#include "fact/command.h"
#include "show/records.h"
#include "store/row.h"

static void put_listing(struct json *j, const struct listing *l)
{
    json_put_str(j, STR("listing"), l->id);
    json_put_str(j, STR("state"), str_from_c(listing_state_words[l->state]));
    json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[l->kind]));
    json_put_str(j, STR("display"), l->display);
    json_put_str(j, STR("action"), str_from_c(listing_action_words[l->action]));
}

static void put_appeal(struct json *j, const struct appeal *a, int zone_min)
{
    json_put_str(j, STR("appeal"), a->id);
    json_put_str_if_any(j, STR("listing"), a->listing);
    json_put_str_if_any(j, STR("order"), a->order);
    json_put_str_if_any(j, STR("round"), a->round);
    json_put_str(j, STR("state"), str_from_c(appeal_state_words[a->state]));
    json_put_instant(j, STR("due_at"), a->due_at, zone_min);
}

static void put_incident(struct json *j, const struct incident *i)
{
    json_put_str(j, STR("incident"), i->id);
    json_put_str(j, STR("state"), str_from_c(incident_state_words[i->state]));
}

static void put_report(struct json *j, const struct report *r)
{
    json_put_str(j, STR("report"), r->id);
    json_put_str(j, STR("state"), str_from_c(report_state_words[r->state]));
    json_put_str_if_any(j, STR("incident"), r->incident);
}

static void put_order(struct json *j, const struct order *o, int zone_min)
{
    json_put_str(j, STR("order"), o->id);
    json_put_str_if_any(j, STR("incident"), o->incident);
    json_put_str_if_any(j, STR("report"), o->report);
    json_put_str(j, STR("kind"), str_from_c(order_kind_words[o->kind]));
    json_put_str(j, STR("state"), str_from_c(order_state_words[o->state]));
    json_put_bool(j, STR("emergency"), o->is_emergency != 0);
    json_put_str(j, STR("provider"), o->provider);
    json_put_str(j, STR("asked"), str_from_c(order_ask_words[o->asked]));
    json_put_i64(j, STR("ask"), o->ask);
    json_put_instant(j, STR("due_at"), o->due_at, zone_min);
    json_put_i64(j, STR("is_late"), o->is_late);
    json_put_str(j, STR("alarm"), str_from_c(order_alarm_words[o->alarm]));
}

static void put_receipt(struct json *j, const struct receipt *r)
{
    json_put_str(j, STR("receipt"), r->id);
    json_put_str_if_any(j, STR("order"), r->order);
    json_put_str_if_any(j, STR("share"), r->share);
    json_put_str(j, STR("provider"), r->provider);
    json_put_str(j, STR("result"), str_from_c(receipt_result_words[r->result]));
    json_put_str(j, STR("fate"), str_from_c(receipt_fate_words[r->fate]));
}

static void put_round(struct json *j, const struct round *r, int zone_min)
{
    json_put_str(j, STR("round"), r->id);
    json_put_str(j, STR("incident"), r->incident);
    json_put_str(j, STR("state"), str_from_c(round_state_words[r->state]));
    json_put_str(j, STR("provider"), r->provider);
    json_put_instant(j, STR("due_at"), r->due_at, zone_min);
    json_put_i64(j, STR("is_late"), r->is_late);
}

static void put_share(struct json *j, const struct share *s)
{
    json_put_str(j, STR("share"), s->id);
    json_put_str(j, STR("round"), s->round);
    json_put_str(j, STR("claim"), s->claim);
    json_put_str(j, STR("state"), str_from_c(share_state_words[s->state]));
}

/* The number and the cell are asked for: /v1/suspicions, /v1/boxes. */
static void put_suspicion(struct json *j, const struct suspicion *s)
{
    json_put_str(j, STR("suspicion"), s->id);
    json_put_str(j, STR("state"), str_from_c(suspicion_state_words[s->state]));
    json_put_str(j, STR("detector"), str_from_c(detector_words[s->detector]));
    json_put_str_if_any(j, STR("box"), s->box);
    json_put_str_if_any(j, STR("listing"), s->listing);
}

static void put_box(struct json *j, const struct sim_box *b)
{
    json_put_str(j, STR("box"), b->id);
    json_put_str(j, STR("state"), str_from_c(sim_box_state_words[b->state]));
    json_put_i64(j, STR("channels"), b->channels);
    json_put_i64(j, STR("cards"), b->card_count);
}

/* Whose it is stands in none of it: /v1/alerts. */
static void put_alert(struct json *j, const struct alert *a, int zone_min)
{
    json_put_str(j, STR("alert"), a->id);
    json_put_str(j, STR("state"), str_from_c(alert_state_words[a->state]));
    json_put_str(j, STR("tier"), str_from_c(alert_tier_words[a->tier]));
    json_put_str_if_any(j, STR("officer"), a->officer);
    json_put_str(j, STR("means"), str_from_c(outreach_means_words[a->means]));
    json_put_instant(j, STR("due_at"), a->due_at, zone_min);
    json_put_i64(j, STR("is_late"), a->is_late);
    json_put_str(j, STR("division"), a->division);
}

/* What it is about is asked for: /v1/tips. */
static void put_tip(struct json *j, const struct tip *t)
{
    json_put_str(j, STR("tip"), t->id);
    json_put_str(j, STR("state"), str_from_c(tip_state_words[t->state]));
    json_put_i64(j, STR("told"), t->told);
    json_put_str_if_any(j, STR("listing"), t->listing);
}

static void put_record(struct json *j, enum record_kind kind, const union record *r, int zone_min)
{
    if (kind == RECORD_LISTING)
        put_listing(j, &r->listing);
    else if (kind == RECORD_APPEAL)
        put_appeal(j, &r->appeal, zone_min);
    else if (kind == RECORD_REPORT)
        put_report(j, &r->report);
    else if (kind == RECORD_ORDER)
        put_order(j, &r->order, zone_min);
    else if (kind == RECORD_RECEIPT)
        put_receipt(j, &r->receipt);
    else if (kind == RECORD_ROUND)
        put_round(j, &r->round, zone_min);
    else if (kind == RECORD_SHARE)
        put_share(j, &r->share);
    else if (kind == RECORD_SUSPICION)
        put_suspicion(j, &r->suspicion);
    else if (kind == RECORD_TIP)
        put_tip(j, &r->tip);
    else if (kind == RECORD_BOX)
        put_box(j, &r->box);
    else if (kind == RECORD_ALERT)
        put_alert(j, &r->alert, zone_min);
    else
        put_incident(j, &r->incident);
}

struct leaf_words {
    enum record_kind kind;
    str record;
    str act;
    str actor;
    instant at;
};

static err find_leaf(struct sql *db, uint64_t leaf, struct arena *turn, struct leaf_words *words)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT l.\"record_kind\", l.\"record\", l.\"act\", l.\"at\","
                " coalesce(u.\"name\", l.\"actor\") FROM ledger_leaf l"
                " LEFT JOIN user_account u ON u.\"id\" = l.\"actor\" WHERE l.\"idx\" = $1",
                &row));
    sql_bind_i64(row, 1, (int64_t)leaf);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *words = (struct leaf_words){.kind = record_kind_find(sql_peek(row, 0)),
                                     .record = sql_str(row, 1, turn),
                                     .act = sql_str(row, 2, turn),
                                     .at = instant_from_us(sql_i64(row, 3)),
                                     .actor = sql_str(row, 4, turn)};
    sql_done(&row);
    return failed(e) || has_row ? e : fail(ERR_ABSENT, "leaf.absent", 0);
}

static bool ends_streams(const struct leaf_words *words)
{
    enum act act = act_find(words->act);
    return act == ACT_SESSION_CLOSE || act == ACT_SESSION_EXPIRE || act == ACT_USER_DISABLE ||
           act == ACT_USER_PASSWORD; /* who may go on comes again */
}

/* What the desk sends to no stream (EFFECT_STREAM): who looked, what follows from what is told, and
 * entries of lists, which come and go by the million. Who comes again is told no more. */
static const bool is_untold[ACT_COUNT] = {
    [ACT_LISTING_ENTER] = true, [ACT_LISTING_RENEW] = true, [ACT_LISTING_VANISH] = true,
    [ACT_LISTING_BEGIN] = true, [ACT_LISTING_HEAR] = true,  [ACT_LISTING_ERASE] = true,
    [ACT_LISTING_READ] = true,  [ACT_APPEAL_ERASE] = true,  [ACT_APPEAL_READ] = true,
    [ACT_INCIDENT_READ] = true, [ACT_REPORT_READ] = true,   [ACT_REPORT_PLEDGE] = true,
    [ACT_REPORT_COUNT] = true,  [ACT_REPORT_ERASE] = true,  [ACT_ORDER_READ] = true,
    [ACT_ORDER_ERASE] = true,   [ACT_RECEIPT_ERASE] = true, [ACT_ROUND_READ] = true,
    [ACT_ROUND_ALLOT] = true,   [ACT_SHARE_MAKE] = true,    [ACT_SHARE_ERASE] = true,
    [ACT_BOX_READ] = true,
};

static bool is_told(enum act act, enum record_kind kind, const union record *r)
{
    bool is_entrys_end =
        kind == RECORD_LISTING && act == ACT_LISTING_EXPIRE && !str_is_empty(r->listing.source_id);
    return act < ACT_COUNT && !is_untold[act] && !is_entrys_end;
}

/* "l6201", "a6201", "xID": see api_stream.h. */
static str audience_of(char mark, str whom, struct arena *turn)
{
    struct text t;
    text_init(&t, turn);
    text_put_char(&t, mark);
    text_put(&t, whom);
    return text_str(&t);
}

static err make_end(const struct leaf_words *words, uint64_t leaf, struct arena *turn,
                    struct http_event *ret_event)
{
    *ret_event = (struct http_event){.name = STR("end"),
                                     .data = STR(""),
                                     .audience = audience_of('x', words->record, turn),
                                     .id = leaf + 1,
                                     .is_end = true};
    return OK;
}

err event_make(struct sql *db, uint64_t leaf, int zone_min, struct arena *turn,
               struct http_event *ret_event)
{
    struct leaf_words words = {0};
    union record record;
    TRY(find_leaf(db, leaf, turn, &words));
    if (ends_streams(&words))
        return make_end(&words, leaf, turn, ret_event);
    static const struct {
        const char *name;
        char mark;
    } told[RECORD_KIND_COUNT] = {
        [RECORD_LISTING] = {"listing",   'l'},
        [RECORD_APPEAL] = {"appeal",    'a'},
        [RECORD_INCIDENT] = {"incident",  'a'}, /* for the same people */
        [RECORD_SUSPICION] = {"suspicion", 'a'},
        [RECORD_BOX] = {"box",       'a'},
        [RECORD_TIP] = {"tip",       'a'},
        [RECORD_ALERT] = {"alert",     'w'},
        [RECORD_REPORT] = {"report",    'a'},
        [RECORD_ORDER] = {"order",     'a'},
        [RECORD_RECEIPT] = {"receipt",   'a'},
        [RECORD_ROUND] = {"round",     'a'},
        [RECORD_SHARE] = {"share",     'a'},
    };
    if (words.kind == RECORD_KIND_COUNT || told[words.kind].name == NULL)
        return fail(ERR_ABSENT, "leaf.absent", 0);
    TRY(row_find(db, words.kind, words.record, turn, &record));
    if (!is_told(act_find(words.act), words.kind, &record))
        return fail(ERR_ABSENT, "leaf.absent", 0);
    struct text t;
    struct json j;
    text_init(&t, turn);
    json_init(&j, &t);
    json_object(&j);
    put_record(&j, words.kind, &record, zone_min);
    json_put_str(&j, STR("act"), words.act);
    json_put_str(&j, STR("actor"), words.actor);
    json_put_instant(&j, STR("at"), words.at, zone_min);
    json_put_i64(&j, STR("leaf"), (int64_t)leaf);
    json_end(&j);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_event = (struct http_event){
        .name = str_from_c(told[words.kind].name),
        .data = text_str(&t),
        .audience = audience_of(told[words.kind].mark, record_division(words.kind, &record), turn),
        .id = leaf + 1, /* 0 would mean "no id" */
    };
    return OK;
}
