/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Public notices of refund rounds: for whoever may have lost money too, or sees it shared wrongly.
 * No name, no whole account number, no claim by its whole id.
 */
#include "app/call/api_routes.h"
#include "app/round/round_doc.h"
#include "desk/round_parts.h"

/* So that a link does not die with the notice. */
#define AFTERWARDS_US (30 * US_PER_DAY)
#define CACHED_FOR    "public, max-age=60"

static bool is_public(const struct call *call, const struct round *r)
{
    instant over = instant_add_us(r->notice_until, AFTERWARDS_US);
    bool is_kept = r->state >= ROUND_APPROVED && r->state <= ROUND_CLOSED &&
                   clock_now(&call->house->clock).us <= over.us;
    return r->noticed_at.us != 0 && (round_is_noticed(r) || is_kept);
}

static err put_item(struct call *call, struct json *j, const union record *record)
{
    return round_doc_put_notice(call, j, &record->round);
}

/* Those that run, the newest first: no division hides what is public. */
err notices_get(struct call *call)
{
    struct list_query q = {
        .kind = RECORD_ROUND,
        .conditions = {{.column = "noticed_at", .how = LIST_ABOVE},
                       {.column = "approved_at", .how = LIST_ABSENT},
                       {.column = "ended_at", .how = LIST_ABSENT}},
        .condition_count = 3,
        .wants_total = true,
    };
    struct list_page page = {0};
    TRY(api_limit(call, HOUSE_LIMIT_PUBLIC));
    TRY(api_query_limit(call, LIST_USUAL, &q.limit));
    q.before = api_query(call, "cursor");
    TRY(reader_list(call->reader, &q, &call->arena, &page));
    api_header_put(call, STR("Cache-Control"), STR(CACHED_FOR));
    return api_page_answer(call, &page, put_item);
}

err notice_get(struct call *call)
{
    union record r;
    struct api_json made;
    TRY(api_limit(call, HOUSE_LIMIT_PUBLIC));
    err e = reader_find(call->reader, RECORD_ROUND, api_param(call, 0), &call->arena, &r);
    if (e.code == ERR_ABSENT || (!failed(e) && !is_public(call, &r.round)))
        return fail(ERR_ABSENT, "round.absent", 0);
    TRY(e);
    TRY(put_item(call, api_json(call, &made), &r));
    api_header_put(call, STR("Cache-Control"), STR(CACHED_FOR));
    return api_json_done(call, &made, 200);
}
