/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Switches that like TCP better: requests one after the other on a connection (env/link.h), each as
 * long as its headers and its Content-Length say (RFC 3261 18.3). Without one, or with two, nobody
 * knows where the next begins (20.14 demands it on a stream): the request is refused, whatever
 * stands behind its headers is not read, and the connection ends. So it is with one for which there
 * is no room: it is answered by what came of it, like a datagram that was cut off.
 */
#include "env/clock.h"
#include "gate/sip/server.h"

#include <assert.h>

/* To the end of its headers; 0: that has not come. */
static size_t head_bytes(str s)
{
    const char *end = memmem(s.at, s.size, "\r\n\r\n", 4);
    return end == NULL ? 0 : (size_t)(end - s.at) + 4;
}

static enum frame_found frame(str came, struct link_frame *ret_frame)
{
    size_t begin = 0;
    uint64_t body = 0;
    struct sip_message m;
    while (str_starts(str_from(came, begin), STR("\r\n"))) /* keeps the way open: RFC 5626 4.4.1 */
        begin += 2;
    *ret_frame = (struct link_frame){.begin = begin};
    str rest = str_from(came, begin);
    if (rest.size == 0)
        return FRAME_WHOLE;
    size_t head = head_bytes(rest);
    if (head == 0 && came.size < SIP_REQUEST_BYTES)
        return FRAME_PART;
    head = head == 0 ? rest.size : head;
    if (sip_message_read(str_until(rest, head), true, &m) == SIP_NOT_ASKED)
        return FRAME_BAD;
    if (!sip_body_bytes(str_until(rest, head), SIP_REQUEST_BYTES, &body))
        body = 0; /* request_answer sees that, too */
    if (begin + head + body > SIP_REQUEST_BYTES)
        body = 0; /* and that */
    ret_frame->size = head + (size_t)body;
    return rest.size < ret_frame->size ? FRAME_PART : FRAME_WHOLE;
}

static bool request_answer(struct tcp_link *l, const uint8_t *packet, size_t size)
{
    struct sip_gate *g = l->door->self;
    struct sip_sheet reply = {.at = g->tcp_out, .room = sizeof g->tcp_out};
    struct sip_ask ask = {.packet = str_make((const char *)packet, size),
                          .sender = (const struct sockaddr *)&l->sender,
                          .is_tcp = true};
    uint64_t body = 0;
    size_t head = head_bytes(ask.packet);
    ask.is_endless = head != 0 && !sip_body_bytes(ask.packet, SIP_REQUEST_BYTES, &body);
    ask.is_cut = head == 0 || (!ask.is_endless && head + body != size);
    sip_answer(&g->tcp, &ask, &reply, 1, env_monotonic_us());
    sip_counts_flush(g, &g->tcp);
    tcp_link_wait(l, SIP_IDLE_S);
    if (ask.is_endless || ask.is_cut)
        tcp_link_end(l);
    return reply.size == 0 || tcp_link_send(l, reply.at, reply.size);
}

/* A free slot, or NULL for a stranger, and for who has had his share. */
static struct tcp_link *admit(void *self, const struct sockaddr *sender)
{
    struct sip_gate *g = self;
    struct net_host host = net_host_of(sender);
    struct tcp_link *slot = NULL;
    size_t same_host = 0;
    if (sip_trunk_find(&g->rules.trunks, &host) == SIP_NO_TRUNK)
        return NULL;
    for (size_t i = 0; i < SIP_CONNECTIONS; i++) {
        struct tcp_link *l = &g->connection[i];
        if (l->stream == NULL)
            slot = l;
        else
            same_host += net_address_is_same_host((const struct sockaddr *)&l->sender, sender);
    }
    return same_host >= SIP_CONNECTIONS_A_HOST ? NULL : slot;
}

static void hear(void *self, struct tcp_link *l, enum link_news news)
{
    struct sip_gate *g = self;
    (void)l;
    switch (news) {
    case LINK_TURNED_AWAY:
    case LINK_SPENT:
        env_counter_add(&g->counters.turned_away, 1);
        break;
    case LINK_TAKEN:
        env_counter_add(&g->counters.connections, 1);
        break;
    case LINK_NO_QUESTION:
        env_counter_add(&g->counters.strays, 1);
        break;
    case LINK_TOO_SLOW:
    case LINK_OVER:
        break;
    }
}

static void run(void *self)
{
    struct sip_gate *g = self;
    err e = loop_run(&g->loop);
    (void)e; /* libevent's own trouble: UDP goes on */
}

err sip_tcp_start(struct sip_gate *g)
{
    static const struct link_port port = {
        .frame_bytes = SIP_REQUEST_BYTES,
        .high_bytes = SIP_OUTPUT_HIGH_BYTES,
        .low_bytes = SIP_OUTPUT_LOW_BYTES,
        .stall_s = SIP_STALL_S,
        .wait_s = SIP_IDLE_S,
        .admit = admit,
        .frame = frame,
        .answer = request_answer,
        .hear = hear,
    };
    g->door = (struct tcp_door){.port = &port, .self = g};
    TRY(loop_open(&g->loop));
    TRY(tcp_door_open(&g->door, g->loop.base, &g->address));
    return env_thread_start(&g->tcp_thread, "sip-tcp", run, g);
}

void sip_tcp_stop(struct sip_gate *g)
{
    if (g->tcp_thread.is_started)
        loop_stop(&g->loop);
    env_thread_join(&g->tcp_thread);
    for (size_t i = 0; i < SIP_CONNECTIONS; i++)
        if (g->connection[i].stream != NULL)
            tcp_link_close(&g->connection[i]);
    tcp_door_close(&g->door);
    loop_close(&g->loop);
}
