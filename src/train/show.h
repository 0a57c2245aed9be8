/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show - a model as people read it (Markdown) and as programs do (JSON); what it says of rows.
 *
 * Shape     show_model: what it is made of and what it is worth. show_scores: of every row of a
 *           table its margin, and the features that made it so, with their values and parts.
 * Owns      Nothing.   Lives  The call.   Threads  One.
 * Fails     ERR_LIMIT "memory.spent"; writing shows in ferror(stdout).
 * Bounds    -
 */
#ifndef YUMEN_TRAIN_SHOW_H
#define YUMEN_TRAIN_SHOW_H

#include "train/calls.h"
#include "train/speed.h"
#include "train/table.h"
#include "train/words.h"
#include "warn/model.h"

err show_model(const struct words *w, const struct model *m);
err show_speed(const struct words *w, const struct speed *s);
err show_scores(const struct words *w, const struct model *m, const struct table *t,
                size_t reasons);
/* What became of the rows of a feed, and of whom a table speaks now. */
err show_warn(const struct words *w, const struct warn_model *m);
err show_calls(const struct words *w, const struct calls_counts *c);

#endif
