/* SPDX-License-Identifier: Apache-2.0 */
/*
 * balances - what banks said was left after the payments of a run, beside its rows: whose money is
 * where is asked of thousands of them at once, and the journal would be a block for each.
 *
 * Shape     of a tail's rows, by ordinal --+
 *           of runs that are merged -------+--> four bytes a row of the run, by place; what does
 *                                               not fit stands apart (trail/run.h)
 *
 * Owns      Nothing: they lie in the room, which is made larger where it has to be.
 * Lives     As the room.
 * Fails     ERR_LIMIT "limit.memory". A run whose balances cannot be told has none: the journal is
 *           asked instead.
 * Threads   One a call.
 * Bounds    4 bytes a row, 16 one that does not fit; none where no bank told of any.
 */
#ifndef YUMEN_RUNS_BALANCES_H
#define YUMEN_RUNS_BALANCES_H

#include "runs/task.h"

/* Whether four bytes are enough. */
static inline bool balance_fits(int64_t minor)
{
    return minor >= 0 && minor < (int64_t)TRAIL_BALANCE_WIDE;
}

/* `run` is of rows of this tail. */
err balances_of_tail(const struct tail *t, struct trail_run *run, struct pages *room);
/* `run` is of all rows of these, in their order. */
err balances_of_runs(const struct sealed *from, uint32_t count, struct trail_run *run,
                     struct pages *room);

#endif
