/* SPDX-License-Identifier: Apache-2.0 */
#include "app/round/round_doc.h"

#include "app/call/api_help.h"
#include "app/call/api_history.h"
#include "app/call/order_doc.h"
#include "app/round/refund_write.h"
#include "app/round/round_close.h"
#include "desk/permit.h"
#include "desk/round_parts.h"
#include "fact/indicator.h"

enum { ACCOUNT_SHOWN = 4 };

/* --- finding --- */

static bool is_with_provider(const struct round *r)
{
    return r->state == ROUND_SENT || r->state == ROUND_PAID || r->state == ROUND_CLOSED;
}

err round_find(struct call *call, str id, struct round *ret_round)
{
    union record r;
    err e = api_row(call, RECORD_ROUND, id, &r);
    if (e.code == ERR_ABSENT)
        return fail(ERR_ABSENT, "round.absent", 0);
    TRY(e);
    bool is_provider = order_is_for_provider(&call->actor);
    bool is_theirs =
        str_equal(r.round.provider, call->actor.provider) && is_with_provider(&r.round);
    if (is_provider ? !is_theirs : !api_sees(call, RECORD_ROUND, &r))
        return fail(ERR_ABSENT, "round.absent", 0);
    *ret_round = r.round;
    return OK;
}

/* --- an account --- */

str round_display(struct call *call, const struct round *r)
{
    struct indicator known = {0};
    err e = indicator_parse(INDICATOR_ACCOUNT, r->account, call->house->law.phone_region,
                            &call->arena, &known);
    return failed(e) ? r->account : known.display;
}

/* "****1234"; of a short one nothing. */
/* The last digits of a number that hides twice as many; of a name, nothing. */
str round_masked(struct call *call, const struct round *r)
{
    struct text t;
    str shown = r->account;
    size_t colon = 0;
    while (colon < shown.size && shown.at[colon] != ':')
        colon++;
    if (colon < shown.size)
        shown = str_from(shown, colon + 1);
    bool is_number = shown.size >= (size_t)3 * ACCOUNT_SHOWN;
    for (size_t i = 0; i < shown.size; i++)
        is_number = is_number && shown.at[i] >= '0' && shown.at[i] <= '9';
    text_init(&t, &call->arena);
    text_put_c(&t, "****");
    if (is_number)
        text_put(&t, str_from(shown, shown.size - ACCOUNT_SHOWN));
    return text_str(&t);
}

/* --- for staff --- */

static void put_word(struct json *j, str key, const char *const *words, unsigned word)
{
    json_put_str(j, key, str_from_c(words[word]));
}

static void put_person(struct json *j, str key, str user, const struct viewer *v)
{
    if (!str_is_empty(user))
        json_put_str(j, key, v->name_of(v->self, user));
}

/* As they are by now: the bank knows them by these ids. */
static err put_orders(struct call *call, struct json *j, const struct round *r)
{
    struct round_orders orders = {.count = 0};
    TRY(round_orders(api_sql(call), r, &call->arena, &orders));
    json_key(j, STR("orders"));
    json_array(j);
    for (size_t i = 0; i < orders.count; i++)
        json_str(j, orders.at[i]->id);
    json_end(j);
    return OK;
}

static void put_sums(struct json *j, const struct round *r)
{
    put_word(j, STR("rule"), refund_rule_words, r->rule);
    json_put_str(j, STR("currency"), r->currency);
    json_put_i64(j, STR("number"), r->number);
    json_put_i64(j, STR("frozen"), r->frozen);
    json_put_i64(j, STR("shared"), r->shared);
    json_put_i64(j, STR("unclaimed"), r->unclaimed);
    json_put_i64(j, STR("returned"), r->returned);
    json_put_i64(j, STR("failed"), r->failed);
}

