/* SPDX-License-Identifier: Apache-2.0 */
#include "app/event.h"

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
    json_put_str(j, STR("listing"), a->listing);
    json_put_str(j, STR("state"), str_from_c(appeal_state_words[a->state]));
    json_put_instant(j, STR("due_at"), a->due_at, zone_min);
}

static void put_incident(struct json *j, const struct incident *i)
{
    json_put_str(j, STR("incident"), i->id);
    json_put_str(j, STR("state"), str_from_c(incident_state_words[i->state]));
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
        [RECORD_LISTING] = {"listing",  'l'},
        [RECORD_APPEAL] = {"appeal",   'a'},
        [RECORD_INCIDENT] = {"incident", 'a'}, /* for the same people */
    };
    if (words.kind == RECORD_KIND_COUNT || told[words.kind].name == NULL)
        return fail(ERR_ABSENT, "leaf.absent", 0);
    TRY(row_find(db, words.kind, words.record, turn, &record));
    struct text t;
    struct json j;
    text_init(&t, turn);
    json_init(&j, &t);
    json_object(&j);
    if (words.kind == RECORD_LISTING)
        put_listing(&j, &record.listing);
    else if (words.kind == RECORD_APPEAL)
        put_appeal(&j, &record.appeal, zone_min);
    else
        put_incident(&j, &record.incident);
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
