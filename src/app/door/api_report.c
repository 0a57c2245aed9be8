/* SPDX-License-Identifier: Apache-2.0 */
/* One report: read, taken, refused, withdrawn, and followed by its victim. */
#include "app/call/api_history.h"
#include "app/call/api_key.h"
#include "app/door/api_reports.h"
#include "app/report/report_read.h"
#include "app/report/report_show.h"
#include "app/round/round_read.h"
#include "desk/permit.h"

/* --- reading --- */

static void put_may(struct call *call, struct json *j, const struct report *r)
{
    static const struct {
        enum act act;
        const char *name;
        unsigned states; /* bit i: enum report_state */
    } acts[] = {
        {ACT_REPORT_TAKE,   "take",     1 << REPORT_FILED                    },
        {ACT_REPORT_REFUSE, "refuse",   1 << REPORT_FILED                    },
        {ACT_REPORT_REFUSE, "withdraw", 1 << REPORT_FILED | 1 << REPORT_TAKEN}, /* written down */
    };
    json_key(j, STR("may"));
    json_array(j);
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if ((acts[i].states >> r->state & 1U) != 0 &&
            !failed(permit_check(&call->actor, acts[i].act, r->division)))
            json_str(j, str_from_c(acts[i].name));
    json_end(j);
}

static err put_item(struct call *call, struct json *j, const union record *record)
{
    struct viewer viewer = api_viewer(call);
    report_put(j, &record->report, &viewer);
    put_may(call, j, &record->report);
    return OK;
}

err reports_get(struct call *call)
{
    struct list_query q = {.kind = RECORD_REPORT, .wants_total = true};
    struct list_page page = {0};
    TRY(api_permit(call, ACT_REPORT_READ));
    TRY(api_query_word(call, "state", report_state_words, &q));
    api_query_equal(&q, "incident", api_query(call, "incident"));
    TRY(api_list(call, &q, &page));
    return api_page_answer(call, &page, put_item);
}

static err put_claims(struct call *call, struct json *j, str report, const struct viewer *viewer)
{
    const struct report_under_query q = {
        .db = api_sql(call), .under = UNDER_REPORT, .id = report, .arena = &call->arena};
    struct claim *claims = NULL;
    struct order *orders = NULL;
    size_t count = 0;
    TRY(report_claims(&q, &claims, &count));
    json_key(j, STR("claims"));
    json_array(j);
    for (size_t i = 0; i < count; i++) {
        json_object(j);
        claim_put(j, &claims[i], viewer);
        json_end(j);
    }
    json_end(j);
    TRY(report_orders(&q, &orders, &count));
    const struct report_orders_shown shown = {
        .at = orders, .count = count, .sees_personal = viewer->sees_personal};
    return report_show_orders(call, j, &shown);
}

static err answer_one(struct call *call, const struct report *r, bool sees_personal)
{
    struct api_json made;
    struct viewer viewer = api_viewer(call);
    viewer.sees_personal = sees_personal;
    struct json *j = api_json(call, &made);
    report_put(j, r, &viewer);
    put_may(call, j, r);
    TRY(put_claims(call, j, r->id, &viewer));
    if (call->reader != NULL)
        TRY(history_put(call, j, r->id));
    return api_json_done(call, &made, 200);
}

static err write_reading(struct call *call, struct store *store, instant at)
{
    const struct report *r = call->own;
    struct command cmd = {.act = ACT_REPORT_READ,
                          .actor = call->actor,
                          .record = r->id,
                          .why = api_query(call, "purpose")};
    TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    return answer_one(call, r, true);
}

static err find(struct call *call, struct report *ret_report)
{
    union record r;
    TRY(api_find(call, RECORD_REPORT, api_param(call, 0), &r));
    *ret_report = r.report;
    return OK;
}

err report_get(struct call *call)
{
    struct report *r = arena_make(&call->arena, sizeof *r);
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_REPORT_READ));
    TRY(find(call, r));
    if (str_is_empty(api_query(call, "purpose")))
        return answer_one(call, r, false);
    call->own = r;
    call->write = write_reading;
    return OK;
}

/* --- taking one from the page --- */

static err lines_of(struct call *call, const struct report *r, struct report_form *form)
{
    const struct report_under_query q = {
        .db = api_sql(call), .under = UNDER_REPORT, .id = r->id, .arena = &call->arena};
    struct claim *claims = NULL;
    size_t count = 0;
    TRY(report_claims(&q, &claims, &count));
    *form = (struct report_form){.said = *r};
    for (size_t i = 0; i < count && form->line_count < REPORT_CLAIMS; i++) {
        if (claims[i].state != CLAIM_WITHDRAWN)
            form->lines[form->line_count++] = report_line_of(&claims[i], -1);
    }
    return OK;
}

err report_take(struct call *call)
{
    struct report r = {0};
    struct report_form *form = NULL;
    TRY(api_permit(call, ACT_REPORT_TAKE));
    TRY(find(call, &r));
    if (r.state != REPORT_FILED)
        return fail(ERR_CONFLICT, r.ended_at.us != 0 ? "report.ended" : "report.taken", 0);
    TRY(report_hand_over(call, r.id, r.division, &form));
    return lines_of(call, &r, form);
}