static void put_steps(struct json *j, const struct round *r, const struct viewer *v)
{
    put_person(j, STR("computer"), r->computer, v);
    json_put_instant(j, STR("computed_at"), r->computed_at, v->zone_min);
    put_person(j, STR("reviewer"), r->reviewer, v);
    json_put_instant(j, STR("reviewed_at"), r->reviewed_at, v->zone_min);
    put_person(j, STR("noticer"), r->noticer, v);
    json_put_instant(j, STR("noticed_at"), r->noticed_at, v->zone_min);
    json_put_instant(j, STR("notice_until"), r->notice_until, v->zone_min);
    put_person(j, STR("first_approver"), r->first_approver, v);
    json_put_instant(j, STR("first_approved_at"), r->first_approved_at, v->zone_min);
    put_person(j, STR("approver"), r->approver, v);
    json_put_instant(j, STR("approved_at"), r->approved_at, v->zone_min);
    json_put_instant(j, STR("sent_at"), r->sent_at, v->zone_min);
    json_put_instant(j, STR("paid_at"), r->paid_at, v->zone_min);
    json_put_instant(j, STR("ended_at"), r->ended_at, v->zone_min);
    json_put_str_if_any(j, STR("ended_why"), r->ended_why);
    json_put_instant(j, STR("due_at"), r->due_at, v->zone_min);
    json_put_i64(j, STR("is_late"), r->is_late);
}

static bool may_approve(const struct call *call, const struct round *r)
{
    str user = call->actor.user;
    bool is_ripe = r->state == ROUND_REVIEWED;
    if (r->needs_notice != 0)
        is_ripe =
            r->state == ROUND_NOTICED && clock_now(&call->house->clock).us >= r->notice_until.us;
    return is_ripe && !str_equal(user, r->computer) && !str_equal(user, r->first_approver);
}

/* Its orders may be another division's; and nobody closes on their own word alone. */
static err ask_close(struct call *call, const struct round *r, bool *ret_may)
{
    struct round_reliefs reliefs = {.count = 0};
    *ret_may = false;
    if (r->state != ROUND_PAID)
        return OK;
    TRY(round_reliefs(api_sql(call), r, &call->arena, &reliefs));
    err e = round_may_close(api_sql(call), r, &call->actor, &reliefs);
    *ret_may = !failed(e);
    return e.code == ERR_DENIED ? OK : e;
}

static err put_may(struct call *call, struct json *j, const struct round *r)
{
    bool may_close = false;
    bool may_review = r->state == ROUND_COMPUTED && !str_equal(call->actor.user, r->computer);
    bool may_notice = r->state == ROUND_REVIEWED && r->needs_notice != 0;
    TRY(ask_close(call, r, &may_close));
    const struct {
        enum act act;
        const char *name;
        bool is_time;
    } acts[] = {
        {ACT_ROUND_REVIEW,  "review",  may_review      },
        {ACT_ROUND_NOTICE,  "notice",  may_notice      },
        {ACT_ROUND_APPROVE, "approve", may_approve(call, r)},
        {ACT_ROUND_VOID,                 "void",             r->state <= ROUND_OBJECTED      },
        {ACT_ROUND_CLOSE,                 "close",            may_close},
    };
    json_key(j, STR("may"));
    json_array(j);
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (acts[i].is_time && !failed(permit_check(&call->actor, acts[i].act, r->division)))
            json_str(j, str_from_c(acts[i].name));
    json_end(j);
    return OK;
}

/* What the orders would refuse of its next step, if somebody took it. */
static err ask_hindrance(struct call *call, const struct round *r, const char **ret_why)
{
    const struct law_profile *law = &call->house->law;
    instant at = clock_now(&call->house->clock);
    struct round_orders orders = {.count = 0};
    struct round next = *r;
    bool is_public_first = r->needs_notice != 0 && r->notice_until.us == 0;
    enum act step = is_public_first ? ACT_ROUND_NOTICE : ACT_ROUND_APPROVE;
    TRY(round_orders(api_sql(call), r, &call->arena, &orders));
    if (is_public_first)
        next.notice_until = instant_add_us(at, r->notice_us);
    else if (at.us < r->notice_until.us)
        at = r->notice_until;
    *ret_why = round_held_check(&next, &orders, step, law, at).why;
    return OK;
}

static err put_hindrance(struct call *call, struct json *j, const struct round *r)
{
    const char *why = NULL;
    if (r->state > ROUND_OBJECTED)
        return OK;
    TRY(ask_hindrance(call, r, &why));
    if (why == NULL)
        return OK;
    json_key(j, STR("hindered"));
    json_object(j);
    json_put_str(j, STR("code"), str_from_c(why));
    json_put_str(j, STR("reason"), message(str_from_c(why), call->language));
    json_end(j);
    return OK;
}

