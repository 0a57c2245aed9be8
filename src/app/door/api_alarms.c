/* SPDX-License-Identifier: Apache-2.0 */
/* Silent providers: one person above says that they have seen to all of one's late orders. */
#include "app/call/api_body.h"
#include "app/call/api_routes.h"
#include "fact/provider.h"

/* Instants are written to the second: what was told within it was shown. */
static int64_t whole_second(instant at)
{
    return at.us - at.us % US_PER_S + US_PER_S - 1;
}

static err write_heeds(struct call *call, struct store *store, instant at)
{
    const struct list_page *page = call->own;
    struct api_json made;
    struct json *j = api_json(call, &made);
    str why = str_trim(api_body_str(call, "why"));
    int64_t heeded = 0;
    json_key(j, STR("refusals"));
    json_array(j);
    for (size_t i = 0; i < page->count; i++) {
        const struct order *o = &page->items[i].order;
        str id = o->id;
        struct command cmd = {
            .act = ACT_ORDER_HEED, .actor = call->actor, .record = id, .why = why};
        cmd.body.order = (struct order){.alarm = o->alarm, .alarmed_at = o->alarmed_at};
        err e = store_apply(store, &cmd, at, &call->arena, NULL);
        bool is_refused = e.code == ERR_DENIED || e.code == ERR_CONFLICT;
        if (is_refused)
            api_refusal_put(call, j, "order", id, e);
        else
            TRY(e);
        heeded += !is_refused;
    }
    json_end(j);
    json_put_i64(j, STR("heeded"), heeded);
    return api_json_done(call, &made, 200);
}

/* Of those that this person may see, and that were told when they looked: up to a page at once, the
 * newest first. */
err provider_heed(struct call *call)
{
    struct list_page *page = arena_make(&call->arena, sizeof *page);
    str id = api_param(call, 0);
    instant seen = {0};
    if (page == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_ORDER_HEED));
    if (provider_find(&call->house->conf.providers, id) == NULL)
        return fail(ERR_ABSENT, "provider.absent", 0);
    TRY(body_instant(call, "alarmed_until", &seen));
    if (seen.us == 0)
        return fail(ERR_MALFORMED, "order.heed_until", 0);
    struct list_query q = {.kind = RECORD_ORDER, .scope = api_scope(call), .limit = LIST_MOST};
    api_query_equal(&q, "provider", id);
    q.conditions[q.condition_count++] =
        (struct list_condition){.column = "alarmed_at", .how = LIST_ABOVE};
    q.conditions[q.condition_count++] = (struct list_condition){
        .column = "alarmed_at", .how = LIST_AT_MOST, .number = whole_second(seen)};
    TRY(reader_list(call->reader, &q, &call->arena, page));
    call->own = page;
    call->write = write_heeds;
    return OK;
}
