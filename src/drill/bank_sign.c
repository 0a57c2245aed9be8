/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_sign.h"

#include "env/file.h"
#include "kit/digest.h"

#include <assert.h>
#include <inttypes.h>

enum { KEY_FILE_BYTES = 1024, HEX_BYTES = 2 * SIGN_SECRET_BYTES };

static err make_key(const char *path, struct sign_secret *ret_secret)
{
    char hex[HEX_BYTES];
    struct sign_public public;
    sign_key_make(ret_secret, &public);
    hex_put(hex, ret_secret->bytes, sizeof ret_secret->bytes);
    return file_write(path, str_make(hex, sizeof hex));
}

err bank_key_read(const char *path, struct arena *a, struct sign_secret *ret_secret)
{
    str bytes;
    err e = file_read(path, KEY_FILE_BYTES, a, &bytes);
    if (e.code == ERR_ABSENT)
        return make_key(path, ret_secret);
    TRY(e);
    if (failed(hex_parse(str_trim(bytes), ret_secret->bytes, sizeof ret_secret->bytes)))
        return fail(ERR_MALFORMED, "drill.key", 0);
    return OK;
}

static str digest_header(str body, struct arena *a)
{
    struct text t;
    struct digest d = digest_of(body);
    text_init(&t, a);
    text_put_c(&t, "sha-256=:");
    text_put_base64(&t, d.bytes, sizeof d.bytes);
    text_put_char(&t, ':');
    return text_spent(&t) ? STR("") : text_str(&t);
}

/* RFC 9421 2.3 */
static str parameters(struct bank_signer *s, instant now, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    text_printf(&t, "(\"@method\" \"@path\" \"content-digest\");created=%" PRId64,
                now.us / US_PER_S);
    text_printf(&t, ";keyid=\"%.*s\";alg=\"ed25519\"", STR_ARGS(s->keyid));
    text_printf(&t, ";nonce=\"%.*s-%" PRIu64 "\"", STR_ARGS(s->nonce), ++s->count);
    return text_spent(&t) ? STR("") : text_str(&t);
}

/* RFC 9421 2.5 */
static void put_base(struct text *t, const struct door_message *request, str digest, str params)
{
    text_put_c(t, "\"@method\": ");
    text_put(t, request->method);
    text_put_c(t, "\n\"@path\": ");
    text_put(t, request->target);
    text_put_c(t, "\n\"content-digest\": ");
    text_put(t, digest);
    text_put_c(t, "\n\"@signature-params\": ");
    text_put(t, params);
}

err bank_sign(struct bank_signer *s, struct door_message *request, instant now, struct arena *a)
{
    struct text base;
    struct text input;
    struct text value;
    struct signature signature;
    str digest = digest_header(request->body, a);
    str params = parameters(s, now, a);
    assert(str_find_char(request->target, '?') == request->target.size);
    text_init(&base, a);
    text_init(&input, a);
    text_init(&value, a);
    put_base(&base, request, digest, params);
    text_put_c(&input, "bank=");
    text_put(&input, params);
    if (text_spent(&base) || str_is_empty(digest) || str_is_empty(params))
        return fail(ERR_LIMIT, "limit.memory", 0);
    sign_make(&s->secret, text_str(&base), &signature);
    text_put_c(&value, "bank=:");
    text_put_base64(&value, signature.bytes, sizeof signature.bytes);
    text_put_char(&value, ':');
    if (text_spent(&input) || text_spent(&value))
        return fail(ERR_LIMIT, "limit.memory", 0);
    door_put_header(request, STR("Content-Digest"), digest);
    door_put_header(request, STR("Signature-Input"), text_str(&input));
    door_put_header(request, STR("Signature"), text_str(&value));
    return OK;
}
