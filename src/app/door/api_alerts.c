/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alerts: who is to be reached, how far that has got, and what became of them. Whose number it is,
 * and where they are, is read for a purpose only, and that is a leaf.
 */
#include "app/door/api_alerts.h"

#include "app/alert/alert_seal.h"
#include "app/call/api_routes.h"
#include "app/door/alert_history.h"
#include "desk/permit.h"
#include "show/alerts.h"
#include "store/alerts.h"
#include "store/row.h"

enum { OUTREACH_MOST = 100 };

/* --- what may be done --- */

static bool is_own(const struct call *call, const struct alert *a)
{
    return str_equal(a->officer, call->actor.user);
}

static bool may_now(const struct call *call, const struct alert *a, enum act act)
{
    bool is_open = a->state != ALERT_CLOSED;
    bool has_officer = !str_is_empty(a->officer);
    switch ((int)act) {
    case ACT_ALERT_TAKE:
    case ACT_ALERT_ASSIGN:
        return is_open && a->taken_at.us == 0;
    case ACT_ALERT_REFUSE:
        return is_open && is_own(call, a);
    case ACT_ALERT_HAND_OVER:
        return is_open && has_officer;
    case ACT_ALERT_CONCLUDE:
        return a->outcome == OUTCOME_NONE && !str_is_empty(a->pseudonym);
    case ACT_ALERT_CHECK:
        return a->outcome != OUTCOME_NONE && str_is_empty(a->checker) &&
               !str_equal(a->outcome_by, call->actor.user);
    case ACT_WHEREABOUTS_ASK:
        return is_open && a->highest == ALERT_URGENT;
    case ACT_HUSH_ASK:
        return !str_is_empty(a->pseudonym);
    }
    return is_open; /* outreach */
}

static void put_may(struct call *call, struct json *j, const struct alert *a)
{
    static const struct {
        enum act act;
        const char *name; /* of the door */
    } acts[] = {
        {ACT_OUTREACH_TAKE,   "outreach"   },
        {ACT_ALERT_CONCLUDE,  "outcome"    },
        {ACT_ALERT_ASSIGN,    "assign"     },
        {ACT_ALERT_TAKE,      "take"       },
        {ACT_ALERT_REFUSE,    "refuse"     },
        {ACT_ALERT_HAND_OVER, "handover"   },
        {ACT_ALERT_CHECK,     "checkback"  },
        {ACT_HUSH_ASK,        "hush"       },
        {ACT_WHEREABOUTS_ASK, "whereabouts"},
    };
    json_key(j, STR("may"));
    json_array(j);
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (may_now(call, a, acts[i].act) &&
            !failed(permit_check(&call->actor, acts[i].act, a->division)))
            json_str(j, str_from_c(acts[i].name));
    json_end(j);
}

void alerts_put_one(struct call *call, struct json *j, const struct alert *a, bool sees_personal)
{
    struct viewer viewer = api_viewer(call);
    viewer.sees_personal = sees_personal;
    alert_put(j, a, &viewer);
    if (!str_is_empty(a->scam))
        json_put_str(j, STR("scam_text"), api_reason_text(call, a->scam));
    put_may(call, j, a);
}

err alerts_officer(struct call *call, str name, str *ret_user)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(api_sql(call), "SELECT \"id\" FROM user_account WHERE \"name\" = $1", &row));
    sql_bind_str(row, 1, name);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *ret_user = sql_str(row, 0, &call->arena);
    sql_done(&row);
    if (!failed(e) && !has_row)
        return fail(ERR_MALFORMED, "alert.officer", 0);
    return e;
}

/* --- pages --- */

static err put_item(struct call *call, struct json *j, const union record *r)
{
    alerts_put_one(call, j, &r->alert, false);
    return OK;
}

static err read_query(struct call *call, struct alert_query *q)
{
    static const char *const waits[] = {"late", "check", "unsent", NULL};
    str waits_for = {0};
    TRY(api_query_one_of(call, "state", alert_state_words, &q->state));
    TRY(api_query_one_of(call, "tier", alert_tier_words, &q->tier));
    TRY(api_query_limit(call, LIST_USUAL, &q->limit));
    str officer = api_query(call, "officer");
    if (str_equal(officer, STR("me")))
        q->officer = call->actor.user;
    else if (!str_is_empty(officer))
        TRY(alerts_officer(call, officer, &q->officer));
    TRY(api_query_one_of(call, "waits", waits, &waits_for));
    q->is_late = str_equal(waits_for, STR("late"));
    q->is_to_check = str_equal(waits_for, STR("check"));
    q->is_unsent = str_equal(waits_for, STR("unsent"));
    q->before = api_query(call, "cursor");
    return OK;
}

err alerts_get(struct call *call)
{
    struct alert_query q = {0};
    struct list_page page = {0};
    bool has_any = false;
    TRY(api_permit(call, ACT_ALERT_READ));
    TRY(read_query(call, &q));
    TRY(api_narrow(call, &q.scope, &has_any));
    if (has_any)
        TRY(alerts_page(call->reader, &q, &call->arena, &page));
    return api_page_answer(call, &page, put_item);
}

