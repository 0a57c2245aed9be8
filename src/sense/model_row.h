/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model_row - a number's conduct as the row its model was trained on, by the names of features.
 *
 * Shape     Once for a model, then for every number:
 *
 *               model_bind(&m, &binding);
 *               feature_read(conduct, load, zone_s, values);
 *               model_row(&binding, values, row);
 *               model_score(&m, row);
 *
 *           A model that asks for anything that conduct does not say is refused: so nothing about
 *           a person can come in by way of a model.
 * Owns      Nothing.   Lives  Values.   Threads  Any.
 * Fails     model_bind: ERR_CONFLICT "model.unknown_feature", `at` is its place in the model.
 * Bounds    FEATURE_COUNT features at most: a model names none twice.
 */
#ifndef YUMEN_SENSE_MODEL_ROW_H
#define YUMEN_SENSE_MODEL_ROW_H

#include "sense/feature.h"
#include "sense/model.h"

struct model_binding {
    uint32_t count;
    enum feature from[FEATURE_COUNT]; /* by the model's features */
};

err model_bind(const struct model *m, struct model_binding *ret_binding);
/* ret_row: `count` of them. Above 2^24 a float has no place for every integer: as in a table. */
void model_row(const struct model_binding *b, const uint32_t values[FEATURE_COUNT], float *ret_row);

#endif
