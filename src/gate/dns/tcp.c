/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/server.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum { LENGTH_BYTES = 2, BACKLOG = 128 };

/* --- one connection --- */

static void connection_close(struct connection *c)
{
    struct dns_gate *g = c->gate;
    if (c->is_sending) {
        tell_trouble(g, c->secondary, "dns: a transfer was cut off");
        gate_note(
            g, DNS_TRANSFER_LOST,
            (struct dns_news){.secondary = c->secondary, .serial = rpz_view_serial(c->xfer.view)});
        xfer_done(&c->xfer);
    }
    event_free(c->deadline);
    bufferevent_free(c->stream); /* and the socket */
    *c = (struct connection){0};
}

static void deadline_set(struct connection *c, int seconds)
{
    struct timeval wait = {.tv_sec = seconds};
    event_add(c->deadline, &wait);
}

static void message_send(struct connection *c, const struct sheet *message)
{
    struct evbuffer *out = bufferevent_get_output(c->stream);
    uint8_t length[LENGTH_BYTES] = {(uint8_t)(message->size >> 8), (uint8_t)message->size};
    evbuffer_add(out, length, sizeof length);
    evbuffer_add(out, message->at, message->size);
}

/* The next message of a transfer, written straight into the stream's buffer. */
static bool transfer_send(struct connection *c)
{
    struct evbuffer *out = bufferevent_get_output(c->stream);
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

/* False when the connection is not worth keeping. */
static bool question_answer(struct connection *c, const uint8_t *packet, size_t size)
{
    struct dns_gate *g = c->gate;
    struct sheet message = {.at = g->tcp_out, .room = sizeof g->tcp_out};
    struct dns_ask ask = gate_ask(packet, size, &c->sender);
    ask.is_tcp = true;
    struct answer answer = answer_make(&g->answerer, &ask, &message, &c->xfer);
    gate_note_answer(g, &answer);
    switch (answer.kind) {
    case ANSWER_NONE:
        return false;
    case ANSWER_MESSAGE:
        message_send(c, &message);
        deadline_set(c, QUESTION_WAIT_S);
        return true;
    case ANSWER_TRANSFER:
        c->is_sending = true;
        c->secondary = answer.peer < g->peers.count ? answer.peer : DNS_NOBODY;
        deadline_set(c, TRANSFER_WAIT_S);
        return true;
    }
    return false;
}

enum progress { WENT_ON, MUST_WAIT, MUST_CLOSE };

static enum progress question_step(struct connection *c)
{
    struct evbuffer *in = bufferevent_get_input(c->stream);
    uint8_t length[LENGTH_BYTES];
    if (evbuffer_copyout(in, length, sizeof length) < LENGTH_BYTES)
        return MUST_WAIT;
    size_t size = (size_t)(length[0] << 8 | length[1]);
    if (size < DNS_HEADER_BYTES || size > DNS_REQUEST_MAX) {
        gate_note(c->gate, DNS_DROPPED, (struct dns_news){.secondary = DNS_NOBODY});
        return MUST_CLOSE;
    }
    if (evbuffer_get_length(in) < LENGTH_BYTES + size)
        return MUST_WAIT;
    const uint8_t *at = evbuffer_pullup(in, (ssize_t)(LENGTH_BYTES + size));
    if (at == NULL || !question_answer(c, at + LENGTH_BYTES, size))
        return MUST_CLOSE;
    evbuffer_drain(in, LENGTH_BYTES + size);
    return WENT_ON;
}

/* A transfer counts when the last byte has left: then the peer has it, or will ask again. */
static enum progress transfer_step(struct connection *c)
{
    if (c->xfer.at != XFER_END)
        return transfer_send(c) ? WENT_ON : MUST_CLOSE;
    if (evbuffer_get_length(bufferevent_get_output(c->stream)) > 0)
        return MUST_WAIT;
    tell_served(c->gate, c->secondary, &c->xfer);
    xfer_done(&c->xfer);
    c->is_sending = false;
    deadline_set(c, QUESTION_WAIT_S);
    return WENT_ON;
}

/* Goes on until there is nothing to do, or enough waits to be sent; OUTPUT_LOW_BYTES wakes it. */
static void connection_work(struct connection *c)
{
    struct evbuffer *out = bufferevent_get_output(c->stream);
    enum progress progress = WENT_ON;
    while (progress == WENT_ON && evbuffer_get_length(out) < OUTPUT_HIGH_BYTES)
        progress = c->is_sending ? transfer_step(c) : question_step(c);
    bool is_idle = !c->is_sending && evbuffer_get_length(out) == 0;
    if (progress == MUST_CLOSE || (progress == MUST_WAIT && is_idle && c->is_last))
        connection_close(c);
}

static void on_data(struct bufferevent *stream, void *arg)
{
    (void)stream;
    connection_work(arg);
}

static void on_stream_event(struct bufferevent *stream, short what, void *arg)
{
    struct connection *c = arg;
    (void)stream;
    if ((what & BEV_EVENT_TIMEOUT) != 0)
        gate_note(c->gate, DNS_TOO_SLOW, (struct dns_news){.secondary = DNS_NOBODY});
    if ((what & BEV_EVENT_EOF) == 0) {
        connection_close(c);
        return;
    }
    c->is_last = true; /* half a close: what was asked is still answered */
    connection_work(c);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct connection *c = arg;
    (void)fd;
    (void)what;
    bool has_begun = evbuffer_get_length(bufferevent_get_input(c->stream)) > 0;
    if (has_begun || c->is_sending)
        gate_note(c->gate, DNS_TOO_SLOW, (struct dns_news){.secondary = DNS_NOBODY});
    connection_close(c);
}

/* --- at the door --- */

static bool is_known_host(const struct dns_gate *g, const struct sockaddr *sender)
{
    for (size_t i = 0; i < g->peers.count; i++)
        if (dns_address_is_same_host((const struct sockaddr *)&g->peers.at[i].address, sender))
            return true;
    return g->peers.count == 0 && dns_address_is_loopback(sender);
}

/* A free slot, or NULL when this sender has had his share. */
static struct connection *slot_find(struct dns_gate *g, const struct sockaddr *sender,
                                    bool is_known)
{
    struct connection *slot = NULL;
    size_t unknown = 0;
    size_t same_host = 0;
    for (size_t i = 0; i < DNS_CONNECTIONS; i++) {
        struct connection *c = &g->connection[i];
        if (c->stream == NULL) {
            slot = c;
            continue;
        }
        unknown += !c->is_known;
        same_host += dns_address_is_same_host((const struct sockaddr *)&c->sender, sender);
    }
    bool is_share_had =
        same_host >= CONNECTIONS_A_HOST || (!is_known && unknown >= CONNECTIONS_UNKNOWN);
    return is_share_had ? NULL : slot;
}

static bool connection_open(struct connection *c, struct dns_gate *g, evutil_socket_t fd)
{
    c->gate = g;
    c->secondary = DNS_NOBODY;
    c->deadline = event_new(g->loop.base, -1, 0, on_deadline, c);
    c->stream = bufferevent_socket_new(g->loop.base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (c->deadline == NULL || c->stream == NULL) {
        if (c->deadline != NULL)
            event_free(c->deadline);
        if (c->stream != NULL)
            bufferevent_free(c->stream);
        else
            close((int)fd);
        *c = (struct connection){0};
        return false;
    }
    struct timeval stall = {.tv_sec = WRITE_STALL_S};
    bufferevent_setcb(c->stream, on_data, on_data, on_stream_event, c);
    bufferevent_setwatermark(c->stream, EV_READ, 0, OUTPUT_LOW_BYTES);
    bufferevent_setwatermark(c->stream, EV_WRITE, OUTPUT_LOW_BYTES, 0);
    bufferevent_set_timeouts(c->stream, NULL, &stall);
    bufferevent_enable(c->stream, EV_READ | EV_WRITE);
    deadline_set(c, QUESTION_WAIT_S);
    return true;
}

static void on_accept(struct evconnlistener *tcp, evutil_socket_t fd, struct sockaddr *sender,
                      int size, void *arg)
{
    struct listener *l = arg;
    struct dns_gate *g = l->gate;
    int one = 1;
    (void)tcp;
    bool is_known = is_known_host(g, sender);
    struct connection *c = slot_find(g, sender, is_known);
    if (c == NULL) {
        close((int)fd);
        gate_note(g, DNS_TURNED_AWAY, (struct dns_news){.secondary = DNS_NOBODY});
        return;
    }
    (void)setsockopt((int)fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* only a delay */
    if (!connection_open(c, g, fd))
        return;
    c->is_known = is_known;
    memcpy(&c->sender, sender, (size_t)size < sizeof c->sender ? (size_t)size : sizeof c->sender);
}

/* Out of descriptors or memory: waits a little instead of turning in circles. */
static void on_accept_trouble(struct evconnlistener *tcp, void *arg)
{
    struct listener *l = arg;
    struct timeval wait = {.tv_usec = 100000};
    evconnlistener_disable(tcp);
    event_add(l->tcp_again, &wait);
    gate_note(l->gate, DNS_TURNED_AWAY,
              (struct dns_news){.secondary = DNS_NOBODY, .why = "dns: cannot accept"});
}

static void on_again(evutil_socket_t fd, short what, void *arg)
{
    struct listener *l = arg;
    (void)fd;
    (void)what;
    evconnlistener_enable(l->tcp);
}

err tcp_start(struct listener *l)
{
    struct event_base *base = l->gate->loop.base;
    const struct sockaddr *at = (const struct sockaddr *)&l->address;
    unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;
    if (at->sa_family == AF_INET6)
        flags |= LEV_OPT_BIND_IPV6ONLY;
    l->tcp_again = event_new(base, -1, 0, on_again, l);
    l->tcp =
        evconnlistener_new_bind(base, on_accept, l, flags, BACKLOG, at, (int)dns_address_bytes(at));
    if (l->tcp == NULL || l->tcp_again == NULL)
        return fail(ERR_OS, "dns: cannot listen (TCP)", (uint32_t)errno);
    evconnlistener_set_error_cb(l->tcp, on_accept_trouble);
    socklen_t size = sizeof l->address;
    if (getsockname(evconnlistener_get_fd(l->tcp), (struct sockaddr *)&l->address, &size) != 0)
        return fail(ERR_OS, "dns: cannot listen (TCP)", (uint32_t)errno);
    return OK;
}

void tcp_stop(struct listener *l)
{
    if (l->tcp != NULL)
        evconnlistener_free(l->tcp);
    if (l->tcp_again != NULL)
        event_free(l->tcp_again);
    l->tcp = NULL;
    l->tcp_again = NULL;
}

void tcp_stop_connections(struct dns_gate *g)
{
    for (size_t i = 0; i < DNS_CONNECTIONS; i++)
        if (g->connection[i].stream != NULL)
            connection_close(&g->connection[i]);
}
