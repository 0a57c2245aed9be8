/* SPDX-License-Identifier: Apache-2.0 */
/* Transfers, and whatever else is asked over TCP; env/link.h has the rest. */
#include "gate/dns/server.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>

enum { LENGTH_BYTES = 2 };

/* Its link comes first in it. */
static struct connection *connection_of(struct tcp_link *l)
{
    return (struct connection *)l;
}

static struct dns_gate *gate_of(const struct tcp_link *l)
{
    return l->door->self;
}

/* --- what is sent --- */

/* The next message of a transfer, written straight into the stream's buffer. */
static bool transfer_send(struct connection *c)
{
    struct evbuffer *out = bufferevent_get_output(c->link.stream);
    struct evbuffer_iovec room;
    if (evbuffer_reserve_space(out, LENGTH_BYTES + XFER_MESSAGE_BYTES, &room, 1) != 1)
        return false;
    uint8_t *at = room.iov_base;
    struct sheet message = {.at = at + LENGTH_BYTES, .room = XFER_MESSAGE_BYTES};
    if (!xfer_fill(&c->xfer, &message, gate_now_s()))
        return false;
    at[0] = (uint8_t)(message.size >> 8);
    at[1] = (uint8_t)message.size;
    room.iov_len = LENGTH_BYTES + message.size;
    return evbuffer_commit_space(out, &room, 1) == 0;
}

static bool question_answer(struct tcp_link *l, const uint8_t *packet, size_t size)
{
    struct connection *c = connection_of(l);
    struct dns_gate *g = gate_of(l);
    struct sheet message = {.at = g->tcp_out, .room = sizeof g->tcp_out};
    struct dns_ask ask = gate_ask(packet, size, &l->sender);
    ask.is_tcp = true;
    struct answer answer = answer_make(&g->answerer, &ask, &message, &c->xfer);
    gate_note_answer(g, &answer);
    switch (answer.kind) {
    case ANSWER_NONE:
        return false;
    case ANSWER_MESSAGE:
        tcp_link_wait(l, QUESTION_WAIT_S);
        return dns_link_send(l, &message);
    case ANSWER_TRANSFER:
        l->is_busy = true;
        c->secondary = answer.peer < g->peers.count ? answer.peer : DNS_NOBODY;
        tcp_link_wait(l, TRANSFER_WAIT_S);
        return true;
    }
    return false;
}

/* A transfer counts when the last byte has left: then the peer has it, or will ask again. */
static enum link_progress transfer_step(struct tcp_link *l)
{
    struct connection *c = connection_of(l);
    if (c->xfer.at != XFER_END)
        return transfer_send(c) ? LINK_WENT_ON : LINK_MUST_CLOSE;
    if (tcp_link_unsent(l) > 0)
        return LINK_MUST_WAIT;
    tell_served(gate_of(l), c->secondary, &c->xfer);
    xfer_done(&c->xfer);
    l->is_busy = false;
    tcp_link_wait(l, QUESTION_WAIT_S);
    return LINK_WENT_ON;
}

/* --- at the door --- */

static bool is_known_host(const struct dns_gate *g, const struct sockaddr *sender)
{
    for (size_t i = 0; i < g->peers.count; i++)
        if (net_address_is_same_host((const struct sockaddr *)&g->peers.at[i].address, sender))
            return true;
    return g->peers.count == 0 && net_address_is_loopback(sender);
}

/* A free slot, or NULL when this sender has had his share. */
static struct tcp_link *admit(void *self, const struct sockaddr *sender)
{
    struct dns_gate *g = self;
    struct connection *slot = NULL;
    bool is_known = is_known_host(g, sender);
    size_t unknown = 0;
    size_t same_host = 0;
    for (size_t i = 0; i < DNS_CONNECTIONS; i++) {
        struct connection *c = &g->connection[i];
        if (c->link.stream == NULL) {
            slot = c;
            continue;
        }
        unknown += !c->is_known;
        same_host += net_address_is_same_host((const struct sockaddr *)&c->link.sender, sender);
    }
    bool is_share_had =
        same_host >= CONNECTIONS_A_HOST || (!is_known && unknown >= CONNECTIONS_UNKNOWN);
    if (slot == NULL || is_share_had)
        return NULL;
    slot->is_known = is_known;
    slot->secondary = DNS_NOBODY;
    return &slot->link;
}

static void transfer_lost(struct dns_gate *g, struct connection *c)
{
    tell_trouble(g, c->secondary, "dns: a transfer was cut off");
    gate_note(
        g, DNS_TRANSFER_LOST,
        (struct dns_news){.secondary = c->secondary, .serial = rpz_view_serial(c->xfer.view)});
    xfer_done(&c->xfer);
}

static void hear(void *self, struct tcp_link *l, enum link_news news)
{
    struct dns_gate *g = self;
    struct dns_news nobody = {.secondary = DNS_NOBODY};
    switch (news) {
    case LINK_TURNED_AWAY:
        gate_note(g, DNS_TURNED_AWAY, nobody);
        break;
    case LINK_SPENT:
        nobody.why = "dns: cannot accept";
        gate_note(g, DNS_TURNED_AWAY, nobody);
        break;
    case LINK_TOO_SLOW:
        gate_note(g, DNS_TOO_SLOW, nobody);
        break;
    case LINK_NO_QUESTION:
        gate_note(g, DNS_DROPPED, nobody);
        break;
    case LINK_TAKEN:
        break;
    case LINK_OVER:
        if (l->is_busy)
            transfer_lost(g, connection_of(l));
        break;
    }
}

static enum frame_found frame(str came, struct link_frame *ret_frame)
{
    return dns_frame_find(came, DNS_REQUEST_MAX, ret_frame);
}

static const struct link_port port = {
    .frame_bytes = DNS_LENGTH_BYTES + DNS_REQUEST_MAX,
    .high_bytes = OUTPUT_HIGH_BYTES,
    .low_bytes = OUTPUT_LOW_BYTES,
    .stall_s = WRITE_STALL_S,
    .wait_s = QUESTION_WAIT_S,
    .admit = admit,
    .frame = frame,
    .answer = question_answer,
    .go_on = transfer_step,
    .hear = hear,
};

err tcp_start(struct listener *l)
{
    l->door = (struct tcp_door){.port = &port, .self = l->gate};
    return tcp_door_open(&l->door, l->gate->loop.base, &l->address);
}

void tcp_stop(struct listener *l)
{
    tcp_door_close(&l->door);
}

void tcp_stop_connections(struct dns_gate *g)
{
    for (size_t i = 0; i < DNS_CONNECTIONS; i++)
        if (g->connection[i].link.stream != NULL)
            tcp_link_close(&g->connection[i].link);
}
