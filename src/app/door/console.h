/* SPDX-License-Identifier: Apache-2.0 */
/*
 * console - the built console, carried in the program: web/dist as the gate's assets.
 *
 * Shape     embedded files --> sorted assets with type and ETag
 * Owns      The table, in the boot arena.   Lives  As long as the process.
 * Threads   console_boot once; then any.   Fails  "limit.memory".   Bounds  CONSOLE_FILES_MAX.
 */
#ifndef YUMEN_APP_DOOR_CONSOLE_H
#define YUMEN_APP_DOOR_CONSOLE_H

#include "gate/http/asset.h"

enum { CONSOLE_FILES_MAX = 256 };

err console_boot(struct arena *boot);
/* NULL when there is no such file. */
const struct http_asset *console_find(str path);
/* The bytes of a file that must be there. */
str console_file(str path);

#endif
