/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a request has one meaning or it is refused, whatever pieces it arrives in.
 * Method: a table of heads and bodies that fooled other servers, each also fed byte by byte; then
 * sound ones, whose parts are looked at.
 */
#include "gate/http/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define HOST "Host: a\r\n"

struct bad_head {
    const char *name;
    str bytes;
    uint32_t status; /* 0: refused by the scan already */
};

#define HEAD(name_, bytes_, status_)                                                               \
    {                                                                                              \
        name_, {"" bytes_, sizeof(bytes_) - 1}, status_                                            \
    }

static const struct bad_head bad_heads[] = {
    HEAD("both lengths",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    HEAD("same length twice",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\ncontent-length: 1\r\n\r\n", 400),
    HEAD("two codings",
         "POST / HTTP/1.1\r\n" HOST
         "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
         400),
    HEAD("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
    HEAD("no host", "GET / HTTP/1.1\r\n\r\n", 400),
    HEAD("empty host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 400),
    HEAD("host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    HEAD("host with a name", "GET / HTTP/1.1\r\nHost: me@a\r\n\r\n", 400),
    HEAD("length +5", "POST / HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\n", 400),
    HEAD("length list", "POST / HTTP/1.1\r\n" HOST "Content-Length: 5, 5\r\n\r\n", 400),
    HEAD("length hex", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x5\r\n\r\n", 400),
    HEAD("length negative", "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400),
    HEAD("length empty", "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 400),
    HEAD("length beyond 64 bits",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n", 400),
    HEAD("space before colon", "POST / HTTP/1.1\r\n" HOST "Content-Length : 5\r\n\r\n", 400),
    HEAD("space within name", "GET / HTTP/1.1\r\n" HOST "X Y: 5\r\n\r\n", 400),
    HEAD("folded", "GET / HTTP/1.1\r\n" HOST "X: a\r\n b: c\r\n\r\n", 400),
    HEAD("folded with a tab", "GET / HTTP/1.1\r\n" HOST "X: a\r\n\tb\r\n\r\n", 400),
    HEAD("first header folded", "GET / HTTP/1.1\r\n " HOST "\r\n", 400),
    HEAD("bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", 0),
    HEAD("bare LF once", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 0),
    HEAD("bare CR", "GET / HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n", 0),
    HEAD("CR CR LF", "GET / HTTP/1.1\r\r\n" HOST "\r\n", 0),
    HEAD("NUL", "GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n", 0),
    HEAD("control character", "GET / HTTP/1.1\r\n" HOST "X: a\001b\r\n\r\n", 400),
    HEAD("delete", "GET / HTTP/1.1\r\n" HOST "X: a\177b\r\n\r\n", 400),
    HEAD("xchunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n", 400),
    HEAD("gzip, chunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n",
         400),
    HEAD("identity", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n", 400),
    HEAD("chunked in 1.0", "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 400),
    HEAD("%00", "GET /a%00b HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("half a percent", "GET /a%4 HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("percent of nothing", "GET /a%zz HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("fragment", "GET /a#b HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("backslash", "GET /a\\b HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("raw UTF-8", "GET /\xe7\x8e\x89 HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("another host", "GET http://b/ HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("absolute without path", "GET http://a HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("another scheme", "GET ftp://a/ HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("authority form", "CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("star for GET", "GET * HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("two spaces", "GET  / HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("space at the end", "GET / HTTP/1.1 \r\n" HOST "\r\n", 400),
    HEAD("tab", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("HTTP/1.10", "GET / HTTP/1.10\r\n" HOST "\r\n", 400),
    HEAD("HTTP/2.0", "GET / HTTP/2.0\r\n" HOST "\r\n", 505),
    HEAD("http/1.1", "GET / http/1.1\r\n" HOST "\r\n", 400),
    HEAD("HTTP/0.9", "GET /\r\n\r\n", 400),
    HEAD("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", 505),
    HEAD("empty line first", "\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("nothing", "\r\n\r\n", 400),
    HEAD("no colon", "GET / HTTP/1.1\r\n" HOST "nocolon\r\n\r\n", 400),
    HEAD("no name", "GET / HTTP/1.1\r\n" HOST ": x\r\n\r\n", 400),
    HEAD("8-bit name", "GET / HTTP/1.1\r\n" HOST "\xff: x\r\n\r\n", 400),
    HEAD("unknown method", "BREW / HTTP/1.1\r\n" HOST "\r\n", 501),
    HEAD("method in small letters", "get / HTTP/1.1\r\n" HOST "\r\n", 501),
    HEAD("trace", "TRACE / HTTP/1.1\r\n" HOST "\r\n", 501),
    HEAD("bad method", "G@T / HTTP/1.1\r\n" HOST "\r\n", 400),
    HEAD("expectation", "POST / HTTP/1.1\r\n" HOST "Expect: miracles\r\n\r\n", 417),
};

/* The status, 0 for a refusal by the scan, 200 when it was taken. */
static uint32_t judge(str bytes, size_t step, struct http_head *ret_head)
{
    static struct http_header room[GUARD_HEADERS];
    struct guard_scan scan = {0};
    enum guard_found found = GUARD_NEEDS_MORE;
    for (size_t have = step; found == GUARD_NEEDS_MORE && scan.seen < bytes.size; have += step)
        found = guard_scan_step(&scan, str_until(bytes, have < bytes.size ? have : bytes.size));
    if (found != GUARD_FOUND_END)
        return found == GUARD_FOUND_EVIL ? 0 : 999;
    err e = guard_head(str_until(bytes, scan.seen), room, ret_head);
    return failed(e) ? e.at : 200;
}

static void every_bad_head_is_refused(void **state)
{
    (void)state;
    struct http_head head;
    for (size_t i = 0; i < COUNT_OF(bad_heads); i++) {
        uint32_t whole = judge(bad_heads[i].bytes, 100000, &head);
        uint32_t bytewise = judge(bad_heads[i].bytes, 1, &head);
        if (whole != bad_heads[i].status || bytewise != whole)
            fail_msg("%s: %u, byte by byte %u", bad_heads[i].name, whole, bytewise);
    }
}

static void a_sound_head_is_taken_apart(void **state)
{
    (void)state;
    struct http_head h;
    str bytes = STR("POST http://A.example:8080/v1/x%20y?a=1&b HTTP/1.1\r\nhost: a.EXAMPLE:8080\r\n"
                    "Content-Length: 0012\r\nExpect: 100-Continue\r\nConnection: te, Close\r\n"
                    "X-Empty:\r\nX-Text: \t two  words \t\r\n\r\n");
    assert_int_equal(judge(bytes, 7, &h), 200);
    assert_int_equal(h.method, HTTP_POST);
    assert_true(str_equal(h.path, STR("/v1/x%20y")));
    assert_true(str_equal(h.query, STR("a=1&b")));
    assert_true(str_equal(h.host, STR("a.EXAMPLE:8080")));
    assert_int_equal(h.framing, GUARD_COUNTED);
    assert_int_equal(h.body_bytes, 12);
    assert_true(h.wants_close && h.expects_continue);
    assert_true(str_equal(http_head_find(&h, STR("x-text")), STR("two  words")));
    assert_int_equal(http_head_find(&h, STR("x-empty")).size, 0);
    assert_int_equal(http_head_find(&h, STR("absent")).size, 0);

    assert_int_equal(judge(STR("GET /?q=a?b HTTP/1.0\r\n\r\n"), 1, &h), 200);
    assert_true(h.wants_close && h.framing == GUARD_NO_BODY);
    assert_true(str_equal(h.query, STR("q=a?b")));
    assert_int_equal(judge(STR("OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"), 1, &h), 200);
    assert_true(str_equal(h.path, STR("/")));
}

static void headers_and_targets_are_bounded(void **state)
{
    (void)state;
    struct arena a;
    struct text t;
    struct http_head h;
    arena_init(&a, 1 << 20);
    for (int extra = 0; extra < 2; extra++) {
        text_init(&t, &a);
        text_put_c(&t, "GET / HTTP/1.1\r\n" HOST);
        for (int i = 0; i < GUARD_HEADERS - 1 + extra; i++)
            text_put_c(&t, "X: y\r\n");
        text_put_c(&t, "\r\n");
        assert_int_equal(judge(text_str(&t), 100000, &h), extra == 0 ? 200 : 431);
    }
    text_init(&t, &a);
    text_put_c(&t, "GET /");
    for (int i = 0; i < 9000; i++)
        text_put_char(&t, 'x');
    text_put_c(&t, " HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(judge(text_str(&t), 100000, &h), 414);
    arena_done(&a);
}

/* The payload as text, "!" when refused, "?" when it never ended; *ret_left: bytes not used. */
static const char *run_body(const struct http_head *head, str bytes, size_t step, size_t *ret_left)
{
    static char payload[100];
    struct guard_body b;
    size_t size = 0;
    size_t at = 0;
    size_t used = 1;
    guard_body_init(&b, head);
    while (!b.is_done && at < bytes.size) {
        str piece;
        str now = str_until(str_from(bytes, at), step);
        if (failed(guard_body_step(&b, now, &used, &piece)))
            return "!";
        memcpy(payload + size, piece.at, piece.size);
        size += piece.size;
        at += used;
    }
    payload[size] = '\0';
    *ret_left = bytes.size - at;
    return b.is_done ? payload : "?";
}

static void chunks_mean_one_thing(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *want;
    } cases[] = {
        {"5\r\nhello\r\n0\r\n\r\nGET",                         "hello"          },
        {"5\r\nhello\r\n00000A\r\n, world 12\r\n0\r\n\r\nGET", "hello, world 12"},
        {"0\r\n\r\nGET",                                       ""               },
        {"5\r\nhello\r\n0\r\n",                                "?"              },
        {"5\r\nhelloXX0\r\n\r\n",                              "!"              },
        {"5\r\nhello\n0\r\n\r\n",                              "!"              },
        {"5\nhello\r\n0\r\n\r\n",                              "!"              },
        {"+5\r\nhello\r\n0\r\n\r\n",                           "!"              },
        {"0x5\r\nhello\r\n0\r\n\r\n",                          "!"              },
        {" 5\r\nhello\r\n0\r\n\r\n",                           "!"              },
        {"5 \r\nhello\r\n0\r\n\r\n",                           "!"              },
        {"5;a=b\r\nhello\r\n0\r\n\r\n",                        "!"              },
        {"-1\r\nhello\r\n0\r\n\r\n",                           "!"              },
        {"\r\nhello\r\n0\r\n\r\n",                             "!"              },
        {"000000005\r\nhello\r\n0\r\n\r\n",                    "!"              },
        {"0\r\nX: y\r\n\r\n",                                  "!"              },
        {"0\r\n\rX",                                           "!"              },
    };
    struct http_head head = {.framing = GUARD_CHUNKED};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (size_t step = 1; step < 20; step += 6) {
            size_t left = 0;
            const char *got = run_body(&head, str_from_c(cases[i].bytes), step, &left);
            if (strcmp(got, cases[i].want) != 0)
                fail_msg("chunks %zu in steps of %zu: %s", i, step, got);
            assert_true(i > 2 || left == 3); /* the next request is not touched */
        }
    head = (struct http_head){.framing = GUARD_COUNTED, .body_bytes = 5};
    size_t left = 0;
    assert_string_equal(run_body(&head, STR("helloGET"), 3, &left), "hello");
    assert_int_equal(left, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bad_head_is_refused),
        cmocka_unit_test(a_sound_head_is_taken_apart),
        cmocka_unit_test(headers_and_targets_are_bounded),
        cmocka_unit_test(chunks_mean_one_thing),
    };
    return cmocka_run_group_tests_name("gate/http/guard", tests, NULL, NULL);
}
