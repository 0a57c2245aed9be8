/* SPDX-License-Identifier: Apache-2.0 */
/* Appeals: anybody files one, and sees its clock by the reference, the rest by the key; staff
 * decide. */
#include "app/call/api_key.h"
#include "app/call/api_routes.h"
#include "app/call/order_doc.h"
#include "app/door/disconnects.h"
#include "app/round/round_doc.h"
#include "app/screen/cover.h"
#include "desk/permit.h"
#include "env/id.h"
#include "fact/account.h"

/* What an appeal is against: a listing, an order, or (an objection) a refund round. */
struct subject {
    union record of;
    enum record_kind kind;
};

static err find_subject(struct call *call, const struct appeal *a, struct subject *ret_subject)
{
    enum record_kind kind = RECORD_LISTING;
    str id = a->listing;
    if (!str_is_empty(a->order)) {
        kind = RECORD_ORDER;
        id = a->order;
    } else if (!str_is_empty(a->round)) {
        kind = RECORD_ROUND;
        id = a->round;
    }
    ret_subject->kind = kind;
    return api_row(call, kind, id, &ret_subject->of);
}

static str deciders_of(const struct subject *s)
{
    if (s->kind == RECORD_ORDER)
        return s->of.order.deciders;
    return s->kind == RECORD_ROUND ? s->of.round.deciders : s->of.listing.deciders;
}

static bool has_decided(const struct call *call, const struct subject *s)
{
    str people = deciders_of(s);
    str one = {0};
    while (str_split(&people, ' ', &one))
        if (str_equal(one, call->actor.user))
            return true;
    return false;
}

static void put_may(struct call *call, struct json *j, const struct appeal *a,
                    const struct subject *s)
{
    bool is_open = a->state == APPEAL_FILED || a->state == APPEAL_REVIEWING;
    bool is_fresh = !has_decided(call, s);
    json_key(j, STR("may"));
    json_array(j);
    if (is_open && is_fresh && permit_actor_may(&call->actor, ACT_APPEAL_REVIEW))
        json_str(j, STR("review"));
    if (is_open && is_fresh && permit_actor_may(&call->actor, ACT_APPEAL_GRANT))
        json_str(j, STR("decide"));
    json_end(j);
    if (is_open && !is_fresh)
        json_put_str(j, STR("waits_for"), STR("waits.another_judge"));
}

static void put_subject(struct call *call, struct json *j, const struct subject *s)
{
    const struct listing *l = &s->of.listing;
    if (s->kind == RECORD_ROUND) {
        json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[INDICATOR_ACCOUNT]));
        json_put_str(j, STR("display"), round_display(call, &s->of.round));
        return;
    }
    if (s->kind == RECORD_ORDER) {
        const struct order *o = &s->of.order;
        json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[o->target_kind]));
        json_put_str(j, STR("display"), order_display(call, o));
        json_put_str(j, STR("measure"), str_from_c(order_kind_words[o->kind]));
        return;
    }
    json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[l->kind]));
    json_put_str(j, STR("display"), l->display);
    json_put_str(j, STR("action"), str_from_c(listing_action_words[l->action]));
}

/* Staff see what it is about without another request. */
static err put_appeal(struct call *call, struct json *j, const struct appeal *a,
                      const struct viewer *viewer)
{
    struct subject subject = {0};
    TRY(find_subject(call, a, &subject));
    appeal_put(j, a, viewer);
    put_subject(call, j, &subject);
    put_may(call, j, a, &subject);
    return OK;
}

static err list_answer(struct call *call, const struct list_page *page, bool sees_personal)
{
    struct viewer viewer = api_viewer(call);
    viewer.sees_personal = sees_personal;
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < page->count; i++) {
        json_object(j);
        TRY(put_appeal(call, j, &page->items[i].appeal, &viewer));
        json_end(j);
    }
    json_end(j);
    api_page_end(j, page);
    return api_json_done(call, &made, 200);
}

/* Reading contacts is itself a leaf, one a record, with its purpose. */
static err write_reading(struct call *call, struct store *store, instant at)
{
    const struct list_page *page = call->own;
    for (size_t i = 0; i < page->count; i++) {
        struct command cmd = {.act = ACT_APPEAL_READ,
                              .actor = call->actor,
                              .record = page->items[i].appeal.id,
                              .why = api_query(call, "purpose")};
        TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    }
    return list_answer(call, page, true);
}

