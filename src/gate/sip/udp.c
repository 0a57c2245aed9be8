/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A turn: sleep until something has come, take all of it (SIP_AT_ONCE at most), answer, send all of
 * it: two system calls, however many calls it holds. It never waits to gather more: somebody holds
 * a telephone.
 *
 * An answer goes to the address the request came from. The port is the request's own where the Via
 * asks for that (RFC 3581), else the one it names (RFC 3261 18.2.2). `maddr` would send it to a
 * third party's address and is not followed, nor is the port that a stranger names.
 */
#include "env/clock.h"
#include "gate/sip/server.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/time.h>
#include <unistd.h>

enum { CONTROL_BYTES = 64, BUFFER_BYTES = 4 << 20, WAKE_US = 500000, SIP_PORT = 5060 };

struct sip_batch {
    struct mmsghdr in[SIP_AT_ONCE];
    struct mmsghdr out[SIP_AT_ONCE];
    struct iovec in_bytes[SIP_AT_ONCE];
    struct iovec out_bytes[SIP_AT_ONCE];
    struct sockaddr_storage peer[SIP_AT_ONCE];
    struct sip_ask ask[SIP_AT_ONCE];
    struct sip_sheet reply[SIP_AT_ONCE];
    bool is_many_homed; /* listens on every address: answers from the one asked */
    _Alignas(struct cmsghdr) uint8_t control[SIP_AT_ONCE][CONTROL_BYTES];
    char packet[SIP_AT_ONCE][SIP_REQUEST_BYTES];
    char answer[SIP_AT_ONCE][SIP_REPLY_BYTES];
};

static void batch_init(struct sip_batch *b)
{
    for (size_t i = 0; i < SIP_AT_ONCE; i++) {
        b->in_bytes[i] = (struct iovec){.iov_base = b->packet[i], .iov_len = sizeof b->packet[i]};
        b->in[i].msg_hdr =
            (struct msghdr){.msg_name = &b->peer[i], .msg_iov = &b->in_bytes[i], .msg_iovlen = 1};
    }
}

/* What the kernel writes over is set anew; the rest stays. */
static void batch_ready(struct sip_batch *b, size_t used)
{
    for (size_t i = 0; i < used; i++) {
        struct msghdr *head = &b->in[i].msg_hdr;
        head->msg_namelen = sizeof b->peer[i];
        head->msg_control = b->is_many_homed ? b->control[i] : NULL;
        head->msg_controllen = b->is_many_homed ? sizeof b->control[i] : 0;
    }
}

static void asks_make(struct sip_batch *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        b->ask[i] = (struct sip_ask){
            .packet = str_make(b->packet[i], b->in[i].msg_len),
            .sender = (const struct sockaddr *)&b->peer[i],
            .is_cut = (b->in[i].msg_hdr.msg_flags & MSG_TRUNC) != 0,
        };
        b->reply[i] = (struct sip_sheet){.at = b->answer[i], .room = sizeof b->answer[i]};
    }
}

static void port_put(struct sockaddr_storage *address, uint16_t port)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address->ss_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        v6.sin6_port = htons(port);
        memcpy(address, &v6, sizeof v6);
        return;
    }
    memcpy(&v4, address, sizeof v4);
    v4.sin_port = htons(port);
    memcpy(address, &v4, sizeof v4);
}

/* How many of the answers are there to be sent. */
static unsigned out_make(struct sip_gate *g, size_t asked)
{
    struct sip_batch *b = g->batch;
    unsigned count = 0;
    for (size_t i = 0; i < asked; i++) {
        struct msghdr *in = &b->in[i].msg_hdr;
        const struct sip_turn *turn = &g->udp.turns[i];
        const struct sip_via *via = &turn->message.via;
        if (b->reply[i].size == 0)
            continue;
        if (b->is_many_homed)
            net_source_keep(in);
        if (!via->has_rport && turn->trunk != SIP_NO_TRUNK)
            port_put(&b->peer[i], via->port != 0 ? via->port : SIP_PORT);
        b->out_bytes[count] =
            (struct iovec){.iov_base = b->reply[i].at, .iov_len = b->reply[i].size};
        b->out[count].msg_hdr = (struct msghdr){.msg_name = in->msg_name,
                                                .msg_namelen = in->msg_namelen,
                                                .msg_iov = &b->out_bytes[count],
                                                .msg_iovlen = 1,
                                                .msg_control = in->msg_control,
                                                .msg_controllen = in->msg_controllen};
        count++;
    }
    return count;
}

