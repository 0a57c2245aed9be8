/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/tsig.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

struct tsig_algorithm {
    str name;
    char digest[8];
    uint8_t mac_size;
    struct dns_name wire;
};

static const struct tsig_algorithm algorithms[] = {
    {STR("hmac-sha256"), "SHA256", 32, {13, "\013hmac-sha256"}},
    {STR("hmac-sha512"), "SHA512", 64, {13, "\013hmac-sha512"}},
};

enum { ADDITIONAL_COUNT_AT = 10 };

/* --- keys --- */

static struct evp_mac_ctx_st *digest_make(const struct tsig_algorithm *algorithm,
                                          const uint8_t *secret, size_t size)
{
    char name[sizeof algorithm->digest];
    memcpy(name, algorithm->digest, sizeof name);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *digest = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    if (digest != NULL && EVP_MAC_init(digest, secret, size, params) == 1)
        return digest;
    EVP_MAC_CTX_free(digest);
    return NULL;
}

err tsig_keys_put(struct tsig_keys *keys, str name, str algorithm, str secret)
{
    uint8_t bytes[128];
    size_t size = 0;
    if (keys->count == TSIG_KEYS_MAX)
        return fail(ERR_LIMIT, "dns: too many TSIG keys", TSIG_KEYS_MAX);
    struct tsig_key key = {0};
    TRY(dns_name_parse(name, &key.name));
    if (tsig_keys_find(keys, &key.name) < keys->count)
        return fail(ERR_CONFLICT, "dns: two TSIG keys of one name", 0);
    for (size_t i = 0; i < COUNT_OF(algorithms); i++)
        if (str_equal_nocase(algorithm, algorithms[i].name))
            key.algorithm = &algorithms[i];
    if (key.algorithm == NULL)
        return fail(ERR_MALFORMED, "dns: a TSIG key is hmac-sha256 or hmac-sha512", 0);
    if (failed(base64_parse(secret, bytes, sizeof bytes, &size)) || size < 16)
        return fail(ERR_MALFORMED, "dns: a TSIG secret is 16 to 128 bytes in base64", 0);

    key.digest = digest_make(key.algorithm, bytes, size);
    OPENSSL_cleanse(bytes, sizeof bytes);
    if (key.digest == NULL)
        return fail(ERR_OS, "dns: the digest of a TSIG key cannot be made", 0);
    keys->at[keys->count++] = key;
    return OK;
}

size_t tsig_keys_find(const struct tsig_keys *keys, const struct dns_name *name)
{
    size_t i = 0;
    while (i < keys->count && !dns_name_equal(&keys->at[i].name, name))
        i++;
    return i;
}

void tsig_keys_done(struct tsig_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        EVP_MAC_CTX_free(keys->at[i].digest);
    *keys = (struct tsig_keys){0};
}

/* --- the digest, RFC 8945 4.3 --- */

struct signed_parts {
    const uint8_t *prior; /* MAC that this one chains to */
    size_t prior_size;
    uint8_t header[DNS_HEADER_BYTES]; /* with the original id, without the TSIG record counted */
    const uint8_t *body;
    size_t body_size;
    struct sheet variables;
};

static void digest_make_mac(const struct tsig_key *key, const struct signed_parts *parts,
                            uint8_t ret_mac[TSIG_MAC_MAX])
{
    uint8_t prior_size[2] = {(uint8_t)(parts->prior_size >> 8), (uint8_t)parts->prior_size};
    size_t size = 0;
    bool is_done = EVP_MAC_init(key->digest, NULL, 0, NULL) == 1;
    if (parts->prior_size > 0)
        is_done = is_done && EVP_MAC_update(key->digest, prior_size, sizeof prior_size) == 1 &&
                  EVP_MAC_update(key->digest, parts->prior, parts->prior_size) == 1;
    is_done = is_done && EVP_MAC_update(key->digest, parts->header, DNS_HEADER_BYTES) == 1 &&
              EVP_MAC_update(key->digest, parts->body, parts->body_size) == 1 &&
              EVP_MAC_update(key->digest, parts->variables.at, parts->variables.size) == 1 &&
              EVP_MAC_final(key->digest, ret_mac, &size, TSIG_MAC_MAX) == 1;
    /* Key and digest were proved when the key was made: what is left is a broken library. */
    assert(is_done && size == key->algorithm->mac_size);
}