err appeals_get(struct call *call)
{
    TRY(api_permit(call, ACT_APPEAL_READ));
    struct list_query q = {.kind = RECORD_APPEAL, .wants_total = true};
    TRY(api_query_word(call, "state", appeal_state_words, &q));
    api_query_equal(&q, "id", api_query(call, "appeal"));
    api_query_equal(&q, "order", api_query(call, "order"));
    api_query_equal(&q, "round", api_query(call, "round"));
    struct list_page *page = arena_make(&call->arena, sizeof *page);
    if (page == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_list(call, &q, page));
    if (str_is_empty(api_query(call, "purpose")) || page->count == 0)
        return list_answer(call, page, false);
    call->own = page;
    call->write = write_reading;
    return OK;
}

/* For whoever filed it. */
static err put_own(struct call *call, const struct appeal *a, int status)
{
    struct subject subject = {0};
    TRY(find_subject(call, a, &subject));
    struct viewer viewer = api_viewer(call);
    struct api_json made;
    struct json *j = api_json(call, &made);
    appeal_put_clock(j, a, &viewer);
    json_put_str_if_any(j, STR("answer"), a->answer);
    if (subject.kind == RECORD_ORDER)
        order_put_public(j, &subject.of.order, &viewer);
    else if (subject.kind == RECORD_ROUND)
        round_doc_put_public(call, j, &subject.of.round);
    else
        listing_put_public(j, &subject.of.listing, &viewer);
    return api_json_done(call, &made, status);
}

static err find_by_ref(struct call *call, union record *ret_appeal)
{
    char ref[REF_ROOM];
    TRY(ref_parse(api_param(call, 0), ref));
    str id = str_copy(&call->arena, str_from_c(ref));
    err e = reader_find(call->reader, RECORD_APPEAL, id, &call->arena, ret_appeal);
    return e.code == ERR_ABSENT ? fail(ERR_ABSENT, "appeal.absent", 0) : e;
}

static err put_clock(struct call *call, const struct appeal *a)
{
    struct viewer viewer = api_viewer(call);
    struct api_json made;
    appeal_put_clock(api_json(call, &made), a, &viewer);
    return api_json_done(call, &made, 200);
}

/* By the reference, how far it has got; with the key, what it is about and the answer. */
err appeal_get(struct call *call)
{
    union record r;
    str typed = {0};
    str secret = api_query(call, "secret");
    bool has_key = !str_is_empty(secret);
    TRY(has_key ? api_key_try(call) : api_limit(call, HOUSE_LIMIT_PUBLIC));
    TRY(find_by_ref(call, &r));
    if (!has_key)
        return put_clock(call, &r.appeal);
    TRY(api_key_typed(call, secret, &typed));
    if (!api_key_fits(typed, r.appeal.secret))
        return fail(ERR_ABSENT, "appeal.absent", 0);
    api_key_fitted(call);
    return put_own(call, &r.appeal, 200);
}

/* The newest order that a provider carries out on exactly this. */
static err find_order_on(struct call *call, unsigned kind, str value, str *ret_order)
{
    struct list_page page = {0};
    struct list_query q = {
        .kind = RECORD_ORDER,
        .conditions = {{.column = "target_kind",
                        .how = LIST_EQUAL,
                        .text = str_from_c(indicator_kind_words[kind])},
                       {.column = "target", .how = LIST_EQUAL, .text = value},
                       {.column = "ended_at", .how = LIST_ABSENT},
                       {.column = "ask", .how = LIST_ABOVE}},
        .condition_count = 4,
        .limit = 1,
    };
    TRY(reader_list(call->reader, &q, &call->arena, &page));
    if (page.count == 0)
        return fail(ERR_CONFLICT, "appeal.nothing_in_force", 0);
    *ret_order = page.items[0].order.id;
    return OK;
}

/* By what is listed, or what an order is carried out on: a bank's own token is no indicator. */
static err find_by_value(struct call *call, str value, struct appeal *a)
{
    unsigned kind = 0;
    struct indicator indicator = {0};
    struct judgement judgement = {0};
    str region = call->house->law.phone_region;
    bool has_kind = word_parse(indicator_kind_words, api_body_str(call, "kind"), &kind);
    err e = has_kind ? indicator_parse(kind, value, region, &call->arena, &indicator)
                     : indicator_guess(value, region, &call->arena, &indicator);
    if (failed(e) && has_kind && kind == INDICATOR_ACCOUNT) {
        str key = {0};
        TRY(account_key(value, api_body_str(call, "bank"), &call->arena, &key));
        return find_order_on(call, kind, key, &a->order);
    }
    TRY(e);
    TRY(cover_judge(call->reader, &indicator, clock_now(&call->house->clock), &call->arena,
                    &judgement));
    if (judgement.listing == NULL)
        return find_order_on(call, indicator.kind, indicator.value, &a->order);
    a->listing = judgement.listing->id;
    return OK;
}

