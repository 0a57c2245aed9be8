/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake - a file or message of a feed, row by row, into the store: batch, duplicates, rejects.
 *
 * Shape     bytes --feed_reader--> rows --INTAKE_GROUP at a time--> one transaction each
 *           A row known from before is a duplicate; a row that cannot be taken is refused with
 *           column and code and kept, as it came, until its retention ends. One bad row never
 *           refuses its file. What was accepted is on the disk before it is counted.
 * Owns      One arena for the reader, one for the group being gathered.
 * Lives     A call.
 * Fails     Trouble with the store ends the batch where it stands: rows sent again are duplicates.
 *           What a crash left open is closed at the next start, and says what is in it.
 * Threads   The feeds clerk.
 * Bounds    INTAKE_GROUP rows a transaction, whatever the file's size.
 */
#ifndef YUMEN_APP_REPORT_INTAKE_H
#define YUMEN_APP_REPORT_INTAKE_H

#include "app/call/api.h"
#include "feed/answer.h"

enum { INTAKE_GROUP = 500 };

/* The call's body, or the file it names; fills the reply. */
err intake_run(struct call *call, const struct feed_shape *shape);

/* Before anything is taken in: closes what was being read when the program ended. */
err intake_mend(struct house *house, struct arena *turn);

#endif
