/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/web.h"

#include "app/door/api_stream.h"
#include "app/door/console.h"
#include "app/door/notice.h"
#include "gate/http/gate.h"
#include "gate/http/wire.h"

#include <assert.h>
#include <stdio.h>

enum { PUBLIC_BODY_BYTES = 1 << 20, FEED_BODY_BYTES = 32 << 20, LONG_BYTES = 64 << 10 };

static bool is_api_path(str path)
{
    return str_starts(path, STR("/v1/")) || str_equal(path, STR("/v1")) ||
           str_equal(path, STR("/healthz")) || str_equal(path, STR("/readyz")) ||
           str_equal(path, STR("/metrics"));
}

/* --- the API's calls over HTTP --- */

static void call_done(const void *body, size_t size, void *call)
{
    (void)body;
    (void)size;
    api_call_free(call);
}

/* A long body is sent from where it was made, and its call lives until then. */
static void send_reply(struct call *call)
{
    if (call->stream != NULL) {
        http_stream_open(call->transport, call->stream);
        api_call_free(call);
        return;
    }
    struct http_header headers[API_HEADERS_MAX];
    for (size_t i = 0; i < call->reply.header_count; i++)
        headers[i] =
            (struct http_header){call->reply.headers[i].name, call->reply.headers[i].value};
    struct http_reply reply = {.status = call->reply.status,
                               .content_type = call->reply.content_type,
                               .headers = headers,
                               .header_count = call->reply.header_count,
                               .body = call->reply.body};
    if (call->reply.body.size >= LONG_BYTES) {
        reply.body_done = call_done;
        reply.body_self = call;
        http_reply_send(call->transport, &reply);
        return;
    }
    http_reply_send(call->transport, &reply);
    api_call_free(call);
}

static void fill_request(struct api_request *to, const struct http_request *r)
{
    *to = (struct api_request){
        .method = r->method,
        .path = r->path,
        .query = r->query,
        .body = r->body,
        .content_type = http_request_header(r, STR("content-type")),
        .accept = http_request_header(r, STR("accept")),
        .accept_language = http_request_header(r, STR("accept-language")),
        .authorization = http_request_header(r, STR("authorization")),
        .cookie = http_request_header(r, STR("cookie")),
        .origin = http_request_header(r, STR("origin")),
        .host = r->host,
        .idempotency_key = http_request_header(r, STR("idempotency-key")),
        .if_none_match = http_request_header(r, STR("if-none-match")),
        .last_event_id = http_request_header(r, STR("last-event-id")),
        .signature = http_request_header(r, STR("signature")),
        .signature_input = http_request_header(r, STR("signature-input")),
        .content_digest = http_request_header(r, STR("content-digest")),
        .peer = r->peer,
        .is_local = r->is_unix_peer_trusted,
    };
    if (to->is_local)
        to->file = http_request_header(r, STR("yumen-file"));
}

static struct call *make_call(struct house *house, struct http_call *http)
{
    struct call *call = api_call_make(house);
    if (call == NULL)
        return NULL;
    fill_request(&call->request, http_call_request(http));
    call->send = send_reply;
    call->transport = http;
    return call;
}

/* --- pages --- */

static void send_html(struct http_call *http, str html)
{
    struct http_reply reply = {
        .status = 200, .content_type = STR("text/html; charset=utf-8"), .body = html};
    http_reply_send(http, &reply);
}

static void send_notice(struct house *house, struct http_call *http, str value)
{
    str html = {0};
    err e = notice_page(house, value, http_call_arena(http), &html);
    if (failed(e))
        http_reply_send_status(http, 503);
    else
        send_html(http, html);
}

static void send_notice_of_order(struct house *house, struct http_call *http, str key)
{
    str html = {0};
    err e = notice_order_page(house, key, http_call_arena(http), &html);
    if (failed(e))
        http_reply_send_status(http, e.code == ERR_ABSENT ? 404 : 503);
    else
        send_html(http, html);
}

static str host_without_port(str host)
{
    size_t colon = str_find_char(host, ':');
    return str_until(host, colon);
}

static void send_wrong_method(struct http_call *http)
{
    static const struct http_header allow = {
        {"Allow",     5},
        {"GET, HEAD", 9}
    };
    http_reply_send(http,
                    &(struct http_reply){.status = 405, .headers = &allow, .header_count = 1});
}

/* Whoever wanted a blocked site, by whatever path and method, reads why it is blocked. */
static void send_foreign(struct house *house, struct http_call *http)
{
    const struct http_request *r = http_call_request(http);
    const struct http_asset *asset = console_find(r->path);
    bool is_reading = r->method == HTTP_GET || r->method == HTTP_HEAD;
    if (asset != NULL && is_reading && !str_ends(r->path, STR(".html")))
        http_asset_send(http, asset); /* what the notice page itself is made of */
    else
        send_notice(house, http, host_without_port(r->host));
}

