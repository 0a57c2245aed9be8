/* SPDX-License-Identifier: Apache-2.0 */
/* Incidents: opened with the victims' transfers, followed, closed. Their trail: api_trail.c. */
#include "app/call/api_again.h"
#include "app/call/api_history.h"
#include "app/door/api_incident.h"
#include "app/house/ask.h"
#include "app/money/trail_doc.h"
#include "desk/permit.h"

struct asking {
    incident_answer *answer;
};

static void run_ask(struct call *call)
{
    const struct asking *asking = call->own;
    struct trail_thread *trail = NULL;
    call->reader = house_reader_take(call->house);
    err e = house_trail(call->house, &trail);
    if (!failed(e))
        e = asking->answer(call, trail->runs);
    house_reader_give(call->house, call->reader);
    call->reader = NULL;
    if (!failed(e) && call->write != NULL)
        api_write_put(call);
    else
        api_finish(call, e);
}

err incident_ask(struct call *call, incident_answer *answer)
{
    struct asking *asking = arena_make(&call->arena, sizeof *asking);
    if (asking == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    call->arena.budget_bytes = INCIDENT_ANSWER_BYTES;
    asking->answer = answer;
    call->own = asking;
    call->clerk = &call->house->screens;
    call->work = run_ask;
    return OK;
}

err incident_of_path(struct call *call, struct incident *ret_incident)
{
    union record r;
    TRY(api_find(call, RECORD_INCIDENT, api_param(call, 0), &r));
    *ret_incident = r.incident;
    return OK;
}

err incident_starts(struct call *call, const struct incident *i, str **ret_starts,
                    size_t *ret_count)
{
    str *starts = arena_make_array(&call->arena, INCIDENT_TRANSFERS, sizeof *starts);
    str rest = i->transfers;
    size_t count = 0;
    if (starts == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (str id = {0};
         !str_is_empty(i->transfers) && count < INCIDENT_TRANSFERS && str_split(&rest, '\n', &id);)
        starts[count++] = id;
    *ret_starts = starts;
    *ret_count = count;
    return OK;
}

/* --- readings --- */

struct reading {
    struct call *call;
    struct command cmd;
};

static err write_reading(void *self, struct store *store, instant at, struct arena *turn)
{
    const struct reading *r = self;
    (void)turn;
    return store_apply(store, &r->cmd, at, &r->call->arena, NULL);
}

err incident_note_reading(struct call *call, str incident, str why)
{
    struct reading r = {
        .call = call,
        .cmd = {.act = ACT_INCIDENT_READ, .actor = call->actor, .record = incident, .why = why}
    };
    return ask_store(call->house, write_reading, &r);
}

/* --- as JSON --- */

/* What has been forgotten since is left out: the sum stands in the record. The account that a
 * victim paid from is read for a purpose, as in their report. */
static err put_sources(struct call *call, struct json *j, struct runs *runs,
                       const struct incident *i, bool sees_personal)
{
    str *starts = NULL;
    size_t count = 0;
    TRY(incident_starts(call, i, &starts, &count));
    json_key(j, STR("sources"));
    json_array(j);
    for (size_t k = 0; k < count; k++) {
        struct trail_doc doc = {0};
        const struct trail_question q = {
            .method = METHOD_REACH, .starts = &starts[k], .start_count = 1};
        str start = {0};
        err e = trail_doc_sources(runs, &q, &call->arena, &doc, &start);
        if (failed(e) && e.code != ERR_ABSENT && e.code != ERR_CONFLICT)
            return e;
        if (failed(e))
            continue;
        const struct transfer *t = &doc.sources[0].transfer;
        json_object(j);
        json_put_str(j, STR("transfer"), t->id);
        if (sees_personal)
            json_put_str(j, STR("from"), t->from);
        json_put_str(j, STR("to"), t->to);
        json_put_i64(j, STR("amount"), t->amount_minor);
        json_put_instant(j, STR("time"), instant_from_us(t->time_ms * US_PER_MS),
                         call->house->law.zone_min);
        json_put_str(j, STR("status"), transfer_status_name(t->status));
        json_end(j);
    }
    json_end(j);
    return OK;
}

static void put_may(struct call *call, struct json *j, const struct incident *i)
{
    static const struct {
        enum act act;
        const char *name;
    } acts[] = {
        {ACT_INCIDENT_FOLLOW, "follow"},
        {ACT_INCIDENT_CLOSE,  "close" },
    };
    json_key(j, STR("may"));
    json_array(j);
    for (size_t k = 0; k < COUNT_OF(acts); k++) {
        bool is_possible = i->state != INCIDENT_CLOSED &&
                           (acts[k].act != ACT_INCIDENT_FOLLOW || i->state == INCIDENT_OPEN);
        if (is_possible && !failed(permit_check(&call->actor, acts[k].act, i->division)))
            json_str(j, str_from_c(acts[k].name));
    }
    json_end(j);
}

static err put_incident(struct call *call, struct json *j, struct runs *runs,
                        const struct incident *i, bool sees_personal)
{
    struct viewer viewer = api_viewer(call);
    incident_put(j, i, &viewer);
    TRY(put_sources(call, j, runs, i, sees_personal));
    put_may(call, j, i);
    return OK;
}

/* --- reading --- */

static err answer_list(struct call *call, struct runs *runs)
{
    struct list_query q = {.kind = RECORD_INCIDENT, .wants_total = true};
    struct list_page page = {0};
    TRY(api_query_word(call, "state", incident_state_words, &q));
    TRY(api_list(call, &q, &page));
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < page.count; i++) {
        json_object(j);
        TRY(put_incident(call, j, runs, &page.items[i].incident, false));
        json_end(j);
    }
    json_end(j);
    api_page_end(j, &page);
    return api_json_done(call, &made, 200);
}

err incidents_get(struct call *call)
{
    TRY(api_permit(call, ACT_INCIDENT_READ));
    return incident_ask(call, answer_list);
}

static err answer_one(struct call *call, struct runs *runs)
{
    struct incident incident = {0};
    struct api_json made;
    str purpose = api_query(call, "purpose");
    bool sees_personal = !str_is_empty(purpose);
    TRY(incident_of_path(call, &incident));
    if (sees_personal)
        TRY(incident_note_reading(call, incident.id, purpose));
    struct json *j = api_json(call, &made);
    TRY(put_incident(call, j, runs, &incident, sees_personal));
    TRY(history_put(call, j, incident.id));
    return api_json_done(call, &made, 200);
}

err incident_get(struct call *call)
{
    TRY(api_permit(call, ACT_INCIDENT_READ));
    return incident_ask(call, answer_one);
}

/* --- opening --- */

struct opening {
    struct call *call;
    struct runs *runs;
    struct incident incident;
};

static err write_opening(void *self, struct store *store, instant at, struct arena *turn)
{
    struct opening *o = self;
    struct call *call = o->call;
    bool is_answered = false;
    union record after;
    struct api_json made;
    (void)turn;
    TRY(again_find(call, store, &is_answered));
    if (is_answered)
        return OK;
    struct command cmd = {.act = ACT_INCIDENT_OPEN,
                          .actor = call->actor,
                          .record = store_id(store, at, &call->arena)};
    cmd.body.incident = o->incident;
    TRY(store_apply(store, &cmd, at, &call->arena, &after));
    TRY(put_incident(call, api_json(call, &made), o->runs, &after.incident, false));
    TRY(api_json_done(call, &made, 201));
    return again_keep(call, store, at);
}

/* The body's ids, each one line. */
static err read_transfers(struct call *call, str *starts, size_t *ret_count, str *ret_lines)
{
    json_value ids = json_get(call->doc.root, "transfers");
    size_t count = json_kind_of(ids) == JSON_KIND_ARRAY ? json_count(ids) : 0;
    struct text t;
    text_init(&t, &call->arena);
    call->column = STR("transfers");
    if (count == 0)
        return fail(ERR_MALFORMED, "trail.no_start", 0);
    if (count > INCIDENT_TRANSFERS)
        return fail(ERR_LIMIT, "incident.too_many", INCIDENT_TRANSFERS);
    for (size_t i = 0; i < count; i++) {
        TRY(json_read_str(json_item(ids, i), &starts[i]));
        starts[i] = str_trim(starts[i]);
        bool is_id = starts[i].size > 0 && starts[i].size <= TRANSFER_ID_BYTES &&
                     str_find_char(starts[i], '\n') == starts[i].size;
        if (!is_id)
            return fail(ERR_ABSENT, "transfer.unknown", 0);
        text_put_c(&t, i == 0 ? "" : "\n");
        text_put(&t, starts[i]);
    }
    *ret_count = count;
    *ret_lines = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err answer_opening(struct call *call, struct runs *runs)
{
    struct opening o = {.call = call, .runs = runs};
    struct trail_doc doc = {0};
    struct trail_question q = {.method = METHOD_REACH};
    str start = {0};
    str *starts = arena_make_array(&call->arena, INCIDENT_TRANSFERS, sizeof *starts);
    if (starts == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(read_transfers(call, starts, &q.start_count, &o.incident.transfers));
    q.starts = starts;
    err e = trail_doc_sources(runs, &q, &call->arena, &doc, &start);
    call->about = failed(e) ? start : STR("");
    TRY(e);
    call->column = STR("");
    o.incident.currency = doc.currency;
    o.incident.stolen = doc.stolen;
    o.incident.said = str_trim(api_body_str(call, "said"));
    o.incident.division = call->actor.division;
    return ask_store(call->house, write_opening, &o);
}

err incidents_post(struct call *call)
{
    TRY(api_permit(call, ACT_INCIDENT_OPEN));
    if (!call->has_doc)
        return fail(ERR_MALFORMED, "body.not_object", 0);
    return incident_ask(call, answer_opening);
}

/* --- going on --- */

static err write_move(struct call *call, struct store *store, instant at)
{
    struct command *cmd = call->own;
    union record after;
    struct api_json made;
    struct viewer viewer = api_viewer(call);
    TRY(store_apply(store, cmd, at, &call->arena, &after));
    struct json *j = api_json(call, &made);
    incident_put(j, &after.incident, &viewer);
    put_may(call, j, &after.incident);
    return api_json_done(call, &made, 200);
}

static err move(struct call *call, enum act act)
{
    TRY(api_permit(call, act));
    union record r;
    TRY(api_find(call, RECORD_INCIDENT, api_param(call, 0), &r));
    struct command *cmd = arena_make(&call->arena, sizeof *cmd);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *cmd = (struct command){.act = act, .actor = call->actor, .record = r.incident.id};
    cmd->why = call->has_doc ? str_trim(api_body_str(call, "why")) : STR("");
    call->own = cmd;
    call->write = write_move;
    return OK;
}

err incident_follow(struct call *call)
{
    return move(call, ACT_INCIDENT_FOLLOW);
}

err incident_close(struct call *call)
{
    return move(call, ACT_INCIDENT_CLOSE);
}
