/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refuse - writes down a row that a batch could not take: where, why, and the row itself, until its
 * retention ends.
 *
 * Shape     A batch's refusals are numbered in the order they are written.
 * Owns      Nothing.   Lives  A row, until the sweep after `until`.   Fails  As sql.
 * Threads   The store thread, inside a transaction.   Bounds  -
 */
#ifndef YUMEN_APP_CALL_REFUSE_H
#define YUMEN_APP_CALL_REFUSE_H

#include "feed/reader.h"
#include "store/store.h"

struct refusals {
    str batch;
    int64_t keep_days; /* of the law profile */
    int64_t seq;
};

err refuse_row(struct refusals *all, struct store *store, const struct feed_refusal *refusal,
               instant at);

#endif
