/* SPDX-License-Identifier: Apache-2.0 */
/* Providers: what they have to do, and what they say about it. */
#include "app/bank/letters.h"
#include "app/bank/provider_poll.h"
#include "app/call/api_body.h"
#include "app/call/api_routes.h"
#include "app/call/order_doc.h"
#include "app/door/receipt_form.h"
#include "store/order_queue.h"

/* --- who they are --- */

/* A provider's people see their own house and no other. */
static bool sees(const struct call *call, str provider)
{
    return !order_is_for_provider(&call->actor) || str_equal(call->actor.provider, provider);
}

static void put_figures(struct json *j, const struct provider_figures *f, int zone_min)
{
    json_key(j, STR("counts"));
    json_object(j);
    json_put_i64(j, STR("open"), f->open);
    json_put_i64(j, STR("late"), f->late);
    json_put_i64(j, STR("lifting"), f->lifting);
    json_end(j);
    if (f->median_ms >= 0) {
        json_key(j, STR("answer_ms"));
        json_object(j);
        json_put_i64(j, STR("median"), f->median_ms);
        json_put_i64(j, STR("p90"), f->p90_ms);
        json_end(j);
    }
    json_put_instant(j, STR("last_heard"), f->last_heard, zone_min);
}

static err put_provider(struct call *call, struct json *j, const struct provider *p)
{
    struct provider_figures figures = {0};
    TRY(provider_figures_read(api_sql(call), p->id, &call->arena, &figures));
    json_put_str(j, STR("provider"), p->id);
    json_put_str(j, STR("name"), p->name);
    json_put_str(j, STR("kind"), str_from_c(provider_kind_words[p->kind]));
    json_key(j, STR("can"));
    json_array(j);
    for (unsigned kind = 0; kind < ORDER_KIND_COUNT; kind++)
        if (provider_can(p, kind))
            json_str(j, str_from_c(order_kind_words[kind]));
    json_end(j);
    json_put_str(j, STR("way"), str_from_c(provider_way_words[p->way]));
    json_put_str(j, STR("form"), str_from_c(provider_form_words[p->form]));
    json_put_i64(j, STR("answer_s"), p->answer_s);
    put_figures(j, &figures, call->house->law.zone_min);
    return OK;
}

err providers_get(struct call *call)
{
    const struct providers *all = &call->house->conf.providers;
    struct api_json made;
    TRY(api_permit(call, ACT_ORDER_READ));
    struct json *j = api_json(call, &made);
    int64_t total = 0;
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < all->count; i++) {
        if (!sees(call, all->at[i].id))
            continue;
        json_object(j);
        TRY(put_provider(call, j, &all->at[i]));
        json_end(j);
        total++;
    }
    json_end(j);
    json_key(j, STR("next"));
    json_null(j);
    json_put_i64(j, STR("total"), total);
    return api_json_done(call, &made, 200);
}

err provider_get(struct call *call)
{
    const struct provider *p = NULL;
    struct api_json made;
    TRY(api_permit(call, ACT_ORDER_READ));
    TRY(provider_find_seen(call, &p));
    TRY(put_provider(call, api_json(call, &made), p));
    return api_json_done(call, &made, 200);
}

/* --- what one has to do --- */

struct poll {
    struct provider_poll is; /* first */
    struct queue_ask ask;
};

static err answer_queue(struct call *call, const struct queue_page *page)
{
    struct order_doc_view view = {.part = ORDER_DOC_BRIEF};
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < page->count; i++) {
        json_object(j);
        TRY(order_doc_put(call, j, &page->items[i].order, &view));
        json_end(j);
    }
    json_end(j);
    str next = queue_place_format(&page->next, &call->arena);
    json_key(j, STR("next"));
    if (str_is_empty(next))
        json_null(j);
    else
        json_str(j, next);
    return api_json_done(call, &made, 200);
}

