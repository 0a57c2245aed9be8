/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server - the gate's inside, shared by gate.c (life), udp.c and tcp.c.
 *
 * Shape     A lane is a thread with an answerer of its own; lanes share what is constant, and
 *           counters.
 * Owns      As sip.h says.
 * Lives     Carved from the boot arena.
 * Fails     start functions: ERR_OS with the errno.
 * Threads   Each lane's own, but the counters.
 * Bounds    sip.h and the enum below.
 */
#ifndef YUMEN_GATE_SIP_SERVER_H
#define YUMEN_GATE_SIP_SERVER_H

#include "env/atomic.h"
#include "env/datagram.h"
#include "env/link.h"
#include "env/loop.h"
#include "gate/sip/sip.h"

enum {
    SIP_REPLY_BYTES = SIP_REQUEST_BYTES + 2048,
    SIP_OUTPUT_HIGH_BYTES = 64 * 1024,
    SIP_OUTPUT_LOW_BYTES = 8 * 1024,
    SIP_STALL_S = 10,
};

/* A turn of datagrams, as the answerer asks for them. */
struct sip_batch {
    struct sip_ask ask[SIP_AT_ONCE];
    struct sip_sheet reply[SIP_AT_ONCE];
};

struct sip_counters {
    struct env_counter answered[SIP_TRUNKS][SIP_REASON_COUNT][SIP_SAID_COUNT];
    struct env_counter strangers;
    struct env_counter strays;
    struct env_counter turns;
    struct env_counter connections;
    struct env_counter turned_away;
};

struct sip_gate {
    struct arena boot;
    struct sip_rules rules;
    struct guard_rate number_rate;
    struct sockaddr_storage address;
    struct env_flag is_stopping;
    struct sip_counters counters;

    /* UDP */
    struct datagram_lane lane;
    struct sip_batch *batch;
    struct sip_answerer udp;

    /* TCP */
    struct env_thread tcp_thread;
    struct env_loop loop;
    struct tcp_door door;
    struct sip_answerer tcp;
    struct tcp_link connection[SIP_CONNECTIONS];
    char tcp_out[SIP_REPLY_BYTES];
};

/* What a lane has counted goes to where others read it. */
void sip_counts_flush(struct sip_gate *g, struct sip_answerer *a);

err sip_tcp_start(struct sip_gate *g); /* finds the port when it is free to choose */
void sip_tcp_stop(struct sip_gate *g);
err sip_udp_start(struct sip_gate *g);

#endif
