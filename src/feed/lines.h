/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines - cuts a stream into lines, of which no long one costs more than the bound.
 *
 * Shape     while (lines_step(&l, &in, &line)) use(&line);   and lines_end() once, for a last line
 *           without an end. A line over the bound comes once, with a fault and its beginning.
 *           Blank lines (white space only) give nothing, but count.
 * Owns      One buffer in the caller's arena.
 * Lives     A line until the next call.
 * Fails     line.fault: ERR_LIMIT "row.too_long".
 * Threads   One.
 * Bounds    LINES_BYTES a line; a line within one block is not copied.
 */
#ifndef YUMEN_FEED_LINES_H
#define YUMEN_FEED_LINES_H

#include "base/str.h"

enum { LINES_BYTES = 1 << 20 };

struct line {
    int64_t number; /* 1 for the first */
    str text;       /* without its end */
    err fault;
};

struct lines {
    int64_t number; /* of the line being read, less one */
    char *held;     /* its beginning, from earlier blocks */
    size_t held_bytes;
    bool is_skipping;
};

err lines_init(struct lines *l, struct arena *a);
/* False when it needs more input; *in is then empty. */
bool lines_step(struct lines *l, str *in, struct line *ret_line);
bool lines_end(struct lines *l, struct line *ret_line);

#endif
