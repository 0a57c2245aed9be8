/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_parts - of claims' money, what came into one account with each transfer: by fifo.
 *
 * Shape     claims --followed through accounts of any number of partners--> parts
 *                                   '--> where an account is too busy even so: ends
 * Owns      Nothing; in the arena.
 * Lives     As long as that.
 * Fails     As the runs and the case.
 * Threads   Any but the web's.
 * Bounds    TRAIL_PARTS_OF_ONE transfers of an account, TRAIL_PARTS_OF_ALL of all.
 */
#ifndef YUMEN_APP_MONEY_TRAIL_PARTS_H
#define YUMEN_APP_MONEY_TRAIL_PARTS_H

#include "runs/runs.h"

/* Of a claim's money, what came with one transfer. */
struct trail_part {
    uint32_t ordinal; /* the transfer */
    uint32_t claim;   /* its place among those that were asked about */
    int64_t minor;
};

/* Money of a claim came to an account that is too busy to be followed. */
struct trail_end {
    uint32_t account;
    uint32_t claim;
};

struct trail_parts {
    struct trail_part *at; /* by transfer and claim; a claim's own transfer is among them */
    size_t count;
    struct trail_end *ends; /* in any order */
    size_t end_count;
};

enum { TRAIL_PARTS_OF_ONE = 1 << 20, TRAIL_PARTS_OF_ALL = 1 << 23 };
struct trail_parts_question {
    const uint32_t *claims; /* ordinals of the victims' transfers, each once */
    size_t claim_count;     /* at most CASE_CLAIMS_MOST */
    uint32_t account;
    int64_t as_of_ms;
    uint32_t most_transfers; /* since the first claim, of one account; 0: TRAIL_PARTS_OF_ONE */
};

err trail_parts_make(struct runs *runs, const struct trail_parts_question *q, struct arena *a,
                     struct trail_parts *ret);

#endif
