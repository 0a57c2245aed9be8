/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers and accounts that were used in fraud, proposed to their issuers: what may be, and drafts
 * of what a person chose. A second person approves each, as any order (api_orders.c).
 */
#include "app/call/api_again.h"
#include "app/call/api_body.h"
#include "app/call/order_doc.h"
#include "app/door/api_incident.h"
#include "app/door/disconnects.h"
#include "app/house/ask.h"
#include "app/money/trail_doc.h"
#include "fact/division.h"
#include "fact/indicator.h"

enum { TARGETS_MOST = 100 };

/* Of an incident or of a listing. */
struct proposing {
    struct disconnects found;
    str incident;
    str division;
    struct disconnect_item *chosen;
    size_t chosen_count;
    struct order words; /* basis, reason, notice, until: the same for all of them */
    struct call *call;
};

/* --- reading --- */

static err read_incident(struct proposing *p)
{
    struct incident i = {0};
    TRY(incident_of_path(p->call, &i));
    p->incident = i.id;
    p->division = i.division;
    return disconnects_of_incident(&p->found, &i);
}

static err read_listing(struct proposing *p)
{
    union record r;
    TRY(api_find(p->call, RECORD_LISTING, api_param(p->call, 0), &r));
    p->division = r.listing.division;
    return disconnects_of_listing(&p->found, &r.listing);
}

static str display_of(struct call *call, const struct disconnect_item *item)
{
    const struct order o = {.target_kind = item->facts.kind, .target = item->value};
    return order_display(call, &o);
}

/* Of a record of elsewhere, that there is one. */
static void put_order(struct call *call, struct json *j, const char *key, const struct order *o)
{
    if (o == NULL)
        return;
    json_key(j, str_from_c(key));
    json_object(j);
    if (division_covers(api_scope(call), o->division))
        json_put_str(j, STR("order"), o->id);
    json_put_str(j, STR("state"), str_from_c(order_state_words[o->state]));
    json_end(j);
}

static void put_why_not(struct call *call, struct json *j, const char *why_not)
{
    if (why_not == NULL)
        return;
    json_put_str(j, STR("code"), str_from_c(why_not));
    json_put_str(j, STR("reason"), message(str_from_c(why_not), call->language));
}

static void put_item(struct call *call, struct json *j, const struct disconnect_item *item)
{
    const struct disconnect_view *v = &item->view;
    json_object(j);
    json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[item->facts.kind]));
    json_put_str(j, STR("value"), item->value);
    json_put_str(j, STR("display"), display_of(call, item));
    json_put_str_if_any(j, STR("bank"), item->bank);
    if (item->layer > 0)
        json_put_i64(j, STR("layer"), item->layer);
    if (item->facts.issuer != NULL)
        json_put_str(j, STR("provider"), item->facts.issuer->id);
    json_put_bool(j, STR("is_candidate"), v->why_not == NULL);
    put_why_not(call, j, v->why_not);
    if (v->ground != GROUND_NONE)
        json_put_str(j, STR("ground"), str_from_c(disconnect_ground_words[v->ground]));
    if (v->listing != NULL && division_covers(api_scope(call), v->listing->division))
        json_put_str(j, STR("listing"), v->listing->id);
    if (v->hold != NULL)
        json_put_str(j, STR("hold"), v->hold->id);
    put_order(call, j, "standing", v->standing);
    put_order(call, j, "before", v->before);
    json_end(j);
}

static err put_all(struct proposing *p)
{
    struct api_json made;
    struct json *j = api_json(p->call, &made);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < p->found.count; i++)
        put_item(p->call, j, &p->found.items[i]);
    json_end(j);
    json_put_bool(j, STR("is_cut"), p->found.is_cut);
    return api_json_done(p->call, &made, 200);
}

/* --- proposing --- */

static struct disconnect_item *find_item(struct proposing *p, unsigned kind, str value)
{
    for (size_t i = 0; i < p->found.count; i++) {
        bool is_kind = kind == INDICATOR_KIND_COUNT || p->found.items[i].facts.kind == kind;
        if (is_kind && str_equal(p->found.items[i].value, value))
            return &p->found.items[i];
    }
    return NULL;
}

