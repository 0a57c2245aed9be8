/* SPDX-License-Identifier: Apache-2.0 */
#include "env/net.h"
#include "gate/dns/server.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <unistd.h>

enum { DATAGRAMS_A_TURN = 64, CONTROL_BYTES = 64 };

/* One datagram and the address of ours that it came to: a host with several must answer from the
 * one that was asked. */
struct datagram {
    struct sockaddr_storage peer;
    struct iovec bytes;
    struct msghdr head;
    _Alignas(struct cmsghdr) uint8_t control[CONTROL_BYTES];
};

static void datagram_init(struct datagram *d, void *at, size_t size)
{
    *d = (struct datagram){
        .bytes = {.iov_base = at, .iov_len = size}
    };
    d->head = (struct msghdr){.msg_name = &d->peer,
                              .msg_namelen = sizeof d->peer,
                              .msg_iov = &d->bytes,
                              .msg_iovlen = 1,
                              .msg_control = d->control,
                              .msg_controllen = sizeof d->control};
}

static void answer_one(struct listener *l, struct datagram *d, size_t size)
{
    struct dns_gate *g = l->gate;
    struct xfer unused; /* transfers begin over TCP only */
    struct sheet message = {.at = g->udp_out, .room = sizeof g->udp_out};
    struct dns_ask ask = gate_ask(g->udp_in, size, &d->peer);
    struct answer answer = answer_make(&g->answerer, &ask, &message, &unused);
    assert(answer.kind != ANSWER_TRANSFER);
    gate_note_answer(g, &answer);
    if (answer.kind != ANSWER_MESSAGE)
        return;
    net_source_keep(&d->head);
    d->bytes = (struct iovec){.iov_base = message.at, .iov_len = message.size};
    ssize_t sent = sendmsg(l->udp_fd, &d->head, MSG_DONTWAIT);
    (void)sent; /* a lost answer is asked for again: UDP promises no more */
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct listener *l = arg;
    struct dns_gate *g = l->gate;
    (void)what;
    for (int i = 0; i < DATAGRAMS_A_TURN; i++) {
        struct datagram d;
        datagram_init(&d, g->udp_in, sizeof g->udp_in);
        ssize_t size = recvmsg((int)fd, &d.head, MSG_DONTWAIT);
        if (size < 0 && errno != EINTR && errno != ECONNREFUSED)
            return;
        bool is_response = size > 2 && (g->udp_in[2] & 0x80) != 0;
        if (size < DNS_HEADER_BYTES || (d.head.msg_flags & MSG_TRUNC) != 0)
            gate_note(g, DNS_DROPPED, (struct dns_news){.secondary = DNS_NOBODY});
        else if (is_response)
            tell_hear(g, &d.peer, g->udp_in, (size_t)size);
        else
            answer_one(l, &d, (size_t)size);
    }
}

static err udp_open(const struct sockaddr_storage *address, int *ret_fd)
{
    int one = 1;
    bool is_v6 = address->ss_family == AF_INET6;
    int fd = socket(address->ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail(ERR_OS, "dns: no UDP socket", (uint32_t)errno);
    int rc = is_v6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) : 0;
    rc = rc != 0 ? rc
         : is_v6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof one)
                 : setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
    const struct sockaddr *at = (const struct sockaddr *)address;
    if (rc != 0 || bind(fd, at, net_address_bytes(at)) != 0) {
        err e = fail(ERR_OS, "dns: cannot listen (UDP)", (uint32_t)errno);
        close(fd);
        return e;
    }
    *ret_fd = fd;
    return OK;
}

err udp_start(struct listener *l)
{
    TRY(udp_open(&l->address, &l->udp_fd));
    l->udp_event = event_new(l->gate->loop.base, l->udp_fd, EV_READ | EV_PERSIST, on_readable, l);
    if (l->udp_event == NULL || event_add(l->udp_event, NULL) != 0)
        return fail(ERR_OS, "dns: cannot wait on UDP", 0);
    return OK;
}

void udp_stop(struct listener *l)
{
    if (l->udp_event != NULL)
        event_free(l->udp_event);
    if (l->udp_fd >= 0)
        close(l->udp_fd);
    l->udp_event = NULL;
    l->udp_fd = -1;
}

err udp_send(struct listener *l, const struct sockaddr_storage *to, const struct sheet *message)
{
    const struct sockaddr *at = (const struct sockaddr *)to;
    ssize_t sent =
        sendto(l->udp_fd, message->at, message->size, MSG_DONTWAIT, at, net_address_bytes(at));
    if (sent < 0 && errno != ECONNREFUSED) /* that one is about an earlier datagram */
        return fail(ERR_OS, "dns: cannot send", (uint32_t)errno);
    return OK;
}
