/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/http/route.h"

#include <assert.h>
#include <stdio.h>

/* The part before the next '/'; `*rest` begins with '/' or is empty. */
static str take_part(str *rest)
{
    str behind = str_from(*rest, 1);
    size_t size = str_find_char(behind, '/');
    *rest = str_from(behind, size);
    return str_until(behind, size);
}

static bool is_param(str part)
{
    return part.size > 2 && part.at[0] == '{' && part.at[part.size - 1] == '}';
}

/* False for nearly every row: their letters before the first parameter are not the path's. */
static bool may_match(const char *pattern, str path)
{
    for (size_t i = 0; pattern[i] != '{'; i++) {
        if (pattern[i] == '\0')
            return i == path.size;
        if (i >= path.size || path.at[i] != pattern[i])
            return false;
    }
    return true;
}

/* How literal a match is: a bit a part, the first part highest; 0 when it does not match. */
static uint32_t match(const char *pattern, str path, struct route_match *m)
{
    uint32_t rank = 1;
    str rest = str_from_c(pattern);
    m->param_count = 0;
    while (rest.size > 0 && path.size > 0) {
        str want = take_part(&rest);
        str got = take_part(&path);
        bool takes_any = is_param(want);
        if (takes_any ? got.size == 0 : !str_equal(want, got))
            return 0;
        if (takes_any) {
            assert(m->param_count < ROUTE_PARAMS);
            m->params[m->param_count++] = got;
        }
        rank = rank << 1 | !takes_any;
    }
    return rest.size == 0 && path.size == 0 ? rank : 0;
}

/* "GET, HEAD, POST" */
static void allow_format(uint32_t methods, char ret_allow[ROUTE_ALLOW_ROOM])
{
    size_t size = 0;
    for (int m = 0; m < HTTP_OTHER; m++) {
        if ((methods >> m & 1) == 0)
            continue;
        int put = snprintf(ret_allow + size, ROUTE_ALLOW_ROOM - size, "%s%s", size > 0 ? ", " : "",
                           http_method_name((enum http_method)m));
        size += put > 0 ? (size_t)put : 0;
        assert(size < ROUTE_ALLOW_ROOM);
    }
}

enum route_found route_find(struct http_routes routes, enum http_method method, str path,
                            struct route_match *ret_match)
{
    struct route_match best = {.handler = -1};
    struct route_match now = {.handler = -1};
    uint32_t best_rank = 0;
    uint32_t methods_seen = 0;
    enum http_method wanted = method == HTTP_HEAD ? HTTP_GET : method;
    if (!str_starts(path, STR("/")))
        routes.count = 0;
    for (size_t i = 0; i < routes.count; i++) {
        const struct http_route *r = &routes.at[i];
        uint32_t rank = may_match(r->pattern, path) ? match(r->pattern, path, &now) : 0;
        if (rank == 0)
            continue;
        methods_seen |= UINT32_C(1) << r->method;
        if (r->method == wanted && rank > best_rank) {
            best = now;
            best.handler = r->handler;
            best_rank = rank;
        }
    }
    if ((methods_seen >> HTTP_GET & 1) != 0)
        methods_seen |= UINT32_C(1) << HTTP_HEAD;
    if (best_rank == 0)
        allow_format(methods_seen, best.allow);
    *ret_match = best;
    if (best_rank > 0)
        return ROUTE_FOUND;
    return methods_seen != 0 ? ROUTE_WRONG_METHOD : ROUTE_ABSENT;
}
