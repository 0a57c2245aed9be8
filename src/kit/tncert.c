/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/tncert.h"

#include "kit/jws_inside.h"

#include <assert.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

enum { DIGITS_MOST = 15, STRENGTH = 2 /* 112 bits */ };

struct tncert_trust {
    X509_STORE *store;
};

struct range {
    uint64_t first;
    uint64_t last;
    size_t digits;
};

/* Of one certificate of the chain. */
struct numbers {
    bool is_any;
    const struct range *at;
    size_t count;
};

struct tncert {
    EVP_PKEY *key;
    instant from;
    instant until;
    struct numbers numbers[TNCERT_CHAIN];
    size_t count;
};

static void bio_end(BIO **bio)
{
    BIO_free_all(*bio);
}

static void certificate_end(X509 **certificate)
{
    X509_free(*certificate);
}

static void chain_end(STACK_OF(X509) * *chain)
{
    sk_X509_pop_free(*chain, X509_free);
}

static void context_end(X509_STORE_CTX **context)
{
    X509_STORE_CTX_free(*context);
}

static void object_end(ASN1_OBJECT **object)
{
    ASN1_OBJECT_free(*object);
}

static err wrong(enum err_code code, const char *why)
{
    ERR_clear_error(); /* its queue is the thread's: nobody else is to find ours there */
    return fail(code, why, 0);
}

static int no_passphrase(char *room, int size, int is_for_writing, void *self)
{
    (void)is_for_writing;
    (void)self;
    if (size > 0)
        room[0] = '\0';
    return -1;
}

static X509 *next_of(BIO *bio)
{
    return PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
}

static BIO *bio_of(str pem)
{
    return pem.size > JWS_BYTES ? NULL : BIO_new_mem_buf(pem.at, (int)pem.size);
}

/* --- whom we trust --- */

static err trust_fill(X509_STORE *store, str pem)
{
    SCOPED(bio_end) BIO *bio = bio_of(pem);
    size_t count = 0;
    if (bio == NULL)
        return wrong(ERR_LIMIT, "limit.memory");
    for (;;) {
        SCOPED(certificate_end) X509 *next = next_of(bio);
        if (next == NULL)
            break;
        if (X509_STORE_add_cert(store, next) != 1)
            return wrong(ERR_OS, "tncert: libcrypto");
        count++;
    }
    return count > 0 ? (ERR_clear_error(), OK) : wrong(ERR_MALFORMED, "tncert.none");
}

