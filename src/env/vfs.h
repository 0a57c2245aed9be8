/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vfs - a SQLite file layer that passes everything through, except what a test wants to fail.
 *
 * Shape     "yumen-fault" stands in front of the default VFS. Open a database through it
 *           (sqlite3_open_v2's last argument) and arm env/fault.h's FAULT_VFS_* kinds:
 *             FULL, WRITE, SYNC, TRUNCATE   the n-th call is refused and does nothing
 *             TEAR                          the n-th write stores only its first bytes, then is
 *                                           refused, or the process ends there, as in a power cut
 *           It passes shared memory and locks through, so WAL works.
 * Owns      One small struct a file, inside the room SQLite gives.
 * Lives     From vfs_register to the process's end.
 * Fails     vfs_register: ERR_OS.
 * Threads   As SQLite.
 * Bounds    -
 */
#ifndef YUMEN_ENV_VFS_H
#define YUMEN_ENV_VFS_H

#include "base/err.h"

#include <stddef.h>

#define VFS_FAULT_NAME "yumen-fault"

enum vfs_tear { VFS_TEAR_REFUSE, VFS_TEAR_EXIT };

/* Makes it known to SQLite, not the default. Again is fine. */
err vfs_register(void);
/* What FAULT_VFS_TEAR does when its turn comes. EXIT ends the process with status 99. */
void vfs_tear(size_t keep_bytes, enum vfs_tear then);

#endif
