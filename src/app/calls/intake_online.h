/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_online - files and messages of the feeds "visits" and "messages", judged in memory.
 *
 * Shape     bytes --reader--> row --online_row--> names, links --judge--> listed: a signal
 *                                                              `--------> else: counted
 *
 *           `accepted` means judged. Nothing of a row is stored: what matched is a signal about its
 *           subscriber (house/warned.h), until it fades; what did not match is a number in a count;
 *           of a refused one its place, column, code and a mark are kept. A message's text is
 *           looked through for links, where it comes from the recipient's own app.
 *           A provider's people send under their own provider, whatever they say.
 * Owns      An arena and rows that wait to be judged, wiped when they are.
 * Lives     A call.
 * Fails     As intake_batch; "online.not_source", "online.other_source", "online.source",
 *           "warned.closed".
 * Threads   The clerk for feeds or the one for phases.
 * Bounds    JUDGE_AT_ONCE questions wait, whatever the file.
 */
#ifndef YUMEN_APP_CALLS_INTAKE_ONLINE_H
#define YUMEN_APP_CALLS_INTAKE_ONLINE_H

#include "app/call/api.h"

bool intake_online_takes(const struct feed_shape *shape);
/* Whose rows they are. Before it runs. */
err intake_online_prepare(struct call *call, str source);
err intake_online_run(struct call *call, const struct feed_shape *shape);

#endif