err tncert_trust_open(str pem, struct arena *a, struct tncert_trust **ret_trust)
{
    struct tncert_trust *t = arena_make(a, sizeof *t);
    if (t == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    t->store = X509_STORE_new();
    if (t->store == NULL)
        return wrong(ERR_OS, "tncert: libcrypto");
    err e = trust_fill(t->store, pem);
    if (failed(e)) {
        tncert_trust_close(t);
        return e;
    }
    *ret_trust = t;
    return OK;
}

void tncert_trust_close(struct tncert_trust *t)
{
    if (t == NULL)
        return;
    X509_STORE_free(t->store);
    t->store = NULL;
}

/* --- for which numbers: TNAuthorizationList, RFC 8226 9 --- */

enum entry { ENTRY_PROVIDER, ENTRY_RANGE, ENTRY_ONE };

struct der {
    const uint8_t *at;
    const uint8_t *end;
};

/* What stands first: its tag, and what is in it. */
static bool der_take(struct der *d, int *ret_class, int *ret_tag, struct der *ret_inner)
{
    enum { BAD = 0x80 };
    const uint8_t *at = d->at;
    long size = 0;
    if (d->at >= d->end)
        return false;
    int what = ASN1_get_object(&at, &size, ret_tag, ret_class, (long)(d->end - d->at));
    if ((what & BAD) != 0 || (what & 1) != 0) /* and DER has no indefinite lengths */
        return false;
    *ret_inner = (struct der){at, at + size};
    d->at = at + size;
    return true;
}

static bool der_take_as(struct der *d, int tag, struct der *ret_inner)
{
    int class = 0;
    int found = 0;
    return der_take(d, &class, &found, ret_inner) && class == V_ASN1_UNIVERSAL && found == tag;
}

/* A telephone number; false also for those with '*' or '#', which nobody calls from. */
static bool number_read(struct der *d, struct range *r)
{
    struct der text;
    if (!der_take_as(d, V_ASN1_IA5STRING, &text))
        return false;
    *r = (struct range){.digits = (size_t)(text.end - text.at)};
    if (r->digits == 0 || r->digits > DIGITS_MOST)
        return false;
    for (; text.at < text.end; text.at++) {
        if (*text.at < '0' || *text.at > '9')
            return false;
        r->first = r->first * 10 + (uint64_t)(*text.at - '0');
    }
    r->last = r->first;
    return true;
}

static bool count_read(struct der *d, uint64_t *ret_count)
{
    struct der bytes;
    uint64_t count = 0;
    if (!der_take_as(d, V_ASN1_INTEGER, &bytes) || bytes.end - bytes.at > (ptrdiff_t)sizeof count ||
        bytes.at == bytes.end || (*bytes.at & 0x80) != 0)
        return false;
    for (; bytes.at < bytes.end; bytes.at++)
        count = count << 8 | *bytes.at;
    *ret_count = count;
    return count >= 2;
}

static bool range_read(struct der *d, struct range *r)
{
    struct der inner;
    uint64_t count = 0;
    return der_take_as(d, V_ASN1_SEQUENCE, &inner) && number_read(&inner, r) &&
           count_read(&inner, &count) && !__builtin_add_overflow(r->first, count - 1, &r->last);
}

static bool entry_read(struct der *list, struct range *r, bool *ret_is_provider)
{
    int class = 0;
    int tag = 0;
    struct der inner;
    struct der name;
    if (!der_take(list, &class, &tag, &inner) || class != V_ASN1_CONTEXT_SPECIFIC)
        return false;
    *ret_is_provider = tag == ENTRY_PROVIDER;
    if (tag == ENTRY_PROVIDER)
        return der_take_as(&inner, V_ASN1_IA5STRING, &name);
    return tag == ENTRY_RANGE ? range_read(&inner, r) : tag == ENTRY_ONE && number_read(&inner, r);
}

static size_t entry_count(struct der list)
{
    int class = 0;
    int tag = 0;
    size_t count = 0;
    struct der inner;
    while (der_take(&list, &class, &tag, &inner))
        count++;
    return count;
}

static err list_read(struct der der, struct arena *a, struct numbers *ret_numbers)
{
    struct der list;
    struct numbers n = {0};
    if (!der_take_as(&der, V_ASN1_SEQUENCE, &list) || der.at != der.end)
        return wrong(ERR_MALFORMED, "tncert.numbers");
    size_t most = entry_count(list);
    struct range *at = arena_make_array(a, most + 1, sizeof *at);
    if (at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    while (list.at < list.end) {
        bool is_provider = false;
        if (n.count == most || most > TNCERT_RANGES ||
            !entry_read(&list, &at[n.count], &is_provider))
            return wrong(ERR_MALFORMED, "tncert.numbers");
        n.is_any = n.is_any || is_provider;
        n.count += !is_provider;
    }
    n.at = at;
    *ret_numbers = n;
    return OK;
}

/* NULL when the certificate has none. */
static X509_EXTENSION *extension_of(const X509 *certificate, const char *oid)
{
    SCOPED(object_end) ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    int at = object == NULL ? -1 : X509_get_ext_by_OBJ(certificate, object, -1);
    return at < 0 ? NULL : X509_get_ext(certificate, at);
}

static err numbers_read(const X509 *certificate, struct arena *a, struct numbers *ret_numbers)
{
    X509_EXTENSION *list = extension_of(certificate, "1.3.6.1.5.5.7.1.26");
    if (list == NULL) {
        *ret_numbers = (struct numbers){.is_any = true};
        return OK;
    }
    const ASN1_OCTET_STRING *bytes = X509_EXTENSION_get_data(list);
    const uint8_t *at = ASN1_STRING_get0_data(bytes);
    return list_read((struct der){at, at + ASN1_STRING_length(bytes)}, a, ret_numbers);
}

/* --- a certificate --- */

static err one_take(const X509 *certificate, struct arena *a, struct tncert *c)
{
    instant from;
    instant until;
    if (!jws_instant_of(X509_get0_notBefore(certificate), &from) ||
        !jws_instant_of(X509_get0_notAfter(certificate), &until))
        return wrong(ERR_MALFORMED, "tncert.none");
    if (extension_of(certificate, "1.3.6.1.5.5.7.1.27") != NULL ||
        extension_of(certificate, "1.3.6.1.5.5.7.1.33") != NULL)
        return wrong(ERR_DENIED, "tncert.constraints");
    c->from = from.us > c->from.us ? from : c->from;
    c->until = until.us < c->until.us ? until : c->until;
    return numbers_read(certificate, a, &c->numbers[c->count++]);
}

/* To one that is trusted, whenever: times are looked at when something was signed. */
static err chain_take(X509 *leaf, STACK_OF(X509) * others, const struct tncert_trust *trust,
                      struct arena *a, struct tncert *c)
{
    SCOPED(context_end) X509_STORE_CTX *context = X509_STORE_CTX_new();
    if (context == NULL || X509_STORE_CTX_init(context, trust->store, leaf, others) != 1)
        return wrong(ERR_OS, "tncert: libcrypto");
    X509_VERIFY_PARAM *how = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_auth_level(how, STRENGTH);
    if (X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME) !=
            1 ||
        X509_verify_cert(context) != 1)
        return wrong(ERR_DENIED, "tncert.trust");
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(context);
    if (sk_X509_num(chain) > TNCERT_CHAIN)
        return wrong(ERR_DENIED, "tncert.trust");
    for (int i = 0; i < sk_X509_num(chain); i++)
        TRY(one_take(sk_X509_value(chain, i), a, c));
    return OK;
}

static err certificate_take(str pem, const struct tncert_trust *trust, struct arena *a,
                            struct tncert *c)
{
    SCOPED(bio_end) BIO *bio = bio_of(pem);
    SCOPED(certificate_end) X509 *leaf = bio == NULL ? NULL : next_of(bio);
    SCOPED(chain_end) STACK_OF(X509) *others = sk_X509_new_null();
    if (leaf == NULL)
        return wrong(ERR_MALFORMED, "tncert.none");
    for (X509 *next = next_of(bio); next != NULL; next = next_of(bio)) {
        if (others == NULL || sk_X509_push(others, next) == 0) {
            X509_free(next);
            return wrong(ERR_OS, "tncert: libcrypto");
        }
    }
    c->key = X509_get_pubkey(leaf);
    if (!jws_is_p256(c->key) || (X509_get_key_usage(leaf) & KU_DIGITAL_SIGNATURE) == 0)
        return wrong(ERR_MALFORMED, "tncert.key");
    TRY(chain_take(leaf, others, trust, a, c));
    ERR_clear_error();
    return OK;
}

err tncert_open(str pem, const struct tncert_trust *trust, struct arena *a,
                struct tncert **ret_certificate)
{
    assert(trust != NULL && trust->store != NULL);
    struct tncert *c = arena_make(a, sizeof *c);
    if (c == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    c->until = instant_from_us(INSTANT_MAX_US);
    err e = certificate_take(pem, trust, a, c);
    if (failed(e)) {
        tncert_close(c);
        return e;
    }
    *ret_certificate = c;
    return OK;
}

void tncert_close(struct tncert *c)
{
    if (c == NULL)
        return;
    EVP_PKEY_free(c->key);
    c->key = NULL;
}

instant tncert_from(const struct tncert *c)
{
    return c->from;
}

instant tncert_until(const struct tncert *c)
{
    return c->until;
}

static bool is_within(const struct numbers *n, uint64_t number, size_t digits)
{
    if (n->is_any)
        return true;
    for (size_t i = 0; i < n->count; i++)
        if (n->at[i].digits == digits && n->at[i].first <= number && number <= n->at[i].last)
            return true;
    return false;
}

bool tncert_is_for(const struct tncert *c, str digits)
{
    int64_t number = 0;
    bool is_number = digits.size > 0 && digits.size <= DIGITS_MOST && digits.at[0] != '-' &&
                     !failed(str_parse_i64(digits, &number));
    for (size_t i = 0; i < c->count; i++) {
        if (c->numbers[i].is_any)
            continue;
        if (!is_number || !is_within(&c->numbers[i], (uint64_t)number, digits.size))
            return false;
    }
    return true;
}

bool tncert_signed(const struct tncert *c, const struct jws_parts *parts)
{
    return jws_is_signed_by(c->key, parts->message, parts->signature);
}
