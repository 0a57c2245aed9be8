/* SPDX-License-Identifier: Apache-2.0 */
#include "env/clock.h"
#include "gate/http/inside.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT_BYTES = 64 * 1024, LINGER_MS = 2000, LINGER_BYTES = 1024 * 1024, BODY_STEP_S = 1 };

/* A call to the kernel moves at most so much of one connection; libevent would take 16 KiB, and
 * then look at all others before the next. */
enum { WRITE_BYTES = 256 * 1024 };

static struct http_conn **list_of(struct http_conn *c)
{
    return c->phase == PHASE_STREAM ? &c->web->streams : &c->web->conns;
}

static void unlink_conn(struct http_conn *c)
{
    if (c->previous != NULL)
        c->previous->next = c->next;
    else
        *list_of(c) = c->next;
    if (c->next != NULL)
        c->next->previous = c->previous;
    c->next = NULL;
    c->previous = NULL;
}

static void link_conn(struct http_conn *c)
{
    struct http_conn **list = list_of(c);
    c->next = *list;
    if (c->next != NULL)
        c->next->previous = c;
    *list = c;
}

void conn_move(struct http_conn *c, enum http_phase phase)
{
    bool changes_list = (c->phase == PHASE_STREAM) != (phase == PHASE_STREAM);
    if (changes_list)
        unlink_conn(c);
    c->phase = phase;
    if (changes_list)
        link_conn(c);
}

void conn_close(struct http_conn *c)
{
    struct http_gate *g = c->web->gate;
    assert(c->phase != PHASE_WAITING || !g->is_started); /* the call is somebody's */
    if (c->phase == PHASE_STREAM)
        env_counter_drop(&g->counters.streams, 1);
    unlink_conn(c);
    request_done(c);
    bufferevent_free(c->bev);
    listen_forget(c);
    env_counter_drop(&c->web->load, 1);
    pool_drop(&g->conns, c);
}

static void idle_begin(struct http_conn *c)
{
    conn_move(c, PHASE_IDLE);
    c->deadline_us = env_monotonic_us() + c->web->gate->options.idle_ms * US_PER_MS;
    bufferevent_enable(c->bev, EV_READ);
}

static void advance(struct http_conn *c)
{
    while (request_advance(c))
        continue;
}

/* Our last byte is with the kernel. Closing now, with bytes of theirs unread, would make the kernel
 * send a reset, and a reset may overtake the reply. */
static void linger_begin(struct http_conn *c)
{
    struct evbuffer *input = bufferevent_get_input(c->bev);
    conn_move(c, PHASE_LINGER);
    c->deadline_us = env_monotonic_us() + LINGER_MS * US_PER_MS;
    c->discarded = 0;
    (void)shutdown((int)bufferevent_getfd(c->bev), SHUT_WR);
    evbuffer_drain(input, evbuffer_get_length(input));
    bufferevent_enable(c->bev, EV_READ);
}

static void on_read(struct bufferevent *bev, void *self)
{
    struct http_conn *c = self;
    struct evbuffer *input = bufferevent_get_input(bev);
    if (c->phase != PHASE_LINGER && c->phase != PHASE_STREAM) {
        advance(c);
        return;
    }
    c->discarded += evbuffer_get_length(input);
    evbuffer_drain(input, evbuffer_get_length(input));
    if (c->discarded > LINGER_BYTES)
        conn_close(c);
}

/* The output is empty. */
static void on_write(struct bufferevent *bev, void *self)
{
    struct http_conn *c = self;
    (void)bev;
    if (c->phase != PHASE_REPLY)
        return;
    request_done(c);
    if (c->closes) {
        linger_begin(c);
        return;
    }
    idle_begin(c);
    advance(c); /* a pipelined request may be waiting */
}

static void on_event(struct bufferevent *bev, short what, void *self)
{
    struct http_conn *c = self;
    (void)bev;
    (void)what; /* end or error: either way nobody is there to read an answer */
    if (c->phase != PHASE_WAITING)
        conn_close(c);
}

