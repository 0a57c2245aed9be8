/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model_file - a model as a file of text that people can read: docs/formats/model.md.
 *
 * Shape     read --> model --> write gives the same bytes; a model has one file and no other.
 *           Lines of words in a fixed order; the last one is a digest of those before it.
 * Owns      Nothing. What is read lies in the caller's arena and points into `bytes`.
 * Lives     As long as both.
 * Fails     `at` is the line. ERR_CORRUPT "model.damaged" (the digest is of other bytes);
 *           ERR_MALFORMED "model.version", "model.line" (another word was due, or there are too few
 *           or too many), "model.text", "model.number", "model.share", "model.time",
 *           "model.repeated", "model.feature" (one the model does not name), "model.tree" (a node
 *           that no split leads to, or none where one must be), "model.order" (points); ERR_LIMIT
 *           "model.too_large", "model.too_many", "model.too_deep", "memory.spent".
 * Threads   Any.
 * Bounds    MODEL_FILE_BYTES, and those of model.h.
 */
#ifndef YUMEN_SENSE_MODEL_FILE_H
#define YUMEN_SENSE_MODEL_FILE_H

#include "sense/model.h"

enum { MODEL_FILE_BYTES = 64 << 20, MODEL_NUMBER_BYTES = 32 };

err model_read(str bytes, struct arena *a, struct model *ret_model);

/* With its digest at the end. A model that model_read would refuse is our mistake: what comes from
 * elsewhere is read back before it is used. */
void model_write(const struct model *m, struct text *t);
/* A digest's line behind whatever stands in the text. */
void model_stamp(struct text *t);

/* "0.918441000", of billionths. */
void model_share_put(struct text *t, int32_t billionths);
/* As few digits as say which float it is, from six to nine. */
str model_number_format(float value, char room[MODEL_NUMBER_BYTES]);
void model_number_put(struct text *t, float value);

/* Whether a name may be a feature's: small letters, digits and _, the first a letter. */
bool model_name_is_good(str name);

#endif