err round_doc_put_item(struct call *call, struct json *j, const union record *record)
{
    const struct round *r = &record->round;
    struct viewer viewer = api_viewer(call);
    json_put_str(j, STR("round"), r->id);
    json_put_str(j, STR("incident"), r->incident);
    json_put_str(j, STR("account"), r->account);
    json_put_str(j, STR("display"), round_display(call, r));
    json_put_str_if_any(j, STR("bank"), r->bank);
    json_put_str(j, STR("provider"), r->provider);
    TRY(put_orders(call, j, r));
    put_word(j, STR("state"), round_state_words, r->state);
    put_sums(j, r);
    json_put_instant(j, STR("frozen_at"), r->frozen_at, viewer.zone_min);
    json_put_str(j, STR("digest"), r->digest);
    json_put_i64(j, STR("doubts"), r->doubts);
    json_put_bool(j, STR("needs_notice"), r->needs_notice != 0);
    json_put_i64(j, STR("notice_days"), r->notice_us / US_PER_DAY);
    json_put_i64(j, STR("objections"), r->objections);
    put_steps(j, r, &viewer);
    json_put_str(j, STR("division"), r->division);
    json_put_i64(j, STR("revision"), r->revision);
    return put_may(call, j, r);
}

void share_doc_put(struct call *call, struct json *j, const struct share_line *line)
{
    const struct share *s = &line->is;
    json_put_str(j, STR("share"), s->id);
    json_put_str(j, STR("claim"), s->claim);
    json_put_str_if_any(j, STR("report"), line->report);
    json_put_str_if_any(j, STR("to"), s->to); /* who signs sees where it goes */
    put_word(j, STR("basis"), refund_basis_words, s->basis);
    json_put_i64(j, STR("loss"), s->loss);
    json_put_i64(j, STR("amount"), s->amount);
    put_word(j, STR("state"), share_state_words, s->state);
    json_put_instant(j, STR("settled_at"), s->settled_at, call->house->law.zone_min);
    json_put_str_if_any(j, STR("reference"), s->reference);
    json_put_str_if_any(j, STR("why"), s->failure);
}

/* Those of one share stand together: *at moves behind them. */
static void put_words(struct call *call, struct json *j, const struct share_words *words,
                      const struct share *s, size_t *at)
{
    struct viewer viewer = api_viewer(call);
    json_key(j, STR("receipts"));
    json_array(j);
    while (*at < words->count && str_compare(words->at[*at].share, s->id) < 0)
        (*at)++;
    for (; *at < words->count && str_equal(words->at[*at].share, s->id); (*at)++) {
        json_object(j);
        receipt_put(j, &words->at[*at], &viewer);
        json_end(j);
    }
    json_end(j);
}

static int64_t count_contradicting(const struct share_words *words)
{
    int64_t count = 0;
    for (size_t i = 0; i < words->count; i++)
        count += words->at[i].fate == RECEIPT_CONTRADICTING;
    return count;
}

static err put_shares(struct call *call, struct json *j, const struct round *r)
{
    struct share_lines lines = {.count = 0};
    struct share_words words = {.count = 0};
    size_t at = 0;
    TRY(round_shares(api_sql(call), r->id, &call->arena, &lines));
    TRY(round_words(api_sql(call), r, &call->arena, &words));
    json_key(j, STR("shares"));
    json_array(j);
    for (size_t i = 0; i < lines.count; i++) {
        json_object(j);
        share_doc_put(call, j, &lines.at[i]);
        put_words(call, j, &words, &lines.at[i].is, &at);
        json_end(j);
    }
    json_end(j);
    json_put_i64(j, STR("contradictions"), count_contradicting(&words));
    return OK;
}

static err put_appeals(struct call *call, struct json *j, const struct round *r)
{
    struct round_appeals appeals = {.count = 0};
    int zone_min = call->house->law.zone_min;
    if (permit_actor_may(&call->actor, ACT_APPEAL_READ)) /* theirs who hear objections (0032) */
        TRY(round_appeals(api_sql(call), r->id, &call->arena, &appeals));
    json_key(j, STR("appeals"));
    json_array(j);
    for (size_t i = 0; i < appeals.count; i++) {
        const struct appeal *a = &appeals.at[i];
        json_object(j);
        json_put_str(j, STR("appeal"), a->id);
        put_word(j, STR("state"), appeal_state_words, a->state);
        json_put_instant(j, STR("filed_at"), a->filed_at, zone_min);
        json_put_instant(j, STR("due_at"), a->due_at, zone_min);
        json_end(j);
    }
    json_end(j);
    return OK;
}

