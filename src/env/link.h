/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link - questions over TCP, the same for every server: a door that takes connections, and links on
 * which whole questions come, one after the other.
 *
 * Shape     A server's connection begins with its link; where a question ends, what it does with
 *           one, and what it sends by and by, it says itself.
 *
 *               door --admit--> link --frame--> --answer--> message, or busy
 *                                 ^---------------go_on------------'
 *
 * Owns      A door its listening socket, a link its connection. Slots are the server's.
 * Lives     A link from LINK_TAKEN to LINK_OVER: an error, a peer that is too slow or done, close.
 * Fails     tcp_door_open: ERR_OS with the errno.
 * Threads   The loop's.
 * Bounds    Those of the port.
 */
#ifndef YUMEN_ENV_LINK_H
#define YUMEN_ENV_LINK_H

#include "base/str.h"

#include <sys/socket.h>

struct bufferevent;
struct evconnlistener;
struct event;
struct event_base;
struct tcp_door;

struct tcp_link {
    const struct tcp_door *door;
    struct bufferevent *stream; /* NULL: the slot is free */
    struct event *deadline;
    struct sockaddr_storage sender;
    bool is_busy; /* the server's: an answer is begun, and not yet off its hands */
    bool is_last; /* the peer has said all it will */
    bool is_deaf; /* and nothing more is heard of it */
};

enum link_progress { LINK_WENT_ON, LINK_MUST_WAIT, LINK_MUST_CLOSE };

/* The first two are of no link. */
enum link_news {
    LINK_TURNED_AWAY, /* by admit */
    LINK_SPENT,       /* no descriptors, or no memory */
    LINK_TAKEN,
    LINK_TOO_SLOW,
    LINK_NO_QUESTION, /* none can begin so, or be so long */
    LINK_OVER,        /* its slot is free when this returns */
};

/* A question within what has come: what is before it is its length, or nothing. */
struct link_frame {
    size_t begin;
    size_t size;
};
enum frame_found { FRAME_PART, FRAME_WHOLE, FRAME_BAD };

struct link_port {
    size_t frame_bytes; /* of the longest question, and what stands before it */
    size_t high_bytes;  /* so much waits to be sent: nothing more is read or made */
    size_t low_bytes;   /* so little: it goes on */
    int stall_s;        /* for so long nothing could be sent: closed */
    int wait_s;         /* for the next whole question, until tcp_link_wait says otherwise */
    struct tcp_link *(*admit)(void *self, const struct sockaddr *sender); /* NULL: turned away */
    enum frame_found (*frame)(str came, struct link_frame *ret_frame);
    /* False when the connection is not worth keeping. */
    bool (*answer)(struct tcp_link *l, const uint8_t *packet, size_t size);
    enum link_progress (*go_on)(struct tcp_link *l); /* while it is busy */
    void (*hear)(void *self, struct tcp_link *l, enum link_news news);
};

struct tcp_door {
    const struct link_port *port;
    void *self;
    struct event_base *base;
    struct evconnlistener *listener;
    struct event *again; /* opens the door again after we ran out of something */
};

/* *address: where; then where it really is, port 0 takes a free one. The door must not move. */
err tcp_door_open(struct tcp_door *door, struct event_base *base, struct sockaddr_storage *address);
void tcp_door_close(struct tcp_door *door); /* zeroed is fine */

void tcp_link_wait(struct tcp_link *l, int seconds);
/* False when there is no memory. */
bool tcp_link_send(struct tcp_link *l, const void *bytes, size_t size);
size_t tcp_link_unsent(const struct tcp_link *l);
/* Closed as soon as all is sent; what else has come, or comes, is not read. */
void tcp_link_end(struct tcp_link *l);
void tcp_link_close(struct tcp_link *l);

#endif
