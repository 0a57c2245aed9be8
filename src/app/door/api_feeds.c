/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds, their batches and what was refused. */
#include "app/call/api_again.h"
#include "app/call/api_routes.h"
#include "app/calls/intake_calls.h"
#include "app/calls/intake_online.h"
#include "app/door/call_feeds_put.h"
#include "app/house/ask.h"
#include "app/report/intake.h"
#include "app/report/intake_money.h"
#include "app/report/intake_stations.h"
#include "desk/permit.h"

/* Which feeds are accepted, and how far the file that is being taken in has been read. */
err feeds_get(struct call *call)
{
    TRY(api_permit(call, ACT_BATCH_READ));
    const struct house *house = call->house;
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < feed_shape_count; i++) {
        json_object(j);
        json_put_str(j, STR("feed"), str_from_c(feed_shapes[i].name));
        json_end(j);
    }
    json_end(j);
    json_key(j, STR("reading"));
    json_object(j);
    json_put_i64(j, STR("read_bytes"), (int64_t)env_counter_read(&house->feed_read_bytes));
    json_put_i64(j, STR("size_bytes"), (int64_t)env_counter_read(&house->feed_size_bytes));
    json_end(j);
    TRY(call_feeds_put(call, j, call->actor.provider)); /* a carrier's people see their own */
    return api_json_done(call, &made, 200);
}

static void run_intake(struct call *call)
{
    if (intake_calls_takes(call->shape))
        api_finish(call, intake_calls_run(call, call->shape));
    else if (intake_online_takes(call->shape))
        api_finish(call, intake_online_run(call, call->shape));
    else if (intake_money_takes(call->shape))
        api_finish(call, intake_money_run(call, call->shape));
    else if (intake_stations_takes(call->shape))
        api_finish(call, intake_stations_run(call, call->shape));
    else
        api_finish(call, intake_run(call, call->shape));
}

err feed_post(struct call *call)
{
    TRY(api_permit(call, ACT_BATCH_OPEN));
    const struct feed_shape *shape = NULL;
    TRY(feed_find(api_param(call, 0), &shape));
    if (!call->request.is_local)
        call->request.file = STR("");
    call->shape = shape;
    if (intake_calls_takes(shape))
        TRY(intake_calls_prepare(call, api_query(call, "carrier")));
    if (intake_online_takes(shape))
        TRY(intake_online_prepare(call, api_query(call, "carrier")));
    bool is_live = intake_calls_takes(shape) || intake_online_takes(shape);
    call->clerk =
        is_live && str_is_empty(call->request.file) ? &call->house->phases : &call->house->feeds;
    call->work = run_intake;
    return OK;
}

static err put_batch(struct call *call, struct json *j, const union record *r)
{
    struct viewer viewer = api_viewer(call);
    batch_put(j, &r->batch, &viewer);
    return OK;
}

err batches_get(struct call *call)
{
    TRY(api_permit(call, ACT_BATCH_READ));
    struct list_query q = {.kind = RECORD_BATCH, .wants_total = true};
    struct list_page page = {0};
    TRY(api_query_source(call, &q));
    TRY(api_list(call, &q, &page));
    return api_page_answer(call, &page, put_batch);
}

err batch_get(struct call *call)
{
    TRY(api_permit(call, ACT_BATCH_READ));
    union record r;
    TRY(api_find(call, RECORD_BATCH, api_param(call, 0), &r));
    struct viewer viewer = api_viewer(call);
    struct api_json made;
    batch_put(api_json(call, &made), &r.batch, &viewer);
    return api_json_done(call, &made, 200);
}

struct reject_page {
    str batch;
    int64_t after; /* seq of the last one of the page before; -1: from the beginning */
    int limit;
    int64_t next; /* -1: no more */
};

static err put_rejects(struct call *call, struct json *j, struct reject_page *page)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(api_sql(call),
                "SELECT \"row\", \"column\", \"code\", \"raw\", \"seq\" FROM batch_reject"
                " WHERE \"batch\" = $1 AND \"seq\" > $2 ORDER BY \"seq\" LIMIT $3",
                &row));
    sql_bind_str(row, 1, page->batch);
    sql_bind_i64(row, 2, page->after);
    sql_bind_i64(row, 3, page->limit + 1);
    bool has_row = false;
    int64_t last = -1;
    err e = sql_next(row, &has_row);
    for (int count = 0; !failed(e) && has_row && count < page->limit; count++) {
        str code = sql_peek(row, 2);
        json_object(j);
        json_put_i64(j, STR("row"), sql_i64(row, 0));
        json_put_str(j, STR("column"), sql_peek(row, 1));
        json_put_str(j, STR("code"), code);
        json_put_str(j, STR("reason"), message(code, call->language));
        json_put_str(j, STR("raw"), sql_peek(row, 3));
        json_end(j);
        last = sql_i64(row, 4);
        e = sql_next(row, &has_row);
    }
    page->next = !failed(e) && has_row ? last : -1;
    sql_done(&row);
    return e;
}