/* What was shown, and nothing else; the provider, where a person knows better. */
static err choose(struct proposing *p, json_value target)
{
    struct call *call = p->call;
    unsigned kind = INDICATOR_KIND_COUNT; /* whichever was shown */
    str value = STR("");
    str provider = STR("");
    TRY(body_word(call, target, "kind", indicator_kind_words, &kind));
    TRY(body_text(call, target, "value", INDICATOR_TEXT_BYTES, &value));
    TRY(body_text(call, target, "provider", 64, &provider));
    call->column = STR("targets");
    call->about = value;
    const struct disconnect_item *item = find_item(p, kind, value);
    if (item == NULL)
        return fail(ERR_ABSENT, "disconnect.elsewhere", 0);
    struct disconnect_item *chosen = &p->chosen[p->chosen_count++];
    *chosen = *item;
    if (!str_is_empty(provider))
        chosen->facts.issuer = provider_find(&call->house->conf.providers, provider);
    call->column = call->about = STR("");
    return OK;
}

/* A listing has one instrument, which need not be named. */
static err choose_own(struct proposing *p)
{
    p->chosen = p->found.items;
    p->chosen_count = p->found.count;
    return OK;
}

static err read_targets(struct proposing *p)
{
    struct call *call = p->call;
    json_value targets = json_get(call->doc.root, "targets");
    size_t count = json_kind_of(targets) == JSON_KIND_ARRAY ? json_count(targets) : 0;
    if (json_kind_of(targets) == JSON_KIND_ABSENT && str_is_empty(p->incident))
        return choose_own(p);
    call->column = STR("targets");
    if (count == 0)
        return fail(ERR_MALFORMED, "value.missing", 0);
    if (count > TARGETS_MOST)
        return fail(ERR_LIMIT, "disconnect.too_many", TARGETS_MOST);
    p->chosen = arena_make_array(&call->arena, count, sizeof *p->chosen);
    if (p->chosen == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < count; i++)
        TRY(choose(p, json_item(targets, i)));
    return OK;
}

static err read_words(struct proposing *p)
{
    struct call *call = p->call;
    json_value root = call->doc.root;
    TRY(body_text(call, root, "basis", 400, &p->words.basis));
    TRY(body_text(call, root, "reason", 400, &p->words.reason));
    TRY(body_text(call, root, "notice", 4000, &p->words.notice));
    TRY(body_instant(call, "until", &p->words.until));
    call->column = STR("basis");
    if (str_is_empty(p->words.basis))
        return fail(ERR_MALFORMED, "basis.missing", 0);
    call->column = STR("");
    return OK;
}

/* Its own records are its evidence, by their ids. */
static err make_order(const struct proposing *p, const struct disconnect_item *item,
                      struct order *ret)
{
    const struct disconnect_view *v = &item->view;
    bool is_listed = v->ground == GROUND_LISTING;
    *ret = p->words;
    ret->kind = ORDER_DISCONNECT;
    ret->incident = p->incident;
    ret->division = p->division;
    ret->target_kind = item->facts.kind;
    ret->target = item->value;
    ret->bank = item->bank;
    ret->provider = item->facts.issuer->id;
    ret->layer = item->layer;
    ret->currency = p->call->house->law.currency;
    ret->evidence = disconnects_evidence(is_listed ? "listing" : "order",
                                         is_listed ? v->listing->id : v->hold->id, &p->call->arena);
    if (str_is_empty(ret->reason))
        ret->reason = is_listed ? v->listing->reason : v->hold->reason;
    return ret->evidence.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static void put_refusal(struct call *call, struct json *j, const struct disconnect_item *item,
                        const char *why)
{
    json_object(j);
    json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[item->facts.kind]));
    json_put_str(j, STR("value"), item->value);
    put_why_not(call, j, why);
    json_end(j);
}

struct drafting {
    struct store *store;
    instant at;
    union record *drafted;
    size_t count;
};

