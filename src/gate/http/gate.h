/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate - the HTTP server: listeners, web threads, bounds. Knows no store and no meaning.
 *
 * Shape     One thread accepts and deals connections out to the least loaded of N web threads, each
 *           with its own loop. A connection goes
 *
 *             idle -> head -> body -> waiting (for the handler) -> reply -> idle
 *               any refusal -> reply -> linger -> closed          reply -> stream (events)
 *
 * Owns      Its sockets, threads and connections.
 * Lives     open -> start -> stop -> close. After stop every handler's reply is dropped; whoever
 *           still holds a call must be done before close.
 * Fails     open and start: ERR_OS with the errno, ERR_LIMIT, ERR_MALFORMED for an address.
 * Threads   http_event_send: one at a time, in the order of ids. http_gate_metrics: any.
 * Bounds    All in struct http_options. At its limits it answers 503 with Retry-After and closes;
 *           above 7/8 of the connections it stops keeping them alive.
 */
#ifndef YUMEN_GATE_HTTP_GATE_H
#define YUMEN_GATE_HTTP_GATE_H

#include "env/log.h"
#include "gate/http/http.h"

enum { HTTP_LISTENERS = 8 };

struct http_options {
    const char *listen[HTTP_LISTENERS]; /* "127.0.0.1:8080", "[::1]:0", or "unix:/run/yumen.sock" */
    size_t listen_count;
    struct log *log; /* may be NULL */
    size_t threads;
    size_t most_connections;
    size_t most_per_address; /* not counted: loopback and Unix */
    size_t most_streams;
    size_t most_stream_bytes; /* waiting for one slow reader, which is then dropped */
    size_t body_bytes;        /* one body, unless port->body_most says otherwise */
    size_t all_bodies_bytes;  /* all bodies being held; when joined up, briefly twice that */
    size_t call_arena_bytes;
    int head_ms; /* from its first byte to its last */
    int idle_ms;
    int body_bytes_per_s; /* slower bodies are refused after a grace of 5 s */
    int write_ms;         /* without any progress */
    int keepalive_ms;     /* between comments on a quiet stream */
    int stop_ms;          /* patience for replies while stopping */
    bool is_behind_proxy; /* peers on loopback say for whom they ask in X-Forwarded-For */
};

struct http_options http_options_default(void);

struct http_gate;

/* Binds and listens. The gate's struct is the arena's; the rest is its own. */
err http_gate_open(struct arena *a, const struct http_options *options,
                   const struct http_port *port, struct http_gate **ret_gate);
/* When it fails, stop and close as usual. */
err http_gate_start(struct http_gate *g);
/* Stops listening, lets handlers answer for stop_ms, ends the threads. */
void http_gate_stop(struct http_gate *g);
void http_gate_close(struct http_gate *g);
/* The TCP port a listener got (for "...:0"); 0 for a Unix socket. */
int http_gate_port(const struct http_gate *g, size_t listener);

/* To every open stream that wants it. */
void http_event_send(struct http_gate *g, const struct http_event *e);

#define HTTP_METRICS(X)                                                                            \
    X(requests_1xx, "sum", "informational replies")                                                \
    X(requests_2xx, "sum", "requests answered 2xx")                                                \
    X(requests_3xx, "sum", "requests answered 3xx")                                                \
    X(requests_4xx, "sum", "requests answered 4xx")                                                \
    X(requests_5xx, "sum", "requests answered 5xx")                                                \
    X(connections, "now", "open connections")                                                      \
    X(connections_shed, "sum", "connections refused at a limit")                                   \
    X(calls, "now", "calls the handlers have not answered")                                        \
    X(streams, "now", "open event streams")                                                        \
    X(streams_dropped, "sum", "streams closed because their reader was too slow")                  \
    X(guard_refused, "sum", "requests that could be read in two ways or not at all")               \
    X(timed_out, "sum", "connections closed for being slow")                                       \
    X(body_bytes, "now", "bytes of bodies held")                                                   \
    X(bytes_in, "sum", "bytes of requests")                                                        \
    X(bytes_out, "sum", "bytes of replies and events")

struct http_metrics {
#define X(name, kind, text) uint64_t name;
    HTTP_METRICS(X)
#undef X
};
struct http_metrics http_gate_metrics(const struct http_gate *g);

#endif
