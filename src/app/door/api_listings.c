/* SPDX-License-Identifier: Apache-2.0 */
/* The lists: reading, proposing, deciding. */
#include "app/call/api_history.h"
#include "app/call/api_routes.h"
#include "app/call/propose.h"
#include "app/calls/call_matches.h"
#include "desk/permit.h"
#include "fact/digits.h"
#include "fact/indicator.h"
#include "fact/url.h"
#include "kit/idna.h"
#include "store/search.h"

#include <assert.h>

static bool may(const struct call *call, enum act act, const struct listing *l)
{
    return !failed(permit_check(&call->actor, act, l->division));
}

/* What this person may do with it now, and otherwise for whom it waits. */
static void put_may(struct call *call, struct json *j, const struct listing *l)
{
    bool is_own = str_equal(l->proposer, call->actor.user);
    bool is_waiting = l->state == LISTING_PROPOSED;
    bool approves = may(call, ACT_LISTING_APPROVE, l);
    json_key(j, STR("may"));
    json_array(j);
    if (is_waiting && approves && !is_own)
        json_str(j, STR("approve"));
    if (is_waiting && may(call, ACT_LISTING_REFUSE, l) && (approves || is_own))
        json_str(j, STR("refuse"));
    if (l->state == LISTING_IN_FORCE && may(call, ACT_LISTING_LIFT, l))
        json_str(j, STR("lift"));
    json_end(j);
    if (is_waiting && !(approves && !is_own))
        json_put_str(j, STR("waits_for"),
                     is_own ? STR("waits.second_person") : STR("waits.approver"));
}

static void put_listing(struct call *call, struct json *j, const struct listing *l)
{
    struct viewer viewer = api_viewer(call);
    struct listing shown = *l;
    shown.notice = api_notice(call, l->notice);
    listing_put(j, &shown, &viewer);
    json_put_str(j, STR("reason_text"), api_reason_text(call, l->reason));
    json_put_str(j, STR("basis_text"), api_basis_text(call, l->basis));
    put_may(call, j, l);
}

static err put_item(struct call *call, struct json *j, const union record *r)
{
    put_listing(call, j, &r->listing);
    return OK;
}

static str lower_of(struct arena *a, str s)
{
    char *made = str_to_c(a, s);
    for (size_t i = 0; made != NULL && i < s.size; i++)
        if (made[i] >= 'A' && made[i] <= 'Z')
            made[i] = (char)(made[i] + ('a' - 'A'));
    return str_make(made, made == NULL ? 0 : s.size);
}

static void add_form(struct search *s, str form)
{
    bool is_known = false;
    for (size_t i = 0; i < s->form_count; i++)
        is_known = is_known || str_equal(s->forms[i], form);
    if (!is_known && s->form_count < SEARCH_FORMS)
        s->forms[s->form_count++] = form;
}

