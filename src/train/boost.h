/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boost - trees from examples, by libxgboost; nobody else in the tree knows that library.
 *
 * Shape     boost_train --> struct boost --boost_trees--> the trees of a struct model
 *           What the library itself scores and explains is asked for only to hold our own reading
 *           of its trees (sense/model.h) against it.
 *           One thread and one seed: the same rows and settings give the same trees everywhere
 *           where the library is the same.
 * Owns      A struct boost owns the library's object, until boost_done (a zeroed one may be done).
 * Lives     Trees in the arena.
 * Fails     ERR_OS "train.library": boost_complaint() says what it said. ERR_LIMIT "memory.spent",
 *           "model.too_many", "model.too_deep".
 * Threads   One.
 * Bounds    Those of struct model; BOOST_JSON_BYTES of what the library says of its trees.
 */
#ifndef YUMEN_TRAIN_BOOST_H
#define YUMEN_TRAIN_BOOST_H

#include "sense/model.h"

#define BOOST_JSON_BYTES ((size_t)1 << 30)

/* Each by its name in the library. */
#define BOOST_LIST(X)                                                                              \
    X(BOOST_ROUNDS, "rounds", 500, 1, 4096)            /* trees; ours: it is no parameter there */ \
    X(BOOST_ETA, "eta", 0.03, 0.001, 1)                /* how much of each tree counts */          \
    X(BOOST_DEPTH, "max_depth", 4, 1, MODEL_DEPTH)     /* questions to a leaf */                   \
    X(BOOST_ROWS, "subsample", 0.8, 0.1, 1)            /* share of the rows a tree sees */         \
    X(BOOST_COLUMNS, "colsample_bytree", 0.4, 0.05, 1) /* share of the features it sees */         \
    X(BOOST_LEAST, "min_child_weight", 2, 0.1, 1e6)    /* how much must be in a leaf */            \
    X(BOOST_LAMBDA, "lambda", 1, 0, 1000)              /* how leaves are drawn to nothing */       \
    X(BOOST_GAMMA, "gamma", 0, 0, 1000)                /* what a split must gain */

#define X(code, name, usual, least, most) code,
enum boost_parameter { BOOST_LIST(X) BOOST_PARAMETER_COUNT };
#undef X

struct boost_settings {
    double values[BOOST_PARAMETER_COUNT];
    uint64_t seed;
};

const char *boost_name(enum boost_parameter p);
struct boost_settings boost_usual(void);
/* "eta=0.1". ERR_MALFORMED "train.parameter": no such name, no number, or out of its bounds. */
err boost_set(struct boost_settings *s, str assignment);

/* Rows beside each other, feature_count a row, as in struct table. */
struct boost_rows {
    const float *values;
    const uint8_t *labels; /* NULL where only scores are asked for */
    uint32_t rows;
    uint32_t feature_count;
};

struct boost {
    void *handle;
};

err boost_train(const struct boost_rows *rows, const struct boost_settings *s, struct arena *a,
                struct boost *ret_boost);
void boost_done(struct boost *b);
/* Fills in base, nodes and all that goes with them; `features` stay the caller's. */
err boost_trees(const struct boost *b, struct arena *a, struct model *m);

/* The library's own. ret_margins: a row each; ret_parts: feature_count + 1 a row, the last one its
 * base. */
err boost_margins(const struct boost *b, const struct boost_rows *rows, float *ret_margins);
err boost_parts(const struct boost *b, const struct boost_rows *rows, float *ret_parts);

/* What the library said last; its version: "1.7.4". */
const char *boost_complaint(void);
str boost_version(char room[32]);

#endif
