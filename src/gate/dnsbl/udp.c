/* SPDX-License-Identifier: Apache-2.0 */
/* The lane of datagrams (env/datagram.h), and what a turn of it is here. */
#include "env/clock.h"
#include "gate/dnsbl/server.h"

#include <assert.h>

/* Those that are worth reading; what was cut off is not. */
static size_t asks_make(struct dnsbl_gate *g, struct datagram *came, size_t count)
{
    struct udp_batch *b = g->batch;
    size_t asked = 0;
    for (size_t i = 0; i < count; i++) {
        struct datagram *d = &came[i];
        g->udp.counts[DNSBL_COUNT_dropped] += d->is_cut;
        if (d->is_cut)
            continue;
        b->ask[asked] = (struct list_ask){
            .packet = d->bytes, .size = d->size, .sender = (const struct sockaddr *)d->sender};
        b->message[asked] = (struct sheet){.at = d->answer, .room = UDP_OUT_BYTES};
        b->came_as[asked++] = d;
    }
    return asked;
}

static void turn(void *self, struct datagram *came, size_t count)
{
    struct dnsbl_gate *g = self;
    struct udp_batch *b = g->batch;
    size_t asked = asks_make(g, came, count);
    list_answer(&g->udp, b->ask, b->message, asked, env_monotonic_us());
    for (size_t i = 0; i < asked; i++)
        b->came_as[i]->answer_size = b->message[i].size;
    env_counter_add(&g->turns, 1); /* before anybody hears of it, who may then look */
    list_counts_flush(g, &g->udp);
}

err list_udp_start(struct dnsbl_gate *g)
{
    static const struct datagram_port port = {.thread = "dnsbl-udp",
                                              .most_bytes = DNSBL_QUESTION_BYTES,
                                              .answer_bytes = UDP_OUT_BYTES,
                                              .is_whole = true,
                                              .gathers = true,
                                              .turn = turn};
    static_assert((int)DATAGRAMS_AT_ONCE == (int)DNSBL_AT_ONCE, "a turn is asked at once");
    g->batch = arena_make(&g->boot, sizeof *g->batch);
    if (g->batch == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    g->lane.port = &port;
    g->lane.self = g;
    return datagram_lane_open(&g->lane, &g->address, &g->boot);
}
