/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/http/inside.h"
#include "gate/http/limit.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 4096 };

/* "10.0.0.1" of a socket's address, and whether it is this machine. */
static bool format_peer(const struct sockaddr *sa, char room[46])
{
    if (sa->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)sa;
        (void)inet_ntop(AF_INET, &in->sin_addr, room, 46);
        return (ntohl(in->sin_addr.s_addr) >> 24) == 127;
    }
    if (sa->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const void *)sa;
        (void)inet_ntop(AF_INET6, &in6->sin6_addr, room, 46);
        return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
    }
    (void)snprintf(room, 46, "unix");
    return true;
}

/* Too many: the shortest honest answer, without waiting for anything. */
static void shed(struct http_gate *g, int fd)
{
    static const char busy[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n"
                               "Content-Length: 0\r\nConnection: close\r\n\r\n";
    env_counter_add(&g->counters.connections_shed, 1);
    ssize_t n = send(fd, busy, sizeof busy - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)n;
    (void)shutdown(fd, SHUT_WR);
    (void)close(fd);
}

static int slot_of(const struct http_gate *g, const char *peer)
{
    unsigned char prefix[8];
    unsigned char hash[crypto_shorthash_BYTES];
    size_t size = http_peer_prefix(str_from_c(peer), prefix);
    uint32_t value = 0;
    (void)crypto_shorthash(hash, prefix, size, g->address_key);
    memcpy(&value, hash, sizeof value);
    return (int)(value % HTTP_ADDRESS_SLOTS);
}

static bool is_own_user(int fd)
{
    struct ucred peer = {0};
    socklen_t size = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

static struct http_web *least_loaded(struct http_gate *g)
{
    struct http_web *best = &g->webs[0];
    for (size_t i = 1; i < g->options.threads; i++)
        if (env_counter_read(&g->webs[i].load) < env_counter_read(&best->load))
            best = &g->webs[i];
    return best;
}

/* False when its address holds too many already. */
static bool claim_address(struct http_gate *g, struct http_conn *c, bool is_local)
{
    c->address_slot = -1;
    if (is_local)
        return true;
    int slot = slot_of(g, c->peer);
    if (!env_counter_claim(&g->addresses[slot], 1, g->options.most_per_address))
        return false;
    c->address_slot = slot;
    return true;
}

void listen_forget(struct http_conn *c)
{
    struct http_gate *g = c->web->gate;
    if (c->address_slot >= 0)
        env_counter_drop(&g->addresses[c->address_slot], 1);
    env_counter_drop(&g->counters.connections, 1);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *sa,
                      int size, void *self)
{
    const struct http_listener *l = self;
    struct http_gate *g = l->gate;
    (void)listener;
    (void)size;
    struct http_conn *c = env_flag_is_up(&g->is_stopping) ? NULL : pool_take(&g->conns);
    if (c == NULL) {
        shed(g, (int)fd);
        return;
    }
    c->fd = (int)fd;
    c->is_unix = l->path[0] != '\0';
    c->is_trusted = c->is_unix && is_own_user((int)fd);
    if (!claim_address(g, c, format_peer(sa, c->peer) || c->is_unix)) {
        pool_drop(&g->conns, c);
        shed(g, (int)fd);
        return;
    }
    c->web = least_loaded(g);
    env_counter_add(&g->counters.connections, 1);
    env_counter_add(&c->web->load, 1);
    c->arrival = (struct loop_post){.run = conn_arrive, .self = c};
    loop_post(&c->web->loop, &c->arrival);
}

/* Out of descriptors: the queue stays readable, so asking again at once would spin. */
static void on_accept_error(struct evconnlistener *listener, void *self)
{
    struct http_listener *l = self;
    evconnlistener_disable(listener);
    l->is_resting = true;
}

void listen_sweep(struct http_gate *g)
{
    for (size_t i = 0; i < g->listener_count; i++) {
        struct http_listener *l = &g->listeners[i];
        if (env_flag_is_up(&g->is_stopping) && l->listener != NULL)
            evconnlistener_disable(l->listener);
        else if (l->is_resting)
            evconnlistener_enable(l->listener);
        l->is_resting = false;
    }
}

static err os_error(const char *why)
{
    return fail(ERR_OS, why, (uint32_t)errno);
}

/* A socket nobody listens on any more is what a killed process leaves behind. */
static err unlink_stale(const struct sockaddr_un *un)
{
    struct stat st;
    if (lstat(un->sun_path, &st) != 0)
        return OK;
    if (!S_ISSOCK(st.st_mode))
        return fail(ERR_OS, "http: a file is where the socket should be", EEXIST);
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_alive = connect(probe, (const struct sockaddr *)un, sizeof *un) == 0;
    (void)close(probe);
    if (is_alive)
        return fail(ERR_OS, "http: somebody listens on the socket already", EADDRINUSE);
    return unlink(un->sun_path) == 0 ? OK : os_error("http: cannot remove the old socket");
}

static err bind_unix(struct http_listener *l, const char *path, int *ret_fd)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof un.sun_path)
        return fail(ERR_LIMIT, "http: the socket's path is too long", 0);
    memcpy(un.sun_path, path, strlen(path) + 1);
    TRY(unlink_stale(&un));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return os_error("http: no socket");
    /* On Linux the file gets the socket's own mode: never open to others, not even briefly */
    if (fchmod(fd, 0600) != 0 || bind(fd, (const struct sockaddr *)&un, sizeof un) != 0) {
        err e = os_error("http: cannot bind");
        (void)close(fd);
        return e;
    }
    memcpy(l->path, un.sun_path, sizeof l->path);
    *ret_fd = fd;
    return OK;
}

