/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dnsbl - the DNS list (RFC 5782): mail and SMS gateways ask whether a domain or a number is
 * listed, as they ask any other list.
 *
 * Shape     Two zones, answered by name server's rules from what the port says.
 *
 *               evil.example.dbl.yumen.  A    127.0.0.2 block, 127.0.0.3 warn
 *               8.7...6.8.num.yumen.     TXT  why, and where to appeal
 *
 *           One thread takes UDP, up to 64 datagrams a turn, and has them judged in one call. A
 *           second takes TCP (RFC 7766): what is cut over UDP can be had there.
 * Owns      Sockets, threads, the table of rates. Options are copied.
 * Lives     From dnsbl_gate_start to dnsbl_gate_close, which ends the threads.
 * Fails     start: what is wrong in the options, or ERR_OS when the address cannot be had.
 * Threads   start and close: one. counts: any. The port is called from the gate's two threads.
 * Bounds    DNSBL_CONNECTIONS at once, each closed after DNSBL_IDLE_S without a question; a
 *           question of DNSBL_QUESTION_BYTES; what answer.h and rate.h say. No memory is taken
 *           after start but the connections' buffers.
 */
#ifndef YUMEN_GATE_DNSBL_DNSBL_H
#define YUMEN_GATE_DNSBL_DNSBL_H

#include "gate/dnsbl/port.h"

enum {
    DNSBL_CONNECTIONS = 128,
    DNSBL_CONNECTIONS_A_HOST = 16,
    DNSBL_IDLE_S = 10,
    DNSBL_QUESTION_BYTES = 2048,
};

struct dnsbl_net {
    str address;
    unsigned bits;
};

struct dnsbl_options {
    str host; /* an address; UDP and TCP */
    uint16_t port;
    str domains; /* "dbl.yumen." */
    str numbers; /* "num.yumen." */
    str server;  /* named by NS and SOA */
    uint32_t ttl_s;
    uint32_t nothing_s;              /* how long "not listed" may be remembered */
    const struct dnsbl_net *clients; /* who may ask; none: this machine */
    size_t client_count;
    const struct dnsbl_net *trusted; /* no limits for these; none: this machine */
    size_t trusted_count;
    uint32_t answers_per_s; /* to a network, of a kind; 0: no limit */
    uint32_t slip;          /* each so manieth answer beyond that is cut; 0: none is */
};

/* Of the connections; of the questions see port.h. */
struct dnsbl_counts {
    uint64_t asked[DNSBL_COUNT_COUNT];
    uint64_t turns;       /* of UDP: how many questions are judged at once */
    uint64_t connections; /* taken */
    uint64_t turned_away;
};

struct dnsbl_gate;

err dnsbl_gate_start(const struct dnsbl_options *options, const struct dnsbl_port *port,
                     struct dnsbl_gate **ret_gate);
void dnsbl_gate_close(struct dnsbl_gate *g); /* NULL is fine */
struct dnsbl_counts dnsbl_gate_counts(const struct dnsbl_gate *g);
/* Where it really listens: port 0 in the options takes a free one. */
uint16_t dnsbl_gate_port(const struct dnsbl_gate *g);

#endif
