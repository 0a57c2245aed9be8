/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migrate - brings a database to the schema this program knows, one numbered step at a time.
 *
 * Shape     schema/NNNN_name.sql, embedded; the table `migration` says which have been taken, with
 *           the digest of their text. Each step is one transaction.
 * Owns      Nothing.
 * Lives     At store_open.
 * Fails     ERR_CONFLICT "store.newer" when the database was written by a newer program;
 *           ERR_CORRUPT "store.schema_changed" when a step taken before reads differently today.
 * Threads   The store thread.
 * Bounds    -
 */
#ifndef YUMEN_STORE_MIGRATE_H
#define YUMEN_STORE_MIGRATE_H

#include "store/sql.h"

err migrate(struct sql *db);
/* The newest step this program knows. */
int migrate_newest(void);

#endif
