/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sweep - deletes what has outlived its retention and is no record: rejected rows, old answers kept
 * for idempotency, zone history, counts of calls.
 *
 * Shape     One transaction, bounded deletes.
 * Owns      Nothing.   Lives  A call.   Threads  The store thread.
 * Fails     As sql; nothing is deleted then.
 * Bounds    Zone history is kept for SWEEP_ZONE_SERIALS serials, and no longer than listings;
 *           counts of screened calls, and of calls of listed numbers, for SWEEP_CALLS_DAYS.
 */
#ifndef YUMEN_STORE_SWEEP_H
#define YUMEN_STORE_SWEEP_H

#include "store/store.h"

enum {
    SWEEP_ZONE_SERIALS = 100000,
    SWEEP_ZONE_CHANGES = 200000,
    SWEEP_CALLS_DAYS = 400, /* a year, and what it is compared with */
};

err store_sweep(struct store *store, instant now);

#endif
