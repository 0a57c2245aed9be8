/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - questions in, answers out: what the DNS list says, and to whom.
 *
 * Shape     Many at once, in three steps: read them all, have them judged in one call, write them.
 *
 *               packets --read--> turns --judge--> turns --rate, write--> messages
 *
 *           Over UDP an address may be somebody else's. Who is not among `clients` is refused, in
 *           no more bytes than came. Who is, but not in `trusted`, gets at most ANSWER_GAIN times
 *           what came, and not more often than `rate` allows; what is beyond is cut: ask over TCP.
 * Owns      Nothing but its scratch.
 * Lives     As its lane.
 * Fails     A message of size 0: no answer.
 * Threads   One.
 * Bounds    DNSBL_AT_ONCE; `turn` holds names that had to be made canonical, ANSWER_TURN_BYTES.
 */
#ifndef YUMEN_GATE_DNSBL_ANSWER_H
#define YUMEN_GATE_DNSBL_ANSWER_H

#include "env/nets.h"
#include "gate/dns/request.h"
#include "gate/dnsbl/port.h"
#include "gate/dnsbl/rate.h"
#include "gate/dnsbl/zone.h"

enum { ANSWER_GAIN = 5, ANSWER_TURN_BYTES = 256 * 1024, LIST_ZONES = 2 };

/* What all lanes share; constant. */
struct list_rules {
    struct list_zone zone[LIST_ZONES];
    struct nets clients;
    struct nets trusted;
    uint32_t ttl_s;
    struct dnsbl_port port;
};

struct list_ask {
    const uint8_t *packet;
    size_t size;
    const struct sockaddr *sender;
    bool is_tcp; /* then nothing is limited, and the message may be long */
};

/* One question on its way; what is answered without judging is written when it is read. */
struct list_turn {
    const struct list_ask *ask;
    struct sheet *message;
    const struct list_zone *zone;
    const uint8_t *question;
    struct net_host sender;
    uint16_t question_size;
    uint16_t id;
    uint16_t flags;
    uint16_t type;
    uint16_t udp_bytes;
    uint16_t edns_flags;
    uint16_t zone_at; /* where the zone's name begins in the answer */
    uint8_t opcode;
    bool has_edns;
    bool is_client;
    bool is_trusted;
    enum zone_place place;
    enum dnsbl_count count;
    bool is_open; /* waits to be written */
    const struct dnsbl_question *asked;
    char room[DNS_NAME_MAX];
};

struct list_answerer {
    const struct list_rules *rules;
    struct rate *rate; /* NULL: no limit */
    enum dnsbl_lane lane;
    struct arena turn;
    uint64_t counts[DNSBL_COUNT_COUNT]; /* since the caller last took them */
    uint32_t serial;
    struct net_host last; /* who asked before, and what he may: most often the same again */
    bool last_is_client;
    bool last_is_trusted;
    size_t question_count;
    bool has_open;
    struct dns_request request;
    struct list_turn turns[DNSBL_AT_ONCE];
    struct dnsbl_question questions[DNSBL_AT_ONCE];
};

/* Messages are empty sheets with DNS_SAFE_UDP_BYTES of room, or more over TCP. */
void list_answer(struct list_answerer *a, const struct list_ask *asks, struct sheet *messages,
                 size_t count, int64_t now_us);

#endif
