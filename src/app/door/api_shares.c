/* SPDX-License-Identifier: Apache-2.0 */
/* A provider's refund rounds: what it is to pay, and what it says it paid. */
#include "app/bank/provider_poll.h"
#include "app/call/api_body.h"
#include "app/call/api_routes.h"
#include "app/call/order_doc.h"
#include "app/door/receipt_form.h"
#include "app/round/round_doc.h"
#include "store/row.h"

enum { REFERENCE_BYTES = 128 };

/* --- what it is to pay --- */

struct poll {
    struct provider_poll is; /* first */
    struct round_ask ask;
};

static err answer_queue(struct call *call, const struct round_page *page)
{
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < page->count; i++) {
        json_object(j);
        TRY(round_doc_put_task(call, j, &page->at[i]));
        json_end(j);
    }
    json_end(j);
    api_next_i64(j, page->next);
    return api_json_done(call, &made, 200);
}

static err look(struct call *call, bool may_wait, bool *ret_waits)
{
    const struct poll *poll = call->own;
    struct round_page page = {.next = poll->ask.after};
    bool is_held = false;
    TRY(provider_queue_held(call, &is_held));
    if (!is_held)
        TRY(round_queue_read(reader_sql(call->reader), &poll->ask, &call->arena, &page));
    *ret_waits = may_wait && page.count == 0;
    return *ret_waits ? OK : answer_queue(call, &page);
}

err provider_rounds(struct call *call)
{
    struct poll *poll = arena_make(&call->arena, sizeof *poll);
    if (poll == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_ORDER_READ)); /* whoever carries orders out pays rounds */
    *poll = (struct poll){.is = {.look = look}};
    TRY(provider_poll_begin(call, &poll->is));
    poll->ask.provider = poll->is.provider->id;
    call->column = STR("after");
    TRY(api_query_i64(call, "after", -1, &poll->ask.after));
    call->column = STR("");
    TRY(api_query_limit(call, LIST_USUAL, &poll->ask.limit));
    call->own = poll;
    return provider_poll_run(call);
}

/* --- what it says --- */

static err read_sender(struct call *call, struct receipt *said)
{
    union record share;
    union record round;
    bool is_staff = false;
    said->share = api_param(call, 0);
    TRY(receipt_form_sender(call, said->share, "share.absent", said, &is_staff));
    if (!is_staff)
        return OK;
    err e = api_row(call, RECORD_SHARE, said->share, &share);
    if (e.code == ERR_ABSENT || (!failed(e) && !api_sees(call, RECORD_SHARE, &share)))
        return fail(ERR_ABSENT, "share.absent", 0);
    TRY(e);
    TRY(api_row(call, RECORD_ROUND, share.share.round, &round));
    said->provider = round.round.provider;
    said->division = share.share.division;
    return OK;
}

static err write_receipt(struct call *call, struct store *store, instant at)
{
    struct received received = {.is_again = false};
    struct share_line line = {.report = STR(""), .round_state = STR("")};
    union record share;
    union record round;
    struct api_json made;
    TRY(receiving_take(store, call->own, at, &call->arena, &received));
    const struct receipt *r = &received.receipt;
    if (r->fate == RECEIPT_UNKNOWN) { /* it is kept; and they have to know */
        api_problem(call, fail(ERR_ABSENT, "share.absent", 0));
        return OK;
    }
    TRY(row_find(store_sql(store), RECORD_SHARE, r->share, &call->arena, &share));
    TRY(row_find(store_sql(store), RECORD_ROUND, share.share.round, &call->arena, &round));
    line.is = share.share;
    struct json *j = api_json(call, &made);
    share_doc_put(call, j, &line);
    json_put_str(j, STR("round"), round.round.id);
    json_put_str(j, STR("round_state"), str_from_c(round_state_words[round.round.state]));
    json_put_str(j, STR("receipt"), r->id);
    json_put_str(j, STR("fate"), str_from_c(receipt_fate_words[r->fate]));
    json_put_bool(j, STR("again"), received.is_again);
    return api_json_done(call, &made, 200);
}

/* A share is paid whole or not at all. */
err share_receipt(struct call *call)
{
    struct receiving *receiving = NULL;
    TRY(receipt_form_begin(call, RECEIPT_PARTIAL, &receiving));
    TRY(body_text(call, call->doc.root, "reference", REFERENCE_BYTES, &receiving->said.reference));
    TRY(read_sender(call, &receiving->said));
    call->write = write_receipt;
    return OK;
}
