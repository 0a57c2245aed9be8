/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/provider_sign.h"

#include "gate/bank/replay.h"
#include "kit/httpsig.h"

err provider_sign_check(struct call *call, const struct provider *p)
{
    const struct api_request *r = &call->request;
    struct sign_public key;
    struct httpsig sig = {0};
    instant now = clock_now(&call->house->clock);
    const struct httpsig_field fields[] = {
        {STR("content-digest"),  r->content_digest },
        {STR("signature-input"), r->signature_input},
        {STR("signature"),       r->signature      },
        {STR("content-type"),    r->content_type   },
    };
    bool is_https = str_starts(call->house->public_url, STR("https:"));
    struct httpsig_request request = {.method = str_from_c(http_method_name(r->method)),
                                      .scheme = is_https ? STR("https") : STR("http"),
                                      .authority = r->host,
                                      .path = r->path,
                                      .query = r->query,
                                      .has_query = !str_is_empty(r->query),
                                      .fields = fields,
                                      .field_count = COUNT_OF(fields),
                                      .body = r->body};
    if (str_is_empty(p->key))
        return OK; /* its token is enough */
    TRY(hex_parse(p->key, key.bytes, sizeof key.bytes));
    TRY(httpsig_check(&request, &key, now, &call->arena, &sig));
    return replay_take(&call->house->replay, p->id, sig.nonce, now);
}
