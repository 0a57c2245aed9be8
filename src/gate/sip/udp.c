/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lane of datagrams (env/datagram.h), and what a turn of it is here. It never waits to gather
 * more: somebody holds a telephone.
 *
 * An answer goes to the address the request came from. The port is the request's own where the Via
 * asks for that (RFC 3581), else the one it names (RFC 3261 18.2.2). `maddr` would send it to a
 * third party's address and is not followed, nor is the port that a stranger names.
 */
#include "env/clock.h"
#include "gate/sip/server.h"

#include <assert.h>
#include <netinet/in.h>

enum { SIP_PORT = 5060 };

static void port_put(struct sockaddr_storage *address, uint16_t port)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->ss_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        v6.sin6_port = htons(port);
        memcpy(address, &v6, sizeof v6);
        return;
    }
    memcpy(&v4, address, sizeof v4);
    v4.sin_port = htons(port);
    memcpy(address, &v4, sizeof v4);
}

/* What became of it, and where that goes. */
static void settle(const struct sip_turn *turn, const struct sip_sheet *reply, struct datagram *d)
{
    const struct sip_via *via = &turn->message.via;
    d->answer_size = reply->size;
    if (reply->size > 0 && !via->has_rport && turn->trunk != SIP_NO_TRUNK)
        port_put(d->sender, via->port != 0 ? via->port : SIP_PORT);
}

static void turn(void *self, struct datagram *came, size_t count)
{
    struct sip_gate *g = self;
    struct sip_batch *b = g->batch;
    for (size_t i = 0; i < count; i++) {
        b->ask[i] = (struct sip_ask){
            .packet = str_make((const char *)came[i].bytes, came[i].size),
            .sender = (const struct sockaddr *)came[i].sender,
            .is_cut = came[i].is_cut,
        };
        b->reply[i] = (struct sip_sheet){.at = (char *)came[i].answer, .room = SIP_REPLY_BYTES};
    }
    sip_answer(&g->udp, b->ask, b->reply, count, env_monotonic_us());
    for (size_t i = 0; i < count; i++)
        settle(&g->udp.turns[i], &b->reply[i], &came[i]);
    env_counter_add(&g->counters.turns, 1);
    sip_counts_flush(g, &g->udp); /* before anybody hears of it, who may then look */
}

err sip_udp_start(struct sip_gate *g)
{
    static const struct datagram_port port = {.thread = "sip-udp",
                                              .most_bytes = SIP_REQUEST_BYTES,
                                              .answer_bytes = SIP_REPLY_BYTES,
                                              .turn = turn};
    static_assert((int)DATAGRAMS_AT_ONCE == (int)SIP_AT_ONCE, "a turn is asked at once");
    g->batch = arena_make(&g->boot, sizeof *g->batch);
    if (g->batch == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    g->lane.port = &port;
    g->lane.self = g;
    return datagram_lane_open(&g->lane, &g->address, &g->boot);
}
