/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no path harms the router; what it finds is rebuilt to the same path from its row and its
 * parameters.
 * Method: any method and any bytes as a path, against a table with overlapping rows.
 */
#include "gate/http/route.h"
#include "gate/http/wire.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct http_route rows[] = {
    {HTTP_GET,    "/v1/listings",                     0},
    {HTTP_GET,    "/v1/listings/export",              1},
    {HTTP_GET,    "/v1/listings/{id}",                2},
    {HTTP_POST,   "/v1/listings/{id}/approve",        3},
    {HTTP_POST,   "/{a}/{b}/{c}/{d}",                 4},
    {HTTP_DELETE, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}", 5},
    {HTTP_GET,    "/",                                6},
};

static str rebuild(const struct route_match *m, struct arena *a)
{
    struct text t;
    size_t param = 0;
    str rest = str_from_c(rows[m->handler].pattern);
    str part;
    text_init(&t, a);
    (void)str_split(&rest, '/', &part);
    while (str_split(&rest, '/', &part)) {
        text_put_char(&t, '/');
        text_put(&t, part.size > 0 && part.at[0] == '{' ? m->params[param++] : part);
    }
    return text_str(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct route_match m;
    if (size < 1 || size > 4096)
        return 0;
    arena_init(&a, 1 << 20);
    str path = str_make((const char *)data + 1, size - 1);
    enum http_method method = (enum http_method)(data[0] % HTTP_OTHER);
    enum route_found found =
        route_find((struct http_routes){rows, COUNT_OF(rows)}, method, path, &m);
    if (found == ROUTE_FOUND && m.handler != 6 && !str_equal(rebuild(&m, &a), path))
        abort();
    if ((found == ROUTE_WRONG_METHOD) != (m.allow[0] != '\0'))
        abort();
    str value;
    err e = http_query_find(&a, path, STR("a"), &value);
    (void)e; /* nonsense is refused; it must only do no harm */
    (void)http_language_first(path);
    (void)http_accepts(path, STR("gzip"));
    (void)http_cookie_find(path, STR("a"));
    arena_done(&a);
    return 0;
}
