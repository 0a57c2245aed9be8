/* SPDX-License-Identifier: Apache-2.0 */
/* Refund rounds: listed, read, and taken from step to step by people. */
#include "app/call/order_doc.h"
#include "app/door/api_incident.h"
#include "app/round/round_close.h"
#include "app/round/round_compute.h"
#include "app/round/round_doc.h"
#include "desk/round_parts.h"

struct stepping {
    struct command cmd;
    bool is_stale;
};

/* --- reading --- */

/* A provider's people read what they pay (api_shares.c) and its statement, and no more. */
static err permit_reading(struct call *call)
{
    TRY(api_permit(call, ACT_ROUND_READ));
    return order_is_for_provider(&call->actor) ? fail(ERR_DENIED, "permit.role", 0) : OK;
}

/* ?waits=review | close | late: what somebody has to look at. */
static err query_waits(struct call *call, struct list_query *q)
{
    static const char *const words[] = {"review", "close", "late", NULL};
    str word = {0};
    TRY(api_query_one_of(call, "waits", words, &word));
    if (str_equal(word, STR("review")))
        api_query_equal(q, "state", STR("computed"));
    if (str_equal(word, STR("close")))
        api_query_equal(q, "state", STR("paid"));
    if (str_equal(word, STR("late")))
        q->conditions[q->condition_count++] =
            (struct list_condition){.column = "is_late", .how = LIST_ABOVE};
    return OK;
}

err rounds_get(struct call *call)
{
    struct list_query q = {.kind = RECORD_ROUND, .wants_total = true};
    struct list_page page = {0};
    TRY(permit_reading(call));
    TRY(api_query_word(call, "state", round_state_words, &q));
    TRY(query_waits(call, &q));
    api_query_equal(&q, "incident", api_query(call, "incident"));
    api_query_equal(&q, "account", api_query(call, "account"));
    api_query_equal(&q, "provider", api_query(call, "provider"));
    TRY(api_list(call, &q, &page));
    return api_page_answer(call, &page, round_doc_put_item);
}

static err answer(struct call *call, const struct round *r)
{
    struct api_json made;
    TRY(round_doc_put(call, api_json(call, &made), r));
    return api_json_done(call, &made, 200);
}

/* Whether what was computed would be another by now. */
static err ask_stale(struct call *call, struct runs *runs, const struct round *r, bool *ret_stale)
{
    struct arena arena;
    struct round_question q = {.db = reader_sql(call->reader),
                               .runs = runs,
                               .zone_min = call->house->law.zone_min,
                               .arena = &arena};
    arena_init(&arena, ROUND_COMPUTE_BYTES);
    err e = round_is_stale(&q, r, ret_stale);
    arena_done(&arena);
    return e;
}

/* As long as somebody may make it void. */
static err put_stale(struct call *call, struct json *j, struct runs *runs, const struct round *r)
{
    bool is_stale = false;
    if (r->state > ROUND_OBJECTED)
        return OK;
    TRY(ask_stale(call, runs, r, &is_stale));
    json_put_bool(j, STR("is_stale"), is_stale);
    return OK;
}

static err answer_one(struct call *call, struct runs *runs)
{
    struct round r = {0};
    struct api_json made;
    TRY(round_find(call, api_param(call, 0), &r));
    struct json *j = api_json(call, &made);
    TRY(round_doc_put(call, j, &r));
    TRY(put_stale(call, j, runs, &r));
    return api_json_done(call, &made, 200);
}

err round_get(struct call *call)
{
    TRY(permit_reading(call));
    return incident_ask(call, answer_one);
}

/* --- the orders that hold the money --- */

/* By what was paid, by the same person. */
static err relieve(struct call *call, struct store *store, instant at, const struct round *r)
{
    struct round_reliefs reliefs = {.count = 0};
    TRY(round_reliefs(store_sql(store), r, &call->arena, &reliefs));
    TRY(round_may_close(store_sql(store), r, &call->actor, &reliefs));
    for (size_t i = 0; i < reliefs.count; i++) {
        reliefs.at[i].actor = call->actor;
        TRY(store_apply(store, &reliefs.at[i], at, &call->arena, NULL));
    }
    return OK;
}

/* --- deciding --- */

/* The desk has said yes; what the orders say may still undo it. */
static err look_at_orders(struct call *call, struct store *store, instant at, const struct round *r)
{
    const struct command *cmd = &((const struct stepping *)call->own)->cmd;
    struct round_orders orders = {.count = 0};
    if (cmd->act == ACT_ROUND_VOID)
        return OK;
    if (cmd->act == ACT_ROUND_CLOSE)
        return relieve(call, store, at, r);
    TRY(round_orders(store_sql(store), r, &call->arena, &orders));
    return round_held_check(r, &orders, cmd->act, &call->house->law, at);
}

/* Nobody signs what would be computed otherwise by now: a later victim is one of its owners. */
static err check_fresh(const struct stepping *s)
{
    return s->is_stale ? fail(ERR_CONFLICT, "round.stale", 0) : OK;
}

static err write_act(struct call *call, struct store *store, instant at)
{
    const struct stepping *s = call->own;
    union record after;
    TRY(store_apply(store, &s->cmd, at, &call->arena, &after));
    TRY(look_at_orders(call, store, at, &after.round));
    TRY(check_fresh(s));
    TRY(api_row(call, RECORD_ROUND, s->cmd.record, &after)); /* what followed, too */
    return answer(call, &after.round);
}

static err begin(struct call *call, enum act act, struct round *ret_round,
                 struct stepping **ret_stepping)
{
    struct stepping *s = arena_make(&call->arena, sizeof *s);
    if (s == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(round_find(call, api_param(call, 0), ret_round));
    s->cmd = (struct command){.act = act, .actor = call->actor, .record = ret_round->id};
    call->own = s;
    call->write = write_act;
    *ret_stepping = s;
    return OK;
}

/* By the clerk: computed once more, before somebody signs it. */
static err sign(struct call *call, struct runs *runs, enum act act)
{
    struct stepping *s = NULL;
    struct round r = {0};
    TRY(begin(call, act, &r, &s));
    return r.state > ROUND_OBJECTED ? OK : ask_stale(call, runs, &r, &s->is_stale);
}

static err sign_review(struct call *call, struct runs *runs)
{
    return sign(call, runs, ACT_ROUND_REVIEW);
}

static err sign_notice(struct call *call, struct runs *runs)
{
    return sign(call, runs, ACT_ROUND_NOTICE);
}

static err sign_approval(struct call *call, struct runs *runs)
{
    return sign(call, runs, ACT_ROUND_APPROVE);
}

err round_review(struct call *call)
{
    TRY(api_permit(call, ACT_ROUND_REVIEW));
    return incident_ask(call, sign_review);
}

err round_notice(struct call *call)
{
    TRY(api_permit(call, ACT_ROUND_NOTICE));
    return incident_ask(call, sign_notice);
}

err round_approve(struct call *call)
{
    TRY(api_permit(call, ACT_ROUND_APPROVE));
    return incident_ask(call, sign_approval);
}

err round_void(struct call *call)
{
    struct stepping *s = NULL;
    struct round r = {0};
    TRY(api_permit(call, ACT_ROUND_VOID));
    TRY(begin(call, ACT_ROUND_VOID, &r, &s));
    s->cmd.why = str_trim(api_body_str(call, "why"));
    return OK;
}

err round_close(struct call *call)
{
    struct stepping *s = NULL;
    struct round r = {0};
    TRY(api_permit(call, ACT_ROUND_CLOSE));
    return begin(call, ACT_ROUND_CLOSE, &r, &s);
}
