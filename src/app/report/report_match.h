/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_match - finds the bank's transfer of each payment a victim names, and what the bank knows
 * otherwise.
 *
 * Shape     by its id, else by payee, amount and time; of several that fit, none is chosen. What
 *           differs from what was told, "amount", "time", "to", is a mismatch: seen once,
 *           recorded, and not tried again in other ways. Where nobody said who paid, one payment
 *           to that payee about that time, of another amount, is a mismatch too, but nothing of it
 *           is taken into the line: it may be a stranger's. A payment that its bank took back
 *           ("status") is the one that it booked again: from and to the same accounts, the same
 *           amount, no earlier and at most MATCH_AGAIN_US later, the first that nobody claims
 *           (docs/decisions/0112).
 *           A transfer of that id in another currency is a mismatch ("currency") of which nothing
 *           is taken.
 * Owns      Nothing; in the arena.
 * Lives     A call.
 * Fails     As the runs. Not finding is no failure.
 * Threads   Any but the web's.
 * Bounds    MATCH_WALK transfers of a payee a line.
 */
#ifndef YUMEN_APP_REPORT_REPORT_MATCH_H
#define YUMEN_APP_REPORT_REPORT_MATCH_H

#include "app/report/report_form.h"
#include "fact/provider.h"
#include "runs/runs.h"
#include "store/sql.h"

enum { MATCH_WALK = 1 << 14 };
#define MATCH_AGAIN_US (72 * US_PER_HOUR)

struct report_matching {
    struct runs *runs;
    struct sql *db; /* who claims what */
    const struct providers *providers;
    struct arena *arena;
    str currency;      /* the centre's: what a bank booked in another is not this payment */
    int64_t window_us; /* a victim's clock may differ from a bank's by so much */
    instant now;
};

err report_match(const struct report_matching *m, struct report_form *form);
/* What was found is another line's of this form, or was reported by somebody else. */
err report_match_is_claimed(const struct report_matching *m, const struct report_form *form,
                            const struct report_line *line, const struct transfer *t, bool *ret_is);

#endif
