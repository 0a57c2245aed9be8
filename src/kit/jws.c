/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/jws.h"

#include "kit/json_read.h"
#include "kit/jws_inside.h"
#include "kit/secret.h"

#include <assert.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

enum { HALF_BYTES = 32, SIGNATURE_ROOM = 2 * HALF_BYTES, DER_ROOM = 80, SERIAL_BYTES = 16 };

/* --- libcrypto's things, and their ends --- */

static void key_end(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void certificate_end(X509 **certificate)
{
    X509_free(*certificate);
}

static void bio_end(BIO **bio)
{
    BIO_free_all(*bio);
}

static void digest_end(EVP_MD_CTX **digest)
{
    EVP_MD_CTX_free(*digest);
}

static void pair_end(ECDSA_SIG **pair)
{
    ECDSA_SIG_free(*pair);
}

/* Its queue of errors is the thread's: nobody else is to find ours there. */
static err library_failed(void)
{
    ERR_clear_error();
    return fail(ERR_OS, "jws: libcrypto", 0);
}

static err wrong(enum err_code code, const char *why)
{
    ERR_clear_error();
    return fail(code, why, 0);
}

/* A key file with a passphrase is one that nobody at a start could open. */
static int no_passphrase(char *room, int size, int is_for_writing, void *self)
{
    (void)is_for_writing;
    (void)self;
    if (size > 0)
        room[0] = '\0';
    return -1;
}

static BIO *bio_of(str text)
{
    return text.size > JWS_BYTES ? NULL : BIO_new_mem_buf(text.at, (int)text.size);
}

bool jws_is_p256(EVP_PKEY *key)
{
    char group[32] = "";
    return key != NULL && EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
           strcmp(group, "prime256v1") == 0;
}

static EVP_PKEY *private_key_read(str text)
{
    SCOPED(bio_end) BIO *bio = bio_of(text);
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    if (jws_is_p256(key))
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

static X509 *certificate_read(str text)
{
    SCOPED(bio_end) BIO *bio = bio_of(text);
    return bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
}

static EVP_PKEY *public_key_read(str text)
{
    SCOPED(certificate_end) X509 *certificate = certificate_read(text);
    if (certificate != NULL)
        return X509_get_pubkey(certificate);
    SCOPED(bio_end) BIO *bio = bio_of(text);
    return bio == NULL ? NULL : PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
}

/* --- base64url, RFC 7515 2 --- */

static void put_base64url(struct text *t, const void *bytes, size_t size)
{
    size_t begin = t->size;
    text_put_base64(t, bytes, size);
    for (size_t i = begin; i < t->size; i++) {
        if (t->at[i] == '+')
            t->at[i] = '-';
        if (t->at[i] == '/')
            t->at[i] = '_';
    }
    while (t->size > begin && t->at[t->size - 1] == '=')
        t->at[--t->size] = '\0';
}

static err base64url_read(str from, struct arena *a, str *ret_bytes)
{
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < from.size; i++) {
        char c = from.at[i];
        if (c == '+' || c == '/' || c == '=')
            return fail(ERR_MALFORMED, "jws.malformed", 0);
        text_put_char(&t, c == '-' ? '+' : c == '_' ? '/' : c);
    }
    char *bytes = arena_make(a, from.size + 1);
    size_t size = 0;
    if (bytes == NULL || text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (failed(base64_parse(text_str(&t), bytes, from.size + 1, &size)))
        return fail(ERR_MALFORMED, "jws.malformed", 0);
    *ret_bytes = str_make(bytes, size);
    return OK;
}

/* --- a key --- */

static bool name_put(X509 *certificate, str name)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    size_t size = name.size < JWS_NAME_BYTES ? name.size : JWS_NAME_BYTES;
    while (size > 0 && !str_is_utf8(str_until(name, size)))
        size--;
    return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const uint8_t *)name.at,
                                      (int)size, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1;
}

/* A number that no other certificate has, RFC 5280 4.1.2.2. */
static bool serial_put(X509 *certificate)
{
    uint8_t bytes[SERIAL_BYTES];
    secret_random(bytes, sizeof bytes);
    bytes[0] = (uint8_t)((bytes[0] & 0x7f) | 0x40);
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool is_put =
        number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return is_put;
}

static bool uses_put(X509 *certificate)
{
    static const struct {
        int what;
        const char *says;
    } uses[] = {
        {NID_basic_constraints,      "critical,CA:FALSE"        },
        {NID_key_usage,              "critical,digitalSignature"},
        {NID_subject_key_identifier, "hash"                     },
    };
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    for (size_t i = 0; i < COUNT_OF(uses); i++) {
        X509_EXTENSION *use = X509V3_EXT_conf_nid(NULL, &context, uses[i].what, uses[i].says);
        bool is_put = use != NULL && X509_add_ext(certificate, use, -1) == 1;
        X509_EXTENSION_free(use);
        if (!is_put)
            return false;
    }
    return true;
}

