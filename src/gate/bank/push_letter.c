/* SPDX-License-Identifier: Apache-2.0 */
/* A letter to what an attempt needs: an address that may be spoken to, and headers. */
#include "gate/bank/bank.h"
#include "gate/bank/push_inside.h"
#include "kit/httpsig.h"
#include "kit/secret.h"

#include <arpa/inet.h>
#include <event2/http.h>

enum { NONCE_BYTES = 16 };

static err no_memory(void)
{
    return fail(ERR_LIMIT, "push: no memory left", 0);
}

static err wrong_url(void)
{
    return fail(ERR_MALFORMED, "push.url", 0);
}

/* This machine and no other, whatever its files and name servers say: "localhost" is a name. */
static bool is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static char *without_brackets(const char *host, struct arena *a)
{
    str s = str_from_c(host);
    if (str_starts(s, STR("[")) && str_ends(s, STR("]")))
        s = str_until(str_from(s, 1), s.size - 2);
    return str_to_c(a, s);
}

static str path_of(const struct evhttp_uri *uri)
{
    str path = str_from_c(evhttp_uri_get_path(uri));
    return str_is_empty(path) ? STR("/") : path;
}

static err read_target(const struct evhttp_uri *uri, struct arena *a, struct push_target *ret)
{
    str scheme = str_from_c(evhttp_uri_get_scheme(uri));
    bool is_tls = str_equal_nocase(scheme, STR("https"));
    const char *host = evhttp_uri_get_host(uri);
    if (host == NULL || host[0] == '\0' || (!is_tls && !str_equal_nocase(scheme, STR("http"))) ||
        evhttp_uri_get_userinfo(uri) != NULL || evhttp_uri_get_fragment(uri) != NULL)
        return wrong_url();
    struct push_target target = {.is_tls = is_tls, .port = evhttp_uri_get_port(uri)};
    if (target.port < 0)
        target.port = is_tls ? 443 : 80;
    if (target.port == 0)
        return wrong_url();
    struct text t;
    text_init(&t, a);
    text_put(&t, path_of(uri));
    if (evhttp_uri_get_query(uri) != NULL) {
        text_put_char(&t, '?');
        text_put_c(&t, evhttp_uri_get_query(uri));
    }
    target.host = without_brackets(host, a);
    target.path = text_str(&t).at;
    if (target.host == NULL || text_spent(&t))
        return no_memory();
    if (!is_tls && !is_loopback(target.host))
        return fail(ERR_DENIED, "push.insecure", 0);
    *ret = target;
    return OK;
}

/* A value with a line break in it would be two headers. */
static err put_header(struct push_attempt *attempt, const char *name, str value)
{
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.at[i] < 0x20 || value.at[i] == 0x7F)
            return fail(ERR_MALFORMED, "push.url", (uint32_t)i);
    const char *copy = str_to_c(&attempt->arena, value);
    if (copy == NULL)
        return no_memory();
    attempt->headers[attempt->header_count++] = (struct push_header){name, copy};
    return OK;
}

static str authority_of(const struct evhttp_uri *uri, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    text_put_c(&t, evhttp_uri_get_host(uri));
    if (evhttp_uri_get_port(uri) > 0) {
        text_put_char(&t, ':');
        text_put_i64(&t, evhttp_uri_get_port(uri));
    }
    return text_spent(&t) ? STR("") : text_str(&t);
}

static err put_signature(const struct push_letter *letter, const struct evhttp_uri *uri,
                         str authority, struct push_attempt *attempt)
{
    uint8_t random[NONCE_BYTES];
    char nonce[2 * NONCE_BYTES];
    secret_random(random, sizeof random);
    hex_put(nonce, random, sizeof random);
    const struct httpsig_field fields[] = {
        {STR("content-type"),    letter->content_type},
        {STR("idempotency-key"), letter->key         },
    };
    const struct httpsig_request request = {
        .method = STR("POST"),
        .scheme = str_from_c(evhttp_uri_get_scheme(uri)),
        .authority = authority,
        .path = path_of(uri),
        .query = str_from_c(evhttp_uri_get_query(uri)),
        .has_query = evhttp_uri_get_query(uri) != NULL,
        .fields = fields,
        .field_count = COUNT_OF(fields),
        .body = letter->body,
    };
    const struct httpsig_stamp stamp = {
        .secret = &letter->sign->secret,
        .keyid = letter->sign->keyid,
        .nonce = str_make(nonce, sizeof nonce),
        .created = letter->now,
    };
    struct httpsig_made made;
    TRY(httpsig_make(&request, &stamp, &attempt->arena, &made));
    TRY(put_header(attempt, "Content-Digest", made.content_digest));
    TRY(put_header(attempt, "Signature-Input", made.signature_input));
    return put_header(attempt, "Signature", made.signature);
}

static err address(const struct push_letter *letter, const struct evhttp_uri *uri,
                   struct push_attempt *attempt)
{
    str authority = authority_of(uri, &attempt->arena);
    TRY(read_target(uri, &attempt->arena, &attempt->target));
    TRY(put_header(attempt, "Host", authority));
    TRY(put_header(attempt, "Content-Type", letter->content_type));
    TRY(put_header(attempt, "Idempotency-Key", letter->key));
    TRY(put_header(attempt, "Connection", STR("close")));
    if (letter->sign != NULL)
        TRY(put_signature(letter, uri, authority, attempt));
    attempt->body = str_copy(&attempt->arena, letter->body);
    return attempt->body.at == NULL ? no_memory() : OK;
}

err push_address(const struct push_letter *letter, struct arena *a, struct push_attempt *ret)
{
    if (letter->body.size > BANK_BYTES)
        return fail(ERR_LIMIT, "push.too_large", BANK_BYTES);
    const char *url = str_to_c(a, letter->url);
    if (url == NULL)
        return no_memory();
    struct evhttp_uri *uri = evhttp_uri_parse(url);
    if (uri == NULL)
        return wrong_url();
    err e = address(letter, uri, ret);
    evhttp_uri_free(uri);
    return e;
}