err round_doc_put(struct call *call, struct json *j, const struct round *r)
{
    union record record = {.round = *r};
    TRY(round_doc_put_item(call, j, &record));
    TRY(put_hindrance(call, j, r));
    TRY(put_shares(call, j, r));
    TRY(put_appeals(call, j, r));
    return call->reader != NULL ? history_put(call, j, r->id) : OK;
}

/* --- for its provider --- */

err round_doc_put_task(struct call *call, struct json *j, const struct round *r)
{
    struct share_lines lines = {.count = 0};
    int zone_min = call->house->law.zone_min;
    TRY(round_shares(api_sql(call), r->id, &call->arena, &lines));
    json_put_str(j, STR("round"), r->id);
    json_put_str(j, STR("account"), r->account);
    json_put_str_if_any(j, STR("bank"), r->bank);
    json_put_str(j, STR("currency"), r->currency);
    TRY(put_orders(call, j, r));
    json_put_i64(j, STR("amount"), r->shared);
    json_put_str(j, STR("digest"), r->digest);
    json_put_instant(j, STR("sent_at"), r->sent_at, zone_min);
    json_put_instant(j, STR("due_at"), r->due_at, zone_min);
    json_put_i64(j, STR("is_late"), r->is_late);
    json_key(j, STR("shares"));
    json_array(j);
    for (size_t i = 0; i < lines.count; i++) {
        const struct share *s = &lines.at[i].is;
        json_object(j);
        json_put_str(j, STR("share"), s->id);
        json_put_str_if_any(j, STR("to"), s->to);
        json_put_i64(j, STR("amount"), s->amount);
        put_word(j, STR("state"), share_state_words, s->state);
        json_end(j);
    }
    json_end(j);
    return OK;
}

/* --- for everybody --- */

static err put_claims(struct call *call, struct json *j, const struct round *r)
{
    struct share_lines lines = {.count = 0};
    TRY(round_shares(api_sql(call), r->id, &call->arena, &lines));
    json_key(j, STR("claims"));
    json_array(j);
    for (size_t i = 0; i < lines.count; i++) {
        const struct share *s = &lines.at[i].is;
        json_object(j);
        json_put_str(j, STR("claim"), claim_shown(s->claim));
        json_put_i64(j, STR("loss"), s->loss);
        json_put_i64(j, STR("amount"), s->amount);
        put_word(j, STR("basis"), refund_basis_words, s->basis);
        json_end(j);
    }
    json_end(j);
    return OK;
}

err round_doc_put_notice(struct call *call, struct json *j, const struct round *r)
{
    instant now = clock_now(&call->house->clock);
    int zone_min = call->house->law.zone_min;
    json_put_str(j, STR("round"), r->id);
    json_put_str_if_any(j, STR("bank"), r->bank);
    json_put_str(j, STR("account"), round_masked(call, r));
    json_put_str(j, STR("currency"), r->currency);
    json_put_i64(j, STR("frozen"), r->frozen);
    json_put_i64(j, STR("shared"), r->shared);
    json_put_i64(j, STR("unclaimed"), r->unclaimed);
    put_word(j, STR("rule"), refund_rule_words, r->rule);
    json_put_str(j, STR("rule_text"),
                 message(str_from_c(refund_rule_text(r->rule)), call->language));
    json_put_instant(j, STR("noticed_at"), r->noticed_at, zone_min);
    json_put_instant(j, STR("notice_until"), r->notice_until, zone_min);
    json_put_bool(j, STR("is_open"), round_is_noticed(r) && now.us < r->notice_until.us);
    TRY(put_claims(call, j, r));
    json_put_str(j, STR("digest"), r->digest);
    return OK;
}

void round_doc_put_public(struct call *call, struct json *j, const struct round *r)
{
    int zone_min = call->house->law.zone_min;
    json_key(j, STR("round"));
    json_object(j);
    json_put_str(j, STR("round"), r->id);
    put_word(j, STR("state"), round_state_words, r->state);
    json_put_instant(j, STR("noticed_at"), r->noticed_at, zone_min);
    json_put_instant(j, STR("notice_until"), r->notice_until, zone_min);
    json_end(j);
}
