/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/receipt_form.h"

#include "app/call/api_body.h"
#include "app/call/order_doc.h"
#include "app/door/provider_sign.h"

enum { REASON_BYTES = 1000, KEY_BYTES = 128, ID_BYTES = 64 };

static err read_words(struct call *call, enum receipt_result never, struct receipt *said)
{
    json_value root = call->doc.root;
    unsigned result = never;
    said->held = said->balance = -1;
    TRY(body_word(call, root, "result", receipt_result_words, &result));
    call->column = STR("result");
    if (result == (unsigned)never)
        return fail(ERR_MALFORMED, "word.unknown", 0);
    call->column = STR("");
    said->result = result;
    TRY(body_text(call, root, "reason", REASON_BYTES, &said->reason));
    TRY(body_text(call, root, "key", KEY_BYTES, &said->key));
    TRY(body_instant(call, "at", &said->at));
    if (said->at.us > instant_add_us(clock_now(&call->house->clock), RECEIPT_SKEW_US).us) {
        call->column = STR("at");
        return fail(ERR_MALFORMED, "receipt.future", 0);
    }
    return OK;
}

err receipt_form_begin(struct call *call, enum receipt_result never, struct receiving **ret)
{
    struct receiving *receiving = arena_make(&call->arena, sizeof *receiving);
    if (receiving == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_RECEIPT_TAKE));
    if (!call->has_doc)
        return fail(ERR_MALFORMED, "body.not_object", 0);
    receiving->actor = call->actor;
    TRY(read_words(call, never, &receiving->said));
    call->own = *ret = receiving;
    return OK;
}

err receipt_form_sender(struct call *call, str id, const char *absent, struct receipt *said,
                        bool *ret_is_staff)
{
    *ret_is_staff = !order_is_for_provider(&call->actor);
    if (*ret_is_staff)
        return OK;
    said->provider = call->actor.provider;
    const struct provider *p = provider_find(&call->house->conf.providers, said->provider);
    if (p == NULL)
        return fail(ERR_DENIED, "permit.role", 0);
    if (call->by_token)
        TRY(provider_sign_check(call, p));
    return id.size > ID_BYTES ? fail(ERR_ABSENT, absent, 0) : OK;
}
