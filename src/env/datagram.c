/* SPDX-License-Identifier: Apache-2.0 */
#include "env/datagram.h"

#include "env/clock.h"
#include "env/net.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    CONTROL_BYTES = 64,
    BUFFER_BYTES = 4 << 20,
    WAKE_US = 500000,
    SEVERAL = 8,
    GATHER_US = 20, /* and what the system's timer adds: some 50 */
};

struct datagram_batch {
    struct mmsghdr in[DATAGRAMS_AT_ONCE];
    struct mmsghdr out[DATAGRAMS_AT_ONCE];
    struct iovec in_bytes[DATAGRAMS_AT_ONCE];
    struct iovec out_bytes[DATAGRAMS_AT_ONCE];
    struct sockaddr_storage peer[DATAGRAMS_AT_ONCE];
    struct datagram came[DATAGRAMS_AT_ONCE];
    bool is_many_homed; /* listens on every address */
    _Alignas(struct cmsghdr) uint8_t control[DATAGRAMS_AT_ONCE][CONTROL_BYTES];
};

static err batch_make(struct datagram_lane *lane, struct arena *boot)
{
    const struct datagram_port *port = lane->port;
    struct datagram_batch *b = arena_make(boot, sizeof *b);
    uint8_t *in = arena_make_array(boot, DATAGRAMS_AT_ONCE, port->most_bytes);
    uint8_t *out = arena_make_array(boot, DATAGRAMS_AT_ONCE, port->answer_bytes);
    if (b == NULL || in == NULL || out == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < DATAGRAMS_AT_ONCE; i++) {
        uint8_t *bytes = in + i * port->most_bytes;
        b->in_bytes[i] = (struct iovec){.iov_base = bytes, .iov_len = port->most_bytes};
        b->in[i].msg_hdr =
            (struct msghdr){.msg_name = &b->peer[i], .msg_iov = &b->in_bytes[i], .msg_iovlen = 1};
        b->came[i] = (struct datagram){
            .bytes = bytes, .sender = &b->peer[i], .answer = out + i * port->answer_bytes};
    }
    lane->batch = b;
    return OK;
}

/* What the kernel writes over is set anew; the rest stays. */
static void batch_ready(struct datagram_batch *b, size_t used)
{
    for (size_t i = 0; i < used; i++) {
        struct msghdr *head = &b->in[i].msg_hdr;
        head->msg_namelen = sizeof b->peer[i];
        head->msg_control = b->is_many_homed ? b->control[i] : NULL;
        head->msg_controllen = b->is_many_homed ? sizeof b->control[i] : 0;
    }
}

/* How many answers are there to be sent. */
static unsigned out_make(struct datagram_batch *b, size_t came)
{
    unsigned count = 0;
    for (size_t i = 0; i < came; i++) {
        const struct datagram *d = &b->came[i];
        struct msghdr *in = &b->in[i].msg_hdr;
        if (d->answer_size == 0)
            continue;
        if (b->is_many_homed)
            net_source_keep(in);
        b->out_bytes[count] = (struct iovec){.iov_base = d->answer, .iov_len = d->answer_size};
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

/* One that cannot be sent is left out: UDP promises no more, and whoever waits asks again. */
static void send_all(int fd, struct mmsghdr *out, unsigned count)
{
    for (unsigned sent = 0; sent < count;) {
        int some = sendmmsg(fd, out + sent, count - sent, MSG_DONTWAIT);
        sent += some > 0 ? (unsigned)some : 1;
    }
}

static void turn(struct datagram_lane *lane, size_t came)
{
    struct datagram_batch *b = lane->batch;
    for (size_t i = 0; i < came; i++) {
        b->came[i].size = b->in[i].msg_len;
        b->came[i].is_cut = (b->in[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
        b->came[i].answer_size = 0;
    }
    lane->port->turn(lane->self, b->came, came);
    send_all(lane->fd, b->out, out_make(b, came));
}

static void run(void *self)
{
    struct datagram_lane *lane = self;
    size_t used = DATAGRAMS_AT_ONCE;
    while (!env_flag_is_up(&lane->is_stopping)) {
        batch_ready(lane->batch, used);
        int came = recvmmsg(lane->fd, lane->batch->in, DATAGRAMS_AT_ONCE, MSG_WAITFORONE, NULL);
        used = came > 0 ? (size_t)came : 0;
        if (came > 0)
            turn(lane, used);
        if (lane->port->gathers && used >= SEVERAL && used < DATAGRAMS_AT_ONCE)
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

static void never_in_fragments(int fd, bool is_v6)
{
    int whole = IP_PMTUDISC_PROBE; /* the same for IPv6 */
    (void)setsockopt(fd, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP,
                     is_v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &whole, sizeof whole);
}

static int options_set(const struct datagram_lane *lane, bool is_v6)
{
    int one = 1;
    int bytes = BUFFER_BYTES;
    int fd = lane->fd;
    struct timeval wake = {.tv_usec = WAKE_US}; /* to see whether it is to end */
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); /* as much as it may */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    if (lane->port->is_whole)
        never_in_fragments(fd, is_v6);
    int rc = setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wake, sizeof wake);
    if (rc == 0 && is_v6)
        rc = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (rc != 0 || !lane->batch->is_many_homed)
        return rc;
    return is_v6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof one)
                 : setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
}

err datagram_lane_open(struct datagram_lane *lane, const struct sockaddr_storage *address,
                       struct arena *boot)
{
    const struct sockaddr *at = (const struct sockaddr *)address;
    assert(lane->port != NULL && lane->batch == NULL);
    lane->fd = -1;
    TRY(batch_make(lane, boot));
    lane->batch->is_many_homed = is_every_address(address);
    lane->fd = socket(at->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (lane->fd < 0)
        return fail(ERR_OS, "datagram: no UDP socket", (uint32_t)errno);
    if (options_set(lane, at->sa_family == AF_INET6) != 0 ||
        bind(lane->fd, at, net_address_bytes(at)) != 0)
        return fail(ERR_OS, "datagram: cannot listen (UDP)", (uint32_t)errno);
    return env_thread_start(&lane->thread, lane->port->thread, run, lane);
}

void datagram_lane_close(struct datagram_lane *lane)
{
    if (lane->batch == NULL)
        return;
    env_flag_raise(&lane->is_stopping);
    if (lane->fd >= 0)
        (void)shutdown(lane->fd, SHUT_RD); /* wakes the thread now, and not at its next look */
    env_thread_join(&lane->thread);
    if (lane->fd >= 0)
        close(lane->fd);
    lane->fd = -1;
    lane->batch = NULL;
}
