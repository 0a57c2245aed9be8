/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_feed - stands between the zone as the store keeps it and the gate that serves it.
 *
 * Shape     at start: tables --> the gate's entries and history; then: each change --> publish.
 *           When the gate could not take one, at once or later, the zone is "behind": the whole of
 *           it is given anew, under a serial of its own, until that has been taken. After a
 *           restore the gate is held (SERVFAIL: resolvers go on with what they have) until it is
 *           reconciled.
 * Owns      The gate's thread.
 * Lives     From zone_feed_open to zone_feed_close.
 * Fails     What the options are wrong about; ERR_OS when the address cannot be had.
 * Threads   open and close: main; publish, mend: the store thread.
 * Bounds    As the gate's.
 */
#ifndef YUMEN_APP_SCREEN_ZONE_FEED_H
#define YUMEN_APP_SCREEN_ZONE_FEED_H

#include "app/house/house.h"
#include "store/zone.h"

/* Nothing to do when dns.listen is empty. */
err zone_feed_open(struct house *house);
/* When the store thread has ended. */
void zone_feed_close(struct house *house);

/* What a zone_update is to say to the gate, once it is committed. */
struct rpz_list;
struct zone_news {
    struct zone_sink sink;
    struct rpz_list *list;
    bool is_heard;
};
err zone_news_make(struct house *house, struct arena *turn, struct zone_news **ret_news);
/* Before the turn ends, published or not. */
void zone_news_drop(struct zone_news *news);
err zone_feed_publish(struct house *house, struct zone_news *news, uint32_t serial);

/* Outside a transaction, now and then: opens what was held, gives whole what is behind. */
err zone_feed_mend(struct house *house, struct store *store, instant now);

#endif
