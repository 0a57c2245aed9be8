/* SPDX-License-Identifier: Apache-2.0 */
/* Conflicts: entries of a list that something speaks against, for an analyst to decide. */
#include "app/call/api_decide.h"
#include "app/call/api_routes.h"
#include "desk/permit.h"

enum { DECIDE_MOST = 500 };

static err put_source_name(struct call *call, struct json *j, str id)
{
    union record r;
    TRY(api_row(call, RECORD_SOURCE, id, &r));
    json_put_str(j, STR("source"), r.source.name);
    json_put_str(j, STR("origin"), r.source.origin);
    json_put_str(j, STR("action"), str_from_c(listing_action_words[r.source.action]));
    json_put_str(j, STR("reason"), r.source.reason);
    return OK;
}

/* Both sides: whose list says it, and what speaks against it. */
static err put_conflict(struct call *call, struct json *j, const struct conflict *c)
{
    struct viewer viewer = api_viewer(call);
    conflict_put(j, c, &viewer);
    TRY(put_source_name(call, j, c->source));
    bool is_mine = c->state == CONFLICT_OPEN &&
                   !failed(permit_check(&call->actor, ACT_CONFLICT_DISMISS, c->division));
    json_key(j, STR("may"));
    json_array(j);
    if (is_mine)
        json_str(j, STR("dismiss"));
    if (is_mine && c->rule != CONFLICT_OWN_NAME)
        json_str(j, STR("list"));
    json_end(j);
    return OK;
}

static err put_item(struct call *call, struct json *j, const union record *r)
{
    return put_conflict(call, j, &r->conflict);
}

err conflicts_get(struct call *call)
{
    TRY(api_permit(call, ACT_BATCH_READ));
    struct list_query q = {.kind = RECORD_CONFLICT, .wants_total = true};
    struct list_page page = {0};
    TRY(api_query_word(call, "state", conflict_state_words, &q));
    TRY(api_query_word(call, "rule", conflict_rule_words, &q));
    TRY(api_query_source(call, &q));
    api_query_equal(&q, "value", api_query(call, "value"));
    TRY(api_list(call, &q, &page));
    return api_page_answer(call, &page, put_item);
}

/* --- deciding: one or many with one reason --- */

struct decision {
    bool lists;
    str why;
    json_value ids;
};

/* What the source would have listed, as the analyst's own proposal: a second person approves it. */
static err propose(struct call *call, struct store *store, instant at, const struct conflict *c,
                   str *ret_listing)
{
    const struct decision *d = call->own;
    union record r;
    TRY(api_row(call, RECORD_SOURCE, c->source, &r));
    const struct source *s = &r.source;
    struct command cmd = {.act = ACT_LISTING_PROPOSE,
                          .actor = call->actor,
                          .record = store_id(store, at, &call->arena)};
    cmd.body.listing = (struct listing){.kind = s->kind,
                                        .value = c->value,
                                        .display = c->value,
                                        .action = s->action,
                                        .match = MATCH_EXACT,
                                        .reason = s->reason,
                                        .evidence = d->why,
                                        .basis = s->basis,
                                        .source = s->name,
                                        .score_milli = 100000,
                                        .until = instant_add_us(at, s->term_us),
                                        .notice = s->notice,
                                        .rpz = s->rpz,
                                        .division = c->division};
    *ret_listing = cmd.record;
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

static err decide_one(struct call *call, struct store *store, instant at, str id)
{
    const struct decision *d = call->own;
    union record r;
    struct command cmd = {.act = d->lists ? ACT_CONFLICT_LIST : ACT_CONFLICT_DISMISS,
                          .actor = call->actor,
                          .record = id,
                          .why = d->why};
    err e = api_row(call, RECORD_CONFLICT, id, &r);
    if (e.code == ERR_ABSENT || (!failed(e) && !api_sees(call, RECORD_CONFLICT, &r)))
        return fail(ERR_ABSENT, "conflict.absent", 0);
    TRY(e);
    if (d->lists && r.conflict.rule == CONFLICT_OWN_NAME)
        return fail(ERR_DENIED, "conflict.own_name", 0);
    if (d->lists && r.conflict.state == CONFLICT_OPEN)
        TRY(propose(call, store, at, &r.conflict, &cmd.body.conflict.listing));
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

static err write_decisions(struct call *call, struct store *store, instant at)
{
    const struct decision *d = call->own;
    return api_decide_many(call, store, at, &(struct api_many){"conflict", d->ids, decide_one});
}

err conflicts_decide(struct call *call)
{
    struct decision *d = arena_make(&call->arena, sizeof *d);
    if (d == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_CONFLICT_DISMISS));
    str said = api_body_str(call, "decision");
    d->lists = str_equal(said, STR("list"));
    d->why = str_trim(api_body_str(call, "why"));
    d->ids = json_get(call->doc.root, "conflicts");
    call->column = STR("decision");
    if (!d->lists && !str_equal(said, STR("dismiss")))
        return fail(ERR_MALFORMED, "word.unknown", 0);
    call->column = STR("conflicts");
    if (json_kind_of(d->ids) != JSON_KIND_ARRAY || json_count(d->ids) == 0)
        return fail(ERR_MALFORMED, "conflict.none", 0);
    if (json_count(d->ids) > DECIDE_MOST)
        return fail(ERR_LIMIT, "conflict.too_many", DECIDE_MOST);
    call->column = STR("");
    call->own = d;
    call->write = write_decisions;
    return OK;
}
