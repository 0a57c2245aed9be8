/* SPDX-License-Identifier: Apache-2.0 */
/*
 * safe - a stranger's text, made so that the page shows what is in it.
 *
 * Shape     What a reader cannot see, or what changes how the rest is read, is written out as
 *           ‹U+202E›: control characters, marks of direction, things without width, letters that
 *           run from right to left (they would pull the digits beside them along), private and
 *           unassigned code points, and more than two marks on one letter.
 * Owns      Nothing; a text with nothing to hide is returned as it came.
 * Lives     As long as the text, or the arena.
 * Fails     ERR_LIMIT "memory.spent".
 * Threads   Any.
 * Bounds    Ten bytes for one, at most.
 */
#ifndef YUMEN_PRINT_SAFE_H
#define YUMEN_PRINT_SAFE_H

#include "base/str.h"

/* `s` is UTF-8, as the reader of JSON has seen to. */
err safe_text(str s, struct arena *a, str *ret_safe);

#endif