/* The rows are as somebody sent them, persons and all: reading them is a leaf. */
static err write_rejects(struct call *call, struct store *store, instant at)
{
    struct reject_page *page = call->own;
    union record batch;
    str purpose = str_trim(api_query(call, "purpose"));
    struct command cmd = {.act = ACT_BATCH_READ, .actor = call->actor, .record = page->batch};
    cmd.why = str_is_empty(purpose) ? STR("correct the refused rows") : purpose;
    TRY(store_apply(store, &cmd, at, &call->arena, &batch));
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_key(j, STR("items"));
    json_array(j);
    TRY(put_rejects(call, j, page));
    json_end(j);
    api_next_i64(j, page->next);
    json_put_i64(j, STR("total"), batch.batch.refused);
    return api_json_done(call, &made, 200);
}

err rejects_get(struct call *call)
{
    TRY(api_permit(call, ACT_BATCH_READ));
    union record r;
    TRY(api_find(call, RECORD_BATCH, api_param(call, 0), &r));
    struct reject_page *page = arena_make(&call->arena, sizeof *page);
    if (page == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    page->batch = r.batch.id;
    TRY(api_query_i64(call, "cursor", -1, &page->after));
    TRY(api_query_limit(call, LIST_MOST, &page->limit));
    call->own = page;
    call->write = write_rejects;
    return OK;
}

/* --- approving a whole batch: each listing by itself, in bounded pieces --- */

enum { APPROVE_GROUP = 200, REFUSALS_SAID = 100 };

struct approval {
    struct call *call;
    str batch;
    str last; /* id of the listing decided last */
    int64_t approved;
    int64_t refused;
    struct text refusals;
    struct json json;
    bool is_done;
};

static err proposed_of_batch(struct approval *a, struct store *store, struct arena *turn,
                             struct list_page *page)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store),
                "SELECT \"id\" FROM listing WHERE \"batch\" = $1 AND \"id\" > $2"
                " AND \"state\" = 'proposed' ORDER BY \"id\" LIMIT $3",
                &row));
    sql_bind_str(row, 1, a->batch);
    sql_bind_str(row, 2, a->last);
    sql_bind_i64(row, 3, APPROVE_GROUP);
    page->items = arena_make_array(turn, APPROVE_GROUP, sizeof(union record));
    bool has_row = false;
    err e = page->items == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        page->items[page->count++].listing.id = sql_str(row, 0, turn);
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err approve_group(void *self, struct store *store, instant at, struct arena *turn)
{
    struct approval *a = self;
    struct list_page page = {0};
    TRY(proposed_of_batch(a, store, turn, &page));
    for (size_t i = 0; i < page.count; i++) {
        str id = page.items[i].listing.id;
        struct command cmd = {.act = ACT_LISTING_APPROVE, .actor = a->call->actor, .record = id};
        err e = store_apply(store, &cmd, at, turn, NULL);
        bool is_refused = e.code == ERR_DENIED || e.code == ERR_CONFLICT;
        if (is_refused && ++a->refused <= REFUSALS_SAID)
            api_refusal_put(a->call, &a->json, "listing", id, e);
        if (!is_refused)
            TRY(e);
        a->approved += !is_refused;
        a->last = str_copy(&a->call->arena, id);
    }
    a->is_done = page.count < APPROVE_GROUP;
    return OK;
}

static err ask_again(void *self, struct store *store, instant at, struct arena *turn)
{
    bool is_answered = false; /* the call knows */
    (void)at;
    (void)turn;
    return again_find(self, store, &is_answered);
}

static err answer_approval(void *self, struct store *store, instant at, struct arena *turn)
{
    struct approval *a = self;
    struct api_json made;
    struct json *j = api_json(a->call, &made);
    (void)turn;
    json_end(&a->json);
    json_put_i64(j, STR("approved"), a->approved);
    json_put_i64(j, STR("refused"), a->refused);
    json_key(j, STR("refusals"));
    json_raw(j, text_str(&a->refusals));
    TRY(api_json_done(a->call, &made, 200));
    return again_keep(a->call, store, at);
}

static void run_approval(struct call *call)
{
    struct approval *a = call->own;
    err e = ask_store(call->house, ask_again, call);
    while (!failed(e) && !call->is_answered && !a->is_done)
        e = ask_store(call->house, approve_group, a);
    if (!failed(e) && !call->is_answered)
        e = ask_store(call->house, answer_approval, a);
    api_finish(call, e);
}

err batch_approve(struct call *call)
{
    TRY(api_permit(call, ACT_LISTING_APPROVE));
    union record r;
    TRY(api_find(call, RECORD_BATCH, api_param(call, 0), &r));
    struct approval *a = arena_make(&call->arena, sizeof *a);
    if (a == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    a->call = call;
    a->batch = r.batch.id;
    a->last = STR("");
    text_init(&a->refusals, &call->arena);
    json_init(&a->json, &a->refusals);
    json_array(&a->json);
    call->own = a;
    call->clerk = &call->house->papers;
    call->work = run_approval;
    return OK;
}
