/* SPDX-License-Identifier: Apache-2.0 */
/* Orders: reading, drafting, deciding. What a provider does with them: api_providers.c. */
#include "app/call/api_body.h"
#include "app/call/api_history.h"
#include "app/call/api_routes.h"
#include "app/call/order_doc.h"
#include "app/door/disconnects.h"
#include "app/door/order_reach.h"
#include "desk/permit.h"
#include "fact/account.h"
#include "fact/division.h"
#include "fact/indicator.h"
#include "store/row.h"

static err put_item(struct call *call, struct json *j, const union record *r)
{
    struct order_doc_view view = {.part = ORDER_DOC_WITH_RECEIPTS};
    return order_doc_put(call, j, &r->order, &view);
}

/* --- reading --- */

static void add(struct list_query *q, struct list_condition condition)
{
    q->conditions[q->condition_count++] = condition;
}

/* ?waits=countersign | approval | late | heed | extension | unrelated: what somebody has to look
 * at. */
static err query_waits(struct call *call, struct list_query *q)
{
    static const char *const words[] = {"countersign", "approval",  "late", "heed",
                                        "extension",   "unrelated", NULL};
    str word = {0};
    TRY(api_query_one_of(call, "waits", words, &word));
    if (str_equal(word, STR("countersign"))) {
        add(q, (struct list_condition){.column = "is_emergency", .how = LIST_ABOVE});
        add(q, (struct list_condition){.column = "approver", .how = LIST_ABSENT});
        add(q, (struct list_condition){.column = "ended_at", .how = LIST_ABSENT});
    }
    if (str_equal(word, STR("approval")))
        api_query_equal(q, "state", STR("drafted"));
    if (str_equal(word, STR("late")))
        add(q, (struct list_condition){.column = "is_late", .how = LIST_ABOVE});
    if (str_equal(word, STR("extension")))
        add(q, (struct list_condition){.column = "wanted_until", .how = LIST_ABOVE});
    if (str_equal(word, STR("heed")))
        add(q, (struct list_condition){.column = "alarmed_at", .how = LIST_ABOVE});
    if (str_equal(word, STR("unrelated")))
        add(q, (struct list_condition){.column = "release_by", .how = LIST_ABOVE});
    return OK;
}

/* ?sort=oldest: what has waited longest is what lapses first. */
static err query_sort(struct call *call, struct list_query *q)
{
    static const char *const words[] = {"newest", "oldest", NULL};
    str word = {0};
    TRY(api_query_one_of(call, "sort", words, &word));
    q->is_oldest_first = str_equal(word, STR("oldest"));
    return OK;
}

static err read_query(struct call *call, struct list_query *q)
{
    TRY(query_sort(call, q));
    TRY(api_query_word(call, "state", order_state_words, q));
    TRY(api_query_word(call, "kind", order_kind_words, q));
    TRY(query_waits(call, q));
    api_query_equal(q, "provider", api_query(call, "provider"));
    api_query_equal(q, "incident", api_query(call, "incident"));
    api_query_equal(q, "report", api_query(call, "report"));
    if (str_is_empty(q->before))
        q->before = api_query(call, "after");
    return OK;
}

/* A provider's people see what was sent to their house, whatever its division. */
static err list_for_provider(struct call *call, struct list_query *q, struct list_page *ret_page)
{
    if (str_is_empty(call->actor.provider))
        return OK;
    api_query_equal(q, "provider", call->actor.provider);
    add(q, (struct list_condition){.column = "ask", .how = LIST_ABOVE});
    TRY(api_query_limit(call, LIST_USUAL, &q->limit));
    return reader_list(call->reader, q, &call->arena, ret_page);
}

static err list_for_staff(struct call *call, struct list_query *q, struct list_page *ret_page)
{
    bool has_any = false;
    TRY(api_query_limit(call, LIST_USUAL, &q->limit));
    TRY(api_narrow(call, &q->scope, &has_any));
    return has_any ? reader_list(call->reader, q, &call->arena, ret_page) : OK;
}

err orders_get(struct call *call)
{
    struct list_query q = {
        .kind = RECORD_ORDER, .before = api_query(call, "cursor"), .wants_total = true};
    struct list_page page = {0};
    TRY(api_permit(call, ACT_ORDER_READ));
    TRY(read_query(call, &q));
    bool is_provider = order_is_for_provider(&call->actor);
    TRY(is_provider ? list_for_provider(call, &q, &page) : list_for_staff(call, &q, &page));
    return api_page_answer(call, &page, put_item);
}

