/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: over real sockets the gate gives each request one answer, each abuse one refusal and a
 * closed connection, and each bound holds while others go on being served.
 * Method: a gate on free loopback ports with a toy port behind it; raw sockets in front.
 */
#include "gate/http/gate.h"

#include "env/atomic.h"
#include "env/clock.h"
#include "env/fault.h"
#include "env/file.h"
#include "gate/http/asset.h"
#include "gate/http/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { BIG_BYTES = 8 << 20, REPLY_ROOM = 1 << 16, PATIENCE_MS = 60000 };

#define WAIT_FOR(is_so)                                                                            \
    do {                                                                                           \
        for (int ms_ = 0; ms_ < PATIENCE_MS && !(is_so); ms_++)                                    \
            (void)usleep(1000);                                                                    \
        assert_true(is_so);                                                                        \
    } while (0)

static struct arena arena;
static struct http_gate *gate;
static char socket_path[64];
static char big[BIG_BYTES];
static struct env_thread helpers[64];
static size_t helper_count;

static const struct http_asset assets[] = {
    {.path = {"/a-1234.js", 10},
     .content_type = {"text/javascript", 15},
     .bytes = {"plain", 5},
     .gzip = {"zipped", 6},
     .etag = {"\"e\"", 3},
     .is_immutable = true},
    {.path = {"/index.html", 11},
     .content_type = {"text/html", 9},
     .bytes = {"<p>", 3},
     .etag = {"\"f\"", 3}},
};

static void send_text(struct http_call *call, str body)
{
    const struct http_header evil = {STR("X-Evil"), STR("a\r\nX-Injected: b")};
    http_reply_send(call, &(struct http_reply){.status = 200,
                                               .content_type = STR("text/plain"),
                                               .headers = &evil,
                                               .header_count = 1,
                                               .body = body});
}

static void answer_later(void *self)
{
    struct http_call *call = self;
    (void)usleep(30000);
    send_text(call, http_call_request(call)->body);
}

static void answer_who(struct http_call *call)
{
    const struct http_request *r = http_call_request(call);
    struct text t;
    text_init(&t, http_call_arena(call));
    text_printf(&t, "%.*s trusted=%d foreign=%d language=%.*s", STR_ARGS(r->peer),
                r->is_unix_peer_trusted, r->is_foreign_host, STR_ARGS(r->language));
    send_text(call, text_str(&t));
}

static void answer_file(struct http_call *call)
{
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    http_reply_send_file(call, &(struct http_reply){.status = 200, .content_type = STR("x/y")}, fd,
                         100000);
}

static void answer_stream(struct http_call *call)
{
    const struct http_request *r = http_call_request(call);
    http_stream_open(call, &(struct http_stream_start){.filter = r->query,
                                                       .backlog = STR("event: old\ndata: 1\n\n"),
                                                       .upto_id = 10});
}

static struct env_counter own_done; /* bodies that were given back */

static void own_end(const void *body, size_t size, void *self)
{
    assert_ptr_equal(body, big);
    assert_ptr_equal(self, &own_done);
    env_counter_add(&own_done, size == BIG_BYTES);
}

static void answer_own(struct http_call *call)
{
    http_reply_send(
        call,
        &(struct http_reply){
            .status = 200, .body = {big, BIG_BYTES},
                 .body_done = own_end, .body_self = &own_done
    });
}

static void toy_handle(void *self, struct http_call *call)
{
    const struct http_request *r = http_call_request(call);
    (void)self;
    if (str_equal(r->path, STR("/later")))
        assert_false(
            failed(env_thread_start(&helpers[helper_count++ % 64], "later", answer_later, call)));
    else if (str_equal(r->path, STR("/big")))
        http_reply_send(call, &(struct http_reply){
                                  .status = 200, .body = {big, BIG_BYTES},
                                       .is_body_static = true
        });
    else if (str_equal(r->path, STR("/own")))
        answer_own(call);
    else if (str_equal(r->path, STR("/who")))
        answer_who(call);
    else if (str_equal(r->path, STR("/file")))
        answer_file(call);
    else if (str_equal(r->path, STR("/stream")))
        answer_stream(call);
    else if (http_asset_find((struct http_assets){assets, 2}, r->path) != NULL)
        http_asset_send(call, http_asset_find((struct http_assets){assets, 2}, r->path));
    else if (str_equal(r->path, STR("/echo")))
        send_text(call, r->body);
    else
        http_reply_send_status(call, 404);
}

static bool toy_host_is_ours(void *self, str host)
{
    (void)self;
    return !str_equal(host, STR("scam.example"));
}

static size_t toy_body_most(void *self, const struct http_request *head)
{
    (void)self;
    return str_equal(head->path, STR("/later")) ? 4 << 20 : 1 << 20;
}

static bool toy_wants(void *self, str filter, str audience)
{
    (void)self;
    return str_equal(filter, STR("all")) || str_equal(filter, audience);
}

