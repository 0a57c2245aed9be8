/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard - how many calls a trunk, or a calling number, may have screened in a time.
 *
 * Shape     A bucket each, full at first, that a call takes from and time fills again. It is kept
 *           as one number, the time at which it is full; nothing counts calls that are under way,
 *           so that nothing has to be counted down. A call that is refused takes nothing, and one
 *           of the last GUARD_CALLS that is asked for again (an answer was lost) costs nothing and
 *           hears what it heard. A number is counted on each trunk apart: who borrows it on one
 *           uses up nothing of its owner's on another.
 *
 *               trunk, number --hash--> line of four | key, bucket |...  the fullest is forgotten
 *
 * Owns      Nothing: the lines are the caller's.
 * Lives     As long as those.
 * Fails     Cannot. Where five keys meet in one line, the one whose bucket is fullest is
 *           forgotten, which gives it a full one: a flood of new numbers forgets itself before it
 *           forgets who calls much.
 * Threads   One.
 * Bounds    GUARD_LINES lines, 3.5 MiB. The hash is seeded: nobody can choose whom to meet.
 */
#ifndef YUMEN_GATE_SIP_GUARD_H
#define YUMEN_GATE_SIP_GUARD_H

#include "base/str.h"

enum { GUARD_LINES = 16384, GUARD_LINE_SLOTS = 4, GUARD_CALLS = 8 };

struct guard_rate {
    int64_t cost_us;  /* until the bucket has filled by one call again; 0: no limit */
    int64_t burst_us; /* to fill it when it is empty */
};

struct guard_bucket {
    int64_t full_us;             /* monotonic */
    uint32_t calls[GUARD_CALLS]; /* the last ones, newest first, and whether each was refused */
    uint32_t known;              /* how many of them are there */
};

/* `most` calls at once, and as many in each `period_us`; 0: no limit. */
struct guard_rate guard_rate_of(int64_t most, int64_t period_us);
/* `call` tells one call from another. False: it is one too many. */
bool guard_bucket_take(struct guard_bucket *b, const struct guard_rate *rate, uint32_t call,
                       int64_t now_us);

struct guard_slot {
    uint64_t key;
    struct guard_bucket bucket;
};

struct guard_line {
    struct guard_slot slot[GUARD_LINE_SLOTS];
};

struct guard {
    struct guard_line *lines; /* GUARD_LINES, zeroed; NULL when there is no limit */
    uint64_t seed;
    struct guard_rate rate;
};

struct guard_key {
    size_t trunk;
    str number;
};

bool guard_take(struct guard *g, struct guard_key of, uint32_t call, int64_t now_us);

#endif
