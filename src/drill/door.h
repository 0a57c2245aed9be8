/* SPDX-License-Identifier: Apache-2.0 */
/*
 * door - HTTP/1.1 as a bank's own program would speak it: questions to a centre, and orders that a
 * centre posts. Plain, one message a connection, on this machine only.
 *
 * Shape     door_call asks and waits. A long question is put with door_ask and its answer fetched
 *           with door_fetch once the descriptor is readable. door_listen, door_accept, door_answer
 *           are the other side.
 *           The drill knows no gate: what the centre speaks is heard by somebody else's ears.
 * Owns      Descriptors are the caller's (fd_end).
 * Lives     Messages, as long as the arena.
 * Fails     ERR_BUSY when nobody is there, or answers in time; ERR_MALFORMED for what is not HTTP,
 *           and "drill.loopback" for an address that is not this machine's; ERR_LIMIT, ERR_OS.
 * Threads   Any; a descriptor, one.
 * Bounds    DOOR_HEADERS headers, DOOR_BYTES a message; no chunks: a message says its length, or
 *           ends with its connection.
 */
#ifndef YUMEN_DRILL_DOOR_H
#define YUMEN_DRILL_DOOR_H

#include "base/arena.h"
#include "base/str.h"

enum { DOOR_HEADERS = 64, DOOR_BYTES = 64 << 20, DOOR_HOST_BYTES = 32 };

struct door_place {
    char host[DOOR_HOST_BYTES]; /* 127.…: as it is written */
    uint16_t port;
    int timeout_ms; /* for each wait */
};

struct door_header {
    str name;
    str value;
};

struct door_message {
    str method; /* of a request, */
    str target;
    int status; /* or of an answer */
    struct door_header headers[DOOR_HEADERS];
    size_t header_count;
    str body;
};

/* "http://127.0.0.1:9611" or "127.0.0.1:9611" */
err door_place_parse(str text, struct door_place *ret_place);
void door_put_header(struct door_message *m, str name, str value);
/* Empty when it is not there. */
str door_header(const struct door_message *m, str name);

err door_ask(const struct door_place *p, const struct door_message *request, struct arena *a,
             int *ret_fd);
err door_fetch(int fd, struct arena *a, struct door_message *ret_answer);
err door_call(const struct door_place *p, const struct door_message *request, struct arena *a,
              struct door_message *ret_answer);

/* A port of 0: the system chooses, and it is written into the place. */
err door_listen(struct door_place *p, int *ret_fd);
err door_accept(int listener, int timeout_ms, struct arena *a, int *ret_fd,
                struct door_message *ret_request);
err door_answer(int fd, const struct door_message *answer, struct arena *a);

#endif
