/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/api_sign.h"

#include "app/call/api_help.h"
#include "app/house/keys.h"
#include "kit/httpsig.h"
#include "kit/secret.h"

#include <assert.h>

enum { NONCE_BYTES = 16 };

static err sign(struct call *call, const struct httpsig_request *answer, str keyid,
                const struct sign_secret *key)
{
    uint8_t random[NONCE_BYTES];
    char nonce[2 * NONCE_BYTES];
    struct httpsig_made made;
    secret_random(random, sizeof random);
    hex_put(nonce, random, sizeof random);
    const struct httpsig_stamp stamp = {.secret = key,
                                        .keyid = keyid,
                                        .nonce = str_make(nonce, sizeof nonce),
                                        .created = clock_now(&call->house->clock)};
    TRY(httpsig_make(answer, &stamp, &call->arena, &made));
    api_header_put(call, STR("Content-Digest"), made.content_digest);
    api_header_put(call, STR("Signature-Input"), made.signature_input);
    api_header_put(call, STR("Signature"), made.signature);
    return OK;
}

err api_sign(struct call *call, const struct api_header *fields, size_t count)
{
    struct httpsig_field covered[API_HEADERS_MAX];
    struct sign_secret key;
    str keyid = {0};
    assert(count <= API_HEADERS_MAX);
    for (size_t i = 0; i < count; i++) {
        covered[i] = (struct httpsig_field){fields[i].name, fields[i].value};
        api_header_put(call, fields[i].name, fields[i].value);
    }
    const struct httpsig_request answer = {.status = (unsigned)call->reply.status,
                                           .fields = covered,
                                           .field_count = count,
                                           .body = call->reply.body};
    TRY(key_read_current(call->house, &call->arena, &keyid, &key));
    err e = sign(call, &answer, keyid, &key);
    secret_wipe(&key, sizeof key);
    return e;
}
