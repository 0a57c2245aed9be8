/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tsig - transaction signatures (RFC 8945): proves who asks, and signs what we say.
 *
 * Shape     A session begins with a request whose MAC fits (or with a NOTIFY we sign ourselves) and
 *           chains from there: the first message signs the request's MAC with it, every further
 *           one the MAC of the message before, so that a transfer cannot be cut or reordered.
 *
 *               request --check--> session --sign--> reply 1 --sign--> reply 2 ...
 *
 * Owns      A key owns its keyed digest (OpenSSL); a session borrows its key.
 * Lives     Keys as the gate; a session as the question it answers.
 * Fails     A key that is no key: ERR_MALFORMED. A signature that does not hold: a TSIG error code.
 * Threads   One: a key's digest is worked by the thread that asks.
 * Bounds    TSIG_KEYS_MAX keys; one MAC a message, no truncated MACs.
 */
#ifndef YUMEN_GATE_DNS_TSIG_H
#define YUMEN_GATE_DNS_TSIG_H

#include "gate/dns/request.h"

enum { TSIG_KEYS_MAX = 64, TSIG_MAC_MAX = 64, TSIG_FUDGE_S = 300 };

enum tsig_error {
    TSIG_OK = 0,
    TSIG_MALFORMED = 1, /* not a TSIG error: the whole message is FORMERR */
    TSIG_BADSIG = 16,
    TSIG_BADKEY = 17,
    TSIG_BADTIME = 18,
    TSIG_BADTRUNC = 22,
};

struct evp_mac_ctx_st;
struct tsig_algorithm;

struct tsig_key {
    struct dns_name name;
    const struct tsig_algorithm *algorithm;
    struct evp_mac_ctx_st *digest;
};

struct tsig_keys {
    struct tsig_key at[TSIG_KEYS_MAX];
    size_t count;
};

struct tsig_session {
    const struct tsig_key *key; /* NULL: nothing is signed */
    struct dns_name key_name;   /* as asked, also when we do not have it */
    struct dns_name algorithm;
    enum tsig_error error;
    uint64_t request_s; /* what the requester's clock said */
    bool is_chained;    /* a message has been signed */
    uint8_t mac_size;   /* of the message before; 0 for none */
    uint8_t mac[TSIG_MAC_MAX];
};

/* algorithm "hmac-sha256" or "hmac-sha512"; secret in base64. */
err tsig_keys_put(struct tsig_keys *keys, str name, str algorithm, str secret);
/* Where the key of this name stands, or `count`. */
size_t tsig_keys_find(const struct tsig_keys *keys, const struct dns_name *name);
void tsig_keys_done(struct tsig_keys *keys);

/* Checks a request that has a TSIG record and opens the session that answers it. */
enum tsig_error tsig_check(const struct tsig_keys *keys, const uint8_t *packet,
                           const struct tsig_record *record, uint64_t now_s,
                           struct tsig_session *ret_session);
/* A session of our own, for a message that nobody asked for. */
struct tsig_session tsig_session_make(const struct tsig_key *key);
/* Checks what a peer answers to a message that `session` has signed. */
enum tsig_error tsig_check_reply(const struct tsig_session *session, const uint8_t *packet,
                                 const struct tsig_record *record, uint64_t now_s);

/* Room to keep free for tsig_sign. */
size_t tsig_room(const struct tsig_session *session);
/* Appends the record to the finished message and counts it. */
void tsig_sign(struct tsig_session *session, struct sheet *message, uint64_t now_s);

#endif
