/* SPDX-License-Identifier: Apache-2.0 */
/*
 * take - takes in a list that somebody else keeps, under the approval of its source.
 *
 * Shape     The list is the whole of what its source says now:
 *
 *               read, sort --> judge (take_rules) --> compare with what is in force
 *                                |                      new      enters in force
 *                                v                      again    renewed, when half its term is
 *                            conflicts                           gone
 *                                                       missing  lifted: it vanished from the list
 *
 *           A list that is damaged, or unusual against the one before it, changes nothing: its
 *           batch waits for a person, with the file kept beside the store.
 * Owns      The file of a waiting batch, DIR/waiting/BATCH.
 * Lives     One call, on the feeds' clerk.
 * Fails     As the store; bad lines are refusals, a bad file waits.
 * Threads   The feeds' clerk; one list at a time.
 * Bounds    TAKE_ENTRIES a list, TAKE_BYTES of memory; groups of TAKE_GROUP or TAKE_CHANGED to the
 *           store.
 */
#ifndef YUMEN_APP_LISTS_TAKE_H
#define YUMEN_APP_LISTS_TAKE_H

#include "app/call/api.h"

/* Whoever comes with a decision waits for the portion that is being written, and its commit; a
 * group is as many as share one. Listings that are there already cost more, each. */
enum { TAKE_ENTRIES = 4000000, TAKE_CROWD = 10000 };
enum { TAKE_GROUP = 8192, TAKE_PORTION = 2048, TAKE_CHANGED = 2048, TAKE_CHANGED_PORTION = 512 };
#define TAKE_BYTES ((size_t)4 << 30)

/* `batch`: empty for a new list; else one that waited, and the caller has looked at it. */
err take_run(struct call *call, const struct source *source, str batch);
/* Drops the file of a batch that waited and was dismissed. */
err take_forget(const struct house *house, str batch);
/* Likewise of those that nobody has looked at in time. */
err take_forget_lapsed(struct house *house, struct reader *reader);
/* Lifts whatever is in force under a source that has ended. */
err take_lift_all(struct call *call, const struct source *source);

#endif