static void gate_up(const struct http_options *changed)
{
    struct http_options o = *changed;
    const struct http_port port = {.handle = toy_handle,
                                   .host_is_ours = toy_host_is_ours,
                                   .body_most = toy_body_most,
                                   .stream_wants = toy_wants};
    static char unix_listen[80];
    (void)snprintf(socket_path, sizeof socket_path, "/tmp/yumen-http-%d.sock", (int)getpid());
    (void)snprintf(unix_listen, sizeof unix_listen, "unix:%s", socket_path);
    o.listen[0] = "127.0.0.1:0";
    o.listen[1] = unix_listen;
    o.listen_count = o.listen[2] == NULL ? 2 : 3;
    arena_init(&arena, 16 << 20);
    err e = http_gate_open(&arena, &o, &port, &gate);
    if (failed(e))
        fail_msg("%s %u", e.why, e.at);
    assert_false(failed(http_gate_start(gate)));
}

/* Nothing but the test of slowness is about how soon. */
static int up(void **state)
{
    (void)state;
    struct http_options o = http_options_default();
    o.head_ms = PATIENCE_MS;
    o.idle_ms = PATIENCE_MS;
    o.keepalive_ms = 300;
    gate_up(&o);
    return 0;
}

static int up_hasty(void **state)
{
    (void)state;
    struct http_options o = http_options_default();
    o.head_ms = 600;
    o.idle_ms = 2500;
    gate_up(&o);
    return 0;
}

static int down(void **state)
{
    (void)state;
    http_gate_stop(gate);
    for (size_t i = 0; i < 64; i++)
        env_thread_join(&helpers[i]);
    struct http_metrics m = http_gate_metrics(gate);
    assert_int_equal(m.connections, 0);
    assert_int_equal(m.calls, 0);
    assert_int_equal(m.streams, 0);
    assert_int_equal(m.body_bytes, 0);
    http_gate_close(gate);
    assert_false(file_exists(socket_path));
    arena_done(&arena);
    return 0;
}

static int dial(void)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)http_gate_port(gate, 0))};
    struct timeval wait = {.tv_sec = PATIENCE_MS / 1000};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&in, sizeof in), 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    return fd;
}

static void say(int fd, str bytes)
{
    while (bytes.size > 0) {
        ssize_t n = send(fd, bytes.at, bytes.size, MSG_NOSIGNAL);
        if (n <= 0)
            return; /* refused early; what it said is what counts */
        bytes = str_from(bytes, (size_t)n);
    }
}

static char heard[REPLY_ROOM];

/* Everything until the other side closes; fails when it does not. */
static str hear_end(int fd)
{
    size_t size = 0;
    for (;;) {
        ssize_t n = recv(fd, heard + size, sizeof heard - size, 0);
        if (n < 0)
            fail_msg("still open after %zu bytes: %.*s", size, (int)size, heard);
        if (n == 0)
            break;
        size += (size_t)n;
    }
    (void)close(fd);
    return str_make(heard, size);
}

/* Until this has been heard. */
static str hear_until(int fd, str part)
{
    size_t size = 0;
    int64_t until = env_monotonic_us() + PATIENCE_MS * 1000;
    while (!str_has(str_make(heard, size), part)) {
        ssize_t n = recv(fd, heard + size, sizeof heard - size, 0);
        if (n <= 0 || env_monotonic_us() > until)
            fail_msg("never heard \"%.*s\" in: %.*s", STR_ARGS(part), (int)size, heard);
        size += (size_t)n;
    }
    return str_make(heard, size);
}

static size_t count_of(str in, str part)
{
    size_t count = 0;
    for (size_t i = 0; i + part.size <= in.size; i++)
        count += str_equal(str_until(str_from(in, i), part.size), part);
    return count;
}

#define H     "Host: localhost\r\n"
#define CLOSE "Connection: close\r\n"

static str ask(str request)
{
    int fd = dial();
    say(fd, request);
    return hear_end(fd);
}

static void one_request_one_answer(void **state)
{
    (void)state;
    str got = ask(STR("POST /echo HTTP/1.1\r\n" H CLOSE "Content-Length: 5\r\n\r\nhello"));
    assert_true(str_starts(got, STR("HTTP/1.1 200 OK\r\nDate: ")));
    assert_true(str_ends(got, STR("\r\n\r\nhello")));
    assert_true(str_has(got, STR("Content-Length: 5\r\n")));
    assert_true(str_has(got, STR("Content-Security-Policy: default-src 'self'; frame-ancestors")));
    assert_true(str_has(got, STR("X-Content-Type-Options: nosniff\r\n")));
    assert_true(str_has(got, STR("Cache-Control: no-store\r\n")));
    assert_false(str_has(got, STR("Server:")));
    assert_false(str_has(got, STR("X-Injected")));
    got = ask(STR("GET /who HTTP/1.0\r\nAccept-Language: en;q=0.1, zh-CN\r\n\r\n"));
    assert_true(str_ends(got, STR("127.0.0.1 trusted=0 foreign=0 language=zh")));
    got = ask(STR("GET /who HTTP/1.1\r\nHost: scam.example\r\n" CLOSE "\r\n"));
    assert_true(str_has(got, STR("foreign=1")));
    got = ask(STR("GET /nothing HTTP/1.1\r\n" H CLOSE "\r\n"));
    assert_true(
        str_ends(got, STR("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404}\n")));
}