/* The answer stands already; it goes out only once the reading is in the ledger. */
static err write_reading(struct call *call, struct store *store, instant at)
{
    struct command cmd = {.act = ACT_ORDER_READ,
                          .actor = call->actor,
                          .record = *(const str *)call->own,
                          .why = api_query(call, "purpose")};
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

err order_get(struct call *call)
{
    struct order *o = arena_make(&call->arena, sizeof *o);
    struct api_json made;
    if (o == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_ORDER_READ));
    TRY(order_find(call, api_param(call, 0), o));
    bool is_provider = order_is_for_provider(&call->actor);
    bool has_purpose = !str_is_empty(api_query(call, "purpose"));
    struct order_doc_view view = {.part = ORDER_DOC_WITH_RECEIPTS, .sees_personal = has_purpose};
    struct json *j = api_json(call, &made);
    TRY(order_doc_put(call, j, o, &view));
    if (!is_provider)
        TRY(history_put(call, j, o->id));
    TRY(api_json_done(call, &made, 200));
    if (is_provider || !has_purpose)
        return OK;
    call->own = &o->id;
    call->write = write_reading;
    return OK;
}

/* --- drafting --- */

static err answer(struct call *call, const union record *r, int status)
{
    struct api_json made;
    TRY(put_item(call, api_json(call, &made), r));
    return api_json_done(call, &made, status);
}

static err read_target(struct call *call, struct order *o)
{
    json_value target = json_get(call->doc.root, "target");
    struct indicator indicator = {0};
    str value = STR("");
    o->target_kind = INDICATOR_ACCOUNT;
    TRY(body_word(call, target, "kind", indicator_kind_words, &o->target_kind));
    TRY(body_text(call, target, "value", INDICATOR_TEXT_BYTES, &value));
    TRY(body_text(call, target, "bank", 64, &o->bank));
    TRY(body_text(call, target, "name", 400, &o->name));
    call->column = STR("target");
    if (str_is_empty(value))
        return fail(ERR_MALFORMED, "value.missing", 0);
    if (o->target_kind == INDICATOR_ACCOUNT) {
        TRY(account_key(value, o->bank, &call->arena, &o->target));
    } else {
        TRY(indicator_parse(o->target_kind, value, call->house->law.phone_region, &call->arena,
                            &indicator));
        o->target = indicator.value;
    }
    call->column = STR("");
    return OK;
}

/* The provider by its name, or whoever keeps that bank's accounts. */
static err read_provider(struct call *call, struct order *o)
{
    const struct providers *all = &call->house->conf.providers;
    const struct provider *found = provider_of_bank(all, o->bank);
    str named = STR("");
    TRY(body_text(call, call->doc.root, "provider", 64, &named));
    if (!str_is_empty(named))
        found = provider_find(all, named);
    call->column = str_is_empty(named) ? STR("target") : STR("provider");
    if (found == NULL)
        return fail(ERR_ABSENT, "order.no_provider", 0);
    call->column = STR("");
    o->provider = found->id;
    return OK;
}

/* What a freeze takes over says whose money it is, where, and under which case. */
static err read_taken(struct call *call, struct order *o)
{
    union record r;
    TRY(body_text(call, call->doc.root, "takes", 64, &o->takes));
    if (str_is_empty(o->takes))
        return OK;
    call->column = STR("takes");
    err e = api_find(call, RECORD_ORDER, o->takes, &r);
    if (e.code == ERR_ABSENT)
        return fail(ERR_ABSENT, "order.takes_absent", 0);
    TRY(e);
    call->column = STR("");
    o->target_kind = r.order.target_kind;
    o->target = r.order.target;
    o->bank = r.order.bank;
    o->name = r.order.name;
    o->provider = r.order.provider;
    o->currency = r.order.currency;
    o->report = r.order.report;
    o->incident = r.order.incident;
    o->claim = r.order.claim;
    o->layer = r.order.layer;
    o->amount = r.order.amount;
    o->reason = r.order.reason;
    o->evidence = r.order.evidence;
    o->division = r.order.division;
    return OK;
}

