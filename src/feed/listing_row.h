/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listing_row - a row of the feed "listings" becomes the listing it proposes.
 *
 * Shape     Fills what a proposer may say: kind, value, display, action, match, reason, evidence,
 *           basis, source, score, from, until, notice, division, rpz. The rest is the desk's.
 *           Absent: match is exact, score 100, from is now, rpz "notice", the notice that of the
 *           law profile; evidence says which row it was.
 * Owns      Nothing: texts live in the turn arena or in the row.
 * Lives     As long as both.
 * Fails     A catalogue key, and the column it is about: "kind.unknown", "action.unknown",
 *           "match.unknown", "match.suffix_domain_only", "score.malformed", "score.range",
 *           "time.*", "until.past", "until.before_from", "rpz.unknown", "rpz.not_domain",
 *           "division.*", and whatever indicator_parse and domain_check_suffix say of the value.
 *           Whether the law allows the term is the desk's to say.
 * Threads   Any.
 * Bounds    Those of the feed's columns.
 */
#ifndef YUMEN_FEED_LISTING_ROW_H
#define YUMEN_FEED_LISTING_ROW_H

#include "fact/nouns.h"
#include "feed/reader.h"

struct listing_row_rules {
    instant now;
    str phone_region; /* of the law profile */
    str notice;       /* of the law profile */
};

/* ret_column is written also, and only, on failure. */
err listing_row_read(const struct feed_row *row, const struct listing_row_rules *rules,
                     struct arena *turn, struct listing *ret_listing, str *ret_column);

#endif
