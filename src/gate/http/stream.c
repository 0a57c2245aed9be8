/* SPDX-License-Identifier: Apache-2.0 */
#include "env/clock.h"
#include "gate/http/inside.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

static const str event_stream = {"text/event-stream", 17};

void http_event_format(const struct http_event *e, struct text *ret_text)
{
    text_put_c(ret_text, "event: ");
    text_put(ret_text, e->name);
    if (e->id > 0) {
        text_put_c(ret_text, "\nid: ");
        text_put_u64(ret_text, e->id);
    }
    str rest = e->data;
    str line;
    while (str_split(&rest, '\n', &line)) {
        text_put_c(ret_text, "\ndata: ");
        text_put(ret_text, line);
    }
    text_put_c(ret_text, "\n\n");
}

void http_stream_open(struct http_call *call, const struct http_stream_start *start)
{
    struct http_gate *g = call->conn->web->gate;
    assert(start->filter.size <= HTTP_FILTER_BYTES);
    if (call->request.method == HTTP_HEAD) {
        http_reply_send(call, &(struct http_reply){.status = 200, .content_type = event_stream});
        return;
    }
    if (!env_counter_claim(&g->counters.streams, 1, g->options.most_streams)) {
        http_reply_send_status(call, 503);
        return;
    }
    if (start->filter.size > 0)
        memcpy(call->filter, start->filter.at, start->filter.size);
    call->filter_size = start->filter.size;
    call->upto_id = start->upto_id;
    call->opens_stream = true;
    call->closes = true; /* its end is the connection's end */
    static const struct http_header unbuffered = {
        {"X-Accel-Buffering", 17},
        {"no",                2 }
    };
    reply_build(call, &(struct http_reply){
                          .status = 200,
                          .content_type = event_stream,
                          .headers = &unbuffered,
                          .header_count = 1,
                          .body = start->backlog,
                      });
    reply_post(call);
}

static bool wants(const struct http_conn *c, const struct http_news *n)
{
    const struct http_port *port = &c->web->gate->port;
    if (port->stream_wants == NULL)
        return true;
    return port->stream_wants(port->self, str_make(c->call.filter, c->call.filter_size),
                              str_make(n->audience, n->audience_size));
}

/* False when the reader was too slow and is gone now. */
static bool write_or_drop(struct http_conn *c, const void *bytes, size_t size)
{
    struct http_gate *g = c->web->gate;
    struct evbuffer *out = bufferevent_get_output(c->bev);
    if (evbuffer_get_length(out) + size > g->options.most_stream_bytes) {
        env_counter_add(&g->counters.streams_dropped, 1);
        conn_close(c);
        return false;
    }
    if (evbuffer_add(out, bytes, size) == 0)
        env_counter_add(&g->counters.bytes_out, size);
    return true;
}

/* False when the stream is gone now. */
static bool write_news(struct http_conn *c, const struct http_news *n)
{
    size_t size = evbuffer_get_length(n->bytes);
    bool is_known = n->id > 0 && n->id <= c->call.upto_id; /* the backlog had it already */
    if (is_known || !wants(c, n))
        return true;
    if (n->is_end) {
        conn_close(c);
        return false;
    }
    return write_or_drop(c, evbuffer_pullup(n->bytes, -1), size);
}

static void news_end(struct http_news *n)
{
    evbuffer_free(n->bytes);
    pool_drop(&n->web->gate->news, n);
}

static void remember(struct http_news *n)
{
    struct http_web *w = n->web;
    struct http_news **place = &w->history[w->history_next % HTTP_HISTORY];
    if (*place != NULL) {
        w->lost_before = (*place)->id;
        news_end(*place);
    }
    *place = n;
    w->history_next++;
}

void stream_forget_history(struct http_web *w)
{
    for (size_t i = 0; i < HTTP_HISTORY; i++)
        if (w->history[i] != NULL)
            news_end(w->history[i]);
}

static void news_arrived(void *self)
{
    struct http_news *n = self;
    struct http_web *w = n->web;
    struct http_conn *next = NULL;
    for (struct http_conn *c = w->streams; c != NULL; c = next) {
        next = c->next;
        (void)write_news(c, n);
    }
    if (n->id == 0)
        news_end(n);
    else
        remember(n);
}

/* What happened between the handler's reading its backlog and this moment is in the history. */
static void catch_up(struct http_conn *c)
{
    const struct http_web *w = c->web;
    uint64_t gap = env_counter_read(&w->gap_id);
    uint64_t first = w->history_next < HTTP_HISTORY ? 0 : w->history_next - HTTP_HISTORY;
    if (w->lost_before > c->call.upto_id || gap > c->call.upto_id) {
        conn_close(c); /* too far behind: the client comes again with Last-Event-ID */
        return;
    }
    for (uint64_t i = first; i < w->history_next; i++) {
        const struct http_news *n = w->history[i % HTTP_HISTORY];
        if (n->id > c->call.upto_id && !write_news(c, n))
            return;
    }
}

void stream_begin(struct http_conn *c)
{
    conn_move(c, PHASE_STREAM);
    c->deadline_us = env_monotonic_us() + c->web->gate->options.keepalive_ms * US_PER_MS;
    bufferevent_enable(c->bev, EV_READ); /* to learn when it leaves */
    catch_up(c);
}

void stream_sweep(struct http_web *w, int64_t now_us)
{
    static const char comment[] = ":\n\n";
    struct http_conn *next = NULL;
    uint64_t gap = env_counter_read(&w->gap_id);
    for (struct http_conn *c = w->streams; c != NULL; c = next) {
        next = c->next;
        if (gap > w->gap_seen) {
            conn_close(c);
        } else if (now_us >= c->deadline_us) {
            c->deadline_us = now_us + w->gate->options.keepalive_ms * US_PER_MS;
            (void)write_or_drop(c, comment, sizeof comment - 1);
        }
    }
    w->gap_seen = gap;
}

/* NULL when the pool or the memory is spent. */
static struct http_news *news_make(struct http_web *w, const struct http_event *e, str text)
{
    struct evbuffer *bytes = evbuffer_new();
    struct http_news *n = bytes == NULL ? NULL : pool_take(&w->gate->news);
    if (n == NULL || evbuffer_add(bytes, text.at, text.size) != 0) {
        if (bytes != NULL)
            evbuffer_free(bytes);
        if (n != NULL)
            pool_drop(&w->gate->news, n);
        return NULL;
    }
    *n = (struct http_news){.web = w, .bytes = bytes, .id = e->id, .is_end = e->is_end};
    n->audience_size = e->audience.size;
    if (e->audience.size > 0)
        memcpy(n->audience, e->audience.at, e->audience.size);
    n->post = (struct loop_post){.run = news_arrived, .self = n};
    return n;
}

void http_event_send(struct http_gate *g, const struct http_event *e)
{
    struct arena arena;
    struct text t;
    assert(e->audience.size <= HTTP_FILTER_BYTES);
    arena_init(&arena, 4 * g->options.most_stream_bytes + 65536);
    text_init(&t, &arena);
    http_event_format(e, &t);
    for (size_t i = 0; i < g->options.threads; i++) {
        struct http_web *w = &g->webs[i];
        struct http_news *n = text_spent(&t) ? NULL : news_make(w, e, text_str(&t));
        if (n != NULL)
            loop_post(&w->loop, &n->post);
        else
            env_counter_put(&w->gap_id, e->id); /* its streams are closed, and start again */
    }
    arena_done(&arena);
}
