/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A turn: sleep until something has come, take all of it (64 at most), answer, send all of it. Two
 * system calls a turn, however many questions; under load, that is most of what a question costs.
 * So after a turn of several the next one waits a moment, and then holds more: to be woken, and to
 * wake who asked, costs as much as a question.
 */
#include "env/clock.h"
#include "env/net.h"
#include "gate/dnsbl/server.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    CONTROL_BYTES = 64,
    BUFFER_BYTES = 4 << 20,
    WAKE_US = 500000,
    SEVERAL = 8,
    GATHER_US = 20, /* and what the system's timer adds: some 50 */
};

struct udp_batch {
    struct mmsghdr in[DNSBL_AT_ONCE];
    struct mmsghdr out[DNSBL_AT_ONCE];
    struct iovec in_bytes[DNSBL_AT_ONCE];
    struct iovec out_bytes[DNSBL_AT_ONCE];
    struct sockaddr_storage peer[DNSBL_AT_ONCE];
    struct list_ask ask[DNSBL_AT_ONCE];
    struct sheet message[DNSBL_AT_ONCE];
    size_t came_as[DNSBL_AT_ONCE]; /* of each ask: the index of its datagram */
    bool is_many_homed;            /* listens on every address: answers from the one asked */
    _Alignas(struct cmsghdr) uint8_t control[DNSBL_AT_ONCE][CONTROL_BYTES];
    uint8_t packet[DNSBL_AT_ONCE][DNSBL_QUESTION_BYTES];
    uint8_t answer[DNSBL_AT_ONCE][UDP_OUT_BYTES];
};

static void batch_init(struct udp_batch *b)
{
    for (size_t i = 0; i < DNSBL_AT_ONCE; i++) {
        b->in_bytes[i] = (struct iovec){.iov_base = b->packet[i], .iov_len = sizeof b->packet[i]};
        b->in[i].msg_hdr =
            (struct msghdr){.msg_name = &b->peer[i], .msg_iov = &b->in_bytes[i], .msg_iovlen = 1};
    }
}

/* What the kernel writes over is set anew; the rest stays. */
static void batch_ready(struct udp_batch *b, size_t used)
{
    for (size_t i = 0; i < used; i++) {
        struct msghdr *head = &b->in[i].msg_hdr;
        head->msg_namelen = sizeof b->peer[i];
        head->msg_control = b->is_many_homed ? b->control[i] : NULL;
        head->msg_controllen = b->is_many_homed ? sizeof b->control[i] : 0;
    }
}

/* Those of `came` that are worth reading. */
static size_t asks_make(struct dnsbl_gate *g, size_t came)
{
    struct udp_batch *b = g->batch;
    size_t count = 0;
    for (size_t i = 0; i < came; i++) {
        bool is_cut_off = (b->in[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
        g->udp.counts[DNSBL_COUNT_dropped] += is_cut_off;
        if (is_cut_off)
            continue;
        b->ask[count] = (struct list_ask){.packet = b->packet[i],
                                          .size = b->in[i].msg_len,
                                          .sender = (const struct sockaddr *)&b->peer[i]};
        b->message[count] = (struct sheet){.at = b->answer[i], .room = sizeof b->answer[i]};
        b->came_as[count++] = i;
    }
    return count;
}

/* How many of the answers are there to be sent. */
static unsigned out_make(struct udp_batch *b, size_t asked)
{
    unsigned count = 0;
    for (size_t k = 0; k < asked; k++) {
        struct msghdr *in = &b->in[b->came_as[k]].msg_hdr;
        if (b->message[k].size == 0)
            continue;
        if (b->is_many_homed)
            net_source_keep(in);
        b->out_bytes[count] =
            (struct iovec){.iov_base = b->message[k].at, .iov_len = b->message[k].size};
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

/* One that cannot be sent is left out: UDP promises no more. */
static void send_all(int fd, struct mmsghdr *out, unsigned count)
{
    for (unsigned sent = 0; sent < count;) {
        int some = sendmmsg(fd, out + sent, count - sent, MSG_DONTWAIT);
        sent += some > 0 ? (unsigned)some : 1;
    }
}

static void turn(struct dnsbl_gate *g, size_t came)
{
    struct udp_batch *b = g->batch;
    size_t count = asks_make(g, came);
    list_answer(&g->udp, b->ask, b->message, count, env_monotonic_us());
    env_counter_add(&g->turns, 1); /* before anybody hears of it, who may then look */
    list_counts_flush(g, &g->udp);
    send_all(g->udp_fd, b->out, out_make(b, count));
}

static void run(void *self)
{
    struct dnsbl_gate *g = self;
    size_t used = DNSBL_AT_ONCE;
    while (!env_flag_is_up(&g->is_stopping)) {
        batch_ready(g->batch, used);
        int came = recvmmsg(g->udp_fd, g->batch->in, DNSBL_AT_ONCE, MSG_WAITFORONE, NULL);
        used = came > 0 ? (size_t)came : 0;
        if (came > 0)
            turn(g, used);
        if (used >= SEVERAL && used < DNSBL_AT_ONCE)
            env_nap_us(GATHER_US);
        else if (came < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNREFUSED)
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
    int whole = IP_PMTUDISC_PROBE;              /* the same for IPv6 */
    struct timeval wake = {.tv_usec = WAKE_US}; /* to see whether it is to end */
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); /* as much as it may */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    /* Never in fragments, whoever says that the path is narrow: fragments can be forged. */
    (void)setsockopt(fd, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP,
                     is_v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &whole, sizeof whole);
    int rc = setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wake, sizeof wake);
    if (rc == 0 && is_v6)
        rc = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (rc != 0 || !is_many_homed)
        return rc;
    return is_v6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof one)
                 : setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
}

err list_udp_start(struct dnsbl_gate *g)
{
    const struct sockaddr *at = (const struct sockaddr *)&g->address;
    g->batch = arena_make(&g->boot, sizeof *g->batch);
    if (g->batch == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    g->batch->is_many_homed = is_every_address(&g->address);
    batch_init(g->batch);
    g->udp_fd = socket(at->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (g->udp_fd < 0)
        return fail(ERR_OS, "dnsbl: no UDP socket", (uint32_t)errno);
    if (options_set(g->udp_fd, &g->address, g->batch->is_many_homed) != 0 ||
        bind(g->udp_fd, at, net_address_bytes(at)) != 0)
        return fail(ERR_OS, "dnsbl: cannot listen (UDP)", (uint32_t)errno);
    return env_thread_start(&g->udp_thread, "dnsbl-udp", run, g);
}

void list_udp_stop(struct dnsbl_gate *g)
{
    if (g->udp_fd >= 0)
        (void)shutdown(g->udp_fd, SHUT_RD); /* wakes the thread now, and not at its next look */
    env_thread_join(&g->udp_thread);
    if (g->udp_fd >= 0)
        close(g->udp_fd);
    g->udp_fd = -1;
}
