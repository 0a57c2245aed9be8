/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route - which handler a method and a path belong to.
 *
 * Shape     A const table of {method, "/v1/listings/{id}/approve", handler index}. A literal part
 *           wins over a "{...}" part, whatever the order of the rows. HEAD finds GET's row.
 * Owns      Nothing: parameters are slices of the path, still percent-encoded.
 * Lives     As long as the path.
 * Fails     Not found: ROUTE_ABSENT (404), or ROUTE_WRONG_METHOD (405) with what to put in Allow.
 * Threads   Any.
 * Bounds    ROUTE_PARAMS parameters a pattern; a parameter is never empty.
 */
#ifndef YUMEN_GATE_HTTP_ROUTE_H
#define YUMEN_GATE_HTTP_ROUTE_H

#include "gate/http/guard.h"

enum { ROUTE_PARAMS = 8, ROUTE_ALLOW_ROOM = 64 };

struct http_route {
    enum http_method method;
    const char *pattern;
    int handler;
};

enum route_found { ROUTE_FOUND, ROUTE_ABSENT, ROUTE_WRONG_METHOD };

struct route_match {
    int handler;
    size_t param_count;
    str params[ROUTE_PARAMS];     /* in the pattern's order */
    char allow[ROUTE_ALLOW_ROOM]; /* "GET, HEAD, POST", when the method was wrong */
};

struct http_routes {
    const struct http_route *at;
    size_t count;
};

enum route_found route_find(struct http_routes routes, enum http_method method, str path,
                            struct route_match *ret_match);

#endif
