/* SPDX-License-Identifier: Apache-2.0 */
/*
 * online - messages with links, visits to sites, and how far a scam got with whom. For src/drill
 * alone.
 *
 * Shape     An episode is one person whom one scam reached: a victim's, which an incident begins,
 *           or that of somebody baited who never pays. Honest people open listed sites by chance,
 *           and honest sites that were listed by mistake; a visit to a site that no list has is
 *           in no feed.
 *
 *               victim --> lure --+--> message --> visits --+--> couriers --> port
 *               bait -------------+                         |
 *               strays, honest links -----------------------+
 *
 *           A site is a number, of its ring, kind of scam and days; when it came on a list follows
 *           from seed and number.
 * Owns      struct online is in the drill's arena, with a shelf of episodes.
 * Lives     With the drill, where its port takes visits.
 * Fails     As drill.h.   Threads  One.
 * Bounds    136 bytes an episode, 24 and 32 a row that has not arrived.
 */
#ifndef YUMEN_DRILL_ONLINE_H
#define YUMEN_DRILL_ONLINE_H

#include "drill/inside.h"
#include "drill/online_rows.h"

err online_begin(struct drill *d);
err online_tell(struct drill *d);

/* Before a victim pays; nothing where nobody looks at sites. */
err online_lure_first(struct drill *d, uint32_t incident, int64_t pay_us);
err online_lure_again(struct drill *d, uint32_t incident, int64_t pay_us);
/* A scam has called this one now; 0: nobody's episode. */
void online_called(struct drill *d, uint32_t episode);
/* Its bank has asked about its payment. */
void online_asked(struct drill *d, uint32_t episode);

err online_bait(struct drill *d, const struct event *e);
err online_stray(struct drill *d, const struct event *e);
err online_link(struct drill *d, const struct event *e);
err online_message(struct drill *d, const struct event *e);
err online_open(struct drill *d, const struct event *e);
err online_close(struct drill *d, const struct event *e);
err online_arrive(struct drill *d, const struct event *e);

#endif