/* One that cannot be sent is left out: the call is then asked for again. */
static void send_all(int fd, struct mmsghdr *out, unsigned count)
{
    for (unsigned sent = 0; sent < count;) {
        int some = sendmmsg(fd, out + sent, count - sent, MSG_DONTWAIT);
        sent += some > 0 ? (unsigned)some : 1;
    }
}

static void turn(struct sip_gate *g, size_t came)
{
    struct sip_batch *b = g->batch;
    asks_make(b, came);
    sip_answer(&g->udp, b->ask, b->reply, came, env_monotonic_us());
    env_counter_add(&g->counters.turns, 1);
    sip_counts_flush(g, &g->udp); /* before anybody hears of it, who may then look */
    send_all(g->udp_fd, b->out, out_make(g, came));
}

static void run(void *self)
{
    struct sip_gate *g = self;
    size_t used = SIP_AT_ONCE;
    while (!env_flag_is_up(&g->is_stopping)) {
        batch_ready(g->batch, used);
        int came = recvmmsg(g->udp_fd, g->batch->in, SIP_AT_ONCE, MSG_WAITFORONE, NULL);
        used = came > 0 ? (size_t)came : 0;
        if (came > 0)
            turn(g, used);
        else if (errno != EAGAIN && errno != EINTR && errno != ECONNREFUSED)
            env_nap_us(WAKE_US / 10); /* out of something: not in circles */
    }
}

static bool is_every_address(const struct sockaddr_storage *address)
{
    static const uint8_t none[16] = {0};
    struct net_host host = net_host_of((const struct sockaddr *)address);
    return memcmp(host.bytes, none, sizeof none) == 0;
}

static int options_set(int fd, const struct sockaddr_storage *address, bool is_many_homed)
{
    int one = 1;
    int bytes = BUFFER_BYTES;
    bool is_v6 = address->ss_family == AF_INET6;
    struct timeval wake = {.tv_usec = WAKE_US}; /* to see whether it is to end */
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); /* as much as it may */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    int rc = setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wake, sizeof wake);
    if (rc == 0 && is_v6)
        rc = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (rc != 0 || !is_many_homed)
        return rc;
    return is_v6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof one)
                 : setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
}

err sip_udp_start(struct sip_gate *g)
{
    const struct sockaddr *at = (const struct sockaddr *)&g->address;
    g->batch = arena_make(&g->boot, sizeof *g->batch);
    if (g->batch == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    g->batch->is_many_homed = is_every_address(&g->address);
    batch_init(g->batch);
    g->udp_fd = socket(at->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (g->udp_fd < 0)
        return fail(ERR_OS, "sip: no UDP socket", (uint32_t)errno);
    if (options_set(g->udp_fd, &g->address, g->batch->is_many_homed) != 0 ||
        bind(g->udp_fd, at, net_address_bytes(at)) != 0)
        return fail(ERR_OS, "sip: cannot listen (UDP)", (uint32_t)errno);
    return env_thread_start(&g->udp_thread, "sip-udp", run, g);
}

void sip_udp_stop(struct sip_gate *g)
{
    if (g->udp_fd >= 0)
        (void)shutdown(g->udp_fd, SHUT_RD); /* wakes the thread now, and not at its next look */
    env_thread_join(&g->udp_thread);
    if (g->udp_fd >= 0)
        close(g->udp_fd);
    g->udp_fd = -1;
}
