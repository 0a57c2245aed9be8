/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table - examples to learn from: a row each, what is known of it, and whether it is bad.
 *
 * Shape     A CSV file with a header (docs/formats/model.md):
 *
 *               label  0 or 1           id    rows of one id stay together     part  a word
 *               any other column is a feature: a number, or nothing where it is not known
 *
 *           What would tell something about a person (an age, a place, a name) is no feature: such
 *           a column refuses the file, unless it is left out by name.
 * Owns      Nothing: a table is its arena's.
 * Lives     As long as that; it never changes.
 * Fails     As rows_read; ERR_MALFORMED "train.label", "train.number", "train.column_name",
 *           "train.part", "train.id", "column.missing" (also: a feature that was asked for);
 *           ERR_DENIED "train.person"; ERR_LIMIT "train.too_many_columns", "train.too_many_rows",
 *           "train.too_many_parts", "memory.spent".
 * Threads   Any.
 * Bounds    MODEL_FEATURES features, TABLE_ROWS rows, TABLE_PARTS parts.
 */
#ifndef YUMEN_TRAIN_TABLE_H
#define YUMEN_TRAIN_TABLE_H

#include "sense/model.h"
#include "train/rows.h"

enum { TABLE_ROWS = 1 << 24, TABLE_PARTS = 32, TABLE_PART_BYTES = 32, TABLE_ID_BYTES = 64 };

struct table_wish {
    const str *features; /* those, in this order; NULL: all there are */
    uint32_t feature_count;
    bool has_no_labels; /* nobody knows yet: any label column is left out */
    const str *without; /* columns that are none of the features */
    uint32_t without_count;
};

struct table {
    str name; /* of the file, without its folders */
    struct digest digest;
    uint32_t rows;
    uint32_t positive;
    uint32_t feature_count;
    uint32_t group_count;
    uint32_t part_count; /* 0: it has no such column */
    const str *features;
    const float *values; /* feature_count a row; NaN: not known */
    const uint8_t *labels;
    const uint32_t *groups; /* below group_count: rows of one id */
    const str *ids;       /* by row; NULL: it has no such column, and every row is its own group */
    const uint8_t *parts; /* NULL: it has no such column */
    str part_names[TABLE_PARTS];
};

err table_read(const char *path, const struct table_wish *wish, struct arena *a,
               struct table *ret_table, struct rows_fault *ret_fault);

/* Whether a column's name says that it is about a person. */
bool table_is_person(str column);

#endif
