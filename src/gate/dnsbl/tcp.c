/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TCP, RFC 7766: many questions on a connection, answered in their order; whoever says nothing, or
 * only a byte now and then, is closed.
 */
#include "env/clock.h"
#include "gate/dnsbl/server.h"

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

static void connection_close(struct list_connection *c)
{
    if (c->deadline != NULL)
        event_free(c->deadline);
    bufferevent_free(c->stream); /* and the socket */
    *c = (struct list_connection){0};
}

static void deadline_set(struct list_connection *c)
{
    struct timeval wait = {.tv_sec = DNSBL_IDLE_S};
    event_add(c->deadline, &wait);
}

/* False when the connection is not worth keeping. */
static bool question_answer(struct list_connection *c, const uint8_t *packet, size_t size)
{
    struct dnsbl_gate *g = c->gate;
    struct sheet message = {.at = g->tcp_out + LENGTH_BYTES,
                            .room = sizeof g->tcp_out - LENGTH_BYTES};
    struct list_ask ask = {.packet = packet,
                           .size = size,
                           .sender = (const struct sockaddr *)&c->sender,
                           .is_tcp = true};
    list_answer(&g->tcp, &ask, &message, 1, env_monotonic_us());
    list_counts_flush(g, &g->tcp);
    if (message.size == 0)
        return false;
    g->tcp_out[0] = (uint8_t)(message.size >> 8);
    g->tcp_out[1] = (uint8_t)message.size;
    deadline_set(c);
    return bufferevent_write(c->stream, g->tcp_out, LENGTH_BYTES + message.size) == 0;
}

enum progress { WENT_ON, MUST_WAIT, MUST_CLOSE };

