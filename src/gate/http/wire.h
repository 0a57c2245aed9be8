/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire - the small notations of HTTP: percent-encoding, queries, cookies, dates, entity tags.
 *
 * Shape     str in, str out.
 * Owns      Nothing; decoded text is the arena's.
 * Lives     As long as the arena or the bytes sliced.
 * Fails     ERR_MALFORMED "http.encoding" when what was decoded is not UTF-8 or has a NUL in it;
 *           ERR_LIMIT when the arena is spent.
 * Threads   Any.
 * Bounds    -
 */
#ifndef YUMEN_GATE_HTTP_WIRE_H
#define YUMEN_GATE_HTTP_WIRE_H

#include "base/instant.h"
#include "base/str.h"

enum { HTTP_DATE_ROOM = 32 };

/* "%E7%8E%89" to bytes. A '+' stays a '+'. */
err http_decode(struct arena *a, str encoded, str *ret_text);
/* The other way, for parts of a path and of a query. */
void http_encode_put(struct text *t, str plain);
/* A parameter of a query ("a=1&b=2"), decoded, '+' as a space. Absent: the empty str. */
err http_query_find(struct arena *a, str query, str name, str *ret_value);
/* A cookie's value from the Cookie header; absent: the empty str. */
str http_cookie_find(str cookies, str name);
/* "Sun, 22 Nov 2026 12:18:00 GMT" */
str http_date(instant at, char room[HTTP_DATE_ROOM]);
/* Whether If-None-Match (a list, "*", weak tags) names this tag ("\"abc\""). */
bool http_etag_matches(str if_none_match, str etag);
/* "zh" of "fr;q=0.3, zh-CN"; the empty str when nothing is wished for. */
str http_language_first(str accept_language);
/* Whether an Accept or Accept-Encoding list has this word with a weight above 0. */
bool http_accepts(str list, str word);
const char *http_status_text(int status);

#endif
