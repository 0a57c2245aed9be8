/* SPDX-License-Identifier: Apache-2.0 */
/*
 * speed - how long a score and its explanation take, beside libxgboost scoring the same rows.
 *
 * Shape     A model of the whole table with the usual settings; every row scored, over and over,
 *           ours and theirs in turns so that both meet the same machine; the fastest turn counts.
 * Owns      Nothing.   Lives  The call.   Threads  One.
 * Fails     As boost_train.   Bounds  -
 */
#ifndef YUMEN_TRAIN_SPEED_H
#define YUMEN_TRAIN_SPEED_H

#include "train/boost.h"
#include "train/table.h"

struct speed {
    uint32_t rows;
    uint32_t trees;
    uint32_t nodes;
    double score_us; /* a row */
    double library_us;
    double explain_us;
};

err speed_measure(const struct table *t, const struct boost_settings *s, struct arena *a,
                  struct speed *ret_speed);

#endif