static void keep_alive_and_pipelining(void **state)
{
    (void)state;
    int fd = dial();
    for (int i = 0; i < 3; i++) {
        say(fd, STR("POST /later HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc"));
        (void)hear_until(fd, STR("\r\n\r\nabc"));
    }
    say(fd,
        STR("POST /later HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n"
            "POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\ntwo"
            "GET /nothing HTTP/1.1\r\n" H "\r\n"
            "POST /echo HTTP/1.1\r\n" H CLOSE "Content-Length: 5\r\n\r\nthree"
            "GET /after-close HTTP/1.1\r\n" H "\r\n"));
    str got = hear_end(fd);
    assert_int_equal(count_of(got, STR("HTTP/1.1 ")), 4);
    size_t one = str_find_char(got, '\r');
    assert_true(one < got.size);
    const char *first = strstr(heard, "\r\n\r\none");
    const char *second = strstr(heard, "\r\n\r\ntwo");
    assert_true(first != NULL && second > first);
    assert_true(str_ends(got, STR("\r\n\r\nthree")));
}

static void bytes_may_come_one_by_one(void **state)
{
    (void)state;
    int fd = dial();
    str request = STR("POST /echo HTTP/1.1\r\n" H CLOSE
                      "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");
    int one = 1;
    (void)setsockopt(fd, IPPROTO_TCP, 1, &one, sizeof one);
    for (size_t i = 0; i < request.size; i++) {
        say(fd, str_until(str_from(request, i), 1));
        (void)usleep(500);
    }
    assert_true(str_ends(hear_end(fd), STR("\r\n\r\nhello!")));
}

static void head_and_assets(void **state)
{
    (void)state;
    str got = ask(STR("HEAD /big HTTP/1.1\r\n" H CLOSE "\r\n"));
    assert_true(str_has(got, STR("Content-Length: 8388608\r\n")));
    assert_true(str_ends(got, STR("\r\n\r\n")));
    got = ask(STR("HEAD /file HTTP/1.1\r\n" H CLOSE "\r\n"));
    assert_true(str_has(got, STR("Content-Length: 100000\r\n")));
    assert_true(str_ends(got, STR("\r\n\r\n")));
    got = ask(STR("GET /a-1234.js HTTP/1.1\r\n" H CLOSE "\r\n"));
    assert_true(str_has(got, STR("immutable\r\n")));
    assert_true(str_ends(got, STR("\r\n\r\nplain")));
    got = ask(STR("GET /a-1234.js HTTP/1.1\r\n" H CLOSE "Accept-Encoding: br, gzip;q=0.5\r\n\r\n"));
    assert_true(str_has(got, STR("Content-Encoding: gzip\r\n")));
    assert_true(str_ends(got, STR("\r\n\r\nzipped")));
    got = ask(STR("GET /a-1234.js HTTP/1.1\r\n" H CLOSE "Accept-Encoding: gzip;q=0\r\n\r\n"));
    assert_true(str_ends(got, STR("\r\n\r\nplain")));
    got = ask(STR("GET /index.html HTTP/1.1\r\n" H CLOSE "If-None-Match: \"x\", W/\"f\"\r\n\r\n"));
    assert_true(str_starts(got, STR("HTTP/1.1 304 ")));
    assert_true(str_has(got, STR("Cache-Control: no-cache\r\n")));
    assert_false(str_has(got, STR("Content-Length")));
    assert_true(str_ends(got, STR("\r\n\r\n")));
}

/* The bytes of the body that came. */
static size_t ask_size(const char *path)
{
    static char piece[REPLY_ROOM];
    char request[100];
    int fd = dial();
    int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" H CLOSE "\r\n", path);
    say(fd, str_make(request, (size_t)size));
    size_t got = 0;
    size_t head = 0;
    for (ssize_t n = 1; n > 0; got += (size_t)n) {
        n = recv(fd, piece, sizeof piece, 0);
        assert_true(n >= 0);
        const char *end = got == 0 ? memmem(piece, (size_t)n, "\r\n\r\n", 4) : NULL;
        if (end != NULL)
            head = (size_t)(end - piece) + 4;
    }
    (void)close(fd);
    return got - head;
}

static void long_replies_arrive_whole(void **state)
{
    (void)state;
    assert_int_equal(ask_size("/big"), BIG_BYTES);
    assert_int_equal(ask_size("/file"), 100000);
}

static void wait_for_own(uint64_t count)
{
    while (env_counter_read(&own_done) < count)
        (void)usleep(1000);
    assert_int_equal(env_counter_read(&own_done), count);
}

