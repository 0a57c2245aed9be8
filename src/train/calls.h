/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls - a feed of calls and its truth become a table of examples: a row for each caller's 1st,
 * 2nd, 4th, 8th … call, with what a detector is told at that moment.
 *
 * Shape     Without a model: id, part, label and every feature; `out_calls` says which call it was.
 *           With one: id, part, label, out_calls and margin, and only where the margin is above
 *           all before: from when on an alarm at a threshold would have rung, or never.
 *           `id` is a running number; which telephone number it is, nobody can say afterwards.
 *           Of the good ones one in `keep` is taken, whoever it is: shares of false alarms stay
 *           what they are, and so does a precision that is computed from them.
 * Owns      Nothing that is left.   Lives  -   Threads  One.
 * Fails     As known_read, hear; ERR_OS when the table cannot be written.
 * Bounds    24 bytes a number beside hear's.
 */
#ifndef YUMEN_TRAIN_CALLS_H
#define YUMEN_TRAIN_CALLS_H

#include "sense/model.h"
#include "train/hear.h"
#include "train/known.h"

struct calls_order {
    const char *const *paths;
    int path_count;
    const char *truth;
    const char *out;
    const struct model *model; /* NULL: a table to learn from */
    uint8_t secret[SIGHT_SECRET_BYTES];
    str region;
    int32_t zone_s;
    uint32_t keep;
    instant now;
    void *self;
    void (*refused)(void *self, const char *path, const struct feed_refusal *refusal);
};

struct calls_counts {
    struct hear_counts heard;
    uint64_t rows; /* of the table */
    uint32_t good; /* callers in it */
    uint32_t bad;
};

/* ret_path: the file that was at fault. */
err calls_table(const struct calls_order *order, struct arena *a, struct calls_counts *ret_counts,
                struct rows_fault *ret_fault, const char **ret_path);

#endif
