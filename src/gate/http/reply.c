/* SPDX-License-Identifier: Apache-2.0 */
#include "env/clock.h"
#include "env/file.h"
#include "gate/http/inside.h"
#include "gate/http/wire.h"

#include <assert.h>
#include <event2/buffer.h>
#include <stdio.h>

/* On every reply, unless the handler brings its own of that name. */
static const struct http_header defaults[] = {
    {{"Content-Security-Policy", 23},
     {"default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'", 79}},
    {{"X-Content-Type-Options", 22},     {"nosniff", 7}                                     },
    {{"Referrer-Policy", 15},            {"no-referrer", 11}                                },
    {{"Cross-Origin-Opener-Policy", 26}, {"same-origin", 11}                                },
    {{"Cache-Control", 13},              {"no-store", 8}                                    },
};

const struct http_request *http_call_request(const struct http_call *call)
{
    return &call->request;
}

struct arena *http_call_arena(struct http_call *call)
{
    return &call->arena;
}

void http_call_put_app(struct http_call *call, void *app)
{
    call->app = app;
}

void *http_call_app(const struct http_call *call)
{
    return call->app;
}

str http_request_header(const struct http_request *r, str name)
{
    return http_head_find(&r->head, name);
}

static void put(struct evbuffer *to, str s)
{
    int rc = evbuffer_add(to, s.at, s.size);
    assert(rc == 0); /* libevent's malloc failed: nothing sensible is left to do */
    (void)rc;
}

/* A line break in a value would begin a header of somebody else's making. */
static bool is_one_line(str s)
{
    return str_find_char(s, '\r') == s.size && str_find_char(s, '\n') == s.size &&
           str_find_char(s, '\0') == s.size;
}

static void put_header(struct evbuffer *to, str name, str value)
{
    if (!is_one_line(name) || !is_one_line(value))
        return;
    put(to, name);
    put(to, STR(": "));
    put(to, value);
    put(to, STR("\r\n"));
}

static bool has_own(const struct http_reply *reply, str name)
{
    for (size_t i = 0; i < reply->header_count; i++)
        if (str_equal_nocase(reply->headers[i].name, name))
            return true;
    return false;
}

/* Not keeping alive frees a place soon: what to do when few are left. */
static bool should_close(const struct http_call *call)
{
    const struct http_gate *g = call->conn->web->gate;
    size_t most = g->options.most_connections;
    return call->closes || call->request.head.wants_close || env_flag_is_up(&g->is_stopping) ||
           env_counter_read(&g->counters.connections) > most - most / 8;
}

static void count_status(struct http_gate *g, int status)
{
    struct env_counter *const by_class[] = {
        &g->counters.requests_1xx, &g->counters.requests_2xx, &g->counters.requests_3xx,
        &g->counters.requests_4xx, &g->counters.requests_5xx,
    };
    assert(status >= 100 && status < 600);
    env_counter_add(by_class[status / 100 - 1], 1);
}

static bool has_no_body(int status)
{
    return status < 200 || status == 204 || status == 304;
}

/* The head of a reply whose body will have this many bytes; "stream": no length, to be closed. */
static void build_head(struct http_call *call, const struct http_reply *reply, uint64_t bytes)
{
    char line[96];
    char date[HTTP_DATE_ROOM];
    int size = snprintf(line, sizeof line, "HTTP/1.1 %d %s\r\n", reply->status,
                        http_status_text(reply->status));
    call->closes = should_close(call);
    count_status(call->conn->web->gate, reply->status);
    put(call->reply, str_make(line, (size_t)size));
    put_header(call->reply, STR("Date"), http_date(env_now(), date));
    if (reply->content_type.size > 0)
        put_header(call->reply, STR("Content-Type"), reply->content_type);
    if (!call->opens_stream && !has_no_body(reply->status)) {
        size = snprintf(line, sizeof line, "%llu", (unsigned long long)bytes);
        put_header(call->reply, STR("Content-Length"), str_make(line, (size_t)size));
    }
    for (size_t i = 0; i < COUNT_OF(defaults); i++)
        if (!has_own(reply, defaults[i].name))
            put_header(call->reply, defaults[i].name, defaults[i].value);
    for (size_t i = 0; i < reply->header_count; i++)
        put_header(call->reply, reply->headers[i].name, reply->headers[i].value);
    if (call->closes)
        put_header(call->reply, STR("Connection"), STR("close"));
    put(call->reply, STR("\r\n"));
}

static void open_reply(struct http_call *call)
{
    assert(call->reply == NULL); /* one reply a call */
    call->reply = evbuffer_new();
    assert(call->reply != NULL);
}

void reply_build(struct http_call *call, const struct http_reply *reply)
{
    open_reply(call);
    build_head(call, reply, reply->body.size);
    bool is_bare = call->request.method == HTTP_HEAD || has_no_body(reply->status);
    if (is_bare || reply->body.size == 0) {
        if (reply->body_done != NULL)
            reply->body_done(reply->body.at, reply->body.size, reply->body_self);
        return;
    }
    if (!reply->is_body_static && reply->body_done == NULL) {
        put(call->reply, reply->body);
        return;
    }
    int rc = evbuffer_add_reference(call->reply, reply->body.at, reply->body.size, reply->body_done,
                                    reply->body_self);
    assert(rc == 0);
    (void)rc;
}

void reply_build_status(struct http_call *call, int status, str detail)
{
    char body[1024];
    const struct http_header again = {STR("Retry-After"), STR("5")};
    int size = snprintf(
        body, sizeof body, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d%s%.*s%s}\n",
        http_status_text(status), status, str_is_empty(detail) ? "" : ",\"detail\":\"",
        STR_ARGS(detail), str_is_empty(detail) ? "" : "\"");
    assert(size > 0 && (size_t)size < sizeof body);
    struct http_reply reply = {
        .status = status,
        .content_type = STR("application/problem+json"),
        .headers = &again,
        .header_count = status == 503 || status == 429 ? 1 : 0,
        .body = str_make(body, (size_t)size),
    };
    reply_build(call, &reply);
}

void reply_post(struct http_call *call)
{
    call->done = (struct loop_post){.run = conn_answered, .self = call->conn};
    loop_post(&call->conn->web->loop, &call->done);
}

void http_reply_send(struct http_call *call, const struct http_reply *reply)
{
    reply_build(call, reply);
    reply_post(call);
}

void http_reply_send_status(struct http_call *call, int status)
{
    reply_build_status(call, status, STR(""));
    reply_post(call);
}

void http_reply_send_file(struct http_call *call, const struct http_reply *reply, int fd,
                          size_t bytes)
{
    open_reply(call);
    build_head(call, reply, bytes);
    bool is_bare = call->request.method == HTTP_HEAD || has_no_body(reply->status) || bytes == 0;
    if (is_bare || evbuffer_add_file(call->reply, fd, 0, (ev_off_t)bytes) != 0)
        fd_end(&fd);
    reply_post(call);
}
