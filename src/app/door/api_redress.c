/* SPDX-License-Identifier: Apache-2.0 */
/* Where a wrongly rejected caller turns, for his telephone to read (RFC 8688). */
#include "app/call/api_help.h"
#include "app/call/api_routes.h"
#include "app/screen/redress.h"

#define CACHED_FOR "public, max-age=300"

static err text_answer(struct call *call, str type, str text)
{
    call->reply.status = 200;
    call->reply.content_type = type;
    call->reply.body = text;
    api_header_put(call, STR("Cache-Control"), STR(CACHED_FOR));
    return OK;
}

err redress_card_get(struct call *call)
{
    str jws = {0};
    TRY(redress_card(call->house, &call->arena, &jws));
    return text_answer(call, STR("application/jose"), jws);
}

err redress_certificate_get(struct call *call)
{
    str pem = {0};
    TRY(redress_certificates(call->house, &pem));
    return text_answer(call, STR("application/pem-certificate-chain"), pem);
}
