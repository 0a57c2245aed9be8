/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dns - the policy zone service: a primary name server that carries the listed names to resolvers
 * as a response policy zone, by AXFR, IXFR and NOTIFY, signed with TSIG where the resolver can.
 *
 * Shape     One thread runs the gate and owns everything in it. The store's thread publishes: a
 *           serial and what changed, through a bounded ring. Each publish becomes a new view of the
 *           zone; secondaries are told within NOTIFY_GAP_MS and fetch the difference.
 *
 *               store --publish--> ring --> zone step --> NOTIFY --> secondaries
 *                                             view  <------ IXFR / AXFR ----'
 *
 * Owns      Sockets, zone, history, keys. Options, entries and changes are copied.
 * Lives     From dns_gate_start to dns_gate_close; dns_gate_run must have returned by then.
 * Fails     start: what is wrong in the options, or ERR_OS when an address cannot be had. publish:
 *           ERR_BUSY when PUBLISH_RING changes wait: publish the same again later.
 * Threads   run: its own. publish, replace, stop, secondaries, serial: any. note() is called from
 *           the gate's thread and must not wait.
 * Bounds    See the enums; DNS_CONNECTIONS at once, a message of DNS_REQUEST_MAX bytes, and what
 *           rpz_limits says.
 */
#ifndef YUMEN_GATE_DNS_DNS_H
#define YUMEN_GATE_DNS_DNS_H

#include "gate/dns/form.h"
#include "gate/dns/news.h"
#include "gate/dns/policy.h"
#include "gate/dns/zone.h"

enum {
    DNS_LISTEN_MAX = 8,
    DNS_FILES_MAX = 8,
    DNS_CONNECTIONS = 256,
    DNS_REQUEST_MAX = 4096,
    PUBLISH_RING = 1024,
};

struct dns_endpoint {
    str host; /* an address, not a name */
    uint16_t port;
};

struct dns_secondary {
    struct dns_endpoint at; /* where it takes NOTIFY */
    str key;                /* a dns_key's name, or empty: known by its address */
    bool polls;             /* asks by itself: is not told */
};

struct dns_key {
    str name;
    str algorithm; /* hmac-sha256, hmac-sha512 */
    str secret;    /* base64, 16 to 128 bytes */
};

struct dns_options {
    const struct dns_endpoint *listen; /* UDP and TCP on each */
    size_t listen_count;
    const struct dns_secondary *secondaries;
    size_t secondary_count;
    const struct dns_key *keys;
    size_t key_count;
    const str *files; /* kept like the zone (copy.h) */
    size_t file_count;
    uint32_t files_every_ms; /* from one writing to the next, at least; 0: a second */
    str zone;                /* empty: DNS_ZONE */
    struct dns_notice notice;
    struct dns_times times;   /* zeros: DNS_TIMES */
    struct rpz_limits limits; /* zeros: DNS_LIMITS; zone_name_bytes is ignored */
    bool is_held;             /* like a primary that has not loaded its zone: SERVFAIL */
};

#define DNS_ZONE STR("rpz.yumen.")
/* A lift is felt after five seconds. A lost NOTIFY costs half a minute. Without this centre the
 * last list holds for three days: past a weekend, and not for ever. */
#define DNS_TIMES                                                                                  \
    ((struct dns_times){.ttl_s = 5, .refresh_s = 30, .retry_s = 10, .expire_s = 259200})
/* A day of one publish a second. */
#define DNS_LIMITS                                                                                 \
    ((struct rpz_limits){.entries = 4000000, .history_count = 90000, .history_bytes = 64u << 20})

struct dns_gate;

/* A mark of the records that stand behind the names (notice host, zone, times). When it differs
 * from the one of the last start, secondaries hold records that the history does not speak of:
 * start with a later serial and without past, so that they take the zone whole. */
err dns_options_mark(const struct dns_options *options, uint64_t *ret_mark);

/* A list for rpz_start, before there is a gate. */
err dns_options_list(const struct dns_options *options, struct rpz_list *ret_list);

err dns_gate_start(const struct dns_options *options, const struct dns_port *port,
                   const struct rpz_start *start, struct dns_gate **ret_gate);
/* Until dns_gate_stop. */
err dns_gate_run(struct dns_gate *g);
void dns_gate_stop(struct dns_gate *g);
void dns_gate_close(struct dns_gate *g); /* NULL is fine */

err dns_gate_publish(struct dns_gate *g, uint32_t serial, const struct rpz_entry *changes,
                     size_t count);
/* The same name by name (list.h): a list that dns_gate_list has begun is taken over. */
void dns_gate_list(struct dns_gate *g, struct rpz_list *ret_list);
err dns_gate_publish_list(struct dns_gate *g, uint32_t serial, struct rpz_list *list);
err dns_gate_replace_list(struct dns_gate *g, uint32_t serial, struct rpz_list *list);
/* The whole state anew: what is not among the entries is lifted. Mends a failed publish. */
err dns_gate_replace(struct dns_gate *g, uint32_t serial, const struct rpz_entry *entries,
                     size_t count);

/* Serves what was held. Until then secondaries go by what they have, and ask again. */
err dns_gate_release(struct dns_gate *g);

/* The serial that is served now, or will be when it is released. */
uint32_t dns_gate_serial(struct dns_gate *g);
/* As many as there are secondaries, `room` at most; in the order of the options. */
size_t dns_gate_secondaries(struct dns_gate *g, struct dns_secondary_state *ret_states,
                            size_t room);
size_t dns_gate_files(struct dns_gate *g, struct dns_file_state *ret_states, size_t room);
/* Where it really listens: port 0 in the options takes a free one. */
uint16_t dns_gate_port(const struct dns_gate *g, size_t listen_index);

#endif
