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
 * Fails     As store_apply; ERR_BUSY "tip.too_many" when a source has told its share of today: that
 *           it tried is counted, so the caller keeps the transaction.
 * Threads   tips_tell: the store thread, inside the transaction. The rest: the call's.
 * Bounds    TIPS_A_DAY of an address or of one whom a program speaks for; of a program
 *           tips.program_day.
 */
#ifndef YUMEN_APP_DOOR_TIPS_TOLD_H
#define YUMEN_APP_DOOR_TIPS_TOLD_H

#include "app/call/api_help.h"
#include "fact/mention.h"

enum { TIPS_A_DAY = 30 };

struct tips_told {
    str program; /* the user's id; empty: from the street */
    str source;  /* an address; of a program, whom it speaks for: may be empty */
    struct mentions *things;
};

err tips_tell(struct call *call, struct store *store, instant at, const struct tips_told *told);

/* "today": what was told, what was refused, and the programs that were. */
err tips_put_today(struct call *call, struct json *j);

#endif
