/* SPDX-License-Identifier: Apache-2.0 */
#include "env/clock.h"
#include "gate/http/inside.h"
#include "gate/http/limit.h"
#include "gate/http/wire.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

enum { BODY_GRACE_S = 5 };

/* The first byte of a request has come. */
static void request_begin(struct http_conn *c)
{
    c->call = (struct http_call){.conn = c};
    arena_init(&c->call.arena, c->web->gate->options.call_arena_bytes);
    c->scan = (struct guard_scan){0};
    c->deadline_us = env_monotonic_us() + c->web->gate->options.head_ms * US_PER_MS;
    conn_move(c, PHASE_HEAD);
}

/* Gives back what the call held, but for what a stream goes on needing. */
void request_done(struct http_conn *c)
{
    struct http_call *call = &c->call;
    if (call->body != NULL)
        evbuffer_free(call->body);
    if (call->reply != NULL)
        evbuffer_free(call->reply);
    call->body = NULL;
    call->reply = NULL;
    arena_done(&call->arena);
    env_counter_drop(&c->web->gate->counters.body_bytes, call->claimed_bytes);
    call->claimed_bytes = 0;
}

/* The one answer to bytes we do not accept. What else they sent is read and thrown away. */
void request_refuse(struct http_conn *c, int status)
{
    const struct http_port *port = &c->web->gate->port;
    bool is_body = status == 413 && port->body_refused != NULL;
    c->call.closes = true;
    reply_build_status(&c->call, status,
                       is_body ? port->body_refused(port->self, &c->call.request) : STR(""));
    conn_answered(c);
}

static void refuse_evil(struct http_conn *c, err e)
{
    struct http_gate *g = c->web->gate;
    env_counter_add(&g->counters.guard_refused, 1);
    if (g->options.log != NULL)
        LOG(g->options.log, LOG_INFO, "http.guard", LOG_WHY(e), LOG_INT("status", e.at));
    request_refuse(c, (int)e.at);
}

/* A proxy on this machine says for whom it asks; the last entry is the one it wrote itself. */
static str find_peer(struct http_conn *c)
{
    unsigned char prefix[8];
    str peer = str_from_c(c->peer);
    str said = http_request_header(&c->call.request, STR("X-Forwarded-For"));
    bool is_local = str_starts(peer, STR("127.")) || str_equal(peer, STR("::1"));
    if (!c->web->gate->options.is_behind_proxy || !(is_local || c->is_unix))
        return peer;
    str last = STR("");
    while (str_split(&said, ',', &last))
        continue;
    last = str_trim(last);
    return http_peer_prefix(last, prefix) > 0 ? last : peer;
}

static void fill_request(struct http_conn *c)
{
    const struct http_port *port = &c->web->gate->port;
    struct http_request *r = &c->call.request;
    r->method = r->head.method;
    r->path = r->head.path;
    r->query = r->head.query;
    r->host = r->head.host;
    r->body = STR("");
    r->peer = find_peer(c);
    r->language = http_language_first(http_request_header(r, STR("Accept-Language")));
    r->is_unix_peer_trusted = c->is_trusted;
    r->is_foreign_host = port->host_is_ours != NULL && !port->host_is_ours(port->self, r->host);
}

static size_t body_most(const struct http_conn *c)
{
    const struct http_gate *g = c->web->gate;
    if (g->port.body_most == NULL)
        return g->options.body_bytes;
    return g->port.body_most(g->port.self, &c->call.request);
}

/* The head is sound: is its body welcome? */
static void head_done(struct http_conn *c)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const struct http_head *head = &c->call.request.head;
    fill_request(c);
    c->body_most = body_most(c);
    if (head->framing == GUARD_COUNTED && head->body_bytes > c->body_most) {
        request_refuse(c, 413);
        return;
    }
    guard_body_init(&c->body, head);
    c->body_seen = 0;
    c->body_since_us = env_monotonic_us();
    c->deadline_us = c->body_since_us + BODY_GRACE_S * US_PER_S;
    conn_move(c, PHASE_BODY);
    struct evbuffer *input = bufferevent_get_input(c->bev);
    if (head->expects_continue && evbuffer_get_length(input) == 0)
        bufferevent_write(c->bev, go_on, sizeof go_on - 1);
}

