/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/api_stream.h"

#include "app/call/api_routes.h"
#include "app/call/event.h"
#include "app/call/export.h"
#include "desk/permit.h"
#include "fact/division.h"

enum { LEAVES_A_PAGE = 500, LEAVES_MOST = 5000, PAGE_BYTES = 24 << 20 };

/* Whoever hears of appeals hears of alerts (permit.c). */
static const char *ears_of(const struct actor *actor)
{
    if (permit_actor_may(actor, ACT_APPEAL_READ))
        return " +";
    return permit_actor_may(actor, ACT_ALERT_READ) ? " !" : " -";
}

str stream_filter_make(const struct actor *actor, str session, struct arena *arena)
{
    struct text t;
    text_init(&t, arena);
    text_put(&t, session);
    text_put_char(&t, ' ');
    text_put(&t, actor->user);
    text_put_c(&t, ears_of(actor));
    text_put(&t, actor->division);
    return text_str(&t);
}

bool stream_wants(str filter, str audience)
{
    str session = {0};
    str user = {0};
    str whom = str_from(audience, 1);
    str_split(&filter, ' ', &session);
    str_split(&filter, ' ', &user);
    if (str_starts(audience, STR("x")))
        return str_equal(whom, session) || str_equal(whom, user);
    bool hears = str_starts(filter, STR("+")) || str_starts(audience, STR("l")) ||
                 (str_starts(filter, STR("!")) && str_starts(audience, STR("w")));
    return hears && division_covers(str_from(filter, 1), whom);
}

struct backlog {
    struct call *call;
    struct text text;
    str filter;
    uint64_t upto; /* id of the last event it covers */
    bool is_whole; /* nothing that is later was there */
};

static err put_page(struct backlog *b, const struct leaf_page *page, struct arena *turn)
{
    for (size_t i = 0; i < page->count; i++) {
        struct http_event event = {0};
        b->upto = page->items[i].index + 1;
        err e = event_make(reader_sql(b->call->reader), page->items[i].index,
                           b->call->house->law.zone_min, turn, &event);
        if (e.code == ERR_ABSENT)
            continue; /* people are not shown this kind */
        TRY(e);
        if (!event.is_end && stream_wants(b->filter, event.audience))
            http_event_format(&event, &b->text);
    }
    return OK;
}

/* Page after page, so that nothing is left out between the last event heard and now. */
static err fill(struct backlog *b)
{
    struct arena turn;
    err e = OK;
    arena_init(&turn, PAGE_BYTES);
    for (size_t leaves = 0; leaves < LEAVES_MOST && !b->is_whole; leaves += LEAVES_A_PAGE) {
        struct leaf_query q = {
            .after = (int64_t)b->upto - 1, .scope = api_scope(b->call), .limit = LEAVES_A_PAGE};
        struct leaf_page page = {0};
        arena_reset(&turn);
        e = reader_leaves(b->call->reader, &q, &turn, &page);
        if (!failed(e))
            e = put_page(b, &page, &turn);
        b->is_whole = failed(e) || !page.has_more;
    }
    arena_done(&turn);
    return e;
}

/* An id without data moves Last-Event-ID on, also past what this reader may not see. */
static void put_mark(struct backlog *b)
{
    text_put_c(&b->text, "id: ");
    text_put_u64(&b->text, b->upto);
    text_put_c(&b->text, "\n\n");
}

static err resume(struct backlog *b, uint64_t last, uint64_t now)
{
    b->upto = last < now ? last : now;
    TRY(fill(b));
    if (b->is_whole && b->upto < now)
        b->upto = now; /* the last leaves were of other divisions */
    put_mark(b);
    return OK;
}

err stream_get(struct call *call)
{
    TRY(api_permit(call, ACT_LISTING_READ));
    int64_t last = 0;
    uint64_t now = 0;
    struct backlog b = {.call = call, .is_whole = false};
    text_init(&b.text, &call->arena);
    b.filter = stream_filter_make(&call->actor, call->session, &call->arena);
    TRY(export_leaf_count(call->reader, &now));
    int64_t heard = 0;
    TRY(api_query_i64(call, "after", 0, &last));
    if (!failed(str_parse_i64(call->request.last_event_id, &heard)))
        last = heard; /* who comes again at the same address has heard more since */
    bool resumes = last > 0;
    if (resumes)
        TRY(resume(&b, (uint64_t)last, now));
    struct http_stream_start *start = arena_make(&call->arena, sizeof *start);
    if (start == NULL || text_spent(&b.text) || b.filter.size > HTTP_FILTER_BYTES)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *start = (struct http_stream_start){
        .filter = b.filter,
        .backlog = text_str(&b.text),
        .upto_id = resumes ? b.upto : now, /* a newcomer asks for nothing that was before */
    };
    call->reply.status = 200;
    call->reply.content_type = STR("text/event-stream");
    call->reply.body = start->backlog;
    /* Too much was missed for one answer: this part ends, and the client comes again after it. */
    call->stream = resumes && !b.is_whole ? NULL : start;
    return OK;
}
