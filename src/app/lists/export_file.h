/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export_file - the ledger's export as a file of any size.
 *
 * Shape     export_stream --blocks--> FILE, synced; a file that could not be finished is dropped.
 * Owns      Nothing.   Lives  A call.   Threads  Any, with its own reader.
 * Fails     ERR_CONFLICT "export.file_exists": nothing is ever overwritten; "store.disk_full";
 *           ERR_OS "export.file"; as export_stream.
 * Bounds    A block at a time.
 */
#ifndef YUMEN_APP_LISTS_EXPORT_FILE_H
#define YUMEN_APP_LISTS_EXPORT_FILE_H

#include "app/call/export.h"

/* `ending` as in struct export_sink. */
err export_file(struct reader *reader, const struct env_flag *ending, const char *path);

#endif
