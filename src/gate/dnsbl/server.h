/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server - the gate's inside, shared by gate.c (life), udp.c and tcp.c.
 *
 * Shape     Two lanes, each a thread with an answerer of its own; they share what is constant, and
 *           counters.
 * Owns      As dnsbl.h says.
 * Lives     Carved from the boot arena.
 * Fails     start functions: ERR_OS with the errno.
 * Threads   Each lane's own, but the counters.
 * Bounds    dnsbl.h and the enum below.
 */
#ifndef YUMEN_GATE_DNSBL_SERVER_H
#define YUMEN_GATE_DNSBL_SERVER_H

#include "env/atomic.h"
#include "env/datagram.h"
#include "env/loop.h"
#include "gate/dns/tcp_frame.h"
#include "gate/dnsbl/answer.h"
#include "gate/dnsbl/dnsbl.h"

enum {
    UDP_OUT_BYTES = 1280,
    TCP_OUT_BYTES = 4096,
    OUTPUT_HIGH_BYTES = 64 * 1024,
    OUTPUT_LOW_BYTES = 8 * 1024,
    WRITE_STALL_S = 10,
};

/* A turn of datagrams, as the answerer asks for them. */
struct udp_batch {
    struct list_ask ask[DNSBL_AT_ONCE];
    struct sheet message[DNSBL_AT_ONCE];
    struct datagram *came_as[DNSBL_AT_ONCE];
};

struct dnsbl_gate {
    struct arena boot;
    struct list_rules rules;
    struct rate rate;
    struct sockaddr_storage address;
    struct env_counter asked[DNSBL_COUNT_COUNT];
    struct env_counter turns;
    struct env_counter connections;
    struct env_counter turned_away;

    /* UDP */
    struct datagram_lane lane;
    struct udp_batch *batch;
    struct list_answerer udp;

    /* TCP */
    struct env_thread tcp_thread;
    struct env_loop loop;
    struct tcp_door door;
    struct list_answerer tcp;
    struct tcp_link connection[DNSBL_CONNECTIONS];
    uint8_t tcp_out[TCP_OUT_BYTES];
};

/* What a lane has counted goes to where others read it. */
void list_counts_flush(struct dnsbl_gate *g, struct list_answerer *a);

err list_udp_start(struct dnsbl_gate *g);
err list_tcp_start(struct dnsbl_gate *g); /* finds the port when it is free to choose */
void list_tcp_stop(struct dnsbl_gate *g);

#endif
