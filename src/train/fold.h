/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fold - parts a table so that each row is once judged by trees that have not seen it.
 *
 * Shape     Every fold has its share of bad groups and of good ones (a group is bad when one of its
 *           rows is); all rows of a group are in one fold. Another seed parts it otherwise, the
 *           same seed the same way everywhere.
 * Owns      Nothing.   Lives  -   Threads  Any.
 * Fails     ERR_CONFLICT "train.too_few": less than a good and a bad group a fold; "memory.spent".
 * Bounds    FOLD_MOST folds.
 */
#ifndef YUMEN_TRAIN_FOLD_H
#define YUMEN_TRAIN_FOLD_H

#include "train/table.h"

enum { FOLD_LEAST = 2, FOLD_MOST = 20 };

/* ret_folds: by row, below `count`. */
err fold_part(const struct table *t, uint32_t count, uint64_t seed, struct arena *a,
              uint8_t *ret_folds);

#endif
