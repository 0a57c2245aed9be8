/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_people - the doors to who works here, rows of the table of doors (api_routes.h).
 *
 * Shape     As there.
 * Owns, Lives, Fails, Threads   constant.   Bounds  -
 */
#ifndef YUMEN_APP_CALL_API_PEOPLE_H
#define YUMEN_APP_CALL_API_PEOPLE_H

#define API_PEOPLE_ROUTES(X)                                                                       \
    X(HTTP_GET, "/v1/users", users_get, false, false)                                              \
    X(HTTP_POST, "/v1/users", users_post, false, true)                                             \
    X(HTTP_POST, "/v1/users/{name}/approve", user_approve, false, true)                            \
    X(HTTP_POST, "/v1/users/{name}/refuse", user_refuse, false, true)                              \
    X(HTTP_POST, "/v1/users/{name}/disable", user_disable, false, true)                            \
    X(HTTP_POST, "/v1/users/{name}/password", user_password, false, true)

#endif
