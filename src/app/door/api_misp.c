/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other centres' MISP: what people here listed goes out as a feed (manifest, hashes, an event a
 * day), and events of others come in as tips, with the program that brings them as their source:
 * counted, looked at by an analyst, and never a measure by themselves (docs/decisions/0141).
 */
#include "app/call/api_routes.h"
#include "app/door/misp_read.h"
#include "app/door/tips_told.h"
#include "fact/division.h"
#include "kit/uuid.h"
#include "show/misp.h"
#include "store/row.h"

enum { MISP_BYTES = 512 << 20 };

/* Of people here alone: a list that others keep is theirs to give on, under their licence. */
#define OURS                                                                                       \
    " FROM listing WHERE \"source\" IS NOT NULL AND \"decided_at\" IS NOT NULL"                    \
    " AND \"state\" <> 'refused' AND \"action\" <> 'allow' AND substr(\"value\", 1, 7) <> "        \
    "'erased-'"                                                                                    \
    " AND \"division\" >= $1 AND \"division\" < $2"
#define DAY "(\"decided_at\" / 86400000000)"

enum misp_file { MISP_MANIFEST, MISP_HASHES, MISP_EVENT };

struct feeding {
    struct call *call;
    struct reader *reader;
    enum misp_file file;
    str wanted; /* the UUID of an event */
    str scope;
    struct api_json made;
    bool is_found;
};

static err name_of(const struct feeding *f, const char *what, str which, str *ret_uuid)
{
    struct text t;
    text_init(&t, &f->call->arena);
    text_put_c(&t, "yumen:");
    text_put(&t, store_centre(f->call->house->store)->id);
    text_printf(&t, ":%s:", what);
    text_put(&t, which);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0)
                          : uuid_of(text_str(&t), &f->call->arena, ret_uuid);
}

static err event_of(const struct feeding *f, int64_t day, instant at, struct misp_event *ret_event)
{
    const struct centre *centre = store_centre(f->call->house->store);
    struct civil date = instant_civil((instant){.us = day * US_PER_DAY}, 0);
    struct text t;
    struct text info;
    text_init(&t, &f->call->arena);
    text_printf(&t, "%04d-%02d-%02d", date.year, date.month, date.day);
    text_init(&info, &f->call->arena);
    text_put(&info, centre->name);
    text_put_c(&info, ": ");
    text_put(&info, text_str(&t));
    *ret_event = (struct misp_event){
        .date = text_str(&t), .info = text_str(&info), .at = at, .centre = centre->name};
    TRY(name_of(f, "centre", STR(""), &ret_event->centre_uuid));
    return name_of(f, "day", ret_event->date, &ret_event->uuid);
}

/* --- an event --- */

static err put_attribute(struct feeding *f, const struct listing *l)
{
    struct call *call = f->call;
    bool is_over = l->state != LISTING_IN_FORCE || l->until.us <= clock_now(&call->house->clock).us;
    struct misp_attribute a = {
        .listing = l, .comment = api_reason_text(call, l->reason), .is_over = is_over};
    TRY(name_of(f, "listing", l->id, &a.uuid));
    misp_attribute_put(&f->made.json, &a);
    return OK;
}

