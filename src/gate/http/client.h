/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client - one request to our own server over its Unix socket, for the command line.
 *
 * Shape     Connect, send, read the whole reply, close. Blocking.
 * Owns      Nothing after it returns; the reply is the arena's.
 * Lives     As long as the arena.
 * Fails     ERR_ABSENT "client.no_server" when nobody listens there; ERR_BUSY "client.no_answer"
 *           after timeout_ms; ERR_MALFORMED for a reply that is not HTTP; ERR_LIMIT; ERR_OS.
 * Threads   Any.
 * Bounds    The reply: most_bytes, and the arena.
 */
#ifndef YUMEN_GATE_HTTP_CLIENT_H
#define YUMEN_GATE_HTTP_CLIENT_H

#include "base/arena.h"
#include "gate/http/guard.h"

struct http_client_request {
    const char *socket_path;
    enum http_method method;
    str target; /* path and query, encoded */
    const struct http_header *headers;
    size_t header_count;
    str body;
    int timeout_ms;    /* for each wait; 0: 30 s */
    size_t most_bytes; /* of the reply; 0: 64 MiB */
};

struct http_client_reply {
    int status;
    struct http_header *headers;
    size_t header_count;
    str body;
};

err http_client_call(const struct http_client_request *request, struct arena *a,
                     struct http_client_reply *ret_reply);
str http_client_header(const struct http_client_reply *reply, str name);

#endif
