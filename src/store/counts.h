/* SPDX-License-Identifier: Apache-2.0 */
/*
 * counts - how many listings are in which state, kept as they change.
 *
 * Shape     counts_move notes what one change takes away and adds; counts_write adds it to the
 *           table, in the transaction of the change. Readers add up few rows.
 * Owns      Nothing; divisions are in the arena it was given.
 * Lives     One change, or many that are written together.
 * Fails     As sql; "limit.memory".
 * Threads   The store thread writes; any reader asks.
 * Bounds    COUNTS_MOST different rows, then they are written.
 */
#ifndef YUMEN_STORE_COUNTS_H
#define YUMEN_STORE_COUNTS_H

#include "fact/listing.h"
#include "store/reader.h"
#include "store/sql.h"

enum { COUNTS_MOST = 32 };

struct count_row {
    const char *what; /* a state, or "ends" */
    int64_t minute;
    str division;
    int64_t change;
};

struct counts {
    struct sql *db;
    struct arena *keep; /* NULL: divisions last until they are written */
    struct count_row rows[COUNTS_MOST];
    size_t count;
};

/* `before` is NULL of a listing that is new. */
err counts_move(struct counts *c, const struct listing *before, const struct listing *after);
err counts_write(struct counts *c);

/* What a division sees: in this state; in force and ending until then, to the minute. */
err counts_of_state(struct reader *reader, enum listing_state state, str scope, int64_t *ret_count);
err counts_ending(struct reader *reader, instant until, str scope, int64_t *ret_count);

#endif
