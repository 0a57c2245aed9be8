/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screened - how many calls were screened: by carrier, trunk, day, why, and what became of them.
 *
 * Shape     The gate counts in memory; what came since the last time is added to the store's rows
 *           each minute, when a day ends, and when the house stops.
 *
 *               gate --counts--> what is new --one transaction--> call_screened --> rows by day,
 *                                                                                   by reason
 *
 *           A request of a call counts, also when it is sent again because its answer was lost: the
 *           gate keeps nothing of calls. A call counts on the day the house last saw before.
 *           A start begins at 0 and adds only what it has counted itself, so nothing counts twice;
 *           what was counted in the last minute is lost with a program that is killed.
 * Owns      Nothing; carved from the boot arena.
 * Lives     open: as the gate; keep: until the store thread has ended, the gate stopped or not.
 * Fails     As sql; what could not be added is added later, and still to its day.
 * Threads   open: main, before. keep: the store thread. The rest: any, with a connection of its
 *           own.
 * Bounds    SIP_TRUNKS trunks; a row a day for each reason and outcome that came. Kept for
 *           SWEEP_CALLS_DAYS.
 */
#ifndef YUMEN_APP_SCREEN_SCREENED_H
#define YUMEN_APP_SCREEN_SCREENED_H

#include "app/house/house.h"
#include "gate/sip/sip.h"

#define SCREENED_EVERY_US US_PER_MIN

/* What a person is told of an answer. Upkeep is no call. */
#define SCREENED_OUTCOMES(X) X(passed) X(announced) X(blocked) X(refused) X(unanswered)

#define X(name) SCREENED_##name,
enum screened_outcome { SCREENED_OUTCOMES(X) SCREENED_COUNT };
#undef X
extern const char *const screened_outcome_words[]; /* and NULL */

struct screened;

err screened_make(struct house *house, struct screened **ret_screened);
/* Outside a transaction. */
err screened_keep(struct screened *s, const struct sip_gate *gate, struct store *store,
                  instant now);
/* Until when the store's rows say everything; 0: not yet. Any thread. */
instant screened_until(const struct screened *s);

struct screened_ask {
    str carrier; /* empty: every one */
    int64_t from_day;
    int64_t to_day;
};

enum { SCREENED_DAYS_MOST = 400, SCREENED_LINES_MOST = 4096 };

struct screened_day {
    int64_t day;
    int64_t calls[SCREENED_COUNT];
};

struct screened_days {
    struct screened_day at[SCREENED_DAYS_MOST]; /* those that had calls, the oldest first */
    size_t count;
};
err screened_read_days(struct sql *db, const struct screened_ask *ask,
                       struct screened_days *ret_days);

struct screened_line {
    str carrier;
    str trunk;
    str reason;
    str outcome;
    int64_t calls;
};

struct screened_lines {
    struct screened_line *at; /* by carrier and trunk, then most calls first */
    size_t count;
};
err screened_read_lines(struct sql *db, const struct screened_ask *ask, struct arena *a,
                        struct screened_lines *ret_lines);

#endif
