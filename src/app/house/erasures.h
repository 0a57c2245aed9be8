/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erasures - the erasure journal: which records were erased when, kept beside the store so that a
 * restore erases them again (docs/formats/backup.md).
 *
 * Shape     One line a record, "ID MICROSECONDS\n", synced before the outbox entry goes. A line
 *           torn by a crash stays torn and is followed by a whole one: delivery comes again.
 * Owns      Nothing.   Lives  A call.
 * Fails     As file.h; "erasures.malformed" when a file is no such journal.
 * Threads   Appending: the store thread.
 * Bounds    ERASURES_BYTES when read.
 */
#ifndef YUMEN_APP_HOUSE_ERASURES_H
#define YUMEN_APP_HOUSE_ERASURES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { ERASURES_BYTES = 256 << 20 };

err erasures_append(const char *path, str lines);
err erasures_read(const char *path, struct arena *a, str *ret_lines);
/* The next record's id; false at the end. Torn lines are passed over. */
bool erasures_next(str *lines, str *ret_record);

#endif
