/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/api.h"

#include "app/call/api_again.h"
#include "app/call/api_auth.h"
#include "app/call/api_routes.h"
#include "kit/secret.h"

#include <assert.h>

struct call *api_call_make(struct house *house)
{
    struct arena arena;
    arena_init(&arena, API_CALL_BYTES);
    struct call *call = arena_make(&arena, sizeof *call);
    if (call == NULL)
        return NULL;
    call->arena = arena;
    call->house = house;
    return call;
}

void api_call_free(struct call *call)
{
    if (call->has_doc)
        json_doc_done(&call->doc);
    struct arena arena = call->arena; /* the call lives in it */
    arena_done(&arena);
}

/* What a refusal is as an HTTP status. */
static int status_of(err e)
{
    switch (e.code) {
    case ERR_NONE:
        return 200;
    case ERR_MALFORMED:
        return 400;
    case ERR_LIMIT:
        return 422;
    case ERR_CONFLICT:
        return 409;
    case ERR_DENIED:
        return 403;
    case ERR_ABSENT:
        return 404;
    case ERR_BUSY:
        return 503;
    case ERR_OS:
        return str_equal(str_from_c(e.why), STR("store.disk_full")) ? 507 : 500;
    case ERR_CORRUPT:
    case ERR_CODE_COUNT:
        return 500;
    }
    return 500;
}

static const struct {
    const char *code;
    int status;
} special[] = {
    {"session.required",  401},
    {"session.refused",   401},
    {"limit.rate",        429},
    {"tip.too_many",      429},
    {"route.method",      405},
    {"body.content_type", 415},
    {"feed.content_type", 415},
    {"json.too_deep",     400},
    {"json.too_large",    413},
    {"limit.memory",      413},
    {"memory.spent",      413},
    {"export.too_large",  413},
};

static int status_for(err e)
{
    for (size_t i = 0; i < COUNT_OF(special); i++)
        if (str_equal(str_from_c(e.why), str_from_c(special[i].code)))
            return special[i].status;
    return status_of(e);
}

/* Codes whose column is not the word they begin with. */
static const struct {
    const char *code;
    const char *column;
} told[] = {
    {"permit.division",     "division" },
    {"role.unknown",        "roles"    },
    {"user.admin_approver", "roles"    },
    {"user.name",           "name"     },
    {"user.exists",         "name"     },
    {"clock.now",           "now"      },
    {"clock.backwards",     "now"      },
    {"screen.items",        "items"    },
    {"screen.too_many",     "items"    },
    {"limit.range",         "limit"    },
    {"listing.missing",     "listing"  },
    {"source.name",         "name"     },
    {"source.exists",       "name"     },
    {"source.term",         "term_days"},
    {"source.bounds",       ""         },
    {"conflict.none",       "conflicts"},
    {"conflict.too_many",   "conflicts"},
};

/* "until.beyond_limit" is about the column until. */
str api_column_of(str code)
{
    static const char *const columns[] = {
        "kind",     "value",   "action",    "match",    "reason", "evidence", "basis",
        "source",   "score",   "from",      "until",    "notice", "rpz",      "division",
        "name",     "contact", "statement", "password", "why",    "answer",   "purpose",
        "decision", "licence", "origin",    "region",   NULL};
    unsigned found = 0;
    for (size_t i = 0; i < COUNT_OF(told); i++)
        if (str_equal(code, str_from_c(told[i].code)))
            return str_from_c(told[i].column);
    str column = str_until(code, str_find_char(code, '.'));
    return word_parse(columns, column, &found) ? column : STR("");
}

static str request_id(struct call *call)
{
    uint8_t bytes[8];
    secret_random(bytes, sizeof bytes);
    struct text t;
    text_init(&t, &call->arena);
    text_put_hex(&t, bytes, sizeof bytes);
    return text_str(&t);
}

static void put_retry_after(struct call *call, err e)
{
    struct text t;
    text_init(&t, &call->arena);
    text_put_u64(&t, e.at > 0 && call->reply.status == 429 ? e.at : 2);
    api_header_put(call, STR("Retry-After"), text_str(&t));
}

/* "V-17, V-18: No such transfer …", or where the sentence has a place for it. */
static str detail_of(struct call *call, str code)
{
    struct text t;
    str sentence = message(code, call->language);
    str rest = sentence;
    str mark = STR("{1}");
    if (str_is_empty(call->about))
        return sentence;
    text_init(&t, &call->arena);
    if (!str_has(sentence, mark)) {
        text_put(&t, call->about);
        text_put_c(&t, ": ");
    }
    while (rest.size > 0) {
        bool is_mark = str_starts(rest, mark);
        text_put(&t, is_mark ? call->about : str_until(rest, 1));
        rest = str_from(rest, is_mark ? mark.size : 1);
    }
    return text_spent(&t) ? sentence : text_str(&t);
}

