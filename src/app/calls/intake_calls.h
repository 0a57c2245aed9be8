/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_calls - files and messages of the feed "calls" into the book of conduct.
 *
 * Shape     The clerk reads rows and makes sightings of them while the calls thread takes those
 *           before; what is handed over knows nobody's number any more.
 *
 *               bytes --reader--> row --call_row--> call --sight--> group ==> calls thread
 *                                                         `-judge   group <== what was new
 *
 *           `accepted` is said after the book has it on the disk; a call of before its window is
 *           accepted, told as late, and counts nothing. Of a row that is refused its place, column,
 *           code and a digest under the centre's secret are kept, and not the row.
 *           A carrier sends for itself: ids are its own, and a row of another's trunk is refused.
 *           Who is of no provider sends for the carrier named, or for the centre itself.
 * Owns      Its groups, until the call ends.
 * Lives     A call.
 * Fails     As intake_money; "calls.not_carrier", "calls.other_carrier", "calls.carrier".
 * Threads   The clerk for feeds or the one for phases, beside the calls thread.
 * Bounds    CALLS_GROUPS of CALLS_ROWS sightings, whatever the file.
 */
#ifndef YUMEN_APP_CALLS_INTAKE_CALLS_H
#define YUMEN_APP_CALLS_INTAKE_CALLS_H

#include "app/call/api.h"

enum { CALLS_GROUPS = 4, CALLS_ROWS = 16 << 10 };

bool intake_calls_takes(const struct feed_shape *shape);
/* Whose they are: of a provider's people their provider's, of others the one they name, or the
 * centre's own. Before it runs. */
err intake_calls_prepare(struct call *call, str carrier);
err intake_calls_run(struct call *call, const struct feed_shape *shape);

#endif