/* 4.3.3: the names in canonical form, then what the record says. */
static void variables_put(struct sheet *s, const struct tsig_record *record)
{
    sheet_bytes(s, record->key.at, record->key.size);
    sheet_u16(s, DNS_ANY_CLASS);
    sheet_u32(s, 0);
    sheet_bytes(s, record->algorithm.at, record->algorithm.size);
    sheet_u48(s, record->signed_s);
    sheet_u16(s, record->fudge_s);
    sheet_u16(s, record->error);
    sheet_u16(s, record->other_size);
    sheet_bytes(s, record->other, record->other_size);
}

static void timers_put(struct sheet *s, const struct tsig_record *record)
{
    sheet_u48(s, record->signed_s);
    sheet_u16(s, record->fudge_s);
}

static void header_restore(uint8_t header[DNS_HEADER_BYTES], const uint8_t *packet, uint16_t id)
{
    memcpy(header, packet, DNS_HEADER_BYTES);
    header[0] = (uint8_t)(id >> 8);
    header[1] = (uint8_t)id;
    uint16_t count = (uint16_t)(header[ADDITIONAL_COUNT_AT] << 8 | header[ADDITIONAL_COUNT_AT + 1]);
    assert(count > 0);
    count--;
    header[ADDITIONAL_COUNT_AT] = (uint8_t)(count >> 8);
    header[ADDITIONAL_COUNT_AT + 1] = (uint8_t)count;
}

enum { OTHER_BYTES = 6, VARIABLES_MAX = 2 * DNS_NAME_MAX + 32 };

static bool mac_holds(const struct tsig_session *session, const uint8_t *packet,
                      const struct tsig_record *record)
{
    uint8_t room[VARIABLES_MAX];
    uint8_t mac[TSIG_MAC_MAX];
    struct signed_parts parts = {
        .prior = session->mac,
        .prior_size = session->mac_size,
        .body = packet + DNS_HEADER_BYTES,
        .body_size = record->at - DNS_HEADER_BYTES,
        .variables = {.at = room, .room = sizeof room}
    };
    header_restore(parts.header, packet, record->original_id);
    variables_put(&parts.variables, record);
    if (parts.variables.is_full)
        return false; /* more other data than anybody has a use for */
    digest_make_mac(session->key, &parts, mac);
    return CRYPTO_memcmp(mac, record->mac, record->mac_size) == 0;
}

static bool is_in_time(const struct tsig_record *record, uint64_t now_s)
{
    uint64_t apart = now_s > record->signed_s ? now_s - record->signed_s : record->signed_s - now_s;
    return apart <= record->fudge_s;
}

/* RFC 8945 5.2.2.1: longer than the digest, or cut below half of it, is no TSIG at all. */
static enum tsig_error mac_size_check(const struct tsig_key *key, uint16_t size)
{
    uint16_t whole = key->algorithm->mac_size;
    if (size == whole)
        return TSIG_OK;
    return size > whole || size < whole / 2 ? TSIG_MALFORMED : TSIG_BADTRUNC;
}

/* --- sessions --- */

struct tsig_session tsig_session_make(const struct tsig_key *key)
{
    return (struct tsig_session){
        .key = key, .key_name = key->name, .algorithm = key->algorithm->wire};
}

enum tsig_error tsig_check(const struct tsig_keys *keys, const uint8_t *packet,
                           const struct tsig_record *record, uint64_t now_s,
                           struct tsig_session *ret_session)
{
    struct tsig_session session = {
        .key_name = record->key, .algorithm = record->algorithm, .request_s = record->signed_s};
    size_t index = tsig_keys_find(keys, &record->key);
    const struct tsig_key *key = index < keys->count ? &keys->at[index] : NULL;
    if (key == NULL || !dns_name_equal(&key->algorithm->wire, &record->algorithm)) {
        session.error = TSIG_BADKEY;
    } else {
        session.key = key;
        session.error = mac_size_check(key, record->mac_size);
        if (session.error == TSIG_OK && !mac_holds(&session, packet, record))
            session.error = TSIG_BADSIG;
        else if (session.error == TSIG_OK && !is_in_time(record, now_s))
            session.error = TSIG_BADTIME;
    }
    /* RFC 8945 5.2: what we could not verify, we do not sign for. */
    if (session.error != TSIG_OK && session.error != TSIG_BADTIME)
        session.key = NULL;
    if (session.key != NULL) {
        session.mac_size = (uint8_t)record->mac_size;
        memcpy(session.mac, record->mac, record->mac_size);
    }
    *ret_session = session;
    return session.error;
}

