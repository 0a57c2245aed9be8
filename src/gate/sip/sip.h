/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sip - screening of calls at set-up (RFC 3261): a carrier's switch asks with the INVITE itself,
 * and is told by 302 to send it on, with or without a warning, or by 608 (RFC 8688) or 603 that it
 * is rejected.
 *
 * Shape     One thread takes UDP, up to SIP_AT_ONCE datagrams a turn, and has their numbers judged
 *           in one call. A second takes TCP.
 *
 *               switch --INVITE--> gate --judge--> port        302, 608, 603 --> switch --> phone
 *
 * Owns      Sockets, threads. Options are copied, but for their texts.
 * Lives     From sip_gate_start to sip_gate_close.
 * Fails     start: what is wrong in the options, or ERR_OS when the address cannot be had.
 * Threads   start, stop and close: one. counts: any. The port is called from the gate's threads.
 * Bounds    A request of SIP_REQUEST_BYTES; SIP_CONNECTIONS at once, each closed after SIP_IDLE_S
 *           without a whole request; what answer.h says. No memory is taken after start but the
 *           connections' buffers.
 */
#ifndef YUMEN_GATE_SIP_SIP_H
#define YUMEN_GATE_SIP_SIP_H

#include "gate/sip/answer.h"
#include "gate/sip/notary.h"

enum {
    SIP_REQUEST_BYTES = 8192,
    SIP_CONNECTIONS = 256,
    SIP_CONNECTIONS_A_HOST = 32,
    SIP_IDLE_S = 120,
};

struct sip_net {
    str address;
    unsigned bits;
};

struct sip_trunk_options {
    str name;
    enum trunk_kind kind;
    bool is_asserting;
    bool is_national;
    uint16_t reject_with; /* 608 or 603 */
    int64_t calls_per_s;  /* over each transport; 0: any number */
    const struct sip_net *from;
    size_t from_count;
};

struct sip_options {
    str host; /* an address */
    uint16_t port;
    const struct sip_trunk_options *trunks;
    size_t trunk_count;
    enum sip_action actions[SIP_REASON_COUNT];
    str warning;
    str redress_url;
    bool refuses_strangers;
    struct sip_numbers exempt;    /* calls to them are never screened */
    int64_t number_calls_per_min; /* of one number on a trunk, over each transport; 0: any */
    bool has_notary;              /* what networks sign is checked; the port knows whose it is */
    int64_t fresh_s;              /* how old a signature may be */
};

struct sip_gate;

err sip_gate_start(const struct sip_options *options, const struct sip_port *port,
                   struct sip_gate **ret_gate);
/* Ends the threads: what it has counted stays to be read. NULL is fine, also below. */
void sip_gate_stop(struct sip_gate *g);
void sip_gate_close(struct sip_gate *g); /* stopped or not */

struct sip_trunk_counts sip_gate_counts(const struct sip_gate *g, size_t trunk);

struct sip_door_counts {
    uint64_t strangers;
    uint64_t strays;
    uint64_t turns;       /* of UDP: how many requests are judged at once */
    uint64_t connections; /* taken */
    uint64_t turned_away;
};
struct sip_door_counts sip_gate_door_counts(const struct sip_gate *g);
/* What was found of signatures; NULL: they are not checked. */
struct sip_notary *sip_gate_notary(const struct sip_gate *g);
/* Where it really listens: port 0 in the options takes a free one. */
uint16_t sip_gate_port(const struct sip_gate *g);

#endif