/* "139 1234" -> "1391234": a number, or the beginning of one, as people write it. */
static err add_dialled(struct call *call, struct search *s, str typed)
{
    str region = call->house->law.phone_region;
    str plain = digits_strip(typed, &call->arena);
    struct text t;
    if (plain.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (!digits_only(str_starts(plain, STR("+")) ? str_from(plain, 1) : plain))
        return OK;
    s->text = plain; /* no value has a space */
    add_form(s, plain);
    if (!digits_only(plain))
        return OK;
    text_init(&t, &call->arena);
    text_put_c(&t, str_equal(region, STR("CN")) ? "+86" : "+");
    text_put(&t, plain);
    add_form(s, text_str(&t));
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if ((unsigned char)s.at[i] >= 0x80)
            return false;
    return true;
}

/* Values are ASCII: a word of another script stands in names as an A-label, in links escaped. */
static err add_foreign(struct call *call, struct search *s, str typed)
{
    struct text t;
    str label = {0};
    if (is_ascii(typed))
        return OK;
    err e = idna_to_ascii(typed, &call->arena, &label);
    if (failed(e) && e.code != ERR_MALFORMED)
        return e;
    if (!failed(e))
        add_form(s, label);
    text_init(&t, &call->arena);
    for (size_t i = 0; i < s->text.size; i++)
        if ((unsigned char)s->text.at[i] < 0x80)
            text_put_char(&t, s->text.at[i]);
        else
            text_printf(&t, "%%%02x", (unsigned char)s->text.at[i]);
    s->text = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

/* What a value may begin with, for what was typed: as it stands, as it stands in the lists, of a
 * link its host, of digits with a country before them. */
static err read_text(struct call *call, struct search *s)
{
    struct indicator found = {0};
    str typed = str_trim(digits_fold(str_trim(api_query(call, "q")), &call->arena));
    if (str_is_empty(typed))
        return OK;
    s->text = lower_of(&call->arena, typed);
    if (s->text.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    add_form(s, typed);
    add_form(s, s->text);
    err e = indicator_guess(typed, call->house->law.phone_region, &call->arena, &found);
    if (failed(e) && e.code != ERR_MALFORMED)
        return e;
    if (!failed(e))
        add_form(s, found.value);
    if (!failed(e) && found.kind == INDICATOR_DOMAIN)
        s->below = found.value;
    if (!failed(e) && found.kind == INDICATOR_URL)
        add_form(s, url_host(found.value));
    TRY(add_dialled(call, s, typed));
    return add_foreign(call, s, typed);
}

static err answer_page(struct call *call, const struct list_page *page, bool is_least)
{
    struct api_json made;
    struct json *j = api_json(call, &made);
    TRY(api_page_items(call, j, page, put_item));
    if (is_least)
        json_put_bool(j, STR("total_is_least"), true);
    return api_json_done(call, &made, 200);
}

err listings_get(struct call *call)
{
    struct list_page page = {0};
    bool has_any = false;
    bool is_least = false;
    TRY(api_permit(call, ACT_LISTING_READ));
    struct search s = {.source = api_query(call, "source"),
                       .batch = api_query(call, "batch"),
                       .before = api_query(call, "cursor")};
    TRY(api_query_one_of(call, "state", listing_state_words, &s.state));
    TRY(api_query_one_of(call, "kind", indicator_kind_words, &s.kind));
    TRY(api_query_one_of(call, "action", listing_action_words, &s.action));
    TRY(read_text(call, &s));
    TRY(api_query_limit(call, LIST_USUAL, &s.limit));
    TRY(api_narrow(call, &s.scope, &has_any));
    if (has_any)
        TRY(search_page(call->reader, &s, &call->arena, &page, &is_least));
    return answer_page(call, &page, is_least);
}

static err put_appeals(struct call *call, struct json *j, str listing)
{
    struct list_query q = {
        .kind = RECORD_APPEAL,
        .conditions = {{.column = "listing", .how = LIST_EQUAL, .text = listing}},
        .condition_count = 1,
        .limit = 50,
    };
    struct list_page page = {0};
    if (permit_actor_may(&call->actor, ACT_APPEAL_READ)) /* theirs who hear appeals (0032) */
        TRY(reader_list(call->reader, &q, &call->arena, &page));
    int zone = call->house->law.zone_min;
    json_key(j, STR("appeals"));
    json_array(j);
    for (size_t i = 0; i < page.count; i++) {
        const struct appeal *a = &page.items[i].appeal;
        json_object(j);
        json_put_str(j, STR("appeal"), a->id);
        json_put_str(j, STR("state"), str_from_c(appeal_state_words[a->state]));
        json_put_instant(j, STR("filed_at"), a->filed_at, zone);
        json_put_instant(j, STR("due_at"), a->due_at, zone);
        json_end(j);
    }
    json_end(j);
    return OK;
}

/* Of a number: how many calls carriers have told of, by day. */
static err put_matches(struct call *call, struct json *j, str listing)
{
    struct call_days days;
    TRY(call_matches_read(api_sql(call), listing, &days));
    json_key(j, STR("matches"));
    json_array(j);
    for (size_t i = 0; i < days.count; i++) {
        const struct call_match *d = &days.at[i];
        json_object(j);
        api_put_day(call, j, "day", d->day);
        json_put_i64(j, STR("calls"), d->calls);
        json_put_i64(j, STR("texts"), d->texts);
        json_end(j);
    }
    json_end(j);
    return OK;
}

err listing_get(struct call *call)
{
    TRY(api_permit(call, ACT_LISTING_READ));
    union record r;
    TRY(api_find(call, RECORD_LISTING, api_param(call, 0), &r));
    struct api_json made;
    struct json *j = api_json(call, &made);
    put_listing(call, j, &r.listing);
    TRY(history_put(call, j, r.listing.id));
    TRY(put_appeals(call, j, r.listing.id));
    if (r.listing.kind == INDICATOR_NUMBER)
        TRY(put_matches(call, j, r.listing.id));
    return api_json_done(call, &made, 200);
}

static err answer(struct call *call, const union record *r, int status)
{
    struct api_json made;
    put_listing(call, api_json(call, &made), &r->listing);
    return api_json_done(call, &made, status);
}

static err write_proposal(struct call *call, struct store *store, instant at)
{
    struct command *cmd = call->own;
    union record after;
    cmd->record = store_id(store, at, &call->arena);
    TRY(store_apply(store, cmd, at, &call->arena, &after));
    return answer(call, &after, 201);
}

err listings_post(struct call *call)
{
    TRY(api_permit(call, ACT_LISTING_PROPOSE));
    struct command *cmd = arena_make(&call->arena, sizeof *cmd);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    cmd->act = ACT_LISTING_PROPOSE;
    cmd->actor = call->actor;
    TRY(propose_from_json(call, &cmd->body.listing));
    call->own = cmd;
    call->write = write_proposal;
    return OK;
}

static err write_act(struct call *call, struct store *store, instant at)
{
    const struct command *cmd = call->own;
    union record after;
    TRY(store_apply(store, cmd, at, &call->arena, &after));
    return answer(call, &after, 200);
}

static err act_on(struct call *call, enum act act)
{
    union record r;
    TRY(api_find(call, RECORD_LISTING, api_param(call, 0), &r));
    struct command *cmd = arena_make(&call->arena, sizeof *cmd);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *cmd = (struct command){
        .act = act, .actor = call->actor, .record = r.listing.id, .why = api_body_str(call, "why")};
    call->own = cmd;
    call->write = write_act;
    return OK;
}

err listing_approve(struct call *call)
{
    return act_on(call, ACT_LISTING_APPROVE);
}

err listing_refuse(struct call *call)
{
    return act_on(call, ACT_LISTING_REFUSE);
}

err listing_lift(struct call *call)
{
    return act_on(call, ACT_LISTING_LIFT);
}
