/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_matches - how many calls a listed number made on a day: what screening found, counted.
 *
 * Shape     listing, day --> calls, texts        gathered in memory, added to the store's rows
 *           A call counts once, with the part that says that somebody rang; of whom it rang
 *           nothing is known here.
 *           What was gathered when the program was killed is not counted: its calls are known by
 *           then, and do not count again.
 * Owns      Nothing.
 * Lives     A batch.
 * Fails     As sql.
 * Threads   put: the clerk; add: the store thread, while the clerk waits.
 * Bounds    MATCHES_MOST listings and days before they have to be added.
 */
#ifndef YUMEN_APP_CALLS_CALL_MATCHES_H
#define YUMEN_APP_CALLS_CALL_MATCHES_H

#include "store/sql.h"

enum { MATCHES_MOST = 768, MATCH_PLACES = 1024, MATCH_DAYS_SHOWN = 31 };

struct call_match {
    uint32_t row; /* of the listing; 0: an empty place */
    uint32_t day; /* since 1970, in the centre's zone */
    uint32_t calls;
    uint32_t texts;
};

struct call_matches {
    struct call_match places[MATCH_PLACES];
    uint32_t count;
};

/* One call or text. */
void call_matches_put(struct call_matches *m, uint32_t row, uint32_t day, bool is_text);
static inline bool call_matches_is_full(const struct call_matches *m)
{
    return m->count >= MATCHES_MOST;
}
/* To the store's rows; afterwards it is empty. */
err call_matches_add(struct call_matches *m, struct sql *db);

struct call_days {
    struct call_match at[MATCH_DAYS_SHOWN]; /* newest first; row is of no meaning */
    size_t count;
};
err call_matches_read(struct sql *db, str listing, struct call_days *ret_days);

#endif