void api_problem(struct call *call, err e)
{
    int status = status_for(e);
    str code = message_exists(str_from_c(e.why)) ? str_from_c(e.why) : STR("server.trouble");
    str id = request_id(call);
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_put_str(j, STR("type"), STR("about:blank"));
    json_put_str(j, STR("title"), str_from_c(err_text(e.code)));
    json_put_i64(j, STR("status"), status);
    json_put_str(j, STR("detail"), detail_of(call, code));
    json_put_str(j, STR("code"), code);
    json_put_str_if_any(j, STR("column"),
                        str_is_empty(call->column) ? api_column_of(code) : call->column);
    json_put_str(j, STR("request"), id);
    call->reply.header_count = 0;
    call->stream = NULL;
    err done = api_json_done(call, &made, status);
    if (failed(done)) {
        call->reply.status = status;
        call->reply.body = STR("{}");
    }
    call->reply.content_type = STR("application/problem+json");
    if (status == 503 || status == 429)
        put_retry_after(call, e);
    if (status == 405)
        api_header_put(call, STR("Allow"), str_from_c(call->route.allow));
    if (status >= 500 && status != 503)
        LOG(&call->house->log, LOG_ERROR, "request_failed", LOG_ID("request", id), LOG_WHY(e),
            LOG_INT("at", e.at));
}

void api_finish(struct call *call, err outcome)
{
    if (failed(outcome))
        api_problem(call, outcome);
    call->send(call);
}

static err run_write(struct job *job, struct store *store, instant at, struct arena *turn)
{
    struct call *call = (struct call *)job;
    (void)turn; /* the call's own arena lives as long and longer */
    bool is_answered = false;
    TRY(again_find(call, store, &is_answered));
    if (is_answered || call->write == NULL)
        return OK;
    TRY(call->write(call, store, at));
    return again_keep(call, store, at);
}

static void write_done(struct job *job, err outcome)
{
    struct call *call = (struct call *)job;
    bool is_done = !failed(outcome) && !call->is_answered;
    if (is_done && !str_is_empty(call->once))
        call->reply.body = call->once;
    if (is_done && call->after_group != NULL)
        call->after_group(call);
    else
        api_finish(call, outcome);
}

void api_write_put(struct call *call)
{
    call->job = (struct job){.run = run_write, .done = write_done};
    if (!worker_put(&call->house->worker, &call->job))
        api_finish(call, fail(ERR_BUSY, "limit.busy", 0));
}

static err find_route(struct call *call)
{
    struct http_routes routes = {.at = api_routes, .count = api_route_count};
    switch (route_find(routes, call->request.method, call->request.path, &call->route)) {
    case ROUTE_FOUND:
        return OK;
    case ROUTE_ABSENT:
        return fail(ERR_ABSENT, "route.absent", 0);
    case ROUTE_WRONG_METHOD:
        return fail(ERR_MALFORMED, "route.method", 0);
    }
    return OK;
}

static err handle(struct call *call)
{
    TRY(find_route(call));
    const struct api_route_rule *rule = &api_rules[call->route.handler];
    TRY(auth_find_actor(call));
    if (!rule->is_public && call->actor.kind == ACTOR_PUBLIC)
        return fail(ERR_DENIED, "session.required", 0);
    bool reads_itself = rule->handler == screen_post; /* where it lies */
    if (rule->wants_json && !reads_itself && !str_is_empty(call->request.body))
        TRY(api_body(call));
    return rule->handler(call);
}

void api_call(struct call *call)
{
    call->language = language_of(call->request.accept_language);
    call->actor = (struct actor){.user = STR("public"), .division = STR(""), .kind = ACTOR_PUBLIC};
    call->reader = house_reader_take(call->house);
    err e = handle(call);
    house_reader_give(call->house, call->reader);
    call->reader = NULL;
    /* From here on the call may be somebody else's: it is looked at before it is handed over. */
    if (!failed(e) && call->clerk != NULL) {
        if (!clerk_put(call->clerk, call, call->work))
            api_finish(call, fail(ERR_BUSY, "limit.busy", 0));
        return;
    }
    if (!failed(e) && call->park != NULL) {
        call->park(call);
        return;
    }
    if (!failed(e) && (call->write != NULL || call->after_group != NULL))
        api_write_put(call);
    else
        api_finish(call, e);
}
