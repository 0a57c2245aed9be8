/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard - reads HTTP/1.1 as RFC 9112 writes it and refuses whatever two readers could read
 * differently, so that nothing can be smuggled past us behind somebody else's proxy.
 *
 * Shape     Three pure steps, no socket anywhere:
 *             guard_scan_step   walks arriving bytes to the end of the head; stops at the first
 *                               bare CR, bare LF or NUL, however slowly they come
 *             guard_head        a whole head to a struct of slices, or why not
 *             guard_body_step   a counted or chunked body to slices of payload
 * Owns      Nothing: slices point into the bytes handed in, headers into the room handed in.
 * Lives     As long as those.
 * Fails     ERR_MALFORMED; `why` says it for the log, `at` is the status to answer (400, 414, 417,
 *           431, 501, 505). After a refusal the connection must be closed: its bytes have no
 *           agreed meaning any more.
 * Threads   One at a time per struct.
 * Bounds    GUARD_HEADERS headers; a chunk size of 8 digits. Chunk extensions and trailers are
 *           refused: nobody who sends us anything needs them, and proxies disagree about them.
 */
#ifndef YUMEN_GATE_HTTP_GUARD_H
#define YUMEN_GATE_HTTP_GUARD_H

#include "base/err.h"
#include "base/str.h"

enum { GUARD_HEADERS = 64 };

/* HTTP_OTHER: a method we have never heard of, answered with 501. */
#define HTTP_METHODS(X)                                                                            \
    X(HTTP_GET, "GET")                                                                             \
    X(HTTP_HEAD, "HEAD")                                                                           \
    X(HTTP_POST, "POST")                                                                           \
    X(HTTP_PUT, "PUT")                                                                             \
    X(HTTP_PATCH, "PATCH")                                                                         \
    X(HTTP_DELETE, "DELETE")                                                                       \
    X(HTTP_OPTIONS, "OPTIONS")                                                                     \
    X(HTTP_OTHER, "")

#define X(method, name) method,
enum http_method { HTTP_METHODS(X) HTTP_METHOD_COUNT };
#undef X

const char *http_method_name(enum http_method m);

struct http_header {
    str name;
    str value; /* without the white space around it */
};

enum guard_framing { GUARD_NO_BODY, GUARD_COUNTED, GUARD_CHUNKED };

struct http_head {
    str target; /* as sent */
    str path;   /* begins with '/', still percent-encoded */
    str query;  /* after '?', still percent-encoded; may be empty */
    str host;   /* with its port, if it has one */
    struct http_header *headers;
    size_t header_count;
    uint64_t body_bytes; /* when counted */
    enum http_method method;
    enum guard_framing framing;
    bool is_http_1_0;
    bool wants_close;
    bool expects_continue;
};

enum guard_found { GUARD_NEEDS_MORE, GUARD_FOUND_END, GUARD_FOUND_EVIL };

struct guard_scan {
    size_t seen;      /* bytes looked at; the size of the head once its end is found */
    uint8_t newlines; /* how much of CR LF CR LF lies just behind us */
};

/* `head` begins where the request does and may have grown since the last step. */
enum guard_found guard_scan_step(struct guard_scan *s, str head);
/* `head` ends with its empty line. `room` holds GUARD_HEADERS headers. */
err guard_head(str head, struct http_header *room, struct http_head *ret_head);

struct guard_body {
    uint64_t left; /* of this chunk, or of the whole counted body */
    enum guard_framing framing;
    uint8_t state;
    uint8_t digits;
    bool is_done;
};

void guard_body_init(struct guard_body *b, const struct http_head *head);
/* Uses bytes up to the end of the next piece of payload. Call until is_done or nothing was used. */
err guard_body_step(struct guard_body *b, str bytes, size_t *ret_used, str *ret_payload);

/* A header's value by name, in any case; the empty str when there is none. */
str http_head_find(const struct http_head *head, str name);
/* True when a comma-separated list ("close, te") has this word, in any case. */
bool http_list_has(str list, str word);

#endif
