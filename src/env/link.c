/* SPDX-License-Identifier: Apache-2.0 */
#include "env/link.h"

#include "env/net.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum { BACKLOG = 128, AGAIN_US = 100000 };

/* --- one connection --- */

static void hear(struct tcp_link *l, enum link_news news)
{
    l->door->port->hear(l->door->self, l, news);
}

void tcp_link_close(struct tcp_link *l)
{
    hear(l, LINK_OVER);
    event_free(l->deadline);
    bufferevent_free(l->stream); /* and the socket */
    *l = (struct tcp_link){0};
}

void tcp_link_wait(struct tcp_link *l, int seconds)
{
    struct timeval wait = {.tv_sec = seconds};
    event_add(l->deadline, &wait);
}

bool tcp_link_send(struct tcp_link *l, const void *bytes, size_t size)
{
    return evbuffer_add(bufferevent_get_output(l->stream), bytes, size) == 0;
}

size_t tcp_link_unsent(const struct tcp_link *l)
{
    return evbuffer_get_length(bufferevent_get_output(l->stream));
}

void tcp_link_end(struct tcp_link *l)
{
    (void)bufferevent_disable(l->stream, EV_READ); /* its failure costs reading, no more */
    l->is_last = true;
    l->is_deaf = true;
}

static enum link_progress question_step(struct tcp_link *l)
{
    const struct link_port *port = l->door->port;
    struct evbuffer *in = bufferevent_get_input(l->stream);
    size_t have = evbuffer_get_length(in);
    struct link_frame frame = {0};
    if (have == 0 || l->is_deaf)
        return LINK_MUST_WAIT;
    const uint8_t *at = evbuffer_pullup(in, -1);
    if (at == NULL)
        return LINK_MUST_CLOSE;
    enum frame_found found = port->frame(str_make((const char *)at, have), &frame);
    bool is_too_long = found == FRAME_PART ? have >= port->frame_bytes
                                           : frame.begin + frame.size > port->frame_bytes;
    if (found == FRAME_BAD || is_too_long) {
        hear(l, LINK_NO_QUESTION);
        return LINK_MUST_CLOSE;
    }
    if (found == FRAME_PART)
        return LINK_MUST_WAIT;
    assert(frame.begin + frame.size <= have);
    if (frame.size > 0 && !port->answer(l, at + frame.begin, frame.size))
        return LINK_MUST_CLOSE;
    evbuffer_drain(in, frame.begin + frame.size);
    return LINK_WENT_ON;
}

/* Goes on until there is nothing to do, or enough waits to be sent; `low_bytes` wakes it. */
static void work(struct tcp_link *l)
{
    const struct link_port *port = l->door->port;
    enum link_progress progress = LINK_WENT_ON;
    while (progress == LINK_WENT_ON && tcp_link_unsent(l) < port->high_bytes)
        progress = l->is_busy ? port->go_on(l) : question_step(l);
    bool is_idle = !l->is_busy && tcp_link_unsent(l) == 0;
    if (progress == LINK_MUST_CLOSE || (progress == LINK_MUST_WAIT && is_idle && l->is_last))
        tcp_link_close(l);
}

static void on_data(struct bufferevent *stream, void *arg)
{
    (void)stream;
    work(arg);
}

static void on_stream_event(struct bufferevent *stream, short what, void *arg)
{
    struct tcp_link *l = arg;
    (void)stream;
    if ((what & BEV_EVENT_TIMEOUT) != 0)
        hear(l, LINK_TOO_SLOW);
    if ((what & BEV_EVENT_EOF) == 0) {
        tcp_link_close(l);
        return;
    }
    l->is_last = true; /* half a close: what was asked is still answered */
    work(l);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct tcp_link *l = arg;
    (void)fd;
    (void)what;
    bool has_begun = evbuffer_get_length(bufferevent_get_input(l->stream)) > 0;
    if (has_begun || l->is_busy)
        hear(l, LINK_TOO_SLOW);
    tcp_link_close(l);
}

/* --- at the door --- */

/* The socket is taken in any case. */
static bool link_open(struct tcp_link *l, const struct tcp_door *door, evutil_socket_t fd)
{
    const struct link_port *port = door->port;
    struct timeval stall = {.tv_sec = port->stall_s};
    *l = (struct tcp_link){.door = door};
    l->deadline = event_new(door->base, -1, 0, on_deadline, l);
    l->stream = bufferevent_socket_new(door->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (l->deadline == NULL || l->stream == NULL) {
        if (l->deadline != NULL)
            event_free(l->deadline);
        if (l->stream != NULL)
            bufferevent_free(l->stream);
        else
            close((int)fd);
        *l = (struct tcp_link){0};
        return false;
    }
    bufferevent_setcb(l->stream, on_data, on_data, on_stream_event, l);
    bufferevent_setwatermark(l->stream, EV_READ, 0, port->frame_bytes);
    bufferevent_setwatermark(l->stream, EV_WRITE, port->low_bytes, 0);
    bufferevent_set_timeouts(l->stream, NULL, &stall);
    bufferevent_enable(l->stream, EV_READ | EV_WRITE);
    tcp_link_wait(l, port->wait_s);
    return true;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *sender,
                      int size, void *arg)
{
    struct tcp_door *door = arg;
    int one = 1;
    (void)listener;
    struct tcp_link *l = door->port->admit(door->self, sender);
    if (l == NULL) {
        door->port->hear(door->self, NULL, LINK_TURNED_AWAY); /* counted before he knows */
        close((int)fd);
        return;
    }
    (void)setsockopt((int)fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* only a delay */
    if (!link_open(l, door, fd)) {
        door->port->hear(door->self, NULL, LINK_SPENT);
        return;
    }
    memcpy(&l->sender, sender, (size_t)size < sizeof l->sender ? (size_t)size : sizeof l->sender);
    hear(l, LINK_TAKEN);
}

/* Out of descriptors or memory: waits a little instead of turning in circles. */
static void on_accept_trouble(struct evconnlistener *listener, void *arg)
{
    struct tcp_door *door = arg;
    struct timeval wait = {.tv_usec = AGAIN_US};
    evconnlistener_disable(listener);
    event_add(door->again, &wait);
    door->port->hear(door->self, NULL, LINK_SPENT);
}

static void on_again(evutil_socket_t fd, short what, void *arg)
{
    struct tcp_door *door = arg;
    (void)fd;
    (void)what;
    evconnlistener_enable(door->listener);
}

err tcp_door_open(struct tcp_door *door, struct event_base *base, struct sockaddr_storage *address)
{
    struct sockaddr *at = (struct sockaddr *)address;
    socklen_t size = sizeof *address;
    unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;
    if (at->sa_family == AF_INET6)
        flags |= LEV_OPT_BIND_IPV6ONLY;
    door->base = base;
    door->again = event_new(base, -1, 0, on_again, door);
    door->listener = evconnlistener_new_bind(base, on_accept, door, flags, BACKLOG, at,
                                             (int)net_address_bytes(at));
    if (door->listener == NULL || door->again == NULL)
        return fail(ERR_OS, "link: cannot listen (TCP)", (uint32_t)errno);
    evconnlistener_set_error_cb(door->listener, on_accept_trouble);
    if (getsockname(evconnlistener_get_fd(door->listener), at, &size) != 0)
        return fail(ERR_OS, "link: cannot listen (TCP)", (uint32_t)errno);
    return OK;
}

void tcp_door_close(struct tcp_door *door)
{
    if (door->listener != NULL)
        evconnlistener_free(door->listener);
    if (door->again != NULL)
        event_free(door->again);
    door->listener = NULL;
    door->again = NULL;
}
