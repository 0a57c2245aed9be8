/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model - weights, half-lives, pairs, tiers and curve as they were learnt, with what they were
 * learnt from: docs/formats/warning.md.
 *
 * Shape     A trainer writes it (`yumen train warn`), the centre reads it. One comes with the
 *           program: warn_model_usual.
 *           More evidence is never less: no weight but of what calms is below 0.
 * Owns      Nothing: flat, but for the names of pairs, which are the program's.
 * Lives     As long as its struct.
 * Fails     ERR_MALFORMED "warning.version", "warning.line" with the line, or as rules_prepare;
 *           ERR_CORRUPT "warning.damaged"; ERR_LIMIT "warning.too_large".
 * Threads   Any, once read.
 * Bounds    WARN_MODEL_BYTES of file.
 */
#ifndef YUMEN_WARN_MODEL_H
#define YUMEN_WARN_MODEL_H

#include "kit/digest.h"
#include "warn/calibration.h"

enum {
    WARN_MODEL_BYTES = 1 << 16,
    WARN_MODEL_WORD = 64,
    WARN_MODEL_FIGURES = 16,
};

struct warn_figure {
    char name[WARN_MODEL_WORD];
    int64_t value;
};

struct warn_model {
    char name[WARN_MODEL_WORD];
    char made[WARN_MODEL_WORD];
    struct digest data; /* of the digests of its histories, in their order */
    struct warn_figure figures[WARN_MODEL_FIGURES];
    uint32_t figure_count;
    struct warn_rules rules;
    bool is_learnt[SIGNAL_KINDS]; /* else assumed: the data did not have any */
    struct calibration curve;
};

err warn_model_read(str bytes, struct warn_model *ret_model);
/* What warn_model_read takes, byte for byte the same for the same model. */
void warn_model_write(const struct warn_model *m, struct text *t);
/* The one that comes with the program; a pair's place in it is its place in rules_usual. */
void warn_model_usual(struct warn_model *ret_model);

#endif
