/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boost_json - the trees of libxgboost's own model file (JSON, of 1.7) as those of a struct model.
 *
 * Shape     {"learner": {"learner_model_param": {"base_score"}, "gradient_booster": {"model":
 *           {"trees": [{"left_children", "right_children", "split_indices", "split_conditions",
 *           "default_left", "sum_hessian"}]}}}}: arrays by node, in the order the trees grew.
 * Owns      Nothing; the trees are in the arena.   Lives  As long as that.   Threads  Any.
 * Fails     ERR_MALFORMED "train.trees": not the shape we know; ERR_LIMIT "model.too_many",
 *           "model.too_deep", "memory.spent", "json.*".
 * Bounds    Those of struct model.
 */
#ifndef YUMEN_TRAIN_BOOST_JSON_H
#define YUMEN_TRAIN_BOOST_JSON_H

#include "sense/model.h"

err boost_json_read(str json, struct arena *a, struct model *m);

#endif
