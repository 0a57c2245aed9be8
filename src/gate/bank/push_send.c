/* SPDX-License-Identifier: Apache-2.0 */
/* One attempt: a connection of its own, one request, one outcome. */
#include "gate/bank/push_inside.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>

enum { ANSWER_HEAD_BYTES = 16 * 1024 };

static void count(struct push *p, enum push_fate fate)
{
    switch (fate) {
    case PUSH_TAKEN:
        env_counter_add(&p->taken, 1);
        return;
    case PUSH_REFUSED:
        env_counter_add(&p->refused, 1);
        return;
    case PUSH_LATER:
        env_counter_add(&p->later, 1);
        return;
    }
}

static void report(struct push_attempt *a, struct push_outcome outcome)
{
    struct push *p = a->push;
    a->is_over = true;
    outcome.id = a->id;
    outcome.provider = str_from_c(a->place->name);
    count(p, outcome.fate);
    if (p->options.log != NULL && outcome.fate != PUSH_TAKEN)
        LOG(p->options.log, LOG_WARN, "push.failed", LOG_ID("provider", outcome.provider),
            LOG_INT("status", outcome.status),
            ((struct log_field){
                .key = "why", .kind = LOG_KIND_WORD, .word = str_from_c(outcome.why)}));
    p->port.done(p->port.self, &outcome);
}

static void report_failure(struct push_attempt *a, const char *why)
{
    report(a, (struct push_outcome){
                  .fate = PUSH_LATER, .why = why, .content_type = STR(""), .body = STR("")});
}

/* Not from inside of what evhttp is doing: it looks at its connection afterwards. */
static void end_soon(struct push_attempt *a)
{
    a->post = (struct loop_post){.run = attempt_end, .self = a};
    loop_post(&a->push->loop, &a->post);
}

static bool asks_for_patience(int status)
{
    return status == 408 || status == 425 || status == 429;
}

static struct push_outcome judge(int status)
{
    struct push_outcome o = {.fate = PUSH_LATER, .status = status, .why = "push.answer"};
    if (status >= 200 && status < 300) {
        o.fate = PUSH_TAKEN;
        o.why = NULL;
    } else if (status >= 300 && status < 400) {
        o.why = "push.redirected";
    } else if (status >= 400 && status < 500 && !asks_for_patience(status)) {
        o.fate = PUSH_REFUSED;
        o.why = "push.refused";
    }
    return o;
}

static void on_answer(struct evhttp_request *request, void *self)
{
    struct push_attempt *a = self;
    if (a->is_over)
        return;
    int status = request == NULL ? 0 : evhttp_request_get_response_code(request);
    if (status < 100 || status > 599) { /* evhttp reads "2x0" as 2 */
        report_failure(a, push_tls_is_distrusted(a->ssl) ? "push.certificate" : "push.no_answer");
        end_soon(a);
        return;
    }
    struct push_outcome o = judge(status);
    struct evbuffer *body = evhttp_request_get_input_buffer(request);
    size_t size = evbuffer_get_length(body);
    const char *type =
        evhttp_find_header(evhttp_request_get_input_headers(request), "Content-Type");
    o.content_type = str_from_c(type);
    o.body = size == 0 ? STR("") : str_make((const char *)evbuffer_pullup(body, -1), size);
    report(a, o);
    end_soon(a);
}

static void on_deadline(evutil_socket_t fd, short what, void *self)
{
    struct push_attempt *a = self;
    (void)fd;
    (void)what;
    if (a->is_over)
        return;
    report_failure(a, "push.timeout");
    end_soon(a);
}

static bool set_deadline(struct push_attempt *a)
{
    int ms = a->push->options.timeout_ms;
    struct timeval after = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    a->deadline = evtimer_new(a->push->loop.base, on_deadline, a);
    return a->deadline != NULL && evtimer_add(a->deadline, &after) == 0;
}

/* Owned by whoever gets it: a connection. */
static struct bufferevent *make_socket(struct push_attempt *a)
{
    struct event_base *base = a->push->loop.base;
    if (!a->target.is_tls)
        return bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    struct ssl_st *ssl = push_tls_make(a->push->tls, a->target.host);
    if (ssl == NULL)
        return NULL;
    struct bufferevent *bev = bufferevent_openssl_socket_new(
        base, -1, ssl, BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
    if (bev == NULL) {
        push_tls_drop(ssl);
        return NULL;
    }
    push_tls_keep(ssl);
    a->ssl = ssl;
    return bev;
}

static bool connect_to(struct push_attempt *a)
{
    struct bufferevent *bev = make_socket(a);
    if (bev == NULL)
        return false;
    a->connection = evhttp_connection_base_bufferevent_new(
        a->push->loop.base, a->push->dns, bev, a->target.host, (uint16_t)a->target.port);
    if (a->connection == NULL) {
        bufferevent_free(bev);
        return false;
    }
    evhttp_connection_set_max_headers_size(a->connection, ANSWER_HEAD_BYTES);
    evhttp_connection_set_max_body_size(a->connection, PUSH_ANSWER_BYTES);
    evhttp_connection_set_retries(a->connection, 0);
    /* Its own limits, for each step of the way, lie behind ours, for all of it. */
    evhttp_connection_set_timeout(a->connection, a->push->options.timeout_ms / 1000 + 5);
    return true;
}

/* The request is the connection's as soon as it is made, whatever comes of it. */
static bool send_letter(struct push_attempt *a)
{
    struct evhttp_request *request = evhttp_request_new(on_answer, a);
    if (request == NULL)
        return false;
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    bool is_ready =
        evbuffer_add(evhttp_request_get_output_buffer(request), a->body.at, a->body.size) == 0;
    for (size_t i = 0; is_ready && i < a->header_count; i++)
        is_ready = evhttp_add_header(headers, a->headers[i].name, a->headers[i].value) == 0;
    if (!is_ready) {
        evhttp_request_free(request);
        return false;
    }
    return evhttp_make_request(a->connection, request, EVHTTP_REQ_POST, a->target.path) == 0;
}

void attempt_start(void *attempt)
{
    struct push_attempt *a = attempt;
    bool is_started = set_deadline(a) && connect_to(a) && send_letter(a);
    if (is_started || a->is_over)
        return;
    report_failure(a, "push.no_answer");
    end_soon(a);
}

void attempt_cut(struct push_attempt *a)
{
    if (a->connection != NULL)
        evhttp_connection_free(a->connection);
    if (a->deadline != NULL)
        event_free(a->deadline);
    if (a->ssl != NULL)
        push_tls_drop(a->ssl);
    a->connection = NULL;
    a->deadline = NULL;
    a->ssl = NULL;
}
