/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emit - a drill as files: what the banks would send, and apart from it the drill's truth.
 *
 * Shape     DIR/drill.json                   what this is, and that the folder is a drill's
 *           DIR/world.yaml                   the parameters
 *           DIR/accounts.csv transfers.csv   the feeds, by arrival
 *           DIR/calls.csv                    the feed, by arrival; not of a silent world
 *           DIR/visits.csv messages.csv      likewise
 *           DIR/truth/incidents.ndjson moves.csv mules.csv numbers.csv racks.csv scam_calls.csv
 *                     episodes.csv
 *
 *           emit_open takes a folder that is absent, empty or a drill's own; emit_port is what
 *           drill_open wants; emit_seal puts the finished files in place and says so.
 * Owns      The open files.
 * Lives     From emit_open to emit_close; what was not sealed never was.
 * Fails     ERR_CONFLICT "drill.folder" (somebody else's), ERR_OS.
 * Threads   One.
 * Bounds    A buffer a file.
 */
#ifndef YUMEN_DRILL_EMIT_H
#define YUMEN_DRILL_EMIT_H

#include "drill/drill.h"

struct emit;

err emit_open(const char *folder, const struct drill_settings *s, str yaml, struct arena *a,
              struct emit **ret_emit);
struct drill_port emit_port(struct emit *e);
/* The rows are of this drill. */
void emit_attach(struct emit *e, const struct drill *d);
err emit_seal(struct emit *e);
void emit_close(struct emit *e); /* accepts NULL */

#endif
