/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alert - what the files that decide about alerts share, and what a command about one has to say.
 *
 * Shape     alert.c: raise, lower, close, count against. alert_work.c: who works on it, and what
 *           became of it. ladder.c: which step is next, and by when. outreach.c: an attempt, a
 *           hush, an address.
 *
 *               act               of its body is read
 *               alert.open        pseudonym subscriber language division, and as
 *               alert.rise        tier micro scam parts cause source rules  (higher than it is)
 *               alert.fall        tier micro is_faint                    (1: to none at all)
 *               alert.assign      officer
 *               alert.hand_over   officer; `why`
 *               alert.take        -        alert.refuse: `why`
 *               alert.withdraw    -        alert.unsent: unsent
 *               alert.place       beat
 *               alert.conclude    outcome paid saved note outcome_at     (0: now)
 *               alert.check       checking note in check_note            (agreed, differed)
 *               alert.report      report is_warned lead_s lost
 *               outreach.take     alert means result done_at note        (0: now)
 *               hush.ask          alert until                            (0: the profile's)
 *               whereabouts.ask   alert; `why`
 *               whereabouts.tell  address
 *
 *           New records bring the id they will have; what stands beside an alert, the alert's
 *           division. What is due and late is the ladder's.
 * Owns      Nothing.   Lives  One turn.
 * Fails     "alert.…", "outreach.…", "hush.…", "whereabouts.…": lang/messages.tsv.
 * Threads   Any.
 * Bounds    As struct change.
 */
#ifndef YUMEN_DESK_ALERT_H
#define YUMEN_DESK_ALERT_H

#include "desk/change.h"

enum { ALERT_NOTE_BYTES = 2000, ALERT_PASSED_MOST = 12 };

/* Nobody is above the whole country. */
#define DIVISION_TOP "-"

/* --- ladder.c --- */

/* The first step from here on that goes further than what was tried, with its time; and the timer
 * that says when it is late. */
void ladder_next(const struct law_profile *law, instant at, struct alert *a);
void ladder_arm(const struct alert *a, struct change *change);
void ladder_timer(const struct alert *a, enum act act, instant due, struct change *change);
/* Nothing more is to be done. */
void ladder_stop(struct alert *a);
/* When a step may begin that heeds the quiet hours. */
instant ladder_not_before(const struct law_profile *law, instant at);
/* The division that is told after this one. */
str ladder_above(str told);

/* --- alert.c --- */

void alert_close(enum alert_ending ending, const struct law_profile *law, instant at,
                 struct change *change);
bool alert_is_worked_on(const struct alert *a);
/* When somebody says it was; a telephone's clock that is a little off is set right. 0: now. Fails
 * as malformed with `why` when it is not in the alert's time. */
err alert_moment(const struct alert *a, instant said, instant at, const char *why,
                 instant *ret_moment);

/* --- alert_work.c --- */

err alert_work(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *change);

/* --- outreach.c --- */

err alert_step(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *change);

#endif
