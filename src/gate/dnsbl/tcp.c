/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever was cut over UDP, and whoever likes TCP better; see env/link.h. */
#include "env/clock.h"
#include "gate/dnsbl/server.h"

#include <assert.h>

static bool question_answer(struct tcp_link *l, const uint8_t *packet, size_t size)
{
    struct dnsbl_gate *g = l->door->self;
    struct sheet message = {.at = g->tcp_out, .room = sizeof g->tcp_out};
    struct list_ask ask = {.packet = packet,
                           .size = size,
                           .sender = (const struct sockaddr *)&l->sender,
                           .is_tcp = true};
    list_answer(&g->tcp, &ask, &message, 1, env_monotonic_us());
    list_counts_flush(g, &g->tcp);
    if (message.size == 0)
        return false;
    tcp_link_wait(l, DNSBL_IDLE_S);
    return dns_link_send(l, &message);
}

/* A free slot, or NULL when this sender has had his share. */
static struct tcp_link *admit(void *self, const struct sockaddr *sender)
{
    struct dnsbl_gate *g = self;
    struct net_host host = net_host_of(sender);
    struct tcp_link *slot = NULL;
    size_t same_host = 0;
    if (!nets_has(&g->rules.clients, &host))
        return NULL;
    for (size_t i = 0; i < DNSBL_CONNECTIONS; i++) {
        struct tcp_link *l = &g->connection[i];
        if (l->stream == NULL)
            slot = l;
        else
            same_host += net_address_is_same_host((const struct sockaddr *)&l->sender, sender);
    }
    return same_host >= DNSBL_CONNECTIONS_A_HOST ? NULL : slot;
}

static void hear(void *self, struct tcp_link *l, enum link_news news)
{
    struct dnsbl_gate *g = self;
    (void)l;
    switch (news) {
    case LINK_TURNED_AWAY:
    case LINK_SPENT:
        env_counter_add(&g->turned_away, 1);
        break;
    case LINK_TAKEN:
        env_counter_add(&g->connections, 1);
        break;
    case LINK_NO_QUESTION:
        env_counter_add(&g->asked[DNSBL_COUNT_dropped], 1);
        break;
    case LINK_TOO_SLOW:
    case LINK_OVER:
        break;
    }
}

static void run(void *self)
{
    struct dnsbl_gate *g = self;
    err e = loop_run(&g->loop);
    (void)e; /* libevent's own trouble: UDP goes on */
}

static enum frame_found frame(str came, struct link_frame *ret_frame)
{
    return dns_frame_find(came, DNSBL_QUESTION_BYTES, ret_frame);
}

err list_tcp_start(struct dnsbl_gate *g)
{
    static const struct link_port port = {
        .frame_bytes = DNS_LENGTH_BYTES + DNSBL_QUESTION_BYTES,
        .high_bytes = OUTPUT_HIGH_BYTES,
        .low_bytes = OUTPUT_LOW_BYTES,
        .stall_s = WRITE_STALL_S,
        .wait_s = DNSBL_IDLE_S,
        .admit = admit,
        .frame = frame,
        .answer = question_answer,
        .hear = hear,
    };
    g->door = (struct tcp_door){.port = &port, .self = g};
    TRY(loop_open(&g->loop));
    TRY(tcp_door_open(&g->door, g->loop.base, &g->address));
    return env_thread_start(&g->tcp_thread, "dnsbl-tcp", run, g);
}

void list_tcp_stop(struct dnsbl_gate *g)
{
    if (g->tcp_thread.is_started)
        loop_stop(&g->loop);
    env_thread_join(&g->tcp_thread);
    for (size_t i = 0; i < DNSBL_CONNECTIONS; i++)
        if (g->connection[i].stream != NULL)
            tcp_link_close(&g->connection[i]);
    tcp_door_close(&g->door);
    loop_close(&g->loop);
}
