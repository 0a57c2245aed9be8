/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - what one request is answered with: nothing, one message, or a transfer that begins.
 *
 * Shape     Pure: packet, sender, zone and time in; bytes out. Whoever is not known is told so in
 *           no more bytes than he sent, so that a forged sender gains nothing.
 *
 *               packet --parse--> signed? --> known? --> in the zone? --> records | transfer
 *
 * Owns      An answer that is a transfer holds a begun xfer: the caller ends it.
 * Lives     One turn.
 * Fails     Cannot: what the peer did wrong is the answer.
 * Threads   One.
 * Bounds    One message; over UDP what the peer can take, 1,232 bytes at most.
 */
#ifndef YUMEN_GATE_DNS_ANSWER_H
#define YUMEN_GATE_DNS_ANSWER_H

#include "gate/dns/peers.h"
#include "gate/dns/xfer.h"

struct answerer {
    const struct rpz_forms *forms;
    struct rpz_zone *zone;
    const struct tsig_keys *keys;
    struct peers *peers; /* how often each took the whole zone is counted there */
    bool is_held;        /* the zone is not to be seen yet */
};

struct dns_ask {
    const uint8_t *packet;
    size_t size;
    const struct sockaddr *sender;
    bool is_tcp;
    uint64_t now_s;
};

enum answer_kind {
    ANSWER_NONE,     /* not a question: say nothing */
    ANSWER_MESSAGE,  /* on the sheet */
    ANSWER_TRANSFER, /* in ret_xfer */
};

struct answer {
    enum answer_kind kind;
    enum dns_rcode rcode;
    enum tsig_error tsig;
    uint16_t type; /* what was asked; 0 when nobody can tell */
    size_t peer;   /* index of the secondary that asked, or PEER_LOCAL, or PEER_UNKNOWN */
};

/* `message` has room for DNS_SAFE_UDP_BYTES or more and is empty. */
struct answer answer_make(const struct answerer *a, const struct dns_ask *ask,
                          struct sheet *message, struct xfer *ret_xfer);

#endif
