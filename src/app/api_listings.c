/* SPDX-License-Identifier: Apache-2.0 */
/* The lists: reading, proposing, deciding. */
#include "app/api_history.h"
#include "app/api_routes.h"
#include "app/propose.h"
#include "desk/permit.h"

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

err listings_get(struct call *call)
{
    TRY(api_permit(call, ACT_LISTING_READ));
    struct list_query q = {.kind = RECORD_LISTING, .wants_total = true};
    TRY(api_query_word(call, "state", listing_state_words, &q));
    TRY(api_query_word(call, "kind", indicator_kind_words, &q));
    TRY(api_query_word(call, "action", listing_action_words, &q));
    str source = api_query(call, "source");
    if (!str_is_empty(source))
        q.conditions[q.condition_count++] =
            (struct list_condition){.column = "source", .how = LIST_SAID_BY, .text = source};
    api_query_equal(&q, "batch", api_query(call, "batch"));
    str part = api_query(call, "q");
    if (!str_is_empty(part))
        q.conditions[q.condition_count++] =
            (struct list_condition){.column = "value", .how = LIST_CONTAINS, .text = part};
    struct list_page page = {0};
    TRY(api_list(call, &q, &page));
    return api_page_answer(call, &page, put_item);
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
    if (permit_actor_may(&call->actor, ACT_APPEAL_READ)) /* a reference opens its appeal */
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