/* Whether it was read to its end, only its head was wanted, or whoever asked has gone. */
static void a_body_of_the_handlers_own_is_given_back(void **state)
{
    (void)state;
    uint64_t before = env_counter_read(&own_done);
    assert_int_equal(ask_size("/own"), BIG_BYTES);
    wait_for_own(before + 1);
    assert_true(str_ends(ask(STR("HEAD /own HTTP/1.1\r\n" H CLOSE "\r\n")), STR("\r\n\r\n")));
    wait_for_own(before + 2);
    int fd = dial();
    say(fd, STR("GET /own HTTP/1.1\r\n" H CLOSE "\r\n"));
    char byte = 0;
    assert_int_equal(recv(fd, &byte, 1, 0), 1);
    assert_int_equal(close(fd), 0);
    wait_for_own(before + 3);
}

#define P  "POST /echo HTTP/1.1\r\n" H
#define TE "Transfer-Encoding: chunked\r\n"
#define BYTES(literal)                                                                             \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }
static const str smuggled[] = {
    BYTES(P "Content-Length: 5\r\n" TE "\r\n0\r\n\r\n"),
    BYTES(P TE "Content-Length: 5\r\n\r\nhello"),
    BYTES(P "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
    BYTES(P "Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello"),
    BYTES(P TE TE "\r\n0\r\n\r\n"),
    BYTES("GET /echo HTTP/1.1\r\n" H H "\r\n"),
    BYTES("GET /echo HTTP/1.1\r\n\r\n"),
    BYTES(P "Content-Length: +5\r\n\r\nhello"),
    BYTES(P "Content-Length: 5, 5\r\n\r\nhello"),
    BYTES(P "Content-Length: 0x5\r\n\r\nhello"),
    BYTES(P "Content-Length: -1\r\n\r\nhello"),
    BYTES(P "Content-Length: 99999999999999999999\r\n\r\nhello"),
    BYTES(P "Content-Length : 5\r\n\r\nhello"),
    BYTES(P "Content-Length: 5\0, 6\r\n\r\nhello"),
    BYTES(P "X: a\r\n b\r\n\r\n"),
    BYTES(P "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
    BYTES("GET /echo HTTP/1.1\nHost: localhost\n\n"),
    BYTES("GET /echo HTTP/1.1\r\nHost: localhost\nX: b\r\n\r\n"),
    BYTES(P "X: a\rb\r\n\r\n"),
    BYTES(P "X: a\0b\r\n\r\n"),
    BYTES(P "Transfer-Encoding: xchunked\r\n\r\n"),
    BYTES(P "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    BYTES("POST /echo HTTP/1.0\r\n" H TE "\r\n0\r\n\r\n"),
    BYTES(P TE "\r\n+5\r\nhello\r\n0\r\n\r\n"),
    BYTES(P TE "\r\n0x5\r\nhello\r\n0\r\n\r\n"),
    BYTES(P TE "\r\n5\nhello\n0\n\n"),
    BYTES(P TE "\r\n5\r\nhelloXX0\r\n\r\n"),
    BYTES(P TE "\r\n-1\r\nhello\r\n0\r\n\r\n"),
    BYTES(P TE "\r\n0\r\nContent-Length: 5\r\n\r\n"),
    BYTES(P TE "\r\n5;x=y\r\nhello\r\n0\r\n\r\n"),
    BYTES("GET /a%00b HTTP/1.1\r\n" H "\r\n"),
    BYTES("GET /a\0b HTTP/1.1\r\n" H "\r\n"),
    BYTES("GET http://other/ HTTP/1.1\r\n" H "\r\n"),
    BYTES("GET  /echo HTTP/1.1\r\n" H "\r\n"),
    BYTES("GET /echo HTTP/1.10\r\n" H "\r\n"),
    BYTES("GET /echo\r\n\r\n"),
    BYTES("\r\nGET /echo HTTP/1.1\r\n" H "\r\n"),
    BYTES(P "nocolon\r\n\r\n"),
    BYTES(P ": x\r\n\r\n"),
    BYTES("GET /echo HTTP/1.1\r\n X: y\r\n" H "\r\n"),
    BYTES(P "X\x7f: x\r\n\r\n"),
};

static void smuggling_gets_one_refusal(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(smuggled); i++)
        for (int follows = 0; follows < 2; follows++) {
            int fd = dial();
            say(fd, smuggled[i]);
            if (follows == 1) /* what was smuggled behind it must not be answered */
                say(fd, STR("GET /who HTTP/1.1\r\n" H "\r\n"));
            str got = hear_end(fd);
            if (count_of(got, STR("HTTP/1.1 ")) != 1 || !str_starts(got, STR("HTTP/1.1 400 ")))
                fail_msg("case %zu: %.*s", i, STR_ARGS(got));
        }
    assert_int_equal(http_gate_metrics(gate).guard_refused, 2 * COUNT_OF(smuggled));
    /* a refusal in a pipeline comes after the answers before it */
    str got = ask(STR("POST /later HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\nok"
                      "GET / HTTP/1.1\r\n\r\n"));
    assert_true(str_starts(got, STR("HTTP/1.1 200 ")));
    assert_int_equal(count_of(got, STR("HTTP/1.1 400 ")), 1);
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    static char much[2 << 20];
    memset(much, 'a', sizeof much);
    int fd = dial();
    say(fd, STR("GET / HTTP/1.1\r\n" H "X: "));
    say(fd, str_make(much, 20000));
    assert_true(str_starts(hear_end(fd), STR("HTTP/1.1 431 ")));
    /* refused on its head alone, although the whole body is sent regardless */
    fd = dial();
    say(fd, STR("POST /echo HTTP/1.1\r\n" H "Content-Length: 1048577\r\n\r\n"));
    say(fd, str_make(much, 1048577));
    str got = hear_end(fd);
    assert_true(str_starts(got, STR("HTTP/1.1 413 ")));
    assert_true(str_has(got, STR("Connection: close")));
    fd = dial();
    say(fd, STR("POST /echo HTTP/1.1\r\n" H TE "\r\n1FFFFF\r\n"));
    say(fd, str_make(much, sizeof much - 1));
    assert_true(str_starts(hear_end(fd), STR("HTTP/1.1 413 ")));
    /* the path's own limit */
    fd = dial();
    say(fd, STR("POST /later HTTP/1.1\r\n" H CLOSE "Content-Length: 1048577\r\n\r\n"));
    say(fd, str_make(much, 1048577));
    (void)hear_until(fd, STR("HTTP/1.1 200 "));
    (void)close(fd);
    fd = dial();
    say(fd,
        STR("POST /echo HTTP/1.1\r\n" H CLOSE "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    assert_true(str_has(hear_until(fd, STR("\r\n\r\n")), STR("HTTP/1.1 100 Continue")));
    say(fd, STR("ok"));
    assert_true(str_ends(hear_end(fd), STR("\r\n\r\nok")));
    fd = dial();
    say(fd,
        STR("POST /echo HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n"));
    assert_true(str_starts(hear_end(fd), STR("HTTP/1.1 413 ")));
}

static void slowness_is_bounded(void **state)
{
    (void)state;
    int64_t start = env_monotonic_us();
    int head = dial();
    int quiet = dial();
    say(head, STR("GET / HTT"));
    assert_true(str_starts(hear_end(head), STR("HTTP/1.1 408 ")));
    assert_true(env_monotonic_us() - start > 500000);
    assert_int_equal(hear_end(quiet).size, 0); /* idle: closed without a word */
    assert_true(env_monotonic_us() - start > 2400000);
    int fd = dial();
    start = env_monotonic_us();
    say(fd, STR("POST /echo HTTP/1.1\r\n" H "Content-Length: 1000\r\n\r\nslow"));
    str got = hear_end(fd);
    assert_true(str_starts(got, STR("HTTP/1.1 408 ")));
    assert_true(env_monotonic_us() - start > 4500000);
    assert_int_equal(http_gate_metrics(gate).timed_out, 2);
}

static void send_event(uint64_t id, str audience)
{
    http_event_send(gate, &(struct http_event){.name = STR("listing"),
                                               .data = STR("{\"n\":1}"),
                                               .audience = audience,
                                               .id = id});
}

static int ask_stream(str query)
{
    char request[100];
    int fd = dial();
    int size = snprintf(request, sizeof request, "GET /stream?%.*s HTTP/1.1\r\n" H "\r\n",
                        STR_ARGS(query));
    say(fd, str_make(request, (size_t)size));
    return fd;
}

static int open_stream(str query)
{
    int fd = ask_stream(query);
    (void)hear_until(fd, STR("event: old\ndata: 1\n\n"));
    return fd;
}

static void events_reach_who_wants_them(void **state)
{
    (void)state;
    enum { READERS = 20 };
    int fds[READERS];
    for (int i = 0; i < READERS; i++)
        fds[i] = open_stream(i % 2 == 0 ? STR("all") : STR("62"));
    assert_int_equal(http_gate_metrics(gate).streams, READERS);
    send_event(10, STR("62")); /* within the backlog already */
    send_event(11, STR("61"));
    send_event(12, STR("62"));
    for (int i = 0; i < READERS; i++) {
        str got = hear_until(fds[i], STR("event: listing\nid: 12\ndata: {\"n\":1}\n\n"));
        assert_int_equal(count_of(got, STR("id: 11")), i % 2 == 0);
        assert_int_equal(count_of(got, STR("id: 10")), 0);
    }
    /* a newcomer whose backlog ended at 10 gets what happened since */
    int late = ask_stream(STR("all"));
    str got = hear_until(late, STR("id: 12\n"));
    assert_true(str_has(got, STR("event: old\ndata: 1\n\nevent: listing\nid: 11\n")));
    (void)hear_until(late, STR(":\n\n")); /* and comments while it is quiet */
    (void)close(late);
    got = ask(STR("HEAD /stream HTTP/1.1\r\n" H CLOSE "\r\n"));
    assert_true(str_ends(got, STR("\r\n\r\n")));
    for (int i = 0; i < READERS; i++)
        (void)close(fds[i]);
    WAIT_FOR(http_gate_metrics(gate).streams == 0);
}

static void an_end_closes_the_streams_that_want_it(void **state)
{
    (void)state;
    int ended = open_stream(STR("62"));
    int other = open_stream(STR("63"));
    http_event_send(
        gate,
        &(struct http_event){
            .name = STR("end"), .data = STR(""), .audience = STR("62"), .id = 11, .is_end = true});
    assert_int_equal(hear_end(ended).size, 0); /* without another word */
    send_event(12, STR("63"));
    str got = hear_until(other, STR("id: 12\n"));
    assert_int_equal(count_of(got, STR("end")), 0);
    int late = ask_stream(STR("62")); /* its backlog ended at 10: the end was after that */
    got = hear_end(late);
    assert_int_equal(count_of(got, STR("id: 11")), 0);
    (void)close(other);
}

static void a_slow_reader_is_dropped_alone(void **state)
{
    (void)state;
    static char data[60000];
    memset(data, 'd', sizeof data);
    int small = 4096;
    int slow = open_stream(STR("all"));
    int quick = open_stream(STR("few"));
    (void)setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    for (uint64_t id = 11; id < 400 && http_gate_metrics(gate).streams_dropped == 0; id++) {
        http_event_send(gate, &(struct http_event){.name = STR("bulk"),
                                                   .data = str_make(data, sizeof data),
                                                   .audience = STR("many"),
                                                   .id = id});
        (void)usleep(5000);
    }
    WAIT_FOR(http_gate_metrics(gate).streams_dropped == 1);
    send_event(1000, STR("few"));
    (void)hear_until(quick, STR("id: 1000\n"));
    (void)close(slow);
    (void)close(quick);
}

static void the_unix_socket_knows_its_user(void **state)
{
    (void)state;
    struct stat st;
    struct arena a;
    struct http_client_reply reply;
    arena_init(&a, 8 << 20);
    assert_int_equal(stat(socket_path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    struct http_client_request r = {.socket_path = socket_path, .target = STR("/who")};
    assert_false(failed(http_client_call(&r, &a, &reply)));
    assert_int_equal(reply.status, 200);
    assert_true(str_starts(reply.body, STR("unix trusted=1 foreign=0")));
    r.method = HTTP_POST;
    r.target = STR("/later");
    r.body = str_make(big, 3 << 20);
    r.most_bytes = 1 << 20;
    assert_int_equal(http_client_call(&r, &a, &reply).code, ERR_LIMIT);
    arena_reset(&a);
    r.most_bytes = 0;
    r.body = str_make(big, 1 << 20);
    assert_false(failed(http_client_call(&r, &a, &reply)));
    assert_int_equal(reply.body.size, 1 << 20);
    assert_true(str_equal(http_client_header(&reply, STR("content-type")), STR("text/plain")));
    r.socket_path = "/tmp/yumen-absent.sock";
    err e = http_client_call(&r, &a, &reply);
    assert_int_equal(e.code, ERR_ABSENT);
    assert_string_equal(e.why, "client.no_server");
    arena_done(&a);
}

static void at_the_cap_others_are_shed(void **state)
{
    (void)state;
    struct http_options o = http_options_default();
    o.most_connections = 8;
    o.most_streams = 1;
    gate_up(&o);
    int fds[8];
    for (int i = 0; i < 8; i++)
        fds[i] = dial();
    WAIT_FOR(http_gate_metrics(gate).connections == 8);
    str got = ask(STR(""));
    assert_true(str_starts(got, STR("HTTP/1.1 503 ")));
    assert_true(str_has(got, STR("Retry-After: 5\r\n")));
    /* those inside are served, and let go to make room */
    say(fds[0], STR("GET /who HTTP/1.1\r\n" H "\r\n"));
    assert_true(str_has(hear_end(fds[0]), STR("Connection: close\r\n")));
    for (int i = 1; i < 8; i++)
        (void)close(fds[i]);
    WAIT_FOR(http_gate_metrics(gate).connections == 0);
    int stream = open_stream(STR("all"));
    got = ask(STR("GET /stream?all HTTP/1.1\r\n" H CLOSE "\r\n"));
    assert_true(str_starts(got, STR("HTTP/1.1 503 ")));
    (void)close(stream);
    assert_int_equal(http_gate_metrics(gate).connections_shed, 1);
    down(state);
}

static void all_bodies_share_a_budget(void **state)
{
    (void)state;
    struct http_options o = http_options_default();
    o.all_bodies_bytes = 100000;
    o.is_behind_proxy = true;
    gate_up(&o);
    int first = dial();
    say(first, STR("POST /echo HTTP/1.1\r\n" H CLOSE "Content-Length: 60000\r\n\r\n"));
    say(first, str_make(big, 59999));
    WAIT_FOR(http_gate_metrics(gate).body_bytes == 59999);
    int second = dial();
    say(second, STR("POST /echo HTTP/1.1\r\n" H "Content-Length: 60000\r\n\r\n"));
    say(second, str_make(big, 60000));
    str got = hear_end(second);
    assert_true(str_starts(got, STR("HTTP/1.1 503 ")));
    assert_true(str_has(got, STR("Retry-After: ")));
    say(first, STR("x"));
    assert_true(str_starts(hear_until(first, STR("x")), STR("HTTP/1.1 200 ")));
    (void)close(first);
    /* and a proxy beside us says for whom it asks; the last word is its own */
    got = ask(STR("GET /who HTTP/1.1\r\n" H CLOSE "X-Forwarded-For: 1.1.1.1, 192.0.2.7\r\n\r\n"));
    assert_true(str_has(got, STR("\r\n\r\n192.0.2.7 trusted=0")));
    got = ask(STR("GET /who HTTP/1.1\r\n" H CLOSE "X-Forwarded-For: me\r\n\r\n"));
    assert_true(str_has(got, STR("\r\n\r\n127.0.0.1 ")));
    down(state);
}

/* An address of this machine that is not loopback, or 0. */
static uint32_t own_address(void)
{
    struct ifaddrs *all = NULL;
    uint32_t found = 0;
    if (getifaddrs(&all) != 0)
        return 0;
    for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
        const struct sockaddr_in *in = (const void *)i->ifa_addr;
        bool is_usable = in != NULL && in->sin_family == AF_INET;
        if (is_usable && ntohl(in->sin_addr.s_addr) >> 24 != 127)
            found = in->sin_addr.s_addr;
    }
    freeifaddrs(all);
    return found;
}

static void an_address_holds_only_so_many(void **state)
{
    (void)state;
    struct http_options o = http_options_default();
    char listen_on[40];
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = own_address()};
    if (in.sin_addr.s_addr == 0) {
        print_message("skipped: this machine has loopback only\n");
        skip();
    }
    const unsigned char *b = (const unsigned char *)&in.sin_addr.s_addr;
    (void)snprintf(listen_on, sizeof listen_on, "%d.%d.%d.%d:0", b[0], b[1], b[2], b[3]);
    o.most_per_address = 3;
    o.listen[2] = listen_on;
    gate_up(&o);
    in.sin_port = htons((uint16_t)http_gate_port(gate, 2));
    int fds[4];
    for (int i = 0; i < 4; i++) { /* the last one when the others are counted */
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        WAIT_FOR(http_gate_metrics(gate).connections == (uint64_t)i);
        assert_int_equal(connect(fds[i], (struct sockaddr *)&in, sizeof in), 0);
    }
    assert_true(str_starts(hear_end(fds[3]), STR("HTTP/1.1 503 ")));
    WAIT_FOR(http_gate_metrics(gate).connections == 3);
    (void)close(dial()); /* loopback is not counted */
    for (int i = 0; i < 3; i++)
        (void)close(fds[i]);
    WAIT_FOR(http_gate_metrics(gate).connections == 0);
    fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fds[0], (struct sockaddr *)&in, sizeof in), 0);
    WAIT_FOR(http_gate_metrics(gate).connections == 1); /* a place was given back */
    (void)close(fds[0]);
    down(state);
}

static void opening_says_what_is_wrong(void **state)
{
    (void)state;
    static const char *const bad[] = {"nonsense",     "127.0.0.1", "127.0.0.1:99999",
                                      "127.0.0.1:x",  "::1:80",    "[::1]",
                                      "localhost:80", ":80",       "192.0.2.1:0"};
    const struct http_port port = {.handle = toy_handle};
    struct http_options o = http_options_default();
    struct http_gate *g = NULL;
    o.most_connections = 4;
    o.listen_count = 1;
    arena_init(&arena, 16 << 20);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        o.listen[0] = bad[i];
        if (!failed(http_gate_open(&arena, &o, &port, &g)))
            fail_msg("%s", bad[i]);
    }
    o.listen[0] = "[::1]:0";
    assert_false(failed(http_gate_open(&arena, &o, &port, &g)));
    assert_true(http_gate_port(g, 0) > 0);
    for (uint64_t n = 1; n < 3; n++) { /* the n-th thread does not start */
        env_fault_at(FAULT_THREAD, n);
        assert_int_equal(http_gate_start(g).code, ERR_OS);
        env_fault_clear();
        http_gate_stop(g);
    }
    http_gate_close(g);
    arena_done(&arena);
}

static void a_socket_left_behind_is_taken_over(void **state)
{
    up(state);
    struct http_gate *second = NULL;
    const struct http_port port = {.handle = toy_handle};
    struct http_options o = http_options_default();
    char where[80];
    (void)snprintf(where, sizeof where, "unix:%s", socket_path);
    o.listen[0] = where;
    o.listen_count = 1;
    err e = http_gate_open(&arena, &o, &port, &second);
    assert_int_equal(e.at, EADDRINUSE);
    assert_true(file_exists(socket_path)); /* the first one's is left alone */
    down(state);
    int dead = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    memcpy(un.sun_path, socket_path, sizeof socket_path);
    assert_int_equal(bind(dead, (struct sockaddr *)&un, sizeof un), 0);
    (void)close(dead);
    assert_true(file_exists(socket_path));
    up(state);
    down(state);
}

static void stopping_lets_answers_out(void **state)
{
    (void)state;
    up(state);
    int idle = dial();
    int waiting = dial();
    int stream = open_stream(STR("all"));
    say(waiting, STR("POST /later HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nbye"));
    WAIT_FOR(http_gate_metrics(gate).calls > 0);
    down(state);
    assert_true(str_ends(hear_end(waiting), STR("\r\n\r\nbye")));
    assert_int_equal(hear_end(idle).size, 0);
    (void)close(stream);
}

enum { IDLE = 10000 };

/* A process of its own, as each end of a connection needs a descriptor and limits are per process.
 * Reads the port, connects, says how many it holds, and holds them until it is told to go. */
static void hold_connections(int from, int to)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    int count = 0;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (read(from, &in.sin_port, sizeof in.sin_port) != sizeof in.sin_port)
        _exit(1);
    for (; count < IDLE; count++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *)&in, sizeof in) != 0)
            break;
    }
    if (write(to, &count, sizeof count) != sizeof count)
        _exit(1);
    (void)!read(from, &count, 1);
    _exit(0);
}

