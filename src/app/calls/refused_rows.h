/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refused_rows - rows of feeds whose rows are not kept: of one that is refused stay its number,
 * column, code and a mark.
 *
 * Shape     put, put, … tell: written in groups. The mark is a digest under the centre's secret:
 *           the same row has the same one, and who has not the secret cannot try which row it was.
 * Owns      Nothing.
 * Lives     A batch.
 * Fails     As ask_store.
 * Threads   The batch's clerk.
 * Bounds    REFUSED_ROWS are written at a time.
 */
#ifndef YUMEN_APP_CALLS_REFUSED_ROWS_H
#define YUMEN_APP_CALLS_REFUSED_ROWS_H

#include "app/report/intake_batch.h"

enum { REFUSED_ROWS = 500, REFUSED_MARK_BYTES = 32 };

struct refused_row {
    struct feed_refusal refusal;
    char mark[REFUSED_MARK_BYTES];
};

struct refused_rows {
    struct intake_batch *batch;
    const struct sight_keys *keys;
    struct refused_row at[REFUSED_ROWS];
    uint32_t count;
};

void refused_rows_init(struct refused_rows *r, struct intake_batch *batch,
                       const struct sight_keys *keys);
err refused_rows_put(struct refused_rows *r, const struct feed_refusal *refusal);
/* Writes those that are not written yet. */
err refused_rows_tell(struct refused_rows *r);

#endif
