/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server - the gate's inside, shared by gate.c (life), udp.c, tcp.c and tell.c (NOTIFY).
 *
 * Shape     One struct a gate; everything below runs on its loop.
 * Owns      As dns.h says.
 * Lives     Carved from the boot arena; connections are slots of a fixed pool.
 * Fails     start functions: ERR_OS with the errno.
 * Threads   The loop's, except what `mutex` guards.
 * Bounds    dns.h and the enum below.
 */
#ifndef YUMEN_GATE_DNS_SERVER_H
#define YUMEN_GATE_DNS_SERVER_H

#include "env/loop.h"
#include "env/random.h"
#include "env/ring.h"
#include "gate/dns/answer.h"
#include "gate/dns/copy.h"
#include "gate/dns/dns.h"
#include "gate/dns/notify.h"
#include "gate/dns/tcp_frame.h"

enum {
    CONNECTIONS_A_HOST = 32,
    CONNECTIONS_UNKNOWN = DNS_CONNECTIONS / 2, /* the other half is for the secondaries */
    QUESTION_WAIT_S = 10,                      /* for the next whole question of a connection */
    TRANSFER_WAIT_S = 900,                     /* for a whole transfer */
    WRITE_STALL_S = 30,
    OUTPUT_HIGH_BYTES = 256 * 1024,
    OUTPUT_LOW_BYTES = 64 * 1024,
    UDP_IN_BYTES = DNS_REQUEST_MAX,
    UDP_OUT_BYTES = 2048,
};

struct event;

struct listener {
    struct dns_gate *gate;
    struct sockaddr_storage address;
    int udp_fd; /* -1: none */
    struct event *udp_event;
    struct tcp_door door;
};

struct connection {
    struct tcp_link link; /* busy: xfer is begun, and not yet off our hands */
    bool is_known;        /* comes from the address of one that may transfer */
    size_t secondary;     /* that asked for the transfer */
    struct xfer xfer;
};

struct secondary {
    struct notify notify;
    struct dns_secondary_state state; /* under mutex */
};

struct dns_gate {
    struct arena boot;
    struct env_loop loop;
    struct dns_port port;
    struct random_source random;
    struct rpz_forms forms;
    struct rpz_zone zone;
    struct tsig_keys keys;
    struct peers peers;
    struct answerer answerer;
    struct ring parcels; /* struct parcel *; full: publish refuses */
    struct event *parcel_event;
    bool is_out_of_step; /* a publish failed: later ones would leave a hole */
    struct listener listener[DNS_LISTEN_MAX];
    size_t listener_count;
    struct event *tell_event;
    struct copier copier;
    struct env_mutex mutex; /* guards every secondary's state, and serial */
    uint32_t serial;
    struct secondary secondary[PEERS_MAX];
    struct connection connection[DNS_CONNECTIONS];
    uint8_t udp_in[UDP_IN_BYTES];
    uint8_t udp_out[UDP_OUT_BYTES];
    uint8_t tcp_out[XFER_MESSAGE_BYTES];
};

void gate_note(struct dns_gate *g, enum dns_note note, struct dns_news news);
void gate_note_answer(struct dns_gate *g, const struct answer *answer);
uint64_t gate_now_s(void);
struct dns_ask gate_ask(const uint8_t *packet, size_t size, const struct sockaddr_storage *sender);

err udp_start(struct listener *l);
void udp_stop(struct listener *l);
/* ERR_OS with the errno. */
err udp_send(struct listener *l, const struct sockaddr_storage *to, const struct sheet *message);

err tcp_start(struct listener *l);
void tcp_stop(struct listener *l);
void tcp_stop_connections(struct dns_gate *g);

err tell_start(struct dns_gate *g);
void tell_stop(struct dns_gate *g);
/* The zone has moved on: everybody is to know. */
void tell_all(struct dns_gate *g);
void tell_hear(struct dns_gate *g, const struct sockaddr_storage *sender, const uint8_t *packet,
               size_t size);
/* What a secondary has fetched, or that it failed; DNS_NOBODY is fine. */
void tell_served(struct dns_gate *g, size_t secondary, const struct xfer *x);
void tell_trouble(struct dns_gate *g, size_t secondary, const char *why);

#endif