static void send_page(struct house *house, struct http_call *http)
{
    const struct http_request *r = http_call_request(http);
    const struct http_asset *asset = console_find(r->path);
    bool is_reading = r->method == HTTP_GET || r->method == HTTP_HEAD;
    if (!is_reading) {
        send_wrong_method(http);
    } else if (asset != NULL && !str_ends(r->path, STR(".html"))) {
        http_asset_send(http, asset);
    } else if (str_equal(r->path, STR("/notice"))) {
        str value = STR("");
        err e = http_query_find(http_call_arena(http), r->query, STR("value"), &value);
        send_notice(house, http, failed(e) ? STR("") : value);
    } else if (str_starts(r->path, STR("/notice/"))) {
        send_notice_of_order(house, http, str_from(r->path, strlen("/notice/")));
    } else if (str_starts(r->path, STR("/assets/"))) {
        http_reply_send_status(http, 404);
    } else {
        http_asset_send(http, console_find(STR("/index.html")));
    }
}

/* --- the port --- */

static void handle(void *self, struct http_call *http)
{
    struct house *house = self;
    const struct http_request *r = http_call_request(http);
    if (r->is_foreign_host) {
        send_foreign(house, http);
        return;
    }
    if (!is_api_path(r->path)) {
        send_page(house, http);
        return;
    }
    struct call *call = make_call(house, http);
    if (call == NULL)
        http_reply_send_status(http, 503);
    else
        api_call(call);
}

/* Ours: an address, localhost, or the name of public_url. Anything else came here by the zone. */
static bool host_is_ours(void *self, str host)
{
    const struct house *house = self;
    str name = host_without_port(host);
    bool is_address = str_starts(host, STR("["));
    bool has_letter = false;
    for (size_t i = 0; i < name.size; i++)
        has_letter = has_letter || (name.at[i] != '.' && (name.at[i] < '0' || name.at[i] > '9'));
    str ours = house->public_url;
    size_t slashes = STR("http://").size;
    ours =
        host_without_port(str_from(ours, str_starts(ours, STR("https")) ? slashes + 1 : slashes));
    return is_address || !has_letter || str_equal_nocase(name, STR("localhost")) ||
           str_equal_nocase(name, STR("yumen")) || str_equal_nocase(name, ours);
}

static bool is_feed(const struct http_request *head)
{
    return str_starts(head->path, STR("/v1/feeds/"));
}

static size_t body_most(void *self, const struct http_request *head)
{
    (void)self;
    bool is_file = is_feed(head) || (str_starts(head->path, STR("/v1/sources/")) &&
                                     str_ends(head->path, STR("/lists")));
    return is_file ? FEED_BODY_BYTES : PUBLIC_BODY_BYTES;
}

static str body_refused(void *self, const struct http_request *head)
{
    (void)self;
    enum language language = language_of(head->language);
    return is_feed(head) ? message(STR("feed.body_too_large"), language) : STR("");
}

static bool wants(void *self, str filter, str audience)
{
    (void)self;
    return stream_wants(filter, audience);
}

err web_check(const struct house *house, const char *listen)
{
    if (store_centre(house->store)->kind == CENTRE_REAL)
        return OK;
    TRY(conf_check_loopback(str_from_c(listen)));
    if (!str_is_empty(house->conf.notice_listen))
        TRY(conf_check_loopback(house->conf.notice_listen));
    if (!str_is_empty(house->conf.list_listen))
        TRY(conf_check_loopback(house->conf.list_listen));
    if (!str_is_empty(house->conf.sip_listen))
        TRY(conf_check_loopback(house->conf.sip_listen));
    return str_is_empty(house->conf.dns_listen) ? OK : conf_check_loopback(house->conf.dns_listen);
}

static err tell_address(struct house *house, const char *listen)
{
    if (!str_is_empty(house->public_url))
        return OK;
    str host = {0};
    uint16_t port = 0;
    struct text t;
    TRY(conf_address_parse(str_from_c(listen), &host, &port));
    text_init(&t, &house->boot);
    bool is_v6 = str_find_char(host, ':') < host.size;
    text_printf(&t, "http://%s%.*s%s:%d", is_v6 ? "[" : "", STR_ARGS(host), is_v6 ? "]" : "",
                http_gate_port(house->http, 0));
    house->public_url = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err web_open(struct house *house, const char *listen)
{
    TRY(console_boot(&house->boot));
    struct text socket;
    text_init(&socket, &house->boot);
    text_put_c(&socket, "unix:");
    text_put_c(&socket, house->sock_path);
    char *notice = str_to_c(&house->boot, house->conf.notice_listen);
    if (text_spent(&socket) || notice == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct http_options options = http_options_default();
    options.listen[options.listen_count++] = listen;
    options.listen[options.listen_count++] = text_str(&socket).at;
    if (notice[0] != '\0')
        options.listen[options.listen_count++] = notice;
    options.log = &house->log;
    options.is_behind_proxy = true; /* believed from loopback only, and for limits only */
    struct http_port port = {.self = house,
                             .handle = handle,
                             .host_is_ours = host_is_ours,
                             .body_most = body_most,
                             .body_refused = body_refused,
                             .stream_wants = wants};
    TRY(http_gate_open(&house->boot, &options, &port, &house->http));
    TRY(tell_address(house, listen));
    return http_gate_start(house->http);
}

void web_stop(struct house *house)
{
    if (house->http != NULL)
        http_gate_stop(house->http);
}

void web_close(struct house *house)
{
    if (house->http == NULL)
        return;
    http_gate_close(house->http);
    house->http = NULL;
}
