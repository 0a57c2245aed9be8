/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask - one job for the store thread, waited for: for clerks and the command line, never for a web
 * thread.
 *
 * Shape     ask_store(house, run, self): run is called on the store thread inside a transaction,
 *           and
 *           what it answered comes back after the commit.
 * Owns      Nothing.   Lives  The call.
 * Fails     What run failed with; ERR_BUSY "limit.busy" when the store's ring is full, and
 *           "limit.stopping" when the house is about to close.
 * Threads   Any that may wait.   Bounds  -
 */
#ifndef YUMEN_APP_HOUSE_ASK_H
#define YUMEN_APP_HOUSE_ASK_H

#include "app/house/house.h"

typedef err ask_fn(void *self, struct store *store, instant at, struct arena *turn);

err ask_store(struct house *house, ask_fn *run, void *self);

#endif
