/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fit - a table of examples becomes a model that says how good it is.
 *
 * Shape     folds --train on the others--> a score of every row by trees that had not seen it,
 *                                          once a repeat --> figures
 *           all rows --train--> the model that is kept, with those figures. They are of ids: an id
 *           has the largest margin of its rows, as a number is suspected at one of its calls.
 *           Settings are given, never searched for: a search over the rows that are also judged on
 *           would flatter itself.
 *           What libxgboost scores and what we do is compared for every row of every fold, to the
 *           bit; then the model is written, read back and compared again.
 * Owns      Nothing; the model is in the arena.   Lives  As long as that.   Threads  One.
 * Fails     As fold_part, boost_train; ERR_CORRUPT "train.differs".
 * Bounds    FIT_REPEATS.
 */
#ifndef YUMEN_TRAIN_FIT_H
#define YUMEN_TRAIN_FIT_H

#include "train/boost.h"
#include "train/table.h"

enum { FIT_REPEATS = 20 };

struct fit_order {
    const struct table *table;
    struct boost_settings settings;
    uint32_t folds;
    uint32_t repeats;
    str name;
    instant made;
    void (*told)(void *self, uint32_t done, uint32_t of); /* trainings; NULL: nobody asks */
    void *self;
};

/* ret_file: the model's bytes, to be written as they are. */
err fit_model(const struct fit_order *order, struct arena *a, struct model *ret_model,
              str *ret_file);

#endif
