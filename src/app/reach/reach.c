/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reach/reach.h"

#include "app/reach/alert_reach.h"
#include "kit/json.h"

/* The one place of post's that all messages share. */
#define GATEWAY STR("sms")

static err find_leaf(struct store *store, uint64_t leaf, struct arena *turn,
                     struct message_ask *ret_ask)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store_sql(store),
                "SELECT \"record_kind\", \"record\", \"act\" FROM ledger_leaf WHERE \"idx\" = $1",
                &row));
    sql_bind_i64(row, 1, (int64_t)leaf);
    err e = sql_next(row, &has_row);
    *ret_ask = (struct message_ask){.kind = RECORD_KIND_COUNT};
    if (!failed(e) && has_row)
        *ret_ask = (struct message_ask){.kind = record_kind_find(sql_peek(row, 0)),
                                        .record = sql_str(row, 1, turn),
                                        .act = act_find(sql_peek(row, 2))};
    sql_done(&row);
    return e;
}

/* The gateway will not have it, now or later. */
static err settle(struct house *house, struct store *store, const struct post_answer *answer,
                  instant at, struct arena *turn)
{
    (void)store;
    (void)at;
    (void)turn;
    if (answer->fate == PUSH_REFUSED)
        LOG(&house->log, LOG_WARN, "message_refused", LOG_ID("record", answer->record),
            LOG_INT("status", answer->status));
    return OK;
}

static str key_of(const struct outbox_entry *entry, struct arena *turn)
{
    struct text t;
    text_init(&t, turn);
    text_put(&t, entry->record);
    text_put_char(&t, '-');
    text_put_i64(&t, (int64_t)entry->leaf);
    return text_str(&t);
}

static err write_body(const struct person_message *m, str key, struct arena *turn, str *ret_body)
{
    struct text t;
    struct json j;
    text_init(&t, turn);
    json_init(&j, &t);
    json_object(&j);
    json_put_str(&j, STR("id"), key);
    json_put_str(&j, STR("to"), m->to);
    json_put_str(&j, STR("text"), m->text);
    json_put_str(&j, STR("language"), str_from_c(language_words[m->language]));
    json_end(&j);
    *ret_body = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err give_up(struct house *house, const struct post_load *load, err e)
{
    LOG(&house->log, LOG_ERROR, "message_trouble", LOG_ID("record", load->record), LOG_WHY(e));
    return OK;
}

static err send(struct house *house, struct store *store, const struct post_load *load,
                const struct person_message *m, struct arena *turn)
{
    struct push_letter letter = {.provider = GATEWAY,
                                 .url = house->conf.sms_url,
                                 .content_type = STR("application/json"),
                                 .key = key_of(load->entry, turn)};
    if (str_is_empty(letter.key) || m->text.size > MESSAGE_BYTES)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(write_body(m, letter.key, turn, &letter.body));
    err e = post_send(house, store, load, &letter, turn);
    bool is_ours = e.code == ERR_OS || e.code == ERR_BUSY || e.code == ERR_CORRUPT;
    return failed(e) && !is_ours ? give_up(house, load, e) : e;
}

/* Nobody can be written to: an alert's ladder goes on, anything else is told in the log. */
static err no_gateway(struct house *house, struct store *store, const struct post_load *load,
                      const struct message_ask *ask, struct arena *turn)
{
    if (ask->kind == RECORD_ALERT)
        return alert_failed(store, load->record, load->now, turn);
    return give_up(house, load, fail(ERR_CONFLICT, "sms.none", 0));
}

err reach_bring(struct house *house, struct store *store, const struct outbox_entry *entry,
                instant now, struct arena *turn)
{
    struct message_ask ask;
    struct person_message message;
    struct post_load load = {.entry = entry,
                             .record = entry->record,
                             .ask = (int64_t)entry->leaf,
                             .settle = settle,
                             .now = now};
    bool has_gateway = !str_is_empty(house->conf.sms_url);
    TRY(find_leaf(store, entry->leaf, turn, &ask));
    if (ask.kind == RECORD_ALERT)
        load.settle = alert_reached;
    enum post_place place = has_gateway ? post_place(house, &load) : POST_FREE;
    if (place != POST_FREE)
        return post_wait(store, &load, place);
    err e = ask.kind == RECORD_ALERT ? alert_reach(house, store, &load, turn, &message)
                                     : message_make(house, store, &ask, turn, &message);
    if (e.code == ERR_CORRUPT)
        return give_up(house, &load, e);
    if (failed(e) || str_is_empty(message.to))
        return e;
    return has_gateway ? send(house, store, &load, &message, turn)
                       : no_gateway(house, store, &load, &ask, turn);
}