static err read_subject(struct call *call, struct appeal *a)
{
    str value = api_body_str(call, "value");
    a->order = api_body_str(call, "order");
    a->round = str_is_empty(a->order) ? api_body_str(call, "round") : STR("");
    bool is_listing = str_is_empty(a->order) && str_is_empty(a->round);
    a->listing = is_listing ? api_body_str(call, "listing") : STR("");
    if (!is_listing || !str_is_empty(a->listing))
        return OK;
    if (str_is_empty(value))
        return fail(ERR_MALFORMED, "listing.missing", 0);
    return find_by_value(call, value, a);
}

static err write_filing(struct call *call, struct store *store, instant at)
{
    struct command *cmd = call->own;
    struct auth_secret key;
    char ref[REF_ROOM];
    ref_make(store_random(store), ref);
    cmd->record = str_copy(&call->arena, str_from_c(ref));
    TRY(api_key_make(call, &key));
    cmd->body.appeal.secret = key.kept;
    union record after;
    TRY(store_apply(store, cmd, at, &call->arena, &after));
    TRY(put_own(call, &after.appeal, 201));
    return api_key_say(call, key.shown);
}

static struct command *make_command(struct call *call, enum act act)
{
    struct command *cmd = arena_make(&call->arena, sizeof *cmd);
    if (cmd != NULL)
        *cmd = (struct command){.act = act, .actor = call->actor};
    call->own = cmd;
    return cmd;
}

err appeals_post(struct call *call)
{
    TRY(api_limit(call, HOUSE_LIMIT_APPEAL));
    if (!call->has_doc)
        return fail(ERR_MALFORMED, "body.not_object", 0);
    struct command *cmd = make_command(call, ACT_APPEAL_FILE);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct appeal *a = &cmd->body.appeal;
    TRY(read_subject(call, a));
    a->statement = api_body_str(call, "statement");
    a->name = api_body_str(call, "name");
    a->contact = api_body_str(call, "contact");
    call->write = write_filing;
    return OK;
}

static err write_staff(struct call *call, struct store *store, instant at)
{
    union record after;
    TRY(store_apply(store, call->own, at, &call->arena, &after));
    if (after.appeal.state == APPEAL_GRANTED)
        TRY(disconnects_release(store, at, &call->arena, &after.appeal));
    struct viewer viewer = api_viewer(call);
    struct api_json made;
    struct json *j = api_json(call, &made);
    TRY(put_appeal(call, j, &after.appeal, &viewer));
    return api_json_done(call, &made, 200);
}

static err staff_act(struct call *call, enum act act, str why)
{
    union record r;
    TRY(find_by_ref(call, &r));
    struct command *cmd = make_command(call, act);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    cmd->record = r.appeal.id;
    cmd->why = why;
    call->write = write_staff;
    return OK;
}

err appeal_review(struct call *call)
{
    return staff_act(call, ACT_APPEAL_REVIEW, STR(""));
}

err appeal_decide_post(struct call *call)
{
    str decision = api_body_str(call, "decision");
    bool is_granted = str_equal(decision, STR("granted"));
    if (!is_granted && !str_equal(decision, STR("rejected")))
        return fail(ERR_MALFORMED, "decision.unknown", 0);
    return staff_act(call, is_granted ? ACT_APPEAL_GRANT : ACT_APPEAL_REJECT,
                     api_body_str(call, "answer"));
}

static err write_withdrawal(struct call *call, struct store *store, instant at)
{
    union record after;
    TRY(store_apply(store, call->own, at, &call->arena, &after));
    return put_own(call, &after.appeal, 200);
}

/* Idempotency-Key keeps the digest of a request with a key in it: so does the record. */
err appeal_withdraw(struct call *call)
{
    char ref[REF_ROOM];
    TRY(api_limit(call, HOUSE_LIMIT_APPEAL));
    TRY(ref_parse(api_param(call, 0), ref));
    struct command *cmd = make_command(call, ACT_APPEAL_WITHDRAW);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    cmd->record = str_copy(&call->arena, str_from_c(ref));
    TRY(api_key_typed(call, api_body_str(call, "secret"), &cmd->body.appeal.secret));
    call->write =
        write_withdrawal; /* the desk looks for the appeal: unknown and not theirs are one */
    return OK;
}