static bool certify(X509 *certificate, EVP_PKEY *key, instant from, instant until)
{
    enum { VERSION_3 = 2 };
    return X509_set_version(certificate, VERSION_3) == 1 && serial_put(certificate) &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), from.us / US_PER_S) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), until.us / US_PER_S) != NULL &&
           X509_set_pubkey(certificate, key) == 1 && uses_put(certificate) &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static err take_text(BIO *bio, struct arena *a, str *ret_text)
{
    char *at = NULL;
    long size = BIO_get_mem_data(bio, &at);
    if (size <= 0)
        return library_failed();
    *ret_text = str_copy(a, str_make(at, (size_t)size));
    return ret_text->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err jws_key_make(str name, instant from, instant until, struct arena *a, str *ret_key)
{
    SCOPED(key_end) EVP_PKEY *key = EVP_EC_gen("P-256");
    SCOPED(certificate_end) X509 *certificate = X509_new();
    SCOPED(bio_end) BIO *bio = BIO_new(BIO_s_secmem());
    if (key == NULL || certificate == NULL || bio == NULL || !name_put(certificate, name) ||
        !certify(certificate, key, from, until) ||
        PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) != 1 ||
        PEM_write_bio_X509(bio, certificate) != 1)
        return library_failed();
    return take_text(bio, a, ret_key);
}

err jws_certificates(str key, struct arena *a, str *ret_certificates)
{
    SCOPED(key_end) EVP_PKEY *private_key = private_key_read(key);
    SCOPED(bio_end) BIO *in = bio_of(key);
    SCOPED(bio_end) BIO *out = BIO_new(BIO_s_mem());
    if (private_key == NULL)
        return wrong(ERR_MALFORMED, "jws.key");
    if (in == NULL || out == NULL)
        return library_failed();
    bool has_one = false;
    for (;;) {
        SCOPED(certificate_end) X509 *next = PEM_read_bio_X509(in, NULL, no_passphrase, NULL);
        if (next == NULL)
            break;
        if (!has_one && X509_check_private_key(next, private_key) != 1)
            return wrong(ERR_MALFORMED, "jws.certificate");
        if (PEM_write_bio_X509(out, next) != 1)
            return library_failed();
        has_one = true;
    }
    ERR_clear_error(); /* that there are no more */
    return has_one ? take_text(out, a, ret_certificates)
                   : fail(ERR_MALFORMED, "jws.certificate", 0);
}

bool jws_instant_of(const ASN1_TIME *time, instant *ret_at)
{
    enum { SECONDS_A_DAY = 86400, INSTANT_MAX_DAYS = 2932896 };
    int days = 0;
    int seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    bool is_read = epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;
    ASN1_TIME_free(epoch);
    if (!is_read)
        return false;
    int64_t since_s = (int64_t)days * SECONDS_A_DAY + seconds;
    *ret_at = days < 0                  ? instant_from_us(0)
              : days > INSTANT_MAX_DAYS ? instant_from_us(INSTANT_MAX_US)
                                        : instant_from_us(since_s * US_PER_S);
    return true;
}

err jws_term(str certificates, instant *ret_from, instant *ret_until)
{
    SCOPED(bio_end) BIO *in = bio_of(certificates);
    instant from = {0};
    instant until = instant_from_us(INSTANT_MAX_US);
    bool has_one = false;
    if (in == NULL)
        return library_failed();
    for (;;) {
        SCOPED(certificate_end) X509 *next = PEM_read_bio_X509(in, NULL, no_passphrase, NULL);
        instant begin;
        instant end;
        if (next == NULL)
            break;
        if (!jws_instant_of(X509_get0_notBefore(next), &begin) ||
            !jws_instant_of(X509_get0_notAfter(next), &end))
            return wrong(ERR_MALFORMED, "jws.certificate");
        from = begin.us > from.us ? begin : from;
        until = end.us < until.us ? end : until;
        has_one = true;
    }
    ERR_clear_error();
    if (!has_one)
        return fail(ERR_MALFORMED, "jws.certificate", 0);
    *ret_from = from;
    *ret_until = until;
    return OK;
}

/* --- signing --- */

/* libcrypto's signature is a sequence of two numbers; JOSE wants them side by side. */
static bool pair_to_halves(const uint8_t *der, size_t size, uint8_t ret_halves[SIGNATURE_ROOM])
{
    SCOPED(pair_end) ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)size);
    return pair != NULL &&
           BN_bn2binpad(ECDSA_SIG_get0_r(pair), ret_halves, HALF_BYTES) == HALF_BYTES &&
           BN_bn2binpad(ECDSA_SIG_get0_s(pair), ret_halves + HALF_BYTES, HALF_BYTES) == HALF_BYTES;
}

