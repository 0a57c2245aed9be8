/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snapshot - a database as it was at one moment, as one file of its own.
 *
 * Shape     Pages are copied from inside one reading transaction, so that the writer goes on: in
 *           write-ahead mode a reader holds nobody up. The copy is an ordinary database without a
 *           log beside it; SQL_ALONE (sql.h) opens it and leaves it so.
 *
 *               yumen.db + log --snapshot_take--> one file       --snapshot_check--> OK | damaged
 *
 * Owns      Nothing.
 * Lives     A call.
 * Fails     As sql; ERR_CORRUPT "store.corrupt" when the file fails its own checks.
 * Threads   Any; connections of its own.
 * Bounds    A few hundred pages at a time; while it copies, the log is not folded into the file.
 */
#ifndef YUMEN_STORE_SNAPSHOT_H
#define YUMEN_STORE_SNAPSHOT_H

#include "store/sql.h"

struct snapshot_progress {
    void *self;
    void (*tell)(void *self, int64_t done_pages, int64_t all_pages);
};

/* `to` is made, or overwritten. `progress` may be NULL. On the disk when it returns. */
err snapshot_take(const char *from, const char *to, const struct snapshot_progress *progress);

/* Every page, index, constraint and reference. */
err snapshot_check(struct sql *db);

#endif
