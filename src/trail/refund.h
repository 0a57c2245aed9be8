/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund - whose the money is that lies frozen in an account, to the fen, under a rule.
 *
 * Shape     case --refund_record--> moments, low water --rule--> parts, steps, unclaimed
 *
 *           Whoever's money the withdrawals took, of a claim's money at least `least` and at most
 *           `most` is still there; both follow from the record alone.
 *
 *               cn-2016       least = most: traced, and returned as it is ("direct" where it is the
 *                             only deposit on the record, else "timestamp"). All others are raised
 *                             together in proportion to their losses, until no more of somebody's
 *                             money can be there; the rest go on without them.
 *               fifo          the oldest money leaves first
 *               proportional  in proportion to losses, whatever the record says of the order
 *
 *           A step is what a bank recomputes: these claims get total/of of their losses each, the
 *           fen then missing by largest remainder, and this is what ended it. Why so:
 *           docs/decisions/0091.
 * Owns      Nothing: the result lies in the arena it was given, and points into the record.
 * Lives     As long as both.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   Any.
 * Bounds    As refund_record.h; products are 128 bits wide. A tenth of a second for a thousand
 *           claims among ten thousand entries, two seconds at the bounds.
 */
#ifndef YUMEN_TRAIL_REFUND_H
#define YUMEN_TRAIL_REFUND_H

#include "fact/round.h"
#include "trail/refund_record.h"

/* The loss is made good; all that was deposited is given back; no more can still be there of what
 * came until some moment; no more is frozen. */
#define REFUND_END_LIST(X)                                                                         \
    X(END_LOSS, "loss")                                                                            \
    X(END_DEPOSITS, "deposits")                                                                    \
    X(END_LOW_WATER, "low_water")                                                                  \
    X(END_FROZEN, "frozen")

#define X(code, name) code,
enum refund_end { REFUND_END_LIST(X) END_COUNT };
#undef X

struct refund_part {
    enum refund_basis basis;
    int64_t loss_minor;
    int64_t deposited_minor; /* into this account, until it was frozen */
    int64_t least_minor;     /* still there, whatever the withdrawals took */
    int64_t most_minor;
    int64_t
        amount_minor; /* returned; never above loss, deposited or, but for "proportional", most */
};

struct refund_step {
    int64_t total_minor; /* each claim gets total/of of its loss */
    int64_t of_minor;
    enum refund_end end;
    uint32_t moment; /* END_LOW_WATER: whose low water */
    uint32_t *claims;
    uint32_t claim_count;
};

struct refund {
    const struct refund_record *record;
    enum refund_rule rule;
    struct refund_part *parts; /* one for each claim, in their order */
    struct refund_step *steps;
    uint32_t step_count;
    int64_t unclaimed_minor; /* what was frozen less all that is returned */
};

err refund_compute(const struct refund_record *r, enum refund_rule rule, struct arena *a,
                   struct refund *ret_refund);

str refund_end_name(unsigned end);

#endif
