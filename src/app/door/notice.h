/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notice - the page somebody sees whose site, or the site they wanted, is blocked; and the one for
 * the holder of an account or number that an order touches.
 *
 * Shape     web/dist/notice.html with {{words}} filled in: display, state, notice, reason_zh,
 *           reason_en, basis_zh, basis_en, until, centre, listing, appeal_url. Escaped for HTML.
 * Owns      Nothing; the page is in the arena.   Lives  A call.   Threads  Any, with a reader.
 * Fails     As reader; "limit.memory".   Bounds  -
 */
#ifndef YUMEN_APP_DOOR_NOTICE_H
#define YUMEN_APP_DOOR_NOTICE_H

#include "app/house/house.h"

/* `value`: a host or whatever stands in ?value=. Never fails for a strange one: it is then free. */
err notice_page(struct house *house, str value, struct arena *arena, str *ret_html);

/* `key`: ORDER-MARK, as the letters have it. ERR_ABSENT "order.absent" for any other. */
err notice_order_page(struct house *house, str key, struct arena *arena, str *ret_html);

/* A page of the console's with its {{words}} filled in. */
struct notice_words {
    str (*word)(const void *self, str name);
    const void *self;
};
err notice_fill(const char *path, const struct notice_words *w, struct arena *a, str *ret_html);
/* Date and minute. */
str notice_when(instant at, int zone_min, struct arena *a);

#endif
