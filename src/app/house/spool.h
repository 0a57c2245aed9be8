/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool - a private copy of what came through a pipe, beside the store, for as long as the centre
 * reads it. It may hold persons: nothing of it is left, also when whoever made it was killed.
 *
 * Shape     spool_take copies and keeps the file locked; spool_drop removes it. A file that nobody
 *           holds locked is of somebody who was killed: spool_sweep removes those.
 * Owns      Its file, and the lock on it, which ends with the process.
 * Lives     From spool_take to spool_drop, or to a signal that ends the process.
 * Fails     ERR_OS "cli.file.unreadable", "cli.file.spool", "store.disk_full".
 * Threads   The command's own.
 * Bounds    One at a time.
 */
#ifndef YUMEN_APP_HOUSE_SPOOL_H
#define YUMEN_APP_HOUSE_SPOOL_H

#include "base/err.h"

/* What `from` holds to its end; the path is the spool's. */
err spool_take(const char *folder, int from, const char **ret_path);
/* One that was never taken is fine. */
void spool_drop(void);
err spool_sweep(const char *folder);

#endif
