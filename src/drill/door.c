/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/door.h"

#include "env/file.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { FIRST_ROOM = 16 * 1024, USUAL_TIMEOUT_MS = 30000, BACKLOG = 64 };

static err os_error(const char *why)
{
    bool is_away = errno == EAGAIN || errno == ECONNREFUSED || errno == ECONNRESET ||
                   errno == EPIPE || errno == ETIMEDOUT;
    return fail(is_away ? ERR_BUSY : ERR_OS, why, (uint32_t)errno);
}

static err malformed(const char *why)
{
    return fail(ERR_MALFORMED, why, 0);
}

err door_place_parse(str text, struct door_place *ret_place)
{
    struct door_place p = {.timeout_ms = USUAL_TIMEOUT_MS};
    int64_t port = 0;
    struct in_addr address;
    str rest = str_starts(text, STR("http://")) ? str_from(text, 7) : text;
    if (str_ends(rest, STR("/")))
        rest = str_until(rest, rest.size - 1);
    size_t colon = str_find_char(rest, ':');
    if (colon == rest.size || colon >= sizeof p.host)
        return malformed("drill.loopback");
    memcpy(p.host, rest.at, colon);
    if (!str_starts(rest, STR("127.")) || inet_pton(AF_INET, p.host, &address) != 1)
        return malformed("drill.loopback");
    if (failed(str_parse_i64(str_from(rest, colon + 1), &port)) || port < 0 || port > UINT16_MAX)
        return malformed("drill.loopback");
    p.port = (uint16_t)port;
    *ret_place = p;
    return OK;
}

void door_put_header(struct door_message *m, str name, str value)
{
    assert(m->header_count < DOOR_HEADERS);
    m->headers[m->header_count++] = (struct door_header){name, value};
}

str door_header(const struct door_message *m, str name)
{
    for (size_t i = 0; i < m->header_count; i++)
        if (str_equal_nocase(m->headers[i].name, name))
            return m->headers[i].value;
    return STR("");
}

/* ---- reading ------------------------------------------------------------------------------ */

static size_t head_size(str bytes)
{
    const char *end = memmem(bytes.at, bytes.size, "\r\n\r\n", 4);
    return end == NULL ? 0 : (size_t)(end - bytes.at) + 4;
}

static str take_line(str *rest)
{
    size_t size = str_find_char(*rest, '\r');
    str line = str_until(*rest, size);
    *rest = str_from(*rest, size + 2);
    return line;
}

/* "HTTP/1.1 200 OK" or "POST /orders HTTP/1.1" */
static err first_line(str line, struct door_message *m)
{
    str word;
    int64_t status = 0;
    if (!str_split(&line, ' ', &word))
        return malformed("door: no first line");
    if (str_starts(word, STR("HTTP/1."))) {
        if (failed(str_parse_i64(str_until(line, 3), &status)) || status < 100 || status > 599)
            return malformed("door: no status");
        m->status = (int)status;
        return OK;
    }
    m->method = word;
    if (!str_split(&line, ' ', &m->target) || !str_starts(m->target, STR("/")) ||
        !str_starts(line, STR("HTTP/1.")))
        return malformed("door: no request");
    return OK;
}

static err read_head(str head, struct door_message *m)
{
    TRY(first_line(take_line(&head), m));
    for (str line = take_line(&head); line.size > 0; line = take_line(&head)) {
        size_t colon = str_find_char(line, ':');
        if (colon == line.size || m->header_count == DOOR_HEADERS)
            return malformed("door: headers");
        door_put_header(m, str_until(line, colon), str_trim(str_from(line, colon + 1)));
    }
    if (!str_is_empty(door_header(m, STR("Transfer-Encoding"))))
        return malformed("door: chunks");
    return OK;
}

/* SIZE_MAX: until the connection ends. */
static err body_size(const struct door_message *m, size_t *ret_size)
{
    int64_t size = 0;
    str said = door_header(m, STR("Content-Length"));
    bool is_request = m->status == 0;
    *ret_size = is_request || m->status == 204 ? 0 : SIZE_MAX;
    if (str_is_empty(said))
        return OK;
    if (failed(str_parse_i64(said, &size)) || size < 0 || size > DOOR_BYTES)
        return malformed("door: length");
    *ret_size = (size_t)size;
    return OK;
}

struct inflow {
    int fd;
    struct arena *arena;
    char *at;
    size_t size;
    size_t room;
    bool has_ended;
};

static err read_more(struct inflow *in)
{
    if (in->size == in->room) {
        size_t room = in->room == 0 ? FIRST_ROOM : in->room * 2;
        in->at = arena_grow(in->arena, in->at, in->room, room);
        if (in->at == NULL || room > 2 * (size_t)DOOR_BYTES)
            return fail(ERR_LIMIT, "door: too much", 0);
        in->room = room;
    }
    ssize_t n = recv(in->fd, in->at + in->size, in->room - in->size, 0);
    if (n < 0 && errno != EINTR)
        return os_error("door: cannot receive");
    in->has_ended = n == 0;
    in->size += n > 0 ? (size_t)n : 0;
    return OK;
}