static err look(struct call *call, bool may_wait, bool *ret_waits)
{
    const struct poll *poll = call->own;
    struct queue_page page = {.next = poll->ask.after};
    bool is_held = false;
    TRY(provider_queue_held(call, &is_held));
    if (!is_held)
        TRY(order_queue_read(reader_sql(call->reader), &poll->ask, &call->arena, &page));
    *ret_waits = may_wait && page.count == 0;
    if (*ret_waits)
        return OK;
    const struct provider *p = poll->is.provider;
    return letters_are_meant(call, p) ? letters_answer(call, p, &page) : answer_queue(call, &page);
}

static err read_poll(struct call *call, struct poll *poll)
{
    TRY(provider_poll_begin(call, &poll->is));
    poll->ask.provider = poll->is.provider->id;
    call->column = STR("after");
    TRY(queue_place_parse(api_query(call, "after"), &poll->ask.after));
    call->column = STR("");
    return api_query_limit(call, LIST_USUAL, &poll->ask.limit);
}

err provider_orders(struct call *call)
{
    struct poll *poll = arena_make(&call->arena, sizeof *poll);
    if (poll == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_ORDER_READ));
    *poll = (struct poll){.is = {.look = look}};
    TRY(read_poll(call, poll));
    call->own = poll;
    return provider_poll_run(call);
}

/* --- what it says --- */

static err read_sender(struct call *call, struct receipt *r)
{
    struct order o = {0};
    bool is_staff = false;
    r->order = api_param(call, 0);
    TRY(receipt_form_sender(call, r->order, "order.absent", r, &is_staff));
    if (!is_staff)
        return OK;
    TRY(order_find(call, r->order, &o));
    r->provider = o.provider;
    r->division = o.division;
    return OK;
}

static err write_receipt(struct call *call, struct store *store, instant at)
{
    struct order_doc_view view = {.part = ORDER_DOC_WITH_RECEIPTS};
    struct received received = {0};
    struct order o = {0};
    struct api_json made;
    TRY(receiving_take(store, call->own, at, &call->arena, &received));
    const struct receipt *r = &received.receipt;
    if (r->fate == RECEIPT_UNKNOWN) { /* it is kept; and they have to know */
        api_problem(call, fail(ERR_ABSENT, "order.absent", 0));
        return OK;
    }
    TRY(order_find(call, r->order, &o));
    struct json *j = api_json(call, &made);
    json_put_str(j, STR("receipt"), r->id);
    json_put_str(j, STR("fate"), str_from_c(receipt_fate_words[r->fate]));
    json_put_bool(j, STR("again"), received.is_again);
    json_key(j, STR("order"));
    json_object(j);
    TRY(order_doc_put(call, j, &o, &view));
    json_end(j);
    return api_json_done(call, &made, 200);
}

static err read_freezes(struct call *call, struct receiving *receiving)
{
    struct prior_list list = {0};
    str currency =
        str_is_empty(receiving->currency) ? call->house->law.currency : receiving->currency;
    call->column = STR("freezes");
    TRY(bank_freezes_read(json_get(call->doc.root, "freezes"), currency, &call->arena, &list));
    call->column = STR("");
    return prior_format(&list, &call->arena, &receiving->said.freezes);
}

/* -1 is our own word for what was not said. */
static err read_sum(struct call *call, const char *key, int64_t *ret_amount)
{
    int64_t amount = 0;
    TRY(body_amount(call, key, &amount));
    if (amount < 0) {
        call->column = str_from_c(key);
        return fail(ERR_MALFORMED, "receipt.amount", 0);
    }
    return body_amount(call, key, ret_amount);
}

/* Only payments bounce. */
err order_receipt(struct call *call)
{
    struct receiving *receiving = NULL;
    TRY(receipt_form_begin(call, RECEIPT_BOUNCED, &receiving));
    TRY(read_sum(call, "held", &receiving->said.held));
    TRY(read_sum(call, "balance", &receiving->said.balance));
    TRY(body_amount(call, "ask", &receiving->said.ask));
    TRY(body_text(call, call->doc.root, "currency", CURRENCY_BYTES, &receiving->currency));
    TRY(read_freezes(call, receiving));
    TRY(read_sender(call, &receiving->said));
    call->write = write_receipt;
    return OK;
}
