/* SPDX-License-Identifier: Apache-2.0 */
/*
 * datagram - questions over UDP, the same for every server with a thread of its own: a lane that
 * takes what has come, has it answered, and sends the answers.
 *
 * Shape     A turn: sleep until something has come, take all of it (DATAGRAMS_AT_ONCE at most),
 *           answer, send all of it. Two system calls a turn, however many questions; under load,
 *           that is most of what a question costs.
 *
 *               kernel ==> datagram[] --turn--> answers ==> kernel
 *
 *           Whoever listens on every address answers from the one that was asked (net.h).
 * Owns      A lane its socket and its thread.
 * Lives     From open to close. Datagrams, a turn.
 * Fails     datagram_lane_open: ERR_OS with the errno; "limit.memory".
 * Threads   open, close: one. turn: the lane's.
 * Bounds    Those of the port.
 */
#ifndef YUMEN_ENV_DATAGRAM_H
#define YUMEN_ENV_DATAGRAM_H

#include "base/arena.h"
#include "base/err.h"
#include "env/atomic.h"
#include "env/thread.h"

#include <sys/socket.h>

enum { DATAGRAMS_AT_ONCE = 64 };

struct datagram {
    const uint8_t *bytes;
    size_t size;
    bool is_cut;                     /* there was more of it than could be taken */
    struct sockaddr_storage *sender; /* who is answered: a turn may name another port */
    uint8_t *answer;                 /* room for what the port says */
    size_t answer_size;              /* 0: none */
};

struct datagram_port {
    const char *thread;
    size_t most_bytes; /* of a question */
    size_t answer_bytes;
    bool
        is_whole; /* never in fragments, whoever says that the path is narrow: they can be forged */
    bool gathers; /* after a turn of several the next one waits a moment, and then holds more: to
                    * be woken, and to wake who asked, costs as much as a question */
    void (*turn)(void *self, struct datagram *came, size_t count);
};

struct datagram_batch;

struct datagram_lane {
    const struct datagram_port *port;
    void *self;
    struct datagram_batch *batch; /* NULL: not open */
    struct env_thread thread;
    struct env_flag is_stopping;
    int fd;
};

/* The lane must not move. boot: for its batch. */
err datagram_lane_open(struct datagram_lane *lane, const struct sockaddr_storage *address,
                       struct arena *boot);
/* Accepts a zeroed one. */
void datagram_lane_close(struct datagram_lane *lane);

#endif
