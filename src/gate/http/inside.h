/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside - what the files of this folder share; nobody else includes it.
 *
 * Shape     gate 1--N web 1--N conn 1--1 call.
 * Owns      The gate: pools, webs, listeners. A web: its loop and list of connections.
 * Lives     A conn from accept to conn_close; its call from a head's first byte to the reply.
 * Threads   A web's fields, its conns and their phases: that web's thread only. A call in phase
 *           WAITING: the handler's thread. Counters: any.
 * Fails     -   Bounds  As struct http_options.
 */
#ifndef YUMEN_GATE_HTTP_INSIDE_H
#define YUMEN_GATE_HTTP_INSIDE_H

#include "env/atomic.h"
#include "env/loop.h"
#include "env/pool.h"
#include "gate/http/gate.h"

enum { HTTP_HEAD_BYTES = 16 * 1024, HTTP_HISTORY = 512, HTTP_ADDRESS_SLOTS = 1 << 15 };

enum http_phase {
    PHASE_IDLE, /* keep-alive, nothing of the next request has come */
    PHASE_HEAD,
    PHASE_BODY,
    PHASE_WAITING, /* the call is the handler's; nothing is read */
    PHASE_REPLY,   /* until the last byte is with the kernel */
    PHASE_STREAM,
    PHASE_LINGER /* we said all; reading on for a while, so that the peer can read it */
};

struct http_call {
    struct http_request request;
    struct arena arena;
    struct evbuffer *body;
    struct evbuffer *reply;
    struct loop_post done;
    struct http_conn *conn;
    void *app;
    uint64_t claimed_bytes; /* of the gate's budget for bodies */
    uint64_t upto_id;
    size_t filter_size;
    char filter[HTTP_FILTER_BYTES];
    bool opens_stream;
    bool closes; /* the connection, after the reply */
};

struct http_conn {
    struct http_web *web;
    struct http_conn *next;
    struct http_conn *previous;
    struct bufferevent *bev;
    struct loop_post arrival;
    struct http_call call;
    struct guard_scan scan;
    struct guard_body body;
    size_t body_most;
    int64_t deadline_us;
    int64_t body_since_us;
    uint64_t body_seen;
    size_t output_left; /* as the last sweep saw it */
    size_t discarded;   /* while lingering */
    int fd;             /* until bev has it */
    int address_slot;   /* -1: not counted */
    enum http_phase phase;
    bool is_unix;
    bool is_trusted;
    bool closes;
    char peer[46];
};

/* An event on its way to one web's streams, and then in its history. */
struct http_news {
    struct loop_post post;
    struct http_web *web;
    struct evbuffer *bytes;
    uint64_t id;
    bool is_end;
    size_t audience_size;
    char audience[HTTP_FILTER_BYTES];
};

struct http_web {
    struct http_gate *gate;
    struct env_loop loop;
    struct env_thread thread;
    struct event *tick;
    struct http_conn *conns; /* but for those in phase STREAM, which are here: */
    struct http_conn *streams;
    struct http_news *history[HTTP_HISTORY]; /* the newest at (history_next - 1) */
    uint64_t history_next;
    uint64_t lost_before;      /* events up to this id are no longer in the history */
    struct env_counter load;   /* connections dealt to it */
    struct env_counter gap_id; /* the last event that did not reach it */
    uint64_t gap_seen;         /* its streams were closed for gaps up to here */
    int64_t stop_by_us;        /* 0: not stopping */
};
struct http_listener {
    struct evconnlistener *listener;
    struct http_gate *gate;
    char path[108]; /* of a Unix socket; empty for TCP */
    int port;
    bool is_resting; /* out of descriptors: until the next tick */
};
struct http_counters {
#define X(name, kind, text) struct env_counter name;
    HTTP_METRICS(X)
#undef X
};
struct http_gate {
    struct http_options options;
    struct http_port port;
    struct arena arena;
    struct http_web *webs;
    struct http_listener listeners[HTTP_LISTENERS];
    size_t listener_count;
    struct pool conns;
    struct pool news;
    struct env_counter *addresses; /* connections by hash of the address */
    unsigned char address_key[16];
    struct env_flag is_stopping;
    struct http_counters counters;
    bool is_started;
};

/* conn.c */
void conn_arrive(void *conn);   /* in its web's thread, from the one that accepted it */
void conn_answered(void *conn); /* likewise, from the one that replied */
void conn_close(struct http_conn *c);
void conn_move(struct http_conn *c, enum http_phase phase);
void conn_sweep(struct http_web *w, int64_t now_us);
/* request.c */
bool request_advance(struct http_conn *c); /* true: look at the input again */
void request_done(struct http_conn *c);
void request_refuse(struct http_conn *c, int status);
/* reply.c */
void reply_build(struct http_call *call, const struct http_reply *reply);
void reply_build_status(struct http_call *call, int status, str detail); /* or empty */
void reply_post(struct http_call *call); /* from here on the call is its web's again */
/* stream.c */
void stream_begin(struct http_conn *c);
void stream_sweep(struct http_web *w, int64_t now_us);
void stream_forget_history(struct http_web *w);
/* listen.c */
err listen_open(struct http_gate *g);
void listen_close(struct http_gate *g);
void listen_sweep(struct http_gate *g);
void listen_forget(struct http_conn *c); /* frees its place under the caps */

#endif
