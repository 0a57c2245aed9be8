/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tips_told - what somebody tells, into the store: each source counted once a thing, and none
 * without an end in a day.
 *
 * Shape     indicators --tips_tell--> tip (desk), tip_source, tip_day
 *
 *           A source is an address, or a program that is signed in, with whom it speaks for. It
 *           stands in the store as a pseudonym: another for each thing and each day, so that no
 *           two rows say that they are of the same.
 * Owns      Nothing.   Lives  A write.
 * Fails     As store_apply. When a source has told its share of today, none is told and the answer
 *           is "tip.too_many"; that it tried is counted.
 * Threads   tips_tell: the store thread, inside the transaction. The rest: the call's.
 * Bounds    TIPS_A_DAY of an address or of one whom a program speaks for; of a program
 *           tips.program_day.
 */
#ifndef YUMEN_APP_DOOR_TIPS_TOLD_H
#define YUMEN_APP_DOOR_TIPS_TOLD_H

#include "app/call/api_help.h"
#include "fact/indicator.h"

enum { TIPS_A_DAY = 30 };

struct tips_told {
    str program; /* the user's id; empty: from the street */
    str source;  /* an address; of a program, whom it speaks for: may be empty */
    const struct indicator *things;
    size_t count;    /* afterwards, of them: how many were told */
    bool is_in_part; /* what is above the day's share is left out, and the rest told */
};

err tips_tell(struct call *call, struct store *store, instant at, struct tips_told *told);

/* "today": what was told, what was refused, and the programs that were. */
err tips_put_today(struct call *call, struct json *j);
/* "sources": what became of what programs told in the last OUTCOME_DAYS, as people decided. */
err tips_put_sources(struct call *call, struct json *j);

#endif
