/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listed - listings as the tables in memory want them: few columns, by the row they stand in.
 *
 * Shape     All that are in force, in the order of their rows; or those that leaves speak of, as
 *           they are now. A listing is then found again by its row
 *           (reader_find_told).
 *
 *               listed_all ------> visit(listing) ...        the first time
 *               listed_since ----> visit(listing) ...        after each commit
 *
 * Owns      Nothing; a value lasts until visit returns.
 * Lives     Rows are SQLite's own; they stay the same in a file that is not vacuumed, which is
 *           never done. Another driver needs a column for it.
 * Fails     As sql, and as visit; ERR_LIMIT "limit.memory" for a row beyond 2^32.
 * Threads   Any, each with its own reader.
 * Bounds    -
 */
#ifndef YUMEN_STORE_LISTED_H
#define YUMEN_STORE_LISTED_H

#include "store/reader.h"

struct listed {
    uint32_t row;
    unsigned kind;
    unsigned match;
    unsigned action;
    unsigned state;
    str value;
    instant from;
    instant until;
};

struct listed_visit {
    void *self;
    err (*visit)(void *self, const struct listed *listing);
};

/* One moment for all that is read until it is ended. */
err listed_begin(struct reader *reader);
void listed_end(struct reader *reader);

/* How many leaves there are, and what tells this ledger from another of the same size. */
err listed_ledger(struct reader *reader, uint64_t *ret_size);
err listed_mark(struct reader *reader, uint64_t size, uint64_t *ret_mark);

err listed_all(struct reader *reader, const struct listed_visit *visit);
/* Each listing that a leaf from `from` on speaks of, once. *ret_was_erased: some listing's value is
 * no longer told. */
err listed_since(struct reader *reader, uint64_t from, const struct listed_visit *visit,
                 bool *ret_was_erased);
#endif
