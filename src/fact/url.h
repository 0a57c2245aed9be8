/* SPDX-License-Identifier: Apache-2.0 */
/*
 * url - one spelling for a link, so that a listed page is found however it was sent.
 *
 * Shape     scheme://host[:port]/path[?query]
 *
 *               "HTTPS://Evil.COM:443/a/./b/%7euser/../x?q=%c3%a9#top"
 *            -> "https://evil.com/a/b/x?q=%C3%A9"
 *
 *           http and https only. The host is a domain (domain.h) or an IP address (address.h). What
 *           a server may tell apart stays: the order of the query, the case of the path, a slash
 *           at its end. What it may not, goes: default port, dot segments, needless and
 *           lower-case escapes, the fragment, an empty query. '\' is '/' as in browsers.
 *           Parsing a canonical url gives that url again.
 * Owns      Nothing; results are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     ERR_MALFORMED "url.empty", "url.too_long", "url.scheme", "url.userinfo", "url.host",
 *           "url.port", "url.percent", "url.space", "url.control", and domain.h's. ERR_LIMIT
 *           when the arena is spent.
 * Threads   Any, after kit_boot().
 * Bounds    URL_BYTES, as given and as canonical.
 */
#ifndef YUMEN_FACT_URL_H
#define YUMEN_FACT_URL_H

#include "base/str.h"

enum { URL_BYTES = 2048 };

err url_parse(str text, struct arena *turn, str *ret_url);
/* With its host in Unicode where that differs. Of a canonical url. */
err url_display(str url, struct arena *turn, str *ret_display);
/* The host of a canonical url, a slice; an IPv6 address keeps its brackets. */
str url_host(str url);

#endif
