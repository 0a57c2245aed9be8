/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices full of cards, found by how these take turns: where, how many channels, which numbers,
 * for a team in the field. Where it is and when which card called is read for a purpose only, and
 * that is a leaf.
 */
#include "app/call/api_body.h"
#include "app/call/api_history.h"
#include "app/call/api_routes.h"
#include "app/house/cells.h"
#include "desk/permit.h"
#include "show/found.h"

static void put_may(struct call *call, struct json *j, const struct sim_box *b)
{
    bool may = b->state == SIM_BOX_FOUND &&
               !failed(permit_check(&call->actor, ACT_BOX_CONFIRM, b->division));
    json_key(j, STR("may"));
    json_array(j);
    if (may) {
        json_str(j, STR("confirm"));
        json_str(j, STR("dismiss"));
    }
    json_end(j);
}

static void put_degrees(struct json *j, str key, int64_t e6, struct arena *a)
{
    struct text t;
    int64_t size = e6 < 0 ? -e6 : e6;
    text_init(&t, a);
    text_printf(&t, "%s%lld.%06lld", e6 < 0 ? "-" : "", (long long)(size / 1000000),
                (long long)(size % 1000000));
    json_key(j, key);
    json_raw(j, text_str(&t));
}

static void put_place(struct call *call, struct json *j, str cell)
{
    const struct cell_place *place = cells_find(call->house, cell);
    if (place == NULL)
        return;
    json_key(j, STR("place"));
    json_object(j);
    json_put_str_if_any(j, STR("name"), place->name);
    put_degrees(j, STR("lon"), place->lon_e6, &call->arena);
    put_degrees(j, STR("lat"), place->lat_e6, &call->arena);
    json_end(j);
}

static void put_box(struct call *call, struct json *j, const struct sim_box *b, bool is_read)
{
    struct viewer viewer = api_viewer(call);
    viewer.sees_personal = is_read;
    box_put(j, b, &viewer);
    if (is_read)
        put_place(call, j, b->cell);
    put_may(call, j, b);
}

static err put_item(struct call *call, struct json *j, const union record *r)
{
    put_box(call, j, &r->box, false);
    return OK;
}

err boxes_get(struct call *call)
{
    TRY(api_permit(call, ACT_BOX_READ));
    struct list_query q = {.kind = RECORD_BOX, .wants_total = true};
    struct list_page page = {0};
    TRY(api_query_word(call, "state", sim_box_state_words, &q));
    TRY(api_list(call, &q, &page));
    return api_page_answer(call, &page, put_item);
}

static err put_one(struct call *call, const struct sim_box *b, bool is_read)
{
    struct api_json made;
    struct json *j = api_json(call, &made);
    put_box(call, j, b, is_read);
    TRY(history_put(call, j, b->id));
    return api_json_done(call, &made, 200);
}

/* The answer stands already; it goes out only once the reading is in the ledger. */
static err write_reading(struct call *call, struct store *store, instant at)
{
    struct command cmd = {.act = ACT_BOX_READ,
                          .actor = call->actor,
                          .record = *(const str *)call->own,
                          .why = api_query(call, "purpose")};
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

err box_get(struct call *call)
{
    union record *r = arena_make(&call->arena, sizeof *r);
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_BOX_READ));
    TRY(api_find(call, RECORD_BOX, api_param(call, 0), r));
    bool is_read = !str_is_empty(api_query(call, "purpose"));
    TRY(put_one(call, &r->box, is_read));
    if (!is_read)
        return OK;
    call->own = &r->box.id;
    call->write = write_reading;
    return OK;
}

/* --- what the team in the field found --- */

struct outcome {
    enum act act;
    str id;
};

static err write_outcome(struct call *call, struct store *store, instant at)
{
    const struct outcome *o = call->own;
    union record after;
    struct api_json made;
    struct command cmd = {.act = o->act,
                          .actor = call->actor,
                          .record = o->id,
                          .why = str_trim(api_body_str(call, "why"))};
    TRY(store_apply(store, &cmd, at, &call->arena, &after));
    put_box(call, api_json(call, &made), &after.box, false);
    return api_json_done(call, &made, 200);
}

static err decide(struct call *call, enum act act)
{
    union record r;
    struct outcome *o = arena_make(&call->arena, sizeof *o);
    if (o == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, act));
    TRY(api_find(call, RECORD_BOX, api_param(call, 0), &r));
    *o = (struct outcome){.act = act, .id = r.box.id};
    call->own = o;
    call->write = write_outcome;
    return OK;
}

err box_confirm(struct call *call)
{
    return decide(call, ACT_BOX_CONFIRM);
}

err box_dismiss(struct call *call)
{
    return decide(call, ACT_BOX_DISMISS);
}