/* --- one --- */

static err put_attempts(struct call *call, struct json *j, str alert, const struct viewer *viewer)
{
    struct list_query q = {
        .kind = RECORD_OUTREACH, .is_oldest_first = true, .limit = OUTREACH_MOST};
    struct list_page page = {0};
    api_query_equal(&q, "alert", alert);
    TRY(reader_list(call->reader, &q, &call->arena, &page));
    json_key(j, STR("outreach"));
    json_array(j);
    for (size_t i = 0; i < page.count; i++) {
        json_object(j);
        outreach_put(j, &page.items[i].outreach, viewer);
        json_end(j);
    }
    json_end(j);
    return OK;
}

/* What is to come, for whoever carries it out. */
static void put_ladder(struct call *call, struct json *j, const struct alert *a)
{
    const struct ladder *l = &call->house->law.ladders[a->highest];
    json_key(j, STR("ladder"));
    json_array(j);
    for (size_t i = 0; i < l->step_count; i++) {
        json_object(j);
        json_put_str(j, STR("means"), str_from_c(outreach_means_words[l->steps[i].means]));
        json_put_i64(j, STR("within_min"), l->steps[i].within_min);
        json_end(j);
    }
    json_end(j);
}

static err put_person(struct call *call, struct json *j, const struct alert *a)
{
    str number = {0};
    if (!str_is_empty(a->subscriber)) {
        TRY(seal_get(&call->house->seal, STR(ALERT_SEALED_NUMBER), a->subscriber, &call->arena,
                     &number));
        json_put_str(j, STR("number"), number);
    }
    if (!str_is_empty(a->parts)) {
        json_key(j, STR("parts"));
        json_raw(j, a->parts);
    }
    return OK;
}

static err answer_one(struct call *call, const struct alert *a, bool is_read)
{
    struct api_json made;
    struct viewer viewer = api_viewer(call);
    viewer.sees_personal = is_read;
    struct json *j = api_json(call, &made);
    alerts_put_one(call, j, a, is_read);
    if (is_read)
        TRY(put_person(call, j, a));
    TRY(put_attempts(call, j, a->id, &viewer));
    put_ladder(call, j, a);
    TRY(alert_history_put(call, j, a));
    return api_json_done(call, &made, 200);
}

/* The answer stands already; it goes out only once the reading is in the ledger. */
static err write_reading(struct call *call, struct store *store, instant at)
{
    struct command cmd = {.act = ACT_ALERT_READ,
                          .actor = call->actor,
                          .record = *(const str *)call->own,
                          .why = api_query(call, "purpose")};
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

err alert_get(struct call *call)
{
    union record *r = arena_make(&call->arena, sizeof *r);
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_ALERT_READ));
    TRY(api_find(call, RECORD_ALERT, api_param(call, 0), r));
    bool is_read = !str_is_empty(api_query(call, "purpose"));
    TRY(answer_one(call, &r->alert, is_read));
    if (!is_read)
        return OK;
    call->own = &r->alert.id;
    call->write = write_reading;
    return OK;
}

/* --- where they are --- */

err alerts_find_whereabouts(struct call *call, str alert, union record *ret_record)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    str id = {0};
    TRY(sql_ask(api_sql(call), "SELECT \"id\" FROM whereabouts WHERE \"alert\" = $1", &row));
    sql_bind_str(row, 1, alert);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        id = sql_str(row, 0, &call->arena);
    sql_done(&row);
    TRY(e);
    return has_row ? api_row(call, RECORD_WHEREABOUTS, id, ret_record)
                   : fail(ERR_ABSENT, "whereabouts.absent", 0);
}

static err write_address_reading(struct call *call, struct store *store, instant at)
{
    const struct whereabouts *w = call->own;
    struct viewer viewer = api_viewer(call);
    struct api_json made;
    str address = {0};
    struct command cmd = {.act = ACT_WHEREABOUTS_READ,
                          .actor = call->actor,
                          .record = w->id,
                          .why = api_query(call, "purpose")};
    TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    TRY(seal_get(&call->house->seal, STR(ALERT_SEALED_ADDRESS), w->address, &call->arena,
                 &address));
    struct json *j = api_json(call, &made);
    whereabouts_put(j, w, &viewer);
    json_put_str(j, STR("address"), address);
    return api_json_done(call, &made, 200);
}

err alert_whereabouts_get(struct call *call)
{
    union record alert;
    struct api_json made;
    union record *r = arena_make(&call->arena, sizeof *r);
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_WHEREABOUTS_READ));
    TRY(api_find(call, RECORD_ALERT, api_param(call, 0), &alert));
    TRY(alerts_find_whereabouts(call, alert.alert.id, r));
    if (!str_is_empty(api_query(call, "purpose"))) {
        call->own = &r->whereabouts;
        call->write = write_address_reading;
        return OK;
    }
    struct viewer viewer = api_viewer(call);
    struct json *j = api_json(call, &made);
    whereabouts_put(j, &r->whereabouts, &viewer);
    return api_json_done(call, &made, 200);
}
