/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tips: what anybody tells of a number, a site, an account or a message that looks like a scam.
 * Told, it does nothing: an analyst sees each thing once, by how many told of it, and proposes a
 * listing in their own name, or dismisses it. What was written is read here and kept nowhere, and
 * what is answered never says whether others told of it (docs/decisions/0140).
 */
#include "app/call/api_body.h"
#include "app/call/api_decide.h"
#include "app/call/api_history.h"
#include "app/call/api_routes.h"
#include "app/door/asked.h"
#include "app/door/tips_told.h"
#include "desk/permit.h"
#include "fact/mention.h"
#include "show/found.h"

enum { DECIDE_MOST = 500, WORD_BYTES = 200, TERM_DAYS = 30, REPORTER_BYTES = 64 };

/* --- telling --- */

static err read_thing(struct call *call, struct mentions *things)
{
    struct asked asked = {.turn = &call->arena, .kind = STR(""), .value = STR("")};
    TRY(body_text(call, call->doc.root, "kind", WORD_BYTES, &asked.kind));
    TRY(body_text(call, call->doc.root, "value", INDICATOR_TEXT_BYTES, &asked.value));
    call->column = STR("value");
    TRY(asked_parse(call, &asked));
    call->column = STR("");
    things->items[things->count++] = asked.indicator;
    return OK;
}

static err read_message(struct call *call, str message, struct mentions *things)
{
    err e = mentions_find(message, call->house->law.phone_region, &call->arena, things);
    if (!failed(e) && things->count == 0)
        e = fail(ERR_MALFORMED, "tip.nothing_named", 0);
    if (failed(e))
        call->column = STR("message");
    return e;
}

static err read_things(struct call *call, struct mentions *things)
{
    str message = STR("");
    things->count = 0;
    TRY(body_text(call, call->doc.root, "message", MENTION_TEXT_BYTES, &message));
    return str_is_empty(message) ? read_thing(call, things) : read_message(call, message, things);
}

/* Each with its verdict; of what is blocked already nothing more is kept. */
static err answer_things(struct call *call, struct mentions *things)
{
    struct api_json made;
    size_t kept = 0;
    struct json *j = api_json(call, &made);
    json_key(j, STR("things"));
    json_array(j);
    for (size_t i = 0; i < things->count; i++) {
        struct asked asked = {.turn = &call->arena, .indicator = things->items[i]};
        struct screening_question question = {&asked.indicator, &asked.found};
        TRY(screening_find(call->house, call->reader, &question, asked.turn));
        bool is_blocked = asked.found.judgement.verdict == VERDICT_BLOCK;
        json_object(j);
        json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[asked.indicator.kind]));
        json_put_str(j, STR("value"), asked.indicator.value);
        json_put_str(j, STR("display"), asked.indicator.display);
        json_put_str(j, STR("verdict"), str_from_c(verdict_words[asked.found.judgement.verdict]));
        json_end(j);
        if (!is_blocked)
            things->items[kept++] = things->items[i];
    }
    json_end(j);
    things->count = kept;
    return api_json_done(call, &made, 202);
}

/* Whose word it is: an address, as the limits know it; or whom a program speaks for. */
static err read_source(struct call *call, struct tips_told *told)
{
    unsigned char prefix[8];
    struct text t;
    if (call->actor.kind == ACTOR_PUBLIC) {
        text_init(&t, &call->arena);
        text_put_hex(&t, prefix, http_peer_prefix(call->request.peer, prefix));
        told->source = str_is_empty(text_str(&t)) ? STR("here") : text_str(&t);
        return OK;
    }
    told->program = call->actor.user;
    return body_text(call, call->doc.root, "reporter", REPORTER_BYTES, &told->source);
}

static err write_told(struct call *call, struct store *store, instant at)
{
    return tips_tell(call, store, at, call->own);
}