/* Judged again: what was shown may be over. */
static err draft_one(struct proposing *p, struct drafting *d, struct disconnect_item *item,
                     const char **ret_why)
{
    struct call *call = p->call;
    TRY(disconnects_read_rows(store_sql(d->store), &call->arena, d->at, item));
    *ret_why = item->view.why_not;
    if (*ret_why != NULL)
        return OK;
    struct command cmd = {.act = ACT_ORDER_DRAFT,
                          .actor = call->actor,
                          .record = store_id(d->store, d->at, &call->arena)};
    TRY(make_order(p, item, &cmd.body.order));
    err e = store_apply(d->store, &cmd, d->at, &call->arena, &d->drafted[d->count]);
    bool is_refused = e.code == ERR_DENIED || e.code == ERR_CONFLICT;
    *ret_why = is_refused ? e.why : NULL;
    d->count += !failed(e);
    return is_refused ? OK : e;
}

static err put_drafted(struct call *call, struct json *j, const struct drafting *d)
{
    const struct order_doc_view view = {.part = ORDER_DOC_BRIEF};
    json_key(j, STR("orders"));
    json_array(j);
    for (size_t i = 0; i < d->count; i++) {
        json_object(j);
        TRY(order_doc_put(call, j, &d->drafted[i].order, &view));
        json_end(j);
    }
    json_end(j);
    json_put_i64(j, STR("drafted"), (int64_t)d->count);
    return OK;
}

static err draft_all(struct proposing *p, struct drafting *d)
{
    struct api_json made;
    struct json *j = api_json(p->call, &made);
    json_key(j, STR("refusals"));
    json_array(j);
    for (size_t i = 0; i < p->chosen_count; i++) {
        const char *why = NULL;
        TRY(draft_one(p, d, &p->chosen[i], &why));
        if (why != NULL)
            put_refusal(p->call, j, &p->chosen[i], why);
    }
    json_end(j);
    TRY(put_drafted(p->call, j, d));
    return api_json_done(p->call, &made, 200);
}

static err write_drafts(void *self, struct store *store, instant at, struct arena *turn)
{
    struct proposing *p = self;
    struct drafting d = {.store = store, .at = at};
    bool is_answered = false;
    (void)turn;
    TRY(again_find(p->call, store, &is_answered));
    if (is_answered)
        return OK;
    d.drafted = arena_make_array(&p->call->arena, p->chosen_count, sizeof *d.drafted);
    if (d.drafted == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(draft_all(p, &d));
    return again_keep(p->call, store, at);
}

static err propose(struct proposing *p)
{
    TRY(read_words(p));
    TRY(read_targets(p));
    return ask_store(p->call->house, write_drafts, p);
}

/* --- doors --- */

typedef err proposing_read(struct proposing *p);

static err answer(struct call *call, struct runs *runs, proposing_read *read)
{
    struct proposing p = {.call = call};
    struct arena arena;
    arena_init(&arena, TRAIL_DOC_BYTES);
    p.found = (struct disconnects){.house = call->house,
                                   .reader = call->reader,
                                   .runs = runs,
                                   .arena = &arena,
                                   .now = clock_now(&call->house->clock)};
    bool is_asked = call->request.method == HTTP_GET;
    err e = read(&p);
    if (!failed(e))
        e = is_asked ? put_all(&p) : propose(&p);
    arena_done(&arena);
    return e;
}

static err answer_incident(struct call *call, struct runs *runs)
{
    return answer(call, runs, read_incident);
}

static err answer_listing(struct call *call, struct runs *runs)
{
    return answer(call, runs, read_listing);
}

err incident_disconnects(struct call *call)
{
    TRY(api_permit(call, ACT_INCIDENT_READ));
    return incident_ask(call, answer_incident);
}

err listing_disconnects(struct call *call)
{
    TRY(api_permit(call, ACT_INCIDENT_READ));
    return incident_ask(call, answer_listing);
}

static err draft_of(struct call *call, incident_answer *made)
{
    TRY(api_permit(call, ACT_ORDER_DRAFT));
    if (!call->has_doc)
        return fail(ERR_MALFORMED, "body.not_object", 0);
    return incident_ask(call, made);
}

err incident_disconnect(struct call *call)
{
    return draft_of(call, answer_incident);
}

err listing_disconnect(struct call *call)
{
    return draft_of(call, answer_listing);
}
