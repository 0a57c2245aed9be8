/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund_inside - what the files of refund share: deposits by claim, bounds, and raising together.
 *
 * Shape     deposits of claim i:  at[first[i]] ... at[first[i + 1] - 1], by moment, one a moment
 *           A claim's money that is still there is its newest: that is the most that can be, so
 *           amounts are placed on deposits from the newest back, and of what stands on the deposits
 *           up to a moment no more can be there than its low water.
 * Owns      Nothing; arena.   Lives  One computation.   Threads  One.
 * Fails     ERR_LIMIT "limit.memory".
 * Bounds    A sum of amounts times a sum of amounts: below 2^121.
 */
#ifndef YUMEN_TRAIL_REFUND_INSIDE_H
#define YUMEN_TRAIL_REFUND_INSIDE_H

#include "trail/refund.h"

typedef __int128 wide;

struct refund_deposit {
    int64_t minor;
    uint32_t moment;
};

struct refund_work {
    const struct refund_record *record;
    enum refund_rule rule;
    struct arena *arena;
    struct refund *ret;
    struct refund_deposit *at;
    uint32_t *first; /* claim_count + 1 */
};

static inline const struct refund_case *work_case(const struct refund_work *w)
{
    return w->record->of;
}

/* least and most of every part. */
err refund_bounds(struct refund_work *w);

/* Raises the amounts of all parts whose basis is proportional, from nothing, in proportion to their
 * losses; `low` is the low water of every moment. The others' amounts stand as they are. */
err refund_raise(struct refund_work *w, const int64_t *low);

#endif
