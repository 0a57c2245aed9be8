/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http - what a request and a reply are to whoever answers: the port that app fills in.
 *
 * Shape     The gate reads a request, hands port->handle a call, and forgets it until
 *           http_reply_send or http_stream_open, which may come at once or later from any thread.
 *
 *             socket --guard--> call --handle()--> app ... --http_reply_send()--> socket
 *
 * Owns      The call owns its arena and the request's bytes. From handle() to the reply, the call
 *           is the handler's; after it, neither call nor request may be touched.
 * Lives     A call: until replied. Every call MUST be replied to, also while stopping.
 * Fails     http_reply_send never: what cannot be sent any more is dropped with its connection.
 * Threads   handle, host_is_ours, body_most and stream_wants run in web threads and must not block.
 *           A call: one thread at a time.
 * Bounds    Head 16 KiB, 64 headers; body as body_most says; the call's arena: call_arena_bytes.
 */
#ifndef YUMEN_GATE_HTTP_HTTP_H
#define YUMEN_GATE_HTTP_HTTP_H

#include "base/arena.h"
#include "base/str.h"
#include "gate/http/guard.h"

struct http_call;

struct http_request {
    enum http_method method;
    str path;     /* begins with '/'; still percent-encoded: see http_decode */
    str query;    /* without '?'; still encoded: see http_query_find */
    str host;     /* as sent, with its port */
    str body;     /* whole */
    str peer;     /* "192.0.2.1", "2001:db8::1", "unix" */
    str language; /* first choice of Accept-Language, "zh" of "zh-CN"; may be empty */
    struct http_head head;
    bool is_unix_peer_trusted; /* over the Unix socket, from a process of our own user */
    bool is_foreign_host;      /* host_is_ours said no: the notice page's case */
};

/* By name, in any case; the empty str when there is none. */
str http_request_header(const struct http_request *r, str name);

struct http_reply {
    int status;
    str content_type; /* may be empty when there is no body */
    const struct http_header *headers;
    size_t header_count;
    str body;
    bool is_body_static; /* lives until the gate is closed: is not copied */
    /* Not NULL: the body is not copied, and stays until this is called, by whatever thread. */
    void (*body_done)(const void *body, size_t size, void *self);
    void *body_self;
};

struct http_port {
    void *self;
    void (*handle)(void *self, struct http_call *call);
    /* NULL: every Host is ours. `host` is as sent. */
    bool (*host_is_ours)(void *self, str host);
    /* How long a body this head may bring; more is 413. NULL: the gate's default. */
    size_t (*body_most)(void *self, const struct http_request *head);
    /* What to say of one that was longer: plain text without quotes. NULL: nothing. */
    str (*body_refused)(void *self, const struct http_request *head);
    /* Whether a stream opened with `filter` may see an event for `audience`. NULL: every one. */
    bool (*stream_wants)(void *self, str filter, str audience);
};

const struct http_request *http_call_request(const struct http_call *call);
struct arena *http_call_arena(struct http_call *call);
/* A place for the handler's own pointer. */
void http_call_put_app(struct http_call *call, void *app);
void *http_call_app(const struct http_call *call);

/* Copies all it is given, but a body that says otherwise. Adds Date, length, the security headers
 * and, unless `headers` has its own, "Cache-Control: no-store". A header with a line break or a NUL
 * in it is left out. */
void http_reply_send(struct http_call *call, const struct http_reply *reply);
/* The body is a file's first bytes; takes the descriptor. For exports too long for memory. */
void http_reply_send_file(struct http_call *call, const struct http_reply *reply, int fd,
                          size_t bytes);
/* A bare status with a short application/problem+json body. */
void http_reply_send_status(struct http_call *call, int status);

struct http_stream_start {
    str filter;       /* at most HTTP_FILTER_BYTES; handed to port->stream_wants */
    str backlog;      /* sent first: events the client missed, built with http_event_format */
    uint64_t upto_id; /* the last event the backlog covers; later ones follow by themselves */
};
enum { HTTP_FILTER_BYTES = 96 };
/* Answers the call with a stream of Server-Sent Events; 503 when there are too many. */
void http_stream_open(struct http_call *call, const struct http_stream_start *start);

struct http_event {
    str name;     /* "listing" */
    str data;     /* one JSON object */
    str audience; /* at most HTTP_FILTER_BYTES */
    uint64_t id;  /* rises from event to event; 0: none, and never sent again */
    bool is_end;  /* nothing is sent: the streams that want it are closed */
};
void http_event_format(const struct http_event *e, struct text *ret_text);

#endif
