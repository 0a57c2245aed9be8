/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model - boosted trees: what a row of features scores, and which of them made it so.
 *
 * Shape     A row, by the model's features --score--> margin: above 0 is more likely bad than not,
 *           as in the data it was trained on; what a margin is worth where one in ten thousand is
 *           bad, its `points` say.
 *           Trees lie one after the other, each in breadth-first order; a split's two children
 *           stand side by side, and behind it. A value that is not there is NaN.
 *           --explain--> what each feature added: exact Shapley values of the trees ("TreeSHAP"),
 *           where what is not known of a row goes both ways, as the training data did. They and the
 *           base add up to the margin.
 *
 *               double parts[MODEL_FEATURES];
 *               double base = model_explain(m, row, parts);
 *               size_t n = model_reasons(m, parts, reasons, 5);
 *
 * Owns      Nothing: a model is its arena's.
 * Lives     As long as that. It never changes.
 * Fails     Never: model_read (model_file.h) and model_bind (model_row.h) let nothing in that
 *           could.
 * Threads   Any.
 * Bounds    As below. Scoring: one comparison a level and tree, additions of floats in the order of
 *           the trees, so the same bits everywhere. Explaining: about a hundred times that.
 */
#ifndef YUMEN_SENSE_MODEL_H
#define YUMEN_SENSE_MODEL_H

#include "base/instant.h"
#include "kit/digest.h"

enum {
    MODEL_FEATURES = 256,
    MODEL_TREES = 4096,
    MODEL_NODES = 1 << 20, /* of all trees */
    MODEL_DEPTH = 12,
    MODEL_LEAF_MOST = 1000, /* so that no sum leaves the floats */
    MODEL_PARAMETERS = 32,
    MODEL_FIGURES = 128,
    MODEL_POINTS = 64,
    MODEL_NAME_BYTES = 64,    /* of a feature, a parameter, a figure */
    MODEL_TEXT_BYTES = 128,   /* of what people read */
    MODEL_WHOLE = 1000000000, /* shares are in billionths: of many honest numbers, a few count */
};

struct model_node {
    float value;   /* a split's threshold: below it goes left; a leaf's own */
    uint32_t left; /* among all nodes; the right child is the next. 0: a leaf */
    uint16_t feature;
    bool misses_right; /* where a value that is not there goes */
};

/* A figure of what it is worth, with the bounds between which the true one lies. */
struct model_share {
    int32_t value;
    int32_t low;
    int32_t high;
};

struct model_figure {
    str name;
    struct model_share share;
};

/* What a threshold does: recall and false alarms on rows the trees had not seen, and the precision
 * that follows where the bad are as many as in the data, one in 1,000, or one in 10,000. */
struct model_point {
    float margin;
    struct model_share recall;
    struct model_share alarms;
    struct model_share precision[3];
};

struct model_parameter {
    str name;
    str value;
};

struct model {
    str name;
    instant made;
    str trainer;
    str data; /* the table's name */
    uint64_t rows;
    uint64_t positive;
    struct digest data_digest;
    uint64_t seed;
    const struct model_parameter *parameters;
    const struct model_figure *figures;
    const struct model_point *points; /* by falling margin */
    const str *features;
    const uint32_t *roots; /* tree_count of them */
    const struct model_node *nodes;
    const uint32_t *parents; /* of each node; a root is its own */
    const float *shares;     /* of a split: how much of what it was trained on went left */
    float base;              /* before the first tree */
    uint32_t parameter_count;
    uint32_t figure_count;
    uint32_t point_count;
    uint32_t feature_count;
    uint32_t tree_count;
    uint32_t node_count;
    struct digest digest; /* of the file, its check left out: which model this is */
};

float model_score(const struct model *m, const float *row);

/* Returns the base: the margin of which nothing is known. ret_parts: feature_count of them. */
double model_explain(const struct model *m, const float *row, double *ret_parts);

struct model_reason {
    uint32_t feature;
    double part; /* of the margin; above 0 speaks against the number */
};

/* The largest parts first, whichever way they point; equal ones in the features' order. Parts of 0
 * are no reasons. Returns how many. */
size_t model_reasons(const struct model *m, const double *parts, struct model_reason *ret_reasons,
                     size_t most);

#endif