/* --- ending --- */

struct ending {
    struct command cmd;
    struct report report;
};

static bool is_set_free(const struct order *o)
{
    return o->ended_at.us != 0 || o->state == ORDER_REFUSED;
}

/* Everything that stands on the victim's word goes with it; what was drafted is not to be. */
static err lift_orders(struct call *call, struct store *store, instant at, const struct command *by)
{
    const struct report_under_query q = {
        .db = store_sql(store), .under = UNDER_REPORT, .id = by->record, .arena = &call->arena};
    struct order *orders = NULL;
    size_t count = 0;
    TRY(report_orders(&q, &orders, &count));
    for (size_t i = 0; i < count; i++) {
        struct command cmd = {.act = ACT_ORDER_LIFT,
                              .actor = by->actor,
                              .record = orders[i].id,
                              .why = STR(REPORT_WHY_WITHDRAWN)};
        if (is_set_free(&orders[i]))
            continue;
        if (orders[i].state == ORDER_DRAFTED)
            cmd.actor =
                (struct actor){.user = STR("centre"), .division = STR(""), .kind = ACTOR_CENTRE};
        TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    }
    return OK;
}

static err withdraw_claims(struct call *call, struct store *store, instant at,
                           const struct command *by)
{
    const struct report_under_query q = {
        .db = store_sql(store), .under = UNDER_REPORT, .id = by->record, .arena = &call->arena};
    struct claim *claims = NULL;
    size_t count = 0;
    TRY(report_claims(&q, &claims, &count));
    for (size_t i = 0; i < count; i++) {
        struct command cmd = {
            .act = ACT_CLAIM_WITHDRAW, .actor = by->actor, .record = claims[i].id};
        if (claims[i].state != CLAIM_WITHDRAWN)
            TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    }
    return OK;
}

/* What was computed with a claim that is no more has to be computed again. */
static err void_rounds(struct call *call, struct store *store, instant at, const struct command *by)
{
    struct round_ids ids = {.count = 0};
    TRY(rounds_on_report(store_sql(store), by->record, &call->arena, &ids));
    for (size_t i = 0; i < ids.count; i++) {
        struct command cmd = {
            .act = ACT_ROUND_VOID,
            .actor = {.user = STR("centre"), .division = STR(""), .kind = ACTOR_CENTRE},
            .record = ids.at[i],
            .why = STR(REPORT_WHY_WITHDRAWN)
        };
        TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    }
    return OK;
}

static err write_ending(struct call *call, struct store *store, instant at)
{
    struct ending *ending = call->own;
    union record after;
    TRY(store_apply(store, &ending->cmd, at, &call->arena, &after));
    if (ending->cmd.act == ACT_REPORT_WITHDRAW) {
        TRY(lift_orders(call, store, at, &ending->cmd));
        TRY(void_rounds(call, store, at, &ending->cmd));
        TRY(withdraw_claims(call, store, at, &ending->cmd));
        TRY(api_row(call, RECORD_REPORT, ending->cmd.record, &after));
    }
    return answer_one(call, &after.report, false);
}