/* Under a report, in an incident, or with evidence of its own. */
static err read_case(struct call *call, struct order *o)
{
    union record r;
    json_value root = call->doc.root;
    TRY(body_text(call, root, "report", 64, &o->report));
    TRY(body_text(call, root, "incident", 64, &o->incident));
    TRY(body_text(call, root, "claim", 64, &o->claim));
    o->division = call->actor.division;
    if (!str_is_empty(o->report)) {
        TRY(api_find(call, RECORD_REPORT, o->report, &r));
        o->incident = r.report.incident;
        o->division = r.report.division;
    } else if (!str_is_empty(o->incident)) {
        TRY(api_find(call, RECORD_INCIDENT, o->incident, &r));
        o->division = r.incident.division;
    }
    if (str_is_empty(o->claim))
        return OK;
    TRY(api_find(call, RECORD_CLAIM, o->claim, &r));
    return str_equal(r.claim.report, o->report) ? OK : fail(ERR_ABSENT, "claim.absent", 0);
}

/* Of an order that stands by itself: on what, with whom, under which case. */
static err read_whole(struct call *call, struct order *o)
{
    TRY(read_target(call, o));
    TRY(read_provider(call, o));
    TRY(read_case(call, o));
    return body_text(call, call->doc.root, "currency", 3, &o->currency);
}

static err read_order(struct call *call, struct order *o)
{
    json_value root = call->doc.root;
    o->kind = ORDER_HOLD;
    TRY(body_word(call, root, "kind", order_kind_words, &o->kind));
    TRY(read_taken(call, o));
    if (str_is_empty(o->takes))
        TRY(read_whole(call, o));
    TRY(body_amount(call, "amount", &o->amount));
    TRY(body_amount(call, "layer", &o->layer));
    TRY(body_text(call, root, "basis", 400, &o->basis));
    TRY(body_text(call, root, "reason", 400, &o->reason));
    TRY(body_text(call, root, "evidence", 4000, &o->evidence));
    TRY(body_text(call, root, "notice", 4000, &o->notice));
    TRY(body_instant(call, "from", &o->from));
    TRY(body_instant(call, "until", &o->until));
    if (str_is_empty(o->currency))
        o->currency = call->house->law.currency;
    return OK;
}

static err write_draft(struct call *call, struct store *store, instant at)
{
    struct command *cmd = call->own;
    union record after;
    cmd->record = store_id(store, at, &call->arena);
    TRY(store_apply(store, cmd, at, &call->arena, &after));
    return answer(call, &after, 201);
}

static err make_command(struct call *call, enum act act, struct command **ret_cmd)
{
    struct command *cmd = arena_make(&call->arena, sizeof *cmd);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *cmd = (struct command){.act = act, .actor = call->actor};
    call->own = cmd;
    *ret_cmd = cmd;
    return OK;
}

static err draft(struct call *call, struct command **ret_cmd)
{
    TRY(make_command(call, ACT_ORDER_DRAFT, ret_cmd));
    TRY(read_order(call, &(*ret_cmd)->body.order));
    call->write = write_draft;
    return OK;
}

/* Read once more: between this thread and the last there is nothing but the call. */
static err draft_within_reach(struct call *call, struct runs *runs)
{
    struct command *cmd = NULL;
    TRY(draft(call, &cmd));
    return order_reach_check(call, runs, &cmd->body.order);
}

err orders_post(struct call *call)
{
    struct command *cmd = NULL;
    TRY(api_permit(call, ACT_ORDER_DRAFT));
    if (!call->has_doc)
        return fail(ERR_MALFORMED, "body.not_object", 0);
    TRY(draft(call, &cmd));
    if (!order_reach_binds(&cmd->body.order))
        return OK;
    call->write = NULL;
    return incident_ask(call, draft_within_reach);
}

/* --- deciding --- */

/* What a draft to disconnect rests on may be over: who may approve it hears of that (0099). */
static err check_ground(struct call *call, struct store *store, instant at)
{
    const struct command *cmd = call->own;
    const char *why = NULL;
    union record r;
    if (cmd->act != ACT_ORDER_APPROVE)
        return OK;
    TRY(row_find(store_sql(store), RECORD_ORDER, cmd->record, &call->arena, &r));
    bool is_judged = r.order.kind == ORDER_DISCONNECT && r.order.state == ORDER_DRAFTED;
    if (!is_judged || failed(permit_check(&cmd->actor, cmd->act, r.order.division)))
        return OK;
    TRY(disconnects_judge_again(store_sql(store), &call->arena, at, &r.order, &why));
    return why == NULL ? OK : fail(ERR_CONFLICT, why, 0);
}

