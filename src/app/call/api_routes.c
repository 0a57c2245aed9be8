/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/api_routes.h"

#define X(method, path, handler, is_public, wants_json) ROUTE_##handler,
enum { API_ROUTE_LIST(X) ROUTES };
#undef X

#define X(method, path, handler, is_public, wants_json) {method, path, ROUTE_##handler},
const struct http_route api_routes[] = {API_ROUTE_LIST(X)};
#undef X

#define X(method, path, handler, is_public, wants_json) {handler, is_public, wants_json},
const struct api_route_rule api_rules[] = {API_ROUTE_LIST(X)};
#undef X

const size_t api_route_count = ROUTES;
