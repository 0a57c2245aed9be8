/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bank/letters.h"

#include "app/call/api_help.h"
#include "app/call/holder.h"
#include "store/row.h"

#define BOUNDARY "yumen-7f3a9c51e2d84b06"

bool letters_are_meant(const struct call *call, const struct provider *provider)
{
    str accept = call->request.accept;
    str first = str_trim(str_until(accept, str_find_char(accept, ',')));
    first = str_trim(str_until(first, str_find_char(first, ';')));
    return provider->form != FORM_JSON && str_equal_nocase(first, STR("application/xml"));
}

err letter_make(const struct letter_desk *desk, const struct provider *provider,
                const struct order *order, struct arena *a, struct bank_letter *ret_letter)
{
    struct order shown = *order;
    union record *claim = arena_make(a, sizeof *claim);
    if (claim == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    const struct law_profile *law = &desk->house->law;
    shown.notice = law_notice(law, order->notice, false);
    struct bank_ask ask = {.order = &shown,
                           .centre = desk->centre,
                           .centre_code = STR(""),
                           .provider_code = STR(""),
                           .provider_kind = provider->kind,
                           .query = QUERY_TRANSACTIONS,
                           .reason = law_reason(law, order->reason, false),
                           .basis = law_basis(law, order->basis, false),
                           .zone_min = law->zone_min};
    const struct holder_desk holder = {desk->house, desk->db, a};
    TRY(holder_address(&holder, order, &ask.notice_url));
    if (!str_is_empty(order->claim)) {
        err e = row_find(desk->db, RECORD_CLAIM, order->claim, a, claim);
        if (failed(e) && e.code != ERR_ABSENT)
            return e;
        ask.payment = failed(e) ? NULL : &claim->claim;
    }
    err e = bank_write(provider->form, &ask, a, ret_letter);
    bool has_no_word = e.code == ERR_CONFLICT || e.code == ERR_LIMIT;
    return has_no_word ? bank_write(FORM_JSON, &ask, a, ret_letter) : e;
}

static void put_part(struct text *t, const struct bank_letter *letter)
{
    text_put_c(t, "--" BOUNDARY "\r\nContent-Type: ");
    text_put(t, letter->content_type);
    text_put_c(t, "\r\nIdempotency-Key: ");
    text_put(t, letter->key);
    text_put_c(t, "\r\n\r\n");
    text_put(t, letter->bytes);
    text_put_c(t, "\r\n");
}

err letters_answer(struct call *call, const struct provider *provider,
                   const struct queue_page *page)
{
    struct text t;
    union record centre;
    TRY(api_centre(call, &centre));
    struct letter_desk desk = {api_sql(call), call->house, centre.centre.name};
    text_init(&t, &call->arena);
    for (size_t i = 0; i < page->count; i++) {
        const struct order *o = &page->items[i].order;
        struct bank_letter letter = {0};
        TRY(letter_make(&desk, provider, o, &call->arena, &letter));
        put_part(&t, &letter);
    }
    text_put_c(&t, "--" BOUNDARY "--\r\n");
    str next = queue_place_format(&page->next, &call->arena);
    if (!str_is_empty(next))
        api_header_put(call, STR("Yumen-Next"), next);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    call->reply.status = 200;
    call->reply.content_type = STR("multipart/mixed; boundary=" BOUNDARY);
    call->reply.body = text_str(&t);
    return OK;
}