static err read_message(int fd, struct arena *a, struct door_message *ret_message)
{
    struct inflow in = {.fd = fd, .arena = a};
    struct door_message m = {.status = 0};
    size_t head = 0;
    size_t body = 0;
    while (head == 0 && !in.has_ended) {
        TRY(read_more(&in));
        head = head_size(str_make(in.at, in.size));
    }
    if (head == 0)
        return fail(ERR_BUSY, "door: the connection ended", 0);
    str copy = str_copy(a, str_make(in.at, head)); /* what comes may move */
    if (copy.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(read_head(copy, &m));
    TRY(body_size(&m, &body));
    while (!in.has_ended && in.size - head < body)
        TRY(read_more(&in));
    if (body != SIZE_MAX && in.size - head < body)
        return fail(ERR_BUSY, "door: cut off", 0);
    m.body = str_make(in.at + head, body == SIZE_MAX ? in.size - head : body);
    *ret_message = m;
    return OK;
}

/* ---- writing ------------------------------------------------------------------------------ */

static err send_all(int fd, str bytes)
{
    while (bytes.size > 0) {
        ssize_t n = send(fd, bytes.at, bytes.size, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return os_error("door: cannot send");
        if (n > 0)
            bytes = str_from(bytes, (size_t)n);
    }
    return OK;
}

static void put_headers(struct text *t, const struct door_message *m)
{
    for (size_t i = 0; i < m->header_count; i++) {
        text_put(t, m->headers[i].name);
        text_put_c(t, ": ");
        text_put(t, m->headers[i].value);
        text_put_c(t, "\r\n");
    }
    text_put_c(t, "Connection: close\r\nContent-Length: ");
    text_put_u64(t, m->body.size);
    text_put_c(t, "\r\n\r\n");
    text_put(t, m->body);
}

static err send_text(int fd, const struct text *t)
{
    if (text_spent(t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    return send_all(fd, text_str(t));
}

static struct sockaddr_in address_of(const struct door_place *p)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(p->port)};
    (void)inet_pton(AF_INET, p->host, &in.sin_addr);
    return in;
}

static void set_timeout(int fd, int ms)
{
    const struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000L};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
}

err door_ask(const struct door_place *p, const struct door_message *request, struct arena *a,
             int *ret_fd)
{
    struct text t;
    struct sockaddr_in in = address_of(p);
    SCOPED(fd_end) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return os_error("door: no socket");
    set_timeout(fd, p->timeout_ms);
    if (connect(fd, (const struct sockaddr *)(const void *)&in, sizeof in) != 0)
        return os_error("door: cannot connect");
    text_init(&t, a);
    text_put(&t, request->method);
    text_put_char(&t, ' ');
    text_put(&t, request->target);
    text_printf(&t, " HTTP/1.1\r\nHost: %s:%u\r\n", p->host, (unsigned)p->port);
    put_headers(&t, request);
    TRY(send_text(fd, &t));
    *ret_fd = fd_take(&fd);
    return OK;
}

err door_fetch(int fd, struct arena *a, struct door_message *ret_answer)
{
    TRY(read_message(fd, a, ret_answer));
    return ret_answer->status == 0 ? malformed("door: no answer") : OK;
}

err door_call(const struct door_place *p, const struct door_message *request, struct arena *a,
              struct door_message *ret_answer)
{
    SCOPED(fd_end) int fd = -1;
    TRY(door_ask(p, request, a, &fd));
    return door_fetch(fd, a, ret_answer);
}

/* ---- the other side ----------------------------------------------------------------------- */

err door_listen(struct door_place *p, int *ret_fd)
{
    struct sockaddr_in in = address_of(p);
    socklen_t size = sizeof in;
    const int yes = 1;
    SCOPED(fd_end) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return os_error("door: no socket");
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (const struct sockaddr *)(const void *)&in, sizeof in) != 0 ||
        listen(fd, BACKLOG) != 0 || getsockname(fd, (struct sockaddr *)(void *)&in, &size) != 0)
        return fail(ERR_OS, "door: cannot listen there", (uint32_t)errno);
    p->port = ntohs(in.sin_port);
    *ret_fd = fd_take(&fd);
    return OK;
}

err door_accept(int listener, int timeout_ms, struct arena *a, int *ret_fd,
                struct door_message *ret_request)
{
    SCOPED(fd_end) int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return os_error("door: nobody is there");
    set_timeout(fd, timeout_ms);
    TRY(read_message(fd, a, ret_request));
    if (ret_request->status != 0)
        return malformed("door: no request");
    *ret_fd = fd_take(&fd);
    return OK;
}

err door_answer(int fd, const struct door_message *answer, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    text_printf(&t, "HTTP/1.1 %d Said\r\n", answer->status);
    put_headers(&t, answer);
    return send_text(fd, &t);
}
