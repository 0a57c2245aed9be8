/* SPDX-License-Identifier: Apache-2.0 */
/*
 * restore_store - what a restore does inside the database: one transaction, then a look at all.
 *
 * Shape     restore_apply: centre.restore first, since what the journals name may be erased from
 *           any state only while the outbox is held (desk/listing.c).
 * Owns      Nothing.   Lives  A call.
 * Fails     What the store fails with; nothing is committed then.
 * Threads   Main.   Bounds  -
 */
#ifndef YUMEN_APP_KEEP_RESTORE_STORE_H
#define YUMEN_APP_KEEP_RESTORE_STORE_H

#include "app/house/house.h"
#include "app/keep/restore.h"

struct restore_task {
    struct house *house; /* its store is open and may sign */
    const struct backup_manifest *manifest;
    const str *journals; /* lines */
    size_t journal_count;
    instant at;
    struct arena *keep; /* ids of what was erased */
};

err restore_apply(const struct restore_task *task, struct restore_outcome *outcome);

/* The whole ledger against every row, through a reader of its own on this file. */
err restore_replay(const struct restore_order *order, const char *path,
                   struct restore_outcome *outcome);

#endif
