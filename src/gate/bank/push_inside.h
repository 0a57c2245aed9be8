/* SPDX-License-Identifier: Apache-2.0 */
/*
 * push_inside - what the files of push share; nobody else includes it.
 *
 * Shape     push 1--N places (a provider each), push 1--N attempts, an attempt 1--1 connection.
 * Owns      An attempt: its arena, connection, deadline. The push: everything else.
 * Lives     An attempt, from push_put to attempt_end.
 * Fails     -
 * Threads   The list of attempts and the places: any, under the mutex. An attempt's connection: the
 *           loop's thread, and push_close after that has ended.
 * Bounds    As struct push_options.
 */
#ifndef YUMEN_GATE_BANK_PUSH_INSIDE_H
#define YUMEN_GATE_BANK_PUSH_INSIDE_H

#include "env/atomic.h"
#include "env/loop.h"
#include "env/pool.h"
#include "gate/bank/push.h"

enum { PUSH_NAME_BYTES = 64, PUSH_HEADERS = 8 };

struct evdns_base;
struct evhttp_connection;
struct ssl_ctx_st;
struct ssl_st;

struct push_header {
    const char *name;
    const char *value;
};

struct push_place {
    char name[PUSH_NAME_BYTES + 1];
    size_t used;
};

struct push_target {
    char *host;       /* without brackets */
    const char *path; /* with its query */
    int port;
    bool is_tls;
};

struct push_attempt {
    struct push *push;
    struct push_place *place;
    struct push_attempt *next;
    struct push_attempt *previous;
    struct arena arena;
    uint64_t id;
    struct push_target target;
    struct push_header headers[PUSH_HEADERS];
    size_t header_count;
    str body;
    struct loop_post post; /* its start, then its end */
    struct evhttp_connection *connection;
    struct event *deadline;
    struct ssl_st *ssl; /* our own reference: asked why, after the connection let go of it */
    bool is_over;       /* reported */
};

struct push {
    struct push_options options;
    struct push_port port;
    struct env_loop loop;
    struct env_thread thread;
    struct env_mutex mutex;
    struct pool pool;
    struct push_place *places;
    size_t place_count;
    struct push_attempt *attempts;
    struct evdns_base *dns;
    struct ssl_ctx_st *tls;
    bool is_started;
#define X(name, kind, text) struct env_counter name;
    PUSH_METRICS(X)
#undef X
};

/* push_letter.c: where to and with what; the parts of an attempt that never change. */
err push_address(const struct push_letter *letter, struct arena *a, struct push_attempt *ret);
/* push_tls.c */
err push_tls_open(const struct push_options *options, struct ssl_ctx_st **ret_tls);
void push_tls_close(struct ssl_ctx_st *tls);
/* A client's end that will accept this host alone; NULL without memory. */
struct ssl_st *push_tls_make(struct ssl_ctx_st *tls, char *host);
bool push_tls_is_distrusted(const struct ssl_st *ssl);
void push_tls_keep(struct ssl_st *ssl);
void push_tls_drop(struct ssl_st *ssl);
/* push_send.c: in the loop's thread. */
void attempt_start(void *attempt);
/* Lets go of connection and timer. */
void attempt_cut(struct push_attempt *a);
/* push.c: gives its place back. */
void attempt_end(void *attempt);

#endif