err tips_post(struct call *call)
{
    struct tips_told *told = arena_make(&call->arena, sizeof *told);
    struct mentions *things = arena_make(&call->arena, sizeof *things);
    if (told == NULL || things == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (call->actor.kind == ACTOR_PUBLIC)
        TRY(api_limit(call, HOUSE_LIMIT_TIP));
    *told = (struct tips_told){.program = STR(""), .source = STR(""), .things = things->items};
    TRY(read_things(call, things));
    TRY(read_source(call, told));
    TRY(answer_things(call, things));
    told->count = things->count;
    if (told->count == 0)
        return OK;
    call->own = told;
    call->write = write_told;
    return OK;
}

/* --- reading --- */

static str display_of(struct call *call, const struct tip *t)
{
    struct indicator known = {0};
    err e = indicator_parse(t->kind, t->value, call->house->law.phone_region, &call->arena, &known);
    return failed(e) ? t->value : known.display;
}

static err put_tip(struct call *call, struct json *j, const union record *r)
{
    struct viewer viewer = api_viewer(call);
    const struct tip *t = &r->tip;
    tip_put(j, t, &viewer);
    json_put_str(j, STR("display"), display_of(call, t));
    json_key(j, STR("may"));
    json_array(j);
    if (t->state == TIP_OPEN && !failed(permit_check(&call->actor, ACT_TIP_LIST, t->division))) {
        json_str(j, STR("list"));
        json_str(j, STR("dismiss"));
    }
    json_end(j);
    return OK;
}

err tips_get(struct call *call)
{
    TRY(api_permit(call, ACT_BOX_READ));
    struct list_query q = {.kind = RECORD_TIP, .wants_total = true};
    struct list_page page = {0};
    struct api_json made;
    int64_t least = 0;
    TRY(api_query_word(call, "state", tip_state_words, &q));
    TRY(api_query_word(call, "kind", indicator_kind_words, &q));
    TRY(api_query_i64(call, "told", 0, &least));
    if (least > 1)
        q.conditions[q.condition_count++] =
            (struct list_condition){.column = "told", .how = LIST_ABOVE, .number = least - 1};
    TRY(api_list(call, &q, &page));
    struct json *j = api_json(call, &made);
    TRY(tips_put_today(call, j));
    TRY(tips_put_sources(call, j));
    TRY(api_page_items(call, j, &page, put_tip));
    return api_json_done(call, &made, 200);
}

err tip_get(struct call *call)
{
    union record r;
    struct api_json made;
    TRY(api_permit(call, ACT_BOX_READ));
    TRY(api_find(call, RECORD_TIP, api_param(call, 0), &r));
    struct json *j = api_json(call, &made);
    TRY(put_tip(call, j, &r));
    TRY(history_put(call, j, r.tip.id));
    return api_json_done(call, &made, 200);
}

/* --- deciding: a listing of one, or many dismissed with one reason --- */

struct decision {
    bool lists;
    str why;
    str basis;
    str reason; /* empty: the usual one of its kind */
    unsigned action;
    unsigned match;
    instant until;
    json_value ids;
};

static const char *const usual_reasons[INDICATOR_KIND_COUNT] = {
    [INDICATOR_NUMBER] = "scam_calls", [INDICATOR_DOMAIN] = "phishing",
    [INDICATOR_URL] = "phishing",      [INDICATOR_ACCOUNT] = "mule_account",
    [INDICATOR_DEVICE] = "sim_box",    [INDICATOR_COMPANY] = "sham_company",
};

/* Left out, of a number: the profile's first is the one of numbers. Of anything else it is said. */
static str basis_of(const struct call *call, const struct tip *t)
{
    const struct decision *d = call->own;
    const struct law_profile *law = &call->house->law;
    bool is_usual = str_is_empty(d->basis) && t->kind == INDICATOR_NUMBER && law->basis_count > 0;
    return is_usual ? law->bases[0].code : d->basis;
}

/* The analyst's own proposal. */
static err propose(struct call *call, struct store *store, instant at, const struct tip *t,
                   str *ret_listing)
{
    const struct decision *d = call->own;
    int64_t term_us = call->house->law.listing_max_term_us[t->kind][d->action];
    int64_t usual_us = TERM_DAYS * US_PER_DAY;
    instant until = instant_add_us(at, term_us < usual_us ? term_us : usual_us);
    struct text evidence;
    struct command cmd = {.act = ACT_LISTING_PROPOSE,
                          .actor = call->actor,
                          .record = store_id(store, at, &call->arena)};
    text_init(&evidence, &call->arena);
    text_printf(&evidence, "tip %.*s, told by %lld, ", STR_ARGS(t->id), (long long)t->told);
    text_put(&evidence, d->why);
    if (text_spent(&evidence))
        return fail(ERR_LIMIT, "limit.memory", 0);
    cmd.body.listing = (struct listing){
        .kind = t->kind,
        .value = t->value,
        .display = display_of(call, t),
        .action = d->action,
        .match = t->kind == INDICATOR_DOMAIN ? d->match : MATCH_EXACT,
        .reason = str_is_empty(d->reason) ? str_from_c(usual_reasons[t->kind]) : d->reason,
        .evidence = text_str(&evidence),
        .basis = basis_of(call, t),
        .source = call->user_name,
        .until = d->until.us == 0 ? until : d->until,
        .notice = call->house->law.notice,
        .division = t->division};
    *ret_listing = cmd.record;
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

static err decide_one(struct call *call, struct store *store, instant at, str id)
{
    const struct decision *d = call->own;
    union record r;
    struct command cmd = {.act = d->lists ? ACT_TIP_LIST : ACT_TIP_DISMISS,
                          .actor = call->actor,
                          .record = id,
                          .why = d->why};
    err e = api_row(call, RECORD_TIP, id, &r);
    if (e.code == ERR_ABSENT || (!failed(e) && !api_sees(call, RECORD_TIP, &r)))
        return fail(ERR_ABSENT, "tip.absent", 0);
    TRY(e);
    if (d->lists && r.tip.state == TIP_OPEN)
        TRY(propose(call, store, at, &r.tip, &cmd.body.tip.listing));
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

static err write_decisions(struct call *call, struct store *store, instant at)
{
    const struct decision *d = call->own;
    return api_decide_many(call, store, at, &(struct api_many){"tip", d->ids, decide_one});
}

static err read_words(struct call *call, struct decision *d)
{
    json_value root = call->doc.root;
    d->action = ACTION_BLOCK;
    d->match = MATCH_EXACT;
    TRY(body_text(call, root, "basis", WORD_BYTES, &d->basis));
    TRY(body_text(call, root, "reason", WORD_BYTES, &d->reason));
    TRY(body_word(call, root, "action", listing_action_words, &d->action));
    TRY(body_word(call, root, "match", listing_match_words, &d->match));
    TRY(body_instant(call, "until", &d->until));
    call->column = STR("action");
    if (d->action == ACTION_ALLOW)
        return fail(ERR_MALFORMED, "action.not_allowed", 0);
    call->column = STR("tips");
    if (json_count(d->ids) > 1)
        return fail(ERR_MALFORMED, "tip.one_by_one", 0);
    return OK;
}

err tips_decide(struct call *call)
{
    struct decision *d = arena_make(&call->arena, sizeof *d);
    if (d == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_TIP_LIST));
    str said = api_body_str(call, "decision");
    d->lists = str_equal(said, STR("list"));
    d->why = str_trim(api_body_str(call, "why"));
    d->ids = json_get(call->doc.root, "tips");
    call->column = STR("decision");
    if (!d->lists && !str_equal(said, STR("dismiss")))
        return fail(ERR_MALFORMED, "word.unknown", 0);
    call->column = STR("tips");
    if (json_kind_of(d->ids) != JSON_KIND_ARRAY || json_count(d->ids) == 0)
        return fail(ERR_MALFORMED, "tip.none", 0);
    if (json_count(d->ids) > DECIDE_MOST)
        return fail(ERR_LIMIT, "tip.too_many_ids", DECIDE_MOST);
    if (d->lists)
        TRY(read_words(call, d));
    call->column = STR("");
    call->own = d;
    call->write = write_decisions;
    return OK;
}