static err put_attributes(struct feeding *f, int64_t day)
{
    struct text q;
    struct sql_row *row = NULL;
    bool has_row = false;
    struct division_range range = division_range(f->scope);
    text_init(&q, &f->call->arena);
    text_printf(&q, "SELECT %s" OURS " AND " DAY " = $3 ORDER BY \"id\"",
                row_columns(RECORD_LISTING));
    if (text_spent(&q))
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(sql_ask_text(reader_sql(f->reader), text_str(&q), &row));
    sql_bind_str(row, 1, str_from_c(range.low));
    sql_bind_str(row, 2, str_from_c(range.high));
    sql_bind_i64(row, 3, day);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        union record r;
        e = row_read(row, 0, RECORD_LISTING, &f->call->arena, &r);
        if (!failed(e))
            e = put_attribute(f, &r.listing);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err put_event(struct feeding *f, const struct misp_event *event, int64_t day)
{
    struct json *j = &f->made.json;
    json_key(j, STR("Event"));
    json_object(j);
    json_put_str(j, STR("uuid"), event->uuid);
    misp_event_put(j, event);
    json_put_bool(j, STR("published"), true);
    json_key(j, STR("Attribute"));
    json_array(j);
    TRY(put_attributes(f, day));
    json_end(j);
    json_end(j);
    return OK;
}

/* --- hashes --- */

static err put_hashes(struct feeding *f, const struct misp_event *event, int64_t day)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    struct division_range range = division_range(f->scope);
    TRY(sql_ask(reader_sql(f->reader), "SELECT \"value\"" OURS " AND " DAY " = $3 ORDER BY \"id\"",
                &row));
    sql_bind_str(row, 1, str_from_c(range.low));
    sql_bind_str(row, 2, str_from_c(range.high));
    sql_bind_i64(row, 3, day);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        str md5 = {0};
        e = md5_of(sql_peek(row, 0), &f->call->arena, &md5);
        text_put(&f->made.text, md5);
        text_put_char(&f->made.text, ',');
        text_put(&f->made.text, event->uuid);
        text_put_char(&f->made.text, '\n');
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

/* --- the days --- */

static err put_day(struct feeding *f, int64_t day, instant at)
{
    struct misp_event event;
    struct json *j = &f->made.json;
    TRY(event_of(f, day, at, &event));
    if (f->file == MISP_HASHES)
        return put_hashes(f, &event, day);
    if (f->file == MISP_EVENT) {
        bool is_it = str_equal_nocase(event.uuid, f->wanted);
        f->is_found = f->is_found || is_it;
        return is_it ? put_event(f, &event, day) : OK;
    }
    json_key(j, event.uuid);
    json_object(j);
    misp_event_put(j, &event);
    json_end(j);
    return OK;
}

static err put_days(struct feeding *f)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    struct division_range range = division_range(f->scope);
    TRY(sql_ask(reader_sql(f->reader),
                "SELECT " DAY ", max(coalesce(\"ended_at\", \"decided_at\"))" OURS " GROUP BY " DAY
                " ORDER BY " DAY,
                &row));
    sql_bind_str(row, 1, str_from_c(range.low));
    sql_bind_str(row, 2, str_from_c(range.high));
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && !f->is_found) {
        e = put_day(f, sql_i64(row, 0), instant_from_us(sql_i64(row, 1)));
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err finish(struct feeding *f)
{
    struct call *call = f->call;
    if (f->file == MISP_EVENT && !f->is_found)
        return fail(ERR_ABSENT, "misp.absent", 0);
    if (f->file != MISP_HASHES)
        return api_json_done(call, &f->made, 200);
    if (text_spent(&f->made.text))
        return fail(ERR_LIMIT, "export.too_large", 0);
    call->reply.status = 200;
    call->reply.content_type = STR("text/csv; charset=utf-8");
    call->reply.body = text_str(&f->made.text);
    return OK;
}

static void run_feed(struct call *call)
{
    struct feeding *f = call->own;
    f->reader = house_reader_take(call->house);
    if (f->file == MISP_HASHES)
        text_init(&f->made.text, &call->arena);
    else
        (void)api_json(call, &f->made);
    err e = put_days(f);
    house_reader_give(call->house, f->reader);
    if (!failed(e))
        e = finish(f);
    api_finish(call, e);
}

err misp_get(struct call *call)
{
    str name = api_param(call, 0);
    bool has_any = false;
    struct feeding *f = arena_make(&call->arena, sizeof *f);
    TRY(api_permit(call, ACT_LISTING_READ));
    if (f == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *f = (struct feeding){.call = call, .file = MISP_EVENT, .wanted = name};
    if (str_equal(name, STR("manifest.json")))
        f->file = MISP_MANIFEST;
    else if (str_equal(name, STR("hashes.csv")))
        f->file = MISP_HASHES;
    else if (str_ends(name, STR(".json")))
        f->wanted = str_until(name, name.size - STR(".json").size);
    TRY(api_narrow(call, &f->scope, &has_any));
    if (!has_any)
        return fail(ERR_DENIED, "permit.division", 0);
    call->own = f;
    call->arena.budget_bytes = MISP_BYTES;
    call->clerk = &call->house->papers;
    call->work = run_feed;
    return OK;
}

/* --- in --- */

static err write_tips(struct call *call, struct store *store, instant at)
{
    struct misp_reading *r = call->own;
    struct tips_told told = {.program = call->actor.user,
                             .source = STR(""),
                             .things = r->things,
                             .count = r->count,
                             .is_in_part = true};
    struct api_json made;
    TRY(tips_tell(call, store, at, &told));
    if (told.count == 0 && r->count > 0)
        return OK; /* told why */
    struct json *j = api_json(call, &made);
    json_put_i64(j, STR("accepted"), (int64_t)told.count);
    json_put_i64(j, STR("beyond"), (int64_t)(r->count - told.count));
    json_put_i64(j, STR("skipped"), r->skipped);
    json_put_i64(j, STR("refused"), r->refused);
    return api_json_done(call, &made, 200);
}

err misp_post(struct call *call)
{
    struct misp_reading *r = arena_make(&call->arena, sizeof *r);
    TRY(api_permit(call, ACT_BATCH_OPEN));
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(misp_read(call->doc.root, call->house->law.phone_region, &call->arena, r));
    call->own = r;
    call->write = write_tips;
    return OK;
}
