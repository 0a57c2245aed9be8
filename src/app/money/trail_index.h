/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_index - the store of transfers, as a case asks for it.
 *
 * Shape     case --pull, opening--> rows of a view and their balances --> events
 *           case --words----------> the journal: of two that nothing else puts in order
 *
 *           A wall stands where money that is wholly held cannot leave: whatever its bank says that
 *           the account paid from then on is other money, and the case is not told of it. A payment
 *           that a victim reported is no other money, wherever a wall stands.
 * Owns      The turn's arena.
 * Lives     From init to done; view and reader are its user's, and may be others each time.
 * Fails     As the reader.
 * Threads   One.
 * Bounds    -
 */
#ifndef YUMEN_APP_MONEY_TRAIL_INDEX_H
#define YUMEN_APP_MONEY_TRAIL_INDEX_H

#include "runs/reader.h"
#include "trail/case.h"

struct trail_wall {
    uint32_t account;
    int64_t from_ms;
};

struct trail_index {
    struct runs_reader *reader;
    const struct trail_view *view;
    const struct trail_wall *walls; /* by account */
    size_t wall_count;
    const uint32_t *sources; /* numbers of the payments that victims reported */
    size_t source_count;
    int64_t until_ms; /* what is later does not exist */
    struct arena turn;
    uint32_t seen_end;     /* events were made of rows below this number, */
    int64_t next_later_ms; /* and rows were met that do not exist yet: the first of them */
};

/* until_ms 0: everything exists. */
void trail_index_init(struct trail_index *x, int64_t until_ms);
void trail_index_done(struct trail_index *x);
struct case_port trail_index_port(struct trail_index *x);
/* A row of a run as it is now, with the balance it tells, and without its words. */
err trail_index_bare(struct trail_index *x, struct trail_ref ref, struct trail_event *ret);
/* With its words. */
err trail_index_event(struct trail_index *x, struct trail_ref ref, struct trail_event *ret);
/* Rejected or reversed, and so for ever: no case has to be told of it that was not told before. */
bool trail_index_is_dead(const struct trail_index *x, const struct trail_run *run, uint32_t place);
/* Whether a case is to know of it. */
bool trail_index_shows(struct trail_index *x, const struct trail_run *run, uint32_t place);

#endif
