/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_money - files and messages of the feeds "transfers" and "accounts" into the runs.
 *
 * Shape     The clerk reads and decodes groups of rows while the trail thread takes those before:
 *
 *               bytes --reader--> rows --decode--> group ==> group ==> trail thread: duplicates,
 *                                                  group <== group <== account numbers, journal
 *
 *           Groups are small, so that what one processor has written the other finds in its cache,
 *           and several, so that neither waits while the other seals a tail or reads on.
 *
 *           What could not be decoded, and what the runs refuse, is kept as any feed's refusals
 *           are. `accepted` is said after everything is on the disk.
 * Owns      Its groups, until the call ends.
 * Lives     A call.
 * Fails     As intake. After a crash in the middle, sending the file again takes what is missing;
 *           the rest are duplicates.
 * Threads   The feeds clerk, beside the trail thread.
 * Bounds    MONEY_GROUPS of MONEY_ROWS rows and MONEY_TEXT_BYTES of text, whatever the file.
 */
#ifndef YUMEN_APP_REPORT_INTAKE_MONEY_H
#define YUMEN_APP_REPORT_INTAKE_MONEY_H

#include "app/call/api.h"

enum { MONEY_GROUPS = 8, MONEY_ROWS = 8 << 10, MONEY_TEXT_BYTES = 4 << 20, MONEY_REFUSALS = 500 };

/* Whether a feed is one of these two. */
bool intake_money_takes(const struct feed_shape *shape);
err intake_money_run(struct call *call, const struct feed_shape *shape);

#endif
