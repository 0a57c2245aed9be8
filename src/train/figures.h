/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figures - what scores are worth, from rows whose scorer had not seen them; each with the bounds
 * between which the true figure lies, 95 times in a hundred.
 *
 * Shape     macro-F1   the mean of the F1 of the bad and of the good, alarms being above 0
 *           AUC        how often a bad row has more than a good one
 *           points     for some thresholds: recall, false alarms, and the precision that follows
 *                      where the bad are as in the data, one in 1,000, one in 10,000:
 *                      p recall / (p recall + (1 - p) alarms)
 *           The bounds of the first two come from drawing groups of rows anew, those of recall and
 *           alarms are Wilson's of as many groups, those of precision join the worse ends of both
 *           and are therefore somewhat wide. Over repeats and folds: mean, least and most.
 * Owns      Nothing; the points are in the arena.   Lives  As long as that.   Threads  Any.
 * Fails     ERR_LIMIT "memory.spent".
 * Bounds    MODEL_POINTS.
 */
#ifndef YUMEN_TRAIN_FIGURES_H
#define YUMEN_TRAIN_FIGURES_H

#include "train/table.h"

/* Each row was scored once a repeat. Arrays by repeat, then row. */
struct figures_of {
    const struct table *table;
    uint32_t repeats;
    uint32_t folds;
    const float *margins;
    const uint8_t *fold_of;
    uint64_t seed;
    int part; /* only rows of this part; -1: all */
};

struct figures {
    uint32_t rows;
    uint32_t positive;
    struct model_share recall; /* at even odds, where there are bad rows */
    struct model_share alarms; /* where there are good ones */
    bool has_both;             /* without it there is nothing more to say */
    struct model_share macro_f1;
    struct model_share macro_f1_repeats;
    struct model_share macro_f1_folds;
    struct model_share auc;
    struct model_share auc_repeats;
    struct model_share auc_folds;
    struct model_point *points;
    uint32_t point_count;
};

err figures_make(const struct figures_of *of, struct arena *a, struct figures *ret_figures);

/* Of weighted rows in the order of rising margins. For its test. */
struct figures_row {
    float margin;
    uint32_t row;
};
struct figures_pair {
    double macro_f1;
    double auc;
    bool has_both;
};
struct figures_pair figures_weigh(const struct figures_row *rows, uint32_t count,
                                  const uint8_t *labels, const uint32_t *weights);

#endif
