/* SPDX-License-Identifier: Apache-2.0 */
/* What providers said, also of orders that nobody knows: for people who look after them. */
#include "app/call/api_routes.h"
#include "app/call/order_doc.h"

static err put_item(struct call *call, struct json *j, const union record *r)
{
    struct viewer viewer = api_viewer(call);
    json_put_str_if_any(j, STR("order"), r->receipt.order);
    json_put_str_if_any(j, STR("share"), r->receipt.share);
    json_put_str(j, STR("provider"), r->receipt.provider);
    receipt_put(j, &r->receipt, &viewer);
    return OK;
}

err receipts_get(struct call *call)
{
    struct list_query q = {.kind = RECORD_RECEIPT, .wants_total = true};
    struct list_page page = {0};
    TRY(api_permit(call, ACT_ORDER_READ));
    if (order_is_for_provider(&call->actor)) /* they know what they said */
        return fail(ERR_DENIED, "permit.role", 0);
    TRY(api_query_word(call, "fate", receipt_fate_words, &q));
    api_query_equal(&q, "provider", api_query(call, "provider"));
    TRY(api_list(call, &q, &page));
    return api_page_answer(call, &page, put_item);
}
