/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_row - a row of the feed "calls" becomes the call, or the moment of one, that it reports.
 *
 * Shape     A number without a known form (a carrier's internal one, one from no range at all) is
 *           still somebody who calls: it is taken as it stands, if it is one of digits, '+', '*'
 *           and '#'. An IMEI is brought to its handset's 14 digits, so that a new version of its
 *           software is no new handset; one that is none is as if it were not told.
 * Owns      Nothing: texts are the row's or lie in the turn arena.
 * Lives     As long as both.
 * Fails     A catalogue key, and the column it is about: "time.*", "call.future", "call.too_old",
 *           "call.number", "phase.unknown", "call.kind", "answered.malformed",
 *           "duration.malformed", "ingress.unknown". ERR_LIMIT when the arena is spent.
 * Threads   Any.
 * Bounds    fact/call.h's. At most CALL_AHEAD_US later than now: clocks differ, and a carrier whose
 *           clock jumps a day ahead must not make everybody else's calls late.
 */
#ifndef YUMEN_FEED_CALL_ROW_H
#define YUMEN_FEED_CALL_ROW_H

#include "base/instant.h"
#include "fact/call.h"
#include "feed/reader.h"

#define CALL_AHEAD_US (5 * US_PER_MIN)

struct call_rules {
    instant now;
    str region; /* how a number without a country code is read */
};

/* ret_column is written also, and only, on failure. */
err call_row_read(const struct feed_row *row, const struct call_rules *rules, struct arena *turn,
                  struct phone_call *ret_call, str *ret_column);

#endif