/* Up to HTTP_HEAD_BYTES of what has come, in one piece. */
static str first_bytes(struct evbuffer *input)
{
    size_t size = evbuffer_get_length(input);
    if (size > HTTP_HEAD_BYTES)
        size = HTTP_HEAD_BYTES;
    return str_make((const char *)evbuffer_pullup(input, (ev_ssize_t)size), size);
}

static bool advance_head(struct http_conn *c)
{
    struct evbuffer *input = bufferevent_get_input(c->bev);
    str head = first_bytes(input);
    enum guard_found found = guard_scan_step(&c->scan, head);
    if (found == GUARD_FOUND_EVIL) {
        refuse_evil(c, fail(ERR_MALFORMED, "guard: a bare CR, a bare LF or a NUL", 400));
        return false;
    }
    if (found == GUARD_NEEDS_MORE) {
        if (head.size == HTTP_HEAD_BYTES)
            refuse_evil(c, fail(ERR_MALFORMED, "guard: the head is too long", 431));
        return false;
    }
    struct http_header *room =
        arena_make_array(&c->call.arena, GUARD_HEADERS, sizeof(struct http_header));
    str copy = str_copy(&c->call.arena, str_until(head, c->scan.seen));
    assert(room != NULL && copy.at != NULL); /* far below call_arena_bytes */
    evbuffer_drain(input, c->scan.seen);
    env_counter_add(&c->web->gate->counters.bytes_in, c->scan.seen);
    err e = guard_head(copy, room, &c->call.request.head);
    if (failed(e)) {
        refuse_evil(c, e);
        return false;
    }
    head_done(c);
    return c->phase == PHASE_BODY;
}

/* The whole request is here. */
static void dispatch(struct http_conn *c)
{
    struct http_gate *g = c->web->gate;
    if (c->call.body != NULL) {
        size_t size = evbuffer_get_length(c->call.body);
        const char *at = (const char *)evbuffer_pullup(c->call.body, -1);
        c->call.request.body = size == 0 ? STR("") : str_make(at, size);
    }
    conn_move(c, PHASE_WAITING);
    bufferevent_disable(c->bev, EV_READ);
    env_counter_add(&g->counters.calls, 1);
    g->port.handle(g->port.self, &c->call);
}

/* Keeps a piece of payload; false, and refused, when it may not be kept. */
static bool keep_payload(struct http_conn *c, str payload)
{
    struct http_gate *g = c->web->gate;
    c->body_seen += payload.size;
    if (c->body_seen > c->body_most) {
        request_refuse(c, 413);
        return false;
    }
    if (!env_counter_claim(&g->counters.body_bytes, payload.size, g->options.all_bodies_bytes)) {
        request_refuse(c, 503);
        return false;
    }
    c->call.claimed_bytes += payload.size;
    if (c->call.body == NULL)
        c->call.body = evbuffer_new();
    if (c->call.body == NULL || evbuffer_add(c->call.body, payload.at, payload.size) != 0) {
        request_refuse(c, 503);
        return false;
    }
    return true;
}

static bool advance_body(struct http_conn *c)
{
    struct evbuffer *input = bufferevent_get_input(c->bev);
    while (!c->body.is_done && evbuffer_get_length(input) > 0) {
        size_t used = 0;
        str payload;
        err e = guard_body_step(&c->body, first_bytes(input), &used, &payload);
        if (failed(e)) {
            refuse_evil(c, e);
            return false;
        }
        if (payload.size > 0 && !keep_payload(c, payload))
            return false;
        env_counter_add(&c->web->gate->counters.bytes_in, used);
        evbuffer_drain(input, used);
    }
    if (c->body.is_done)
        dispatch(c);
    return false;
}

bool request_advance(struct http_conn *c)
{
    if (c->phase == PHASE_IDLE && evbuffer_get_length(bufferevent_get_input(c->bev)) > 0)
        request_begin(c);
    if (c->phase == PHASE_HEAD)
        return advance_head(c);
    if (c->phase == PHASE_BODY)
        return advance_body(c);
    return false;
}
