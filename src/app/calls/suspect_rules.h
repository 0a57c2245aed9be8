/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suspect_rules - what becomes of a number that a detector found: it is said, or it is protected,
 * known, or beyond the day's budget, and then it is only counted.
 *
 * Shape     number --> a short code, of a list that protects, allowed        protected
 *                  --> suspected now, listed, cleared by a person lately     known
 *                  --> shown by others from abroad (sense/suspect.h)         known
 *                  --> as many were said today as may be                     beyond
 *                  --> said
 *
 *           What a person cleared (refused, lifted, dismissed, a granted appeal) is not said again
 *           for detect.again_days, unless what they cleared was another detector's word.
 * Owns      Nothing.   Lives  A transaction.   Fails  As sql.
 * Threads   The store thread.   Bounds  -
 */
#ifndef YUMEN_APP_CALLS_SUSPECT_RULES_H
#define YUMEN_APP_CALLS_SUSPECT_RULES_H

#include "app/house/house.h"

enum found_fate { FOUND_SAID, FOUND_BEYOND, FOUND_PROTECTED, FOUND_KNOWN, FOUND_FATES };

struct suspect_rules {
    const struct house *house;
    struct sql *db;
    struct arena *turn;
    instant at;
    int64_t left; /* of the day's budget */
    int64_t counts[FOUND_FATES];
};

err suspect_rules_begin(struct suspect_rules *r, struct house *house, struct store *store,
                        instant at);
/* Counted. ret_open: the open suspicion of it, if there is one; else empty. */
err suspect_rules_judge(struct suspect_rules *r, str number, enum detector_kind by,
                        enum found_fate *ret_fate, str *ret_open);
/* What was counted, to the day. */
err suspect_rules_end(struct suspect_rules *r);
instant suspect_rules_until(const struct suspect_rules *r);

#endif
