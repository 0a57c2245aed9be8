/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/http/client.h"

#include "env/file.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { DEFAULT_TIMEOUT_MS = 30000, DEFAULT_MOST_BYTES = 64 << 20, FIRST_ROOM = 16 * 1024 };

static err os_error(const char *why)
{
    if (errno == EAGAIN)
        return fail(ERR_BUSY, "client.no_answer", 0);
    return fail(ERR_OS, why, (uint32_t)errno);
}

static err dial(const struct http_client_request *r, int *ret_fd)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    if (strlen(r->socket_path) >= sizeof un.sun_path)
        return fail(ERR_LIMIT, "client: the socket's path is too long", 0);
    memcpy(un.sun_path, r->socket_path, strlen(r->socket_path) + 1);
    SCOPED(fd_end) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return os_error("client: no socket");
    int ms = r->timeout_ms > 0 ? r->timeout_ms : DEFAULT_TIMEOUT_MS;
    const struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000L};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (connect(fd, (const struct sockaddr *)&un, sizeof un) != 0) {
        if (errno == ENOENT || errno == ECONNREFUSED)
            return fail(ERR_ABSENT, "client.no_server", 0);
        return os_error("client: cannot connect");
    }
    *ret_fd = fd_take(&fd);
    return OK;
}

/* A server that refuses early may close before it has read everything: its reply still counts. */
static err send_all(int fd, str bytes)
{
    while (bytes.size > 0) {
        ssize_t n = send(fd, bytes.at, bytes.size, MSG_NOSIGNAL);
        if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
            return OK;
        if (n < 0 && errno != EINTR)
            return os_error("client: cannot send");
        if (n > 0)
            bytes = str_from(bytes, (size_t)n);
    }
    return OK;
}

static err build(const struct http_client_request *r, struct arena *a, str *ret_head)
{
    struct text t;
    text_init(&t, a);
    text_put_c(&t, http_method_name(r->method));
    text_put_char(&t, ' ');
    text_put(&t, r->target);
    text_put_c(&t, " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ");
    text_put_u64(&t, r->body.size);
    for (size_t i = 0; i < r->header_count; i++) {
        text_put_c(&t, "\r\n");
        text_put(&t, r->headers[i].name);
        text_put_c(&t, ": ");
        text_put(&t, r->headers[i].value);
    }
    text_put_c(&t, "\r\n\r\n");
    if (text_spent(&t))
        return fail(ERR_LIMIT, "client: no memory", 0);
    *ret_head = text_str(&t);
    return OK;
}

/* Until the server closes: it was asked to. */
static err read_all(int fd, size_t most_bytes, struct arena *a, str *ret_bytes)
{
    size_t room = FIRST_ROOM;
    size_t size = 0;
    char *at = arena_make(a, room);
    while (at != NULL) {
        ssize_t n = recv(fd, at + size, room - size, 0);
        if (n < 0 && errno == ECONNRESET)
            n = 0;
        if (n < 0 && errno != EINTR)
            return os_error("client: cannot receive");
        if (n == 0) {
            *ret_bytes = str_make(at, size);
            return OK;
        }
        size += n > 0 ? (size_t)n : 0;
        if (size > most_bytes)
            return fail(ERR_LIMIT, "client: the reply is too long", 0);
        if (size == room) {
            at = arena_grow(a, at, room, room * 2);
            room *= 2;
        }
    }
    return fail(ERR_LIMIT, "client: no memory", 0);
}

static err malformed(void)
{
    return fail(ERR_MALFORMED, "client: the reply is not HTTP", 0);
}

static str take_line(str *rest)
{
    size_t size = str_find_char(*rest, '\r');
    str line = str_until(*rest, size);
    *rest = str_from(*rest, size + 2);
    return line;
}

/* "HTTP/1.1 200 OK" */
static err status_line(str line, int *ret_status)
{
    int64_t status = 0;
    if (!str_starts(line, STR("HTTP/1.1 ")) || line.size < 12)
        return malformed();
    TRY(str_parse_i64(str_until(str_from(line, 9), 3), &status));
    if (status < 100 || status > 599)
        return malformed();
    *ret_status = (int)status;
    return OK;
}

static err parse(str bytes, struct arena *a, struct http_client_reply *reply)
{
    struct guard_scan scan = {0};
    if (guard_scan_step(&scan, bytes) != GUARD_FOUND_END)
        return malformed();
    str head = str_until(bytes, scan.seen - 2);
    reply->body = str_from(bytes, scan.seen);
    reply->headers = arena_make_array(a, GUARD_HEADERS, sizeof *reply->headers);
    if (reply->headers == NULL)
        return fail(ERR_LIMIT, "client: no memory", 0);
    TRY(status_line(take_line(&head), &reply->status));
    while (head.size > 0 && reply->header_count < GUARD_HEADERS) {
        str line = take_line(&head);
        size_t colon = str_find_char(line, ':');
        reply->headers[reply->header_count++] =
            (struct http_header){str_until(line, colon), str_trim(str_from(line, colon + 1))};
    }
    return OK;
}

/* A reply cut off by a crash must not pass for a short one. */
static err check_length(const struct http_client_request *r, const struct http_client_reply *reply)
{
    int64_t length = 0;
    str said = http_client_header(reply, STR("Content-Length"));
    if (said.size == 0 || r->method == HTTP_HEAD)
        return OK;
    TRY(str_parse_i64(said, &length));
    if (length < 0 || (uint64_t)length != reply->body.size)
        return fail(ERR_MALFORMED, "client: the reply was cut off", (uint32_t)reply->body.size);
    return OK;
}

err http_client_call(const struct http_client_request *request, struct arena *a,
                     struct http_client_reply *ret_reply)
{
    SCOPED(fd_end) int fd = -1;
    str head;
    str bytes;
    struct http_client_reply reply = {0};
    size_t most = request->most_bytes > 0 ? request->most_bytes : DEFAULT_MOST_BYTES;
    assert(request->method < HTTP_OTHER);
    TRY(build(request, a, &head));
    TRY(dial(request, &fd));
    TRY(send_all(fd, head));
    TRY(send_all(fd, request->body));
    TRY(read_all(fd, most, a, &bytes));
    TRY(parse(bytes, a, &reply));
    TRY(check_length(request, &reply));
    *ret_reply = reply;
    return OK;
}

str http_client_header(const struct http_client_reply *reply, str name)
{
    for (size_t i = 0; i < reply->header_count; i++)
        if (str_equal_nocase(reply->headers[i].name, name))
            return reply->headers[i].value;
    return STR("");
}