static enum progress question_step(struct list_connection *c)
{
    struct evbuffer *in = bufferevent_get_input(c->stream);
    uint8_t length[LENGTH_BYTES];
    if (evbuffer_copyout(in, length, sizeof length) < LENGTH_BYTES)
        return MUST_WAIT;
    size_t size = (size_t)(length[0] << 8 | length[1]);
    if (size < DNS_HEADER_BYTES || size > DNSBL_QUESTION_BYTES) {
        env_counter_add(&c->gate->asked[DNSBL_COUNT_dropped], 1);
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

/* Goes on until there is nothing to do, or enough waits to be sent; OUTPUT_LOW_BYTES wakes it. */
static void connection_work(struct list_connection *c)
{
    struct evbuffer *out = bufferevent_get_output(c->stream);
    enum progress progress = WENT_ON;
    while (progress == WENT_ON && evbuffer_get_length(out) < OUTPUT_HIGH_BYTES)
        progress = question_step(c);
    bool is_over = progress == MUST_WAIT && c->is_last && evbuffer_get_length(out) == 0;
    if (progress == MUST_CLOSE || is_over)
        connection_close(c);
}

static void on_data(struct bufferevent *stream, void *arg)
{
    (void)stream;
    connection_work(arg);
}

static void on_stream_event(struct bufferevent *stream, short what, void *arg)
{
    struct list_connection *c = arg;
    (void)stream;
    if ((what & BEV_EVENT_EOF) == 0) {
        connection_close(c);
        return;
    }
    c->is_last = true; /* half a close: what was asked is still answered */
    connection_work(c);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    connection_close(arg);
}

/* A free slot, or NULL when this sender has had his share. */
static struct list_connection *slot_find(struct dnsbl_gate *g, const struct sockaddr *sender)
{
    struct dns_host host = dns_host_of(sender);
    struct list_connection *slot = NULL;
    size_t same_host = 0;
    if (!nets_has(&g->rules.clients, &host))
        return NULL;
    for (size_t i = 0; i < DNSBL_CONNECTIONS; i++) {
        struct list_connection *c = &g->connection[i];
        if (c->stream == NULL)
            slot = c;
        else
            same_host += dns_address_is_same_host((const struct sockaddr *)&c->sender, sender);
    }
    return same_host >= DNSBL_CONNECTIONS_A_HOST ? NULL : slot;
}

static bool connection_open(struct list_connection *c, struct dnsbl_gate *g, evutil_socket_t fd)
{
    c->gate = g;
    c->deadline = event_new(g->loop.base, -1, 0, on_deadline, c);
    c->stream = bufferevent_socket_new(g->loop.base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (c->deadline == NULL || c->stream == NULL) {
        if (c->stream == NULL)
            close((int)fd);
        else
            bufferevent_free(c->stream);
        if (c->deadline != NULL)
            event_free(c->deadline);
        *c = (struct list_connection){0};
        return false;
    }
    struct timeval stall = {.tv_sec = WRITE_STALL_S};
    bufferevent_setcb(c->stream, on_data, on_data, on_stream_event, c);
    bufferevent_setwatermark(c->stream, EV_READ, 0, LENGTH_BYTES + DNSBL_QUESTION_BYTES);
    bufferevent_setwatermark(c->stream, EV_WRITE, OUTPUT_LOW_BYTES, 0);
    bufferevent_set_timeouts(c->stream, NULL, &stall);
    bufferevent_enable(c->stream, EV_READ | EV_WRITE);
    deadline_set(c);
    return true;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *sender,
                      int size, void *arg)
{
    struct dnsbl_gate *g = arg;
    int one = 1;
    (void)listener;
    struct list_connection *c = slot_find(g, sender);
    if (c == NULL) {
        env_counter_add(&g->turned_away, 1);
        close((int)fd);
        return;
    }
    (void)setsockopt((int)fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* only a delay */
    if (!connection_open(c, g, fd))
        return;
    env_counter_add(&g->connections, 1);
    memcpy(&c->sender, sender, (size_t)size < sizeof c->sender ? (size_t)size : sizeof c->sender);
}

/* Out of descriptors or memory: waits a little instead of turning in circles. */
static void on_accept_trouble(struct evconnlistener *listener, void *arg)
{
    struct dnsbl_gate *g = arg;
    struct timeval wait = {.tv_usec = 100000};
    evconnlistener_disable(listener);
    event_add(g->listen_again, &wait);
    env_counter_add(&g->turned_away, 1);
}

static void on_again(evutil_socket_t fd, short what, void *arg)
{
    struct dnsbl_gate *g = arg;
    (void)fd;
    (void)what;
    evconnlistener_enable(g->listener);
}

static void run(void *self)
{
    struct dnsbl_gate *g = self;
    err e = loop_run(&g->loop);
    (void)e; /* libevent's own trouble: UDP goes on */
}

err list_tcp_start(struct dnsbl_gate *g)
{
    const struct sockaddr *at = (const struct sockaddr *)&g->address;
    unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;
    if (at->sa_family == AF_INET6)
        flags |= LEV_OPT_BIND_IPV6ONLY;
    TRY(loop_open(&g->loop));
    g->listen_again = event_new(g->loop.base, -1, 0, on_again, g);
    g->listener = evconnlistener_new_bind(g->loop.base, on_accept, g, flags, BACKLOG, at,
                                          (int)dns_address_bytes(at));
    if (g->listener == NULL || g->listen_again == NULL)
        return fail(ERR_OS, "dnsbl: cannot listen (TCP)", (uint32_t)errno);
    evconnlistener_set_error_cb(g->listener, on_accept_trouble);
    socklen_t size = sizeof g->address;
    if (getsockname(evconnlistener_get_fd(g->listener), (struct sockaddr *)&g->address, &size) != 0)
        return fail(ERR_OS, "dnsbl: cannot listen (TCP)", (uint32_t)errno);
    return env_thread_start(&g->tcp_thread, "dnsbl-tcp", run, g);
}

void list_tcp_stop(struct dnsbl_gate *g)
{
    if (g->tcp_thread.is_started)
        loop_stop(&g->loop);
    env_thread_join(&g->tcp_thread);
    for (size_t i = 0; i < DNSBL_CONNECTIONS; i++)
        if (g->connection[i].stream != NULL)
            connection_close(&g->connection[i]);
    if (g->listener != NULL)
        evconnlistener_free(g->listener);
    if (g->listen_again != NULL)
        event_free(g->listen_again);
    loop_close(&g->loop);
}