/* "127.0.0.1:80" or "[::1]:80"; libevent's own parser refuses port 0, which tests need. */
static err parse_address(const char *text, struct sockaddr_storage *ret_ss, socklen_t *ret_size)
{
    char host[INET6_ADDRSTRLEN] = "";
    const char *colon = strrchr(text, ':');
    const char *end = colon;
    int64_t port = -1;
    bool is_v6 = text[0] == '[' && colon != NULL && colon > text && colon[-1] == ']';
    if (is_v6) {
        text++;
        end--;
    }
    if (colon == NULL || (size_t)(end - text) >= sizeof host)
        return fail(ERR_MALFORMED, "http: not an address to listen on", 0);
    memcpy(host, text, (size_t)(end - text));
    TRY(str_parse_i64(str_from_c(colon + 1), &port));
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    int rc =
        is_v6 ? inet_pton(AF_INET6, host, &in6.sin6_addr) : inet_pton(AF_INET, host, &in.sin_addr);
    if (rc != 1 || port < 0 || port > 65535)
        return fail(ERR_MALFORMED, "http: not an address to listen on", 0);
    *ret_size = is_v6 ? sizeof in6 : sizeof in;
    memcpy(ret_ss, is_v6 ? (const void *)&in6 : (const void *)&in, *ret_size);
    return OK;
}

static err bind_tcp(struct http_listener *l, const char *address, int *ret_fd)
{
    struct sockaddr_storage ss = {0};
    socklen_t size = 0;
    int one = 1;
    TRY(parse_address(address, &ss, &size));
    int fd = socket(ss.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return os_error("http: no socket");
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (ss.ss_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    socklen_t bound = sizeof ss;
    if (bind(fd, (struct sockaddr *)&ss, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&ss, &bound) != 0) {
        err e = os_error("http: cannot bind");
        (void)close(fd);
        return e;
    }
    /* the port lies at the same place in both families */
    const struct sockaddr_in *in = (const void *)&ss;
    l->port = ntohs(in->sin_port);
    *ret_fd = fd;
    return OK;
}

static err open_one(struct http_gate *g, struct http_listener *l, const char *where)
{
    int fd = -1;
    str path = str_from_c(where);
    l->gate = g;
    if (str_starts(path, STR("unix:")))
        TRY(bind_unix(l, where + STR("unix:").size, &fd));
    else
        TRY(bind_tcp(l, where, &fd));
    l->listener = evconnlistener_new(g->webs[0].loop.base, on_accept, l,
                                     LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, fd);
    if (l->listener == NULL) {
        err e = os_error("http: cannot listen");
        (void)close(fd);
        return e;
    }
    evconnlistener_set_error_cb(l->listener, on_accept_error);
    return OK;
}

err listen_open(struct http_gate *g)
{
    assert(g->options.listen_count <= HTTP_LISTENERS);
    for (size_t i = 0; i < g->options.listen_count; i++) {
        g->listener_count = i + 1;
        TRY(open_one(g, &g->listeners[i], g->options.listen[i]));
    }
    return OK;
}

void listen_close(struct http_gate *g)
{
    for (size_t i = 0; i < g->listener_count; i++) {
        struct http_listener *l = &g->listeners[i];
        if (l->listener != NULL)
            evconnlistener_free(l->listener);
        if (l->path[0] != '\0')
            (void)unlink(l->path);
    }
    g->listener_count = 0;
}
