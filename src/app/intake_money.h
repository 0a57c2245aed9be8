/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_money - files and messages of the feeds "transfers" and "accounts" into the runs.
 *
 * Shape     The clerk reads and decodes one group of rows while the trail thread takes the one
 *           before:
 *
 *               bytes --reader--> rows --decode--> group A ==> trail thread: account numbers,
 *                                                  group B <== duplicates, journal
 *
 *           What could not be decoded, and what the runs refuse, is kept as any feed's refusals
 *           are. `accepted` is said after everything is on the disk.
 * Owns      Two groups, until the call ends.
 * Lives     A call.
 * Fails     As intake. After a crash in the middle, sending the file again takes what is missing;
 *           the rest are duplicates.
 * Threads   The feeds clerk, beside the trail thread.
 * Bounds    RUNS_BATCH_ROWS rows a group, MONEY_TEXT_BYTES of text, whatever the file.
 */
#ifndef YUMEN_APP_INTAKE_MONEY_H
#define YUMEN_APP_INTAKE_MONEY_H

#include "app/api.h"

enum { MONEY_TEXT_BYTES = 24 << 20, MONEY_REFUSALS = 500 };

/* Whether a feed is one of these two. */
bool intake_money_takes(const struct feed_shape *shape);
err intake_money_run(struct call *call, const struct feed_shape *shape);

#endif