static size_t halves_to_pair(const uint8_t halves[SIGNATURE_ROOM], uint8_t ret_der[DER_ROOM])
{
    SCOPED(pair_end) ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(halves, HALF_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(halves + HALF_BYTES, HALF_BYTES, NULL);
    if (pair == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(pair, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return 0;
    }
    int size = i2d_ECDSA_SIG(pair, NULL);
    assert(size <= DER_ROOM);
    return (size_t)i2d_ECDSA_SIG(pair, &ret_der);
}

static bool halves_make(EVP_PKEY *key, str message, uint8_t ret_halves[SIGNATURE_ROOM])
{
    SCOPED(digest_end) EVP_MD_CTX *digest = EVP_MD_CTX_new();
    uint8_t der[DER_ROOM];
    size_t size = sizeof der;
    return digest != NULL && EVP_DigestSignInit(digest, NULL, EVP_sha256(), NULL, key) == 1 &&
           EVP_DigestSign(digest, der, &size, (const uint8_t *)message.at, message.size) == 1 &&
           pair_to_halves(der, size, ret_halves);
}

void jws_put_message(struct text *t, str header, str payload)
{
    put_base64url(t, header.at, header.size);
    text_put_char(t, '.');
    put_base64url(t, payload.at, payload.size);
}

err jws_make(str key, str header, str payload, struct arena *a, str *ret_jws)
{
    SCOPED(key_end) EVP_PKEY *private_key = private_key_read(key);
    uint8_t halves[SIGNATURE_ROOM];
    struct text t;
    if (private_key == NULL)
        return wrong(ERR_MALFORMED, "jws.key");
    text_init(&t, a);
    jws_put_message(&t, header, payload);
    if (text_spent(&t) || t.size > JWS_BYTES)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (!halves_make(private_key, text_str(&t), halves))
        return library_failed();
    text_put_char(&t, '.');
    put_base64url(&t, halves, sizeof halves);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_jws = text_str(&t);
    return OK;
}

/* --- checking --- */

bool jws_is_signed_by(EVP_PKEY *key, str message, str halves)
{
    if (halves.size != SIGNATURE_ROOM)
        return false;
    SCOPED(digest_end) EVP_MD_CTX *digest = EVP_MD_CTX_new();
    uint8_t der[DER_ROOM];
    size_t size = halves_to_pair((const uint8_t *)halves.at, der);
    bool is_so =
        size > 0 && digest != NULL &&
        EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestVerify(digest, der, size, (const uint8_t *)message.at, message.size) == 1;
    ERR_clear_error();
    return is_so;
}

/* Ours is the only one we check: who signs does not choose how it is checked (RFC 8725 3.1). */
static err algorithm_check(str json)
{
    str algorithm = {0};
    struct json_doc doc = {0};
    if (failed(json_doc_parse(json, JWS_BYTES, &doc)))
        return fail(ERR_MALFORMED, "jws.malformed", 0);
    bool is_ours = !failed(json_read_str(json_get(doc.root, "alg"), &algorithm)) &&
                   str_equal(algorithm, STR("ES256")) && json_is_absent(json_get(doc.root, "crit"));
    json_doc_done(&doc);
    return is_ours ? OK : fail(ERR_MALFORMED, "jws.algorithm", 0);
}

err jws_read(str jws, struct arena *a, struct jws_parts *ret_parts)
{
    str rest = jws;
    str part[3] = {0};
    struct jws_parts parts = {0};
    for (size_t i = 0; i < COUNT_OF(part); i++)
        if (!str_split(&rest, '.', &part[i]) || part[i].size == 0)
            return fail(ERR_MALFORMED, "jws.malformed", 0);
    if (jws.size > JWS_BYTES || rest.at != NULL)
        return fail(ERR_MALFORMED, "jws.malformed", 0);
    TRY(base64url_read(part[0], a, &parts.header));
    TRY(base64url_read(part[1], a, &parts.payload));
    TRY(base64url_read(part[2], a, &parts.signature));
    parts.message = str_until(jws, part[0].size + 1 + part[1].size);
    *ret_parts = parts;
    return OK;
}

err jws_check(str by, str jws, struct arena *a, str *ret_payload)
{
    struct jws_parts parts = {0};
    TRY(jws_read(jws, a, &parts));
    TRY(algorithm_check(parts.header));
    SCOPED(key_end) EVP_PKEY *key = public_key_read(by);
    if (!jws_is_p256(key))
        return wrong(ERR_MALFORMED, "jws.key");
    if (!jws_is_signed_by(key, parts.message, parts.signature))
        return wrong(ERR_DENIED, "jws.wrong");
    *ret_payload = parts.payload;
    return OK;
}
