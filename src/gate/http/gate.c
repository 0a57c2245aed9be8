/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/http/gate.h"

#include "env/clock.h"
#include "gate/http/inside.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/resource.h>

enum { TICK_MS = 250, NEWS_SPARE = 512, SPARE_FILES = 256 };

#define KIB ((size_t)1024)

struct http_options http_options_default(void)
{
    return (struct http_options){
        .threads = 2,
        .most_connections = 12000,
        .most_per_address = 256,
        .most_streams = 1000,
        .most_stream_bytes = KIB / 4 * KIB,
        .body_bytes = KIB * KIB,
        .all_bodies_bytes = 128 * KIB * KIB,
        .call_arena_bytes = 16 * KIB * KIB,
        .head_ms = 10000,
        .idle_ms = 60000,
        .body_bytes_per_s = 1024,
        .write_ms = 30000,
        .keepalive_ms = 15000,
        .stop_ms = 5000,
    };
}

/* A descriptor a connection, and some for everybody else. */
static void raise_file_limit(const struct http_options *o)
{
    struct rlimit files;
    rlim_t want = o->most_connections + SPARE_FILES;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= want)
        return;
    files.rlim_cur = files.rlim_max < want ? files.rlim_max : want;
    bool is_enough = setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur >= want;
    if (!is_enough && o->log != NULL)
        LOG(o->log, LOG_WARN, "http.few_descriptors", LOG_INT("limit", files.rlim_cur),
            LOG_INT("wanted", want));
}

static void stop_conns(struct http_web *w)
{
    struct http_conn *next = NULL;
    while (w->streams != NULL)
        conn_close(w->streams);
    for (struct http_conn *c = w->conns; c != NULL; c = next) {
        next = c->next;
        bool is_answering = c->phase == PHASE_WAITING || c->phase == PHASE_REPLY;
        if (!is_answering)
            conn_close(c);
    }
}

/* Ends the loop once nobody waits for an answer any more, or patience has. */
static void stop_step(struct http_web *w, int64_t now_us)
{
    if (w->stop_by_us == 0)
        w->stop_by_us = now_us + w->gate->options.stop_ms * US_PER_MS;
    stop_conns(w);
    if (env_counter_read(&w->load) == 0 || now_us >= w->stop_by_us)
        loop_stop(&w->loop);
}

static void on_tick(evutil_socket_t fd, short what, void *self)
{
    struct http_web *w = self;
    int64_t now_us = env_monotonic_us();
    (void)fd;
    (void)what;
    if (w == &w->gate->webs[0])
        listen_sweep(w->gate);
    conn_sweep(w, now_us);
    stream_sweep(w, now_us);
    if (env_flag_is_up(&w->gate->is_stopping))
        stop_step(w, now_us);
}

static err web_open(struct http_gate *g, struct http_web *w)
{
    const struct timeval every = {.tv_usec = TICK_MS * US_PER_MS};
    w->gate = g;
    TRY(loop_open(&w->loop));
    w->tick = event_new(w->loop.base, -1, EV_PERSIST, on_tick, w);
    if (w->tick == NULL || event_add(w->tick, &every) != 0)
        return fail(ERR_OS, "http: no timer", (uint32_t)errno);
    return OK;
}

static size_t news_count(const struct http_options *o)
{
    return o->threads * (HTTP_HISTORY + NEWS_SPARE);
}

static err gate_fill(struct http_gate *g)
{
    const struct http_options *o = &g->options;
    g->webs = arena_make_array(&g->arena, o->threads, sizeof *g->webs);
    g->addresses = arena_make_array(&g->arena, HTTP_ADDRESS_SLOTS, sizeof *g->addresses);
    if (g->webs == NULL || g->addresses == NULL)
        return fail(ERR_LIMIT, "http: no memory", 0);
    TRY(pool_open(&g->conns, &g->arena, sizeof(struct http_conn), o->most_connections));
    TRY(pool_open(&g->news, &g->arena, sizeof(struct http_news), news_count(o)));
    for (size_t i = 0; i < o->threads; i++)
        TRY(web_open(g, &g->webs[i]));
    return listen_open(g);
}

err http_gate_open(struct arena *a, const struct http_options *options,
                   const struct http_port *port, struct http_gate **ret_gate)
{
    assert(options->threads > 0 && options->most_connections > 0 && port->handle != NULL);
    struct http_gate *g = arena_make(a, sizeof *g);
    if (g == NULL || sodium_init() < 0)
        return fail(ERR_LIMIT, "http: no memory", 0);
    g->options = *options;
    g->port = *port;
    arena_init(&g->arena, SIZE_MAX / 2); /* its size follows from the options alone */
    crypto_shorthash_keygen(g->address_key);
    raise_file_limit(options);
    err e = gate_fill(g);
    if (failed(e)) {
        http_gate_close(g);
        return e;
    }
    *ret_gate = g;
    return OK;
}

static void web_run(void *self)
{
    struct http_web *w = self;
    err e = loop_run(&w->loop);
    if (failed(e) && w->gate->options.log != NULL)
        LOG(w->gate->options.log, LOG_ERROR, "http.loop", LOG_WHY(e), LOG_INT("at", e.at));
}

err http_gate_start(struct http_gate *g)
{
    g->is_started = true;
    for (size_t i = 0; i < g->options.threads; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "web-%u", (unsigned)(i % 1000));
        TRY(env_thread_start(&g->webs[i].thread, name, web_run, &g->webs[i]));
    }
    if (g->options.log != NULL)
        LOG(g->options.log, LOG_INFO, "http.started", LOG_INT("threads", g->options.threads),
            LOG_INT("listeners", g->listener_count));
    return OK;
}

void http_gate_stop(struct http_gate *g)
{
    env_flag_raise(&g->is_stopping);
    for (size_t i = 0; i < g->options.threads; i++)
        env_thread_join(&g->webs[i].thread);
    g->is_started = false;
}

static void web_close(struct http_web *w)
{
    while (w->streams != NULL)
        conn_close(w->streams);
    while (w->conns != NULL)
        conn_close(w->conns);
    stream_forget_history(w);
    if (w->tick != NULL)
        event_free(w->tick);
    loop_close(&w->loop);
}

void http_gate_close(struct http_gate *g)
{
    assert(!g->is_started);
    listen_close(g);
    for (size_t i = 0; g->webs != NULL && i < g->options.threads; i++)
        web_close(&g->webs[i]);
    pool_close(&g->conns);
    pool_close(&g->news);
    arena_done(&g->arena);
    g->webs = NULL;
}

int http_gate_port(const struct http_gate *g, size_t listener)
{
    assert(listener < g->listener_count);
    return g->listeners[listener].port;
}

struct http_metrics http_gate_metrics(const struct http_gate *g)
{
    return (struct http_metrics){
#define X(name, kind, text) .name = env_counter_read(&g->counters.name),
        HTTP_METRICS(X)
#undef X
    };
}