static err end(struct call *call, enum act act)
{
    struct ending *ending = arena_make(&call->arena, sizeof *ending);
    if (ending == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (call->actor.kind == ACTOR_PUBLIC)
        return fail(ERR_DENIED, "session.required", 0);
    TRY(api_permit(call, ACT_REPORT_REFUSE)); /* those who may refuse may write down a withdrawal */
    TRY(find(call, &ending->report));
    ending->cmd = (struct command){.act = act,
                                   .actor = call->actor,
                                   .record = ending->report.id,
                                   .why = str_trim(api_body_str(call, "why"))};
    call->own = ending;
    call->write = write_ending;
    return OK;
}

err report_refuse_post(struct call *call)
{
    return end(call, ACT_REPORT_REFUSE);
}

err report_withdraw(struct call *call)
{
    return end(call, ACT_REPORT_WITHDRAW);
}

/* --- the victim's page --- */

static bool is_live(const struct order *o)
{
    return o->state >= ORDER_SENT && o->state <= ORDER_PARTIAL;
}

static void put_order_progress(struct json *j, const struct order *o, int zone_min)
{
    json_object(j);
    json_put_str(j, STR("state"), str_from_c(order_state_words[o->state]));
    json_put_str(j, STR("kind"), str_from_c(order_kind_words[o->kind]));
    json_put_i64(j, STR("amount"), o->amount);
    json_put_i64(j, STR("held"), o->held < o->amount ? o->held : o->amount);
    json_put_instant(j, STR("asked_at"), o->asked_at, zone_min);
    json_put_instant(j, STR("until"), o->until, zone_min);
    json_end(j);
}

/* Of a stop the whole account stands still: the victim's part of it is what was asked for. */
static err put_orders_progress(struct call *call, struct json *j,
                               const struct report_under_query *q)
{
    struct order *orders = NULL;
    size_t count = 0;
    int64_t held = 0;
    int64_t asked = 0;
    int zone_min = call->house->law.zone_min;
    TRY(report_orders(q, &orders, &count));
    json_key(j, STR("orders"));
    json_array(j);
    for (size_t i = 0; i < count; i++) {
        const struct order *o = &orders[i];
        bool is_waiting = o->state == ORDER_SENT || o->state == ORDER_ACKNOWLEDGED;
        if (o->state == ORDER_DRAFTED)
            continue;
        held += o->held < o->amount ? o->held : o->amount;
        asked += is_live(o) && is_waiting ? o->amount : 0;
        put_order_progress(j, o, zone_min);
    }
    json_end(j);
    json_put_i64(j, STR("held"), held);
    json_put_i64(j, STR("asked"), asked);
    return OK;
}

static err put_claims_progress(struct call *call, struct json *j,
                               const struct report_under_query *q)
{
    struct claim *claims = NULL;
    size_t count = 0;
    int64_t returned = 0;
    TRY(report_claims(q, &claims, &count));
    json_key(j, STR("claims"));
    json_array(j);
    for (size_t i = 0; i < count; i++) {
        json_object(j);
        json_put_str(j, STR("claim"), claim_shown(claims[i].id)); /* as a public notice says it */
        json_put_str(j, STR("state"), str_from_c(claim_state_words[claims[i].state]));
        json_put_i64(j, STR("amount"), claims[i].amount);
        json_put_instant(j, STR("time"), claims[i].sent_at, call->house->law.zone_min);
        json_put_i64(j, STR("returned"), claims[i].returned);
        json_end(j);
        returned += claims[i].returned;
    }
    json_end(j);
    json_put_i64(j, STR("returned"), returned);
    return OK;
}

/* What of it is on its way back, and where that stands. */
static err put_returns_progress(struct call *call, struct json *j, str report)
{
    struct share_lines lines = {.count = 0};
    int zone_min = call->house->law.zone_min;
    TRY(report_shares(api_sql(call), report, &call->arena, &lines));
    json_key(j, STR("rounds"));
    json_array(j);
    for (size_t i = 0; i < lines.count; i++) {
        const struct share *s = &lines.at[i].is;
        union record r;
        TRY(api_row(call, RECORD_ROUND, s->round, &r));
        json_object(j);
        json_put_str(j, STR("round"), s->round);
        json_put_str(j, STR("claim"), claim_shown(s->claim));
        json_put_str(j, STR("state"), lines.at[i].round_state);
        json_put_str(j, STR("basis"), str_from_c(refund_basis_words[s->basis]));
        json_put_i64(j, STR("amount"), s->amount);
        json_put_str(j, STR("share"), str_from_c(share_state_words[s->state]));
        json_put_bool(j, STR("needs_notice"), r.round.needs_notice != 0);
        json_put_instant(j, STR("computed_at"), r.round.computed_at, zone_min);
        json_put_instant(j, STR("noticed_at"), r.round.noticed_at, zone_min);
        json_put_instant(j, STR("notice_until"), r.round.notice_until, zone_min);
        json_put_instant(j, STR("approved_at"), r.round.approved_at, zone_min);
        json_put_instant(j, STR("sent_at"), r.round.sent_at, zone_min);
        json_put_instant(j, STR("settled_at"), s->settled_at, zone_min);
        json_put_instant(j, STR("due_at"), r.round.due_at, zone_min);
        json_end(j);
    }
    json_end(j);
    return OK;
}

err report_progress(struct call *call)
{
    union record r;
    str typed = {0};
    struct api_json made;
    TRY(api_key_try(call));
    TRY(api_key_typed(call, api_query(call, "secret"), &typed));
    err e = reader_find(call->reader, RECORD_REPORT, api_param(call, 0), &call->arena, &r);
    if (failed(e) ||
        !api_key_fits(
            typed, r.report.secret)) /* whether there is such a report is nobody else's business */
        return e.code == ERR_ABSENT || !failed(e) ? fail(ERR_ABSENT, "report.absent", 0) : e;
    api_key_fitted(call);
    const struct report_under_query q = {
        .db = api_sql(call), .under = UNDER_REPORT, .id = r.report.id, .arena = &call->arena};
    struct json *j = api_json(call, &made);
    int zone_min = call->house->law.zone_min;
    json_put_str(j, STR("report"), r.report.id);
    json_put_str(j, STR("state"), str_from_c(report_state_words[r.report.state]));
    json_put_instant(j, STR("filed_at"), r.report.filed_at, zone_min);
    json_put_instant(j, STR("taken_at"), r.report.taken_at, zone_min);
    json_put_instant(j, STR("ended_at"), r.report.ended_at, zone_min);
    json_put_str(j, STR("currency"), r.report.currency);
    json_put_i64(j, STR("loss"), r.report.loss);
    TRY(put_claims_progress(call, j, &q));
    TRY(put_orders_progress(call, j, &q));
    TRY(put_returns_progress(call, j, r.report.id));
    return api_json_done(call, &made, 200);
}
