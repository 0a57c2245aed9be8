/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/sip_load.h"

#include "base/instant.h"
#include "env/clock.h"
#include "env/file.h"
#include "env/net.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

enum {
    AT_ONCE = 32,
    IN_BYTES = 4096,
    OUT_BYTES = 1024,
    CONTROL_BYTES = 64,
    BUFFER_BYTES = 4 << 20
};
#define MARK "z9hG4bK"

struct load {
    const struct sip_load *order;
    int fd;
    uint16_t port; /* our own */
    uint32_t sent;
    uint32_t answered;
    uint32_t lost;
    uint32_t wrong;
    int64_t news_us; /* monotonic: when something last came */
    struct mmsghdr in[AT_ONCE];
    struct iovec bytes[AT_ONCE];
    _Alignas(struct cmsghdr) char control[AT_ONCE][CONTROL_BYTES];
    char packet[AT_ONCE][IN_BYTES];
    int64_t sent_us[SIP_LOAD_CALLS]; /* 0: answered */
    int64_t took_us[SIP_LOAD_CALLS];
};

static uint64_t scatter(uint64_t x)
{
    x = (x + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return x ^ x >> 32;
}

str sip_load_number(uint64_t i, unsigned beside, char room[SIP_LOAD_ROOM])
{
    int size = snprintf(room, SIP_LOAD_ROOM, "+8613%09u", (unsigned)(700000000 + i * 7 + beside));
    return str_make(room, (size_t)size);
}

static bool is_listed(const struct load *l, uint32_t call)
{
    return scatter(call) % 100 < l->order->listed_in_100;
}

static size_t put_invite(const struct load *l, uint32_t call, char room[OUT_BYTES])
{
    char number[SIP_LOAD_ROOM];
    uint64_t draw = scatter(scatter(call));
    unsigned beside = is_listed(l, call) ? 0 : 1 + (unsigned)(draw >> 40) % 6;
    (void)sip_load_number(draw % SIP_LOAD_LISTED, beside, number);
    int size = snprintf(room, OUT_BYTES,
                        "INVITE sip:8008208820@127.0.0.1:%u SIP/2.0\r\n"
                        "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=" MARK "%08x\r\nMax-Forwards: 70\r\n"
                        "From: <sip:%s@carrier.example>;tag=%016llx\r\n"
                        "To: <sip:8008208820@carrier.example>\r\nCall-ID: %08x@127.0.0.1\r\n"
                        "CSeq: 1 INVITE\r\nContact: <sip:%s@127.0.0.1:%u>\r\n"
                        "P-Asserted-Identity: <sip:%s@carrier.example>\r\nUser-Agent: bench\r\n"
                        "Allow: INVITE, ACK, CANCEL, BYE\r\nContent-Length: 0\r\n\r\n",
                        l->order->port, l->port, call, number, (unsigned long long)draw, call,
                        number, l->port, number);
    assert(size > 0 && size < OUT_BYTES);
    return (size_t)size;
}

/* As many as may be under way, of those that are due. */
static void send_due(struct load *l, uint32_t due)
{
    char room[OUT_BYTES];
    while (l->sent < due && l->sent - l->answered - l->lost < l->order->window) {
        size_t size = put_invite(l, l->sent, room);
        l->sent_us[l->sent] = env_now().us;
        l->sent++;
        (void)send(l->fd, room, size, 0); /* one that is not sent is not answered */
    }
}

/* When the kernel had it. */
static int64_t came_us(struct msghdr *head)
{
    struct timespec at = {0};
    for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c != NULL; c = CMSG_NXTHDR(head, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
            memcpy(&at, CMSG_DATA(c), sizeof at);
    return (int64_t)at.tv_sec * US_PER_S + at.tv_nsec / 1000;
}

static void take_answer(struct load *l, size_t i)
{
    char *text = l->packet[i];
    text[l->in[i].msg_len] = '\0';
    const char *mark = strstr(text, MARK);
    if (strncmp(text, "SIP/2.0 ", 8) != 0 || text[8] == '1' || mark == NULL)
        return;
    unsigned long call = strtoul(mark + strlen(MARK), NULL, 16);
    if (call >= l->sent || l->sent_us[call] == 0)
        return; /* one that was given up */
    bool is_right = strncmp(text + 8, is_listed(l, (uint32_t)call) ? "608" : "302", 3) == 0;
    l->wrong += !is_right;
    l->took_us[l->answered++] = came_us(&l->in[i].msg_hdr) - l->sent_us[call];
    l->sent_us[call] = 0;
}

static bool take_all(struct load *l)
{
    for (size_t i = 0; i < AT_ONCE; i++) {
        l->bytes[i] = (struct iovec){.iov_base = l->packet[i], .iov_len = IN_BYTES - 1};
        l->in[i].msg_hdr = (struct msghdr){.msg_iov = &l->bytes[i],
                                           .msg_iovlen = 1,
                                           .msg_control = l->control[i],
                                           .msg_controllen = CONTROL_BYTES};
    }
    int came = recvmmsg(l->fd, l->in, AT_ONCE, MSG_DONTWAIT, NULL);
    for (int i = 0; i < came; i++)
        take_answer(l, (size_t)i);
    if (came > 0)
        l->news_us = env_monotonic_us();
    return came > 0;
}

/* Until something comes, or the next is due. */
static void rest(struct load *l, int64_t us)
{
    struct pollfd wait = {.fd = l->fd, .events = POLLIN};
    struct timespec most = {.tv_nsec = (us < 0 ? 0 : us) * 1000};
    (void)ppoll(&wait, 1, &most, NULL);
    if (env_monotonic_us() - l->news_us < SIP_LOST_US)
        return;
    l->lost = l->sent - l->answered;
    l->news_us = env_monotonic_us();
}

static void run(struct load *l)
{
    const struct sip_load *o = l->order;
    int64_t began = env_monotonic_us();
    l->news_us = began;
    while (l->answered + l->lost < o->calls) {
        int64_t passed = env_monotonic_us() - began;
        int64_t due = o->per_s == 0 ? o->calls : passed * o->per_s / US_PER_S + 1;
        due = due < o->calls ? due : o->calls;
        send_due(l, (uint32_t)due);
        if (!take_all(l))
            rest(l, o->per_s == 0 ? 100000 : due * US_PER_S / o->per_s - passed);
    }
}

static err open_socket(struct load *l)
{
    struct sockaddr_storage to;
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    int one = 1;
    int bytes = BUFFER_BYTES;
    TRY(net_address_parse(STR("127.0.0.1"), l->order->port, &to));
    const struct sockaddr *at = (const struct sockaddr *)&to;
    l->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (l->fd < 0 || connect(l->fd, at, net_address_bytes(at)) != 0 ||
        setsockopt(l->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) != 0 ||
        getsockname(l->fd, (struct sockaddr *)&own, &size) != 0)
        return fail(ERR_OS, "bench: no socket", (uint32_t)errno);
    (void)setsockopt(l->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    l->port = net_address_port((const struct sockaddr *)&own);
    return OK;
}

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;
    return (*x > *y) - (*x < *y);
}

err sip_load_run(const struct sip_load *load, struct sip_loaded *ret_loaded)
{
    static struct load room; /* of the one thread that measures */
    struct load *l = &room;
    assert(load->calls > 0 && load->calls <= SIP_LOAD_CALLS && load->window > 0);
    *l = (struct load){.order = load, .fd = -1};
    err e = open_socket(l);
    if (!failed(e))
        run(l);
    fd_end(&l->fd);
    TRY(e);
    if (l->wrong > 0)
        return fail(ERR_CORRUPT, "bench: an answer is wrong", l->wrong);
    for (uint32_t i = l->answered; i < load->calls; i++)
        l->took_us[i] = SIP_LOST_US;
    qsort(l->took_us, load->calls, sizeof *l->took_us, by_time);
    size_t middle = load->calls / 2;
    size_t late = (size_t)load->calls * 99 / 100;
    *ret_loaded = (struct sip_loaded){
        .answered = l->answered,
        .p50_us = (double)l->took_us[middle],
        .p99_us = (double)l->took_us[late],
    };
    return OK;
}