void conn_arrive(void *conn)
{
    struct http_conn *c = conn;
    int one = 1;
    if (!c->is_unix)
        (void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c->bev = bufferevent_socket_new(c->web->loop.base, c->fd, BEV_OPT_CLOSE_ON_FREE);
    if (c->bev == NULL) {
        (void)close(c->fd);
        listen_forget(c);
        env_counter_drop(&c->web->load, 1);
        pool_drop(&c->web->gate->conns, c);
        return;
    }
    link_conn(c);
    bufferevent_setcb(c->bev, on_read, on_write, on_event, c);
    bufferevent_setwatermark(c->bev, EV_READ, 0, INPUT_BYTES);
    (void)bufferevent_set_max_single_read(c->bev, INPUT_BYTES);
    (void)bufferevent_set_max_single_write(c->bev, WRITE_BYTES);
    idle_begin(c);
}

/* The handler is through with the call; the web's thread has it back. */
static void write_reply(struct http_conn *c)
{
    struct http_gate *g = c->web->gate;
    struct evbuffer *reply = c->call.reply;
    assert(reply != NULL);
    c->closes = c->call.closes;
    env_counter_add(&g->counters.bytes_out, evbuffer_get_length(reply));
    bufferevent_disable(c->bev, EV_READ);
    conn_move(c, PHASE_REPLY);
    c->deadline_us = env_monotonic_us() + g->options.write_ms * US_PER_MS;
    bufferevent_write_buffer(c->bev, reply);
    c->output_left = evbuffer_get_length(bufferevent_get_output(c->bev));
    request_done(c);
    if (c->call.opens_stream)
        stream_begin(c);
}

void conn_answered(void *conn)
{
    struct http_conn *c = conn;
    if (c->phase == PHASE_WAITING)
        env_counter_drop(&c->web->gate->counters.calls, 1);
    write_reply(c);
}

/* Bodies must keep up an average, counted after a grace. */
static void sweep_body(struct http_conn *c, int64_t now_us)
{
    int64_t rate = c->web->gate->options.body_bytes_per_s;
    int64_t elapsed_ms = (now_us - c->body_since_us) / US_PER_MS;
    if ((int64_t)c->body_seen * 1000 >= rate * elapsed_ms) {
        c->deadline_us = now_us + BODY_STEP_S * US_PER_S;
        return;
    }
    env_counter_add(&c->web->gate->counters.timed_out, 1);
    request_refuse(c, 408);
}

/* A reply that moves may take as long as it likes. */
static void sweep_reply(struct http_conn *c, int64_t now_us)
{
    size_t left = evbuffer_get_length(bufferevent_get_output(c->bev));
    if (left < c->output_left) {
        c->output_left = left;
        c->deadline_us = now_us + c->web->gate->options.write_ms * US_PER_MS;
    }
    if (now_us < c->deadline_us)
        return;
    env_counter_add(&c->web->gate->counters.timed_out, 1);
    conn_close(c);
}

static void sweep_one(struct http_conn *c, int64_t now_us)
{
    bool is_due = now_us >= c->deadline_us;
    switch (c->phase) {
    case PHASE_IDLE:
    case PHASE_LINGER:
        if (is_due)
            conn_close(c);
        return;
    case PHASE_HEAD:
        if (!is_due)
            return;
        env_counter_add(&c->web->gate->counters.timed_out, 1);
        request_refuse(c, 408);
        return;
    case PHASE_BODY:
        if (is_due)
            sweep_body(c, now_us);
        return;
    case PHASE_REPLY:
        sweep_reply(c, now_us);
        return;
    case PHASE_WAITING:
    case PHASE_STREAM:
        return;
    }
}

void conn_sweep(struct http_web *w, int64_t now_us)
{
    struct http_conn *next = NULL;
    for (struct http_conn *c = w->conns; c != NULL; c = next) {
        next = c->next;
        sweep_one(c, now_us);
    }
}