static bool can_have_descriptors(rlim_t need)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_max < need)
        return false;
    files.rlim_cur = files.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &files) == 0;
}

static int64_t worst_of(int count)
{
    int64_t worst = 0;
    for (int i = 0; i < count; i++) {
        int64_t start = env_monotonic_us();
        (void)ask(STR("GET /who HTTP/1.1\r\n" H CLOSE "\r\n"));
        int64_t took = env_monotonic_us() - start;
        worst = took > worst ? took : worst;
    }
    return worst;
}

static void ten_thousand_idle_connections_leave_it_serving(void **state)
{
    (void)state;
    int to_child[2];
    int from_child[2];
    int held = 0;
    if (!can_have_descriptors(IDLE + 300)) {
        print_message("skipped: needs %d descriptors, see ulimit -Hn\n", IDLE + 300);
        skip();
    }
    assert_int_equal(pipe(to_child) + pipe(from_child), 0);
    pid_t child = fork();
    if (child == 0)
        hold_connections(to_child[0], from_child[1]);
    struct http_options o = http_options_default();
    gate_up(&o);
    int64_t alone = worst_of(100);
    uint16_t port = htons((uint16_t)http_gate_port(gate, 0));
    assert_int_equal(write(to_child[1], &port, sizeof port), sizeof port);
    assert_int_equal(read(from_child[0], &held, sizeof held), sizeof held);
    assert_int_equal(held, IDLE);
    WAIT_FOR(http_gate_metrics(gate).connections == IDLE);
    int64_t worst = worst_of(100);
    print_message("worst of 100 answers alone: %d ms, beside %d idle connections: %d ms\n",
                  (int)(alone / 1000), IDLE, (int)(worst / 1000));
    assert_true(worst < 2000000 + 20 * alone); /* a busy machine is slow without them, too */
    assert_int_equal(write(to_child[1], "x", 1), 1);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    WAIT_FOR(http_gate_metrics(gate).connections == 0);
    for (int i = 0; i < 2; i++) {
        (void)close(to_child[i]);
        (void)close(from_child[i]);
    }
    down(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_request_one_answer, up, down),
        cmocka_unit_test_setup_teardown(keep_alive_and_pipelining, up, down),
        cmocka_unit_test_setup_teardown(bytes_may_come_one_by_one, up, down),
        cmocka_unit_test_setup_teardown(head_and_assets, up, down),
        cmocka_unit_test_setup_teardown(long_replies_arrive_whole, up, down),
        cmocka_unit_test_setup_teardown(a_body_of_the_handlers_own_is_given_back, up, down),
        cmocka_unit_test_setup_teardown(smuggling_gets_one_refusal, up, down),
        cmocka_unit_test_setup_teardown(sizes_are_bounded, up, down),
        cmocka_unit_test_setup_teardown(slowness_is_bounded, up_hasty, down),
        cmocka_unit_test_setup_teardown(events_reach_who_wants_them, up, down),
        cmocka_unit_test_setup_teardown(an_end_closes_the_streams_that_want_it, up, down),
        cmocka_unit_test_setup_teardown(a_slow_reader_is_dropped_alone, up, down),
        cmocka_unit_test_setup_teardown(the_unix_socket_knows_its_user, up, down),
        cmocka_unit_test(at_the_cap_others_are_shed),
        cmocka_unit_test(all_bodies_share_a_budget),
        cmocka_unit_test(an_address_holds_only_so_many),
        cmocka_unit_test(opening_says_what_is_wrong),
        cmocka_unit_test(a_socket_left_behind_is_taken_over),
        cmocka_unit_test(stopping_lets_answers_out),
        cmocka_unit_test(ten_thousand_idle_connections_leave_it_serving),
    };
    return cmocka_run_group_tests_name("gate/http/gate", tests, NULL, NULL);
}
