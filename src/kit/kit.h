/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kit - wakes the foreign libraries once, before there are threads, and puts them to rest again.
 *
 * Shape     main() calls kit_boot() first and kit_done() last; a test does the same in its main().
 *           Every other header of this folder relies on it and says no more about it.
 * Owns      The fetched SHA-256, ICU's data, the public suffix list, the tables of phone numbers.
 * Lives     From kit_boot to kit_done. A second boot does nothing.
 * Fails     ERR_OS, when a library cannot start: the program should then stop.
 * Threads   Only before the first and after the last.
 * Bounds    About 50 ms and 40 MiB, most of it shared read-only pages. Does not touch the locale.
 */
#ifndef YUMEN_KIT_KIT_H
#define YUMEN_KIT_KIT_H

#include "base/err.h"

err kit_boot(void);
void kit_done(void);

#endif
