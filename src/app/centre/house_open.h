/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house_open - a house with everything in it but the doors: what is written, followed and sent.
 *
 * Shape     house_prepare --> lock, log, store, readers, keys, clock --> what it does by itself:
 *           deliver, waiting, the clerks
 * Owns      What it starts, till house_close.
 * Lives     From house_open to house_close.
 * Fails     "house.absent" no store there; "file.locked" somebody else has it; conf.*, law.*,
 *           store.*.
 * Threads   The main thread.
 * Bounds    As house.h.
 */
#ifndef YUMEN_APP_CENTRE_HOUSE_OPEN_H
#define YUMEN_APP_CENTRE_HOUSE_OPEN_H

#include "app/house/house.h"

struct house_options {
    const char *dir;
    str holder;           /* for the lock: process and address */
    bool is_clock_manual; /* drill stores only */
    bool is_quiet;        /* the command line: only errors are logged */
};

/* Everything but the doors. */
err house_open(const struct house_options *options, struct house **ret_house);
/* Ends the threads that write, when nobody asks any more; what they use may be closed then. */
void house_stop(struct house *house);
/* Stops first, if need be. Accepts NULL. */
void house_close(struct house *house);

#endif
