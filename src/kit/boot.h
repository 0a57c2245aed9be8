/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot - what each file of this folder does in kit_boot() and kit_done(). For kit.c alone.
 *
 * Shape     A pair for every file that keeps a library's object; done accepts that boot never ran.
 * Owns      Those objects.   Lives  Boot to done.   Threads  Before the first, after the last.
 * Fails     ERR_OS.
 * Bounds    -
 */
#ifndef YUMEN_KIT_BOOT_H
#define YUMEN_KIT_BOOT_H

#include "base/err.h"

err idna_boot(void);
void idna_end(void);
err suffix_boot(void);
void suffix_end(void);
err phone_boot(void);

#endif
