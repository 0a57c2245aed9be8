/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: each path finds the row a reader of the table would point at, with its parameters; wrong
 * methods learn the right ones.
 * Method: a table with overlapping rows and a table of questions.
 */
#include "gate/http/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum handler { LIST, EXPORT, ONE, MAKE, APPROVE, DEEP, HOME };

static const struct http_route rows[] = {
    {HTTP_GET,    "/v1/listings/{id}",                ONE    },
    {HTTP_GET,    "/v1/listings",                     LIST   },
    {HTTP_GET,    "/v1/listings/export",              EXPORT },
    {HTTP_POST,   "/v1/listings",                     MAKE   },
    {HTTP_POST,   "/v1/listings/{id}/approve",        APPROVE},
    {HTTP_DELETE, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}", DEEP   },
    {HTTP_GET,    "/",                                HOME   },
};
static const struct http_routes routes = {rows, COUNT_OF(rows)};

static void rows_are_found(void **state)
{
    (void)state;
    static const struct {
        enum http_method method;
        const char *path;
        enum route_found found;
        int handler;
        const char *first_param;
    } asked[] = {
        {HTTP_GET,    "/v1/listings",              ROUTE_FOUND,        LIST,    ""     },
        {HTTP_HEAD,   "/v1/listings",              ROUTE_FOUND,        LIST,    ""     },
        {HTTP_POST,   "/v1/listings",              ROUTE_FOUND,        MAKE,    ""     },
        {HTTP_GET,    "/v1/listings/export",       ROUTE_FOUND,        EXPORT,  ""     },
        {HTTP_GET,    "/v1/listings/01JD",         ROUTE_FOUND,        ONE,     "01JD" },
        {HTTP_GET,    "/v1/listings/a%2Fb",        ROUTE_FOUND,        ONE,     "a%2Fb"},
        {HTTP_POST,   "/v1/listings/01JD/approve", ROUTE_FOUND,        APPROVE, "01JD" },
        {HTTP_DELETE, "/1/2/3/4/5/6/7/8",          ROUTE_FOUND,        DEEP,    "1"    },
        {HTTP_GET,    "/",                         ROUTE_FOUND,        HOME,    ""     },
        {HTTP_GET,    "/v1/listings/",             ROUTE_ABSENT,       -1,      ""     },
        {HTTP_GET,    "/v1/listings/01JD/",        ROUTE_ABSENT,       -1,      ""     },
        {HTTP_GET,    "v1/listings",               ROUTE_ABSENT,       -1,      ""     },
        {HTTP_GET,    "v1/listings",               ROUTE_ABSENT,       -1,      ""     },
        {HTTP_GET,    "//v1/listings",             ROUTE_ABSENT,       -1,      ""     },
        {HTTP_GET,    "/v1/listing",               ROUTE_ABSENT,       -1,      ""     },
        {HTTP_GET,    "/v1",                       ROUTE_ABSENT,       -1,      ""     },
        {HTTP_POST,   "/v1/listings//approve",     ROUTE_ABSENT,       -1,      ""     },
        {HTTP_DELETE, "/v1/listings",              ROUTE_WRONG_METHOD, -1,      ""     },
    };
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        struct route_match m;
        enum route_found found = route_find(routes, asked[i].method, str_from_c(asked[i].path), &m);
        if (found != asked[i].found || m.handler != asked[i].handler)
            fail_msg("%s: found %d handler %d", asked[i].path, (int)found, m.handler);
        if (asked[i].first_param[0] != '\0')
            assert_true(str_equal(m.params[0], str_from_c(asked[i].first_param)));
    }
}

static void a_wrong_method_learns_the_right_ones(void **state)
{
    (void)state;
    struct route_match m;
    assert_int_equal(route_find(routes, HTTP_PUT, STR("/v1/listings"), &m), ROUTE_WRONG_METHOD);
    assert_string_equal(m.allow, "GET, HEAD, POST");
    assert_int_equal(route_find(routes, HTTP_GET, STR("/1/2/3/4/5/6/7/8"), &m), ROUTE_WRONG_METHOD);
    assert_string_equal(m.allow, "DELETE");
    assert_int_equal(route_find(routes, HTTP_DELETE, STR("/1/2/3/4/5/6/7/8"), &m), ROUTE_FOUND);
    assert_int_equal(m.param_count, 8);
    assert_true(str_equal(m.params[7], STR("8")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found),
        cmocka_unit_test(a_wrong_method_learns_the_right_ones),
    };
    return cmocka_run_group_tests_name("gate/http/route", tests, NULL, NULL);
}