enum tsig_error tsig_check_reply(const struct tsig_session *session, const uint8_t *packet,
                                 const struct tsig_record *record, uint64_t now_s)
{
    assert(session->key != NULL);
    if (!dns_name_equal(&record->key, &session->key_name) ||
        !dns_name_equal(&record->algorithm, &session->algorithm))
        return TSIG_BADKEY;
    enum tsig_error error = mac_size_check(session->key, record->mac_size);
    if (error != TSIG_OK)
        return error;
    if (record->error != 0 || !mac_holds(session, packet, record))
        return TSIG_BADSIG;
    return is_in_time(record, now_s) ? TSIG_OK : TSIG_BADTIME;
}

size_t tsig_room(const struct tsig_session *session)
{
    if (session->key_name.size == 0)
        return 0;
    return session->key_name.size + 10u + session->algorithm.size + 16u + OTHER_BYTES +
           TSIG_MAC_MAX;
}

static void record_put(struct sheet *message, const struct tsig_record *record)
{
    sheet_bytes(message, record->key.at, record->key.size);
    sheet_u16(message, DNS_TSIG);
    sheet_u16(message, DNS_ANY_CLASS);
    sheet_u32(message, 0);
    sheet_u16(message,
              (uint16_t)(record->algorithm.size + 16 + record->mac_size + record->other_size));
    sheet_bytes(message, record->algorithm.at, record->algorithm.size);
    sheet_u48(message, record->signed_s);
    sheet_u16(message, record->fudge_s);
    sheet_u16(message, record->mac_size);
    sheet_bytes(message, record->mac, record->mac_size);
    sheet_u16(message, record->original_id);
    sheet_u16(message, record->error);
    sheet_u16(message, record->other_size);
    sheet_bytes(message, record->other, record->other_size);
}

/* Signs into the session, which chains the next message to this one. */
static void message_sign(struct tsig_session *session, const struct sheet *message,
                         const struct tsig_record *record)
{
    uint8_t room[VARIABLES_MAX];
    struct signed_parts parts = {
        .prior = session->mac,
        .prior_size = session->mac_size,
        .body = message->at + DNS_HEADER_BYTES,
        .body_size = message->size - DNS_HEADER_BYTES,
        .variables = {.at = room, .room = sizeof room}
    };
    memcpy(parts.header, message->at, DNS_HEADER_BYTES);
    if (session->is_chained) /* 5.3.1 */
        timers_put(&parts.variables, record);
    else
        variables_put(&parts.variables, record);
    digest_make_mac(session->key, &parts, session->mac);
    session->mac_size = session->key->algorithm->mac_size;
    session->is_chained = true;
}

void tsig_sign(struct tsig_session *session, struct sheet *message, uint64_t now_s)
{
    if (session->key_name.size == 0)
        return;
    uint8_t clock[OTHER_BYTES];
    struct sheet other = {.at = clock, .room = sizeof clock};
    struct tsig_record record = {.key = session->key_name,
                                 .algorithm = session->algorithm,
                                 .signed_s = now_s,
                                 .fudge_s = TSIG_FUDGE_S,
                                 .original_id = sheet_get_u16(message, 0),
                                 .error = (uint16_t)session->error,
                                 .mac = session->mac,
                                 .other = clock};
    if (session->error == TSIG_BADTIME) {
        /* 5.2.3: a clock that is off is answered on its own time, with ours beside it. */
        sheet_u48(&other, now_s);
        record.signed_s = session->request_s;
        record.other_size = OTHER_BYTES;
    }
    if (session->key != NULL) {
        message_sign(session, message, &record);
        record.mac_size = session->mac_size;
    }
    record_put(message, &record);
    assert(!message->is_full);
    sheet_set_u16(message, ADDITIONAL_COUNT_AT,
                  (uint16_t)(sheet_get_u16(message, ADDITIONAL_COUNT_AT) + 1));
}