static err write_act(struct call *call, struct store *store, instant at)
{
    union record after;
    TRY(check_ground(call, store, at));
    TRY(store_apply(store, call->own, at, &call->arena, &after));
    return answer(call, &after, 200);
}

/* Which alarm somebody has seen: as the order showed it when they looked. */
static err read_seen(struct call *call, struct order *o)
{
    TRY(body_word(call, call->doc.root, "alarm", order_alarm_words, &o->alarm));
    return body_instant(call, "alarmed_at", &o->alarmed_at);
}

static err act_on(struct call *call, enum act act)
{
    struct command *cmd = NULL;
    struct order o = {0};
    TRY(order_find(call, api_param(call, 0), &o));
    TRY(make_command(call, act, &cmd));
    cmd->record = o.id;
    cmd->why = str_trim(api_body_str(call, "why"));
    if (act == ACT_ORDER_EXTEND)
        TRY(body_instant(call, "until", &cmd->body.order.until));
    if (act == ACT_ORDER_TRIM)
        TRY(body_amount(call, "amount", &cmd->body.order.amount));
    if (act == ACT_ORDER_HEED)
        TRY(read_seen(call, &cmd->body.order));
    call->write = write_act;
    return OK;
}

err order_approve(struct call *call)
{
    return act_on(call, ACT_ORDER_APPROVE);
}

err order_refuse(struct call *call)
{
    return act_on(call, ACT_ORDER_REFUSE);
}

err order_lift(struct call *call)
{
    return act_on(call, ACT_ORDER_LIFT);
}

err order_extend(struct call *call)
{
    return act_on(call, ACT_ORDER_EXTEND);
}

err order_trim(struct call *call)
{
    return act_on(call, ACT_ORDER_TRIM);
}

err order_fail(struct call *call)
{
    return act_on(call, ACT_ORDER_FAIL);
}

err order_heed_post(struct call *call)
{
    return act_on(call, ACT_ORDER_HEED);
}

err order_keep(struct call *call)
{
    return act_on(call, ACT_ORDER_KEEP);
}

/* --- all emergency orders of an incident, by one second person --- */

static err write_countersigns(struct call *call, struct store *store, instant at)
{
    const struct list_page *page = call->own;
    struct api_json made;
    struct json *j = api_json(call, &made);
    int64_t approved = 0;
    json_key(j, STR("refusals"));
    json_array(j);
    for (size_t i = 0; i < page->count; i++) {
        str id = page->items[i].order.id;
        struct command cmd = {.act = ACT_ORDER_APPROVE, .actor = call->actor, .record = id};
        err e = store_apply(store, &cmd, at, &call->arena, NULL);
        bool is_refused = e.code == ERR_DENIED || e.code == ERR_CONFLICT;
        if (is_refused)
            api_refusal_put(call, j, "order", id, e);
        else
            TRY(e);
        approved += !is_refused;
    }
    json_end(j);
    json_put_i64(j, STR("approved"), approved);
    return api_json_done(call, &made, 200);
}

err incident_countersign(struct call *call)
{
    union record r;
    struct list_page *page = arena_make(&call->arena, sizeof *page);
    if (page == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_ORDER_APPROVE));
    TRY(api_find(call, RECORD_INCIDENT, api_param(call, 0), &r));
    struct list_query q = {.kind = RECORD_ORDER, .scope = api_scope(call), .limit = LIST_MOST};
    api_query_equal(&q, "incident", r.incident.id);
    add(&q, (struct list_condition){.column = "is_emergency", .how = LIST_ABOVE});
    add(&q, (struct list_condition){.column = "approver", .how = LIST_ABSENT});
    add(&q, (struct list_condition){.column = "ended_at", .how = LIST_ABSENT});
    TRY(reader_list(call->reader, &q, &call->arena, page));
    call->own = page;
    call->write = write_countersigns;
    return OK;
}
