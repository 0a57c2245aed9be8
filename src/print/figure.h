/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figure - where on the paper each account and each stream of money goes; draws nothing itself.
 *
 * Shape     Columns are layers, left to right. In a column stand boxes, as high as their money;
 *           between boxes run bands, as wide as theirs.
 *
 *                layer 0      layer 1         layer 2
 *               +-----+ ===== +-----+ ======= +-----+
 *               |     |       +-----+ \       +-----+
 *               +-----+ ===== +-----+  \===== | and |
 *                             +-----+ ======= | 9   |
 *                                             | more|
 *                                             +-----+
 *           The FIGURE_BOXES_MAX accounts with most money have boxes of their own, at least one in
 *           each column; the others of a column are one box together, which says how many they
 *           are. Nobody's money is left out: the weights of all boxes are those of all accounts.
 *           What is behind a last drawn column stands in it.
 *           An account that only pays (a victim's) need not be among the nodes: it gets a box.
 *           A band that runs back to an earlier layer, or to its own, is marked as such.
 * Owns      Nothing; boxes and bands are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     ERR_LIMIT "print.overflow", "memory.spent".
 * Threads   Any.
 * Bounds    FIGURE_COLUMNS_MAX columns, FIGURE_BOXES_MAX boxes and one more a column and side.
 *           Same document, same places.
 */
#ifndef YUMEN_PRINT_FIGURE_H
#define YUMEN_PRINT_FIGURE_H

#include "print/trail_doc.h"

enum { FIGURE_COLUMNS_MAX = 8, FIGURE_BOXES_MAX = 60 };

struct figure_box {
    size_t node;  /* its index; node_count for payers outside, or for many together */
    str account;  /* empty for many together */
    size_t count; /* of accounts: 1, or how many stand here together */
    size_t column;
    int64_t weight; /* attributed; with "reach", received */
    int64_t present;
    int64_t exited;
    int64_t unknown;
    int64_t in, out; /* of the bands that meet it */
    double x, y, height;
};

struct figure_band {
    size_t from, to; /* boxes */
    int64_t amount;
    bool is_back;
    double y_from, y_to, from_height, to_height; /* its upper ends */
};

struct figure_room {
    double x, y, width, height, box_width;
};

struct figure {
    struct figure_box *boxes;
    struct figure_band *bands;
    size_t box_count, band_count, column_count;
    int64_t layers[FIGURE_COLUMNS_MAX]; /* of each column */
    bool has_deeper;                    /* the last column holds deeper layers too */
};

err figure_make(const struct trail *t, const struct figure_room *room, struct arena *a,
                struct figure *ret_figure);

#endif
