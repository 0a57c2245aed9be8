/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csvline - RFC 4180 records out of a stream, of which no bad one spoils the next (libcsv).
 *
 * Shape     Give bytes, take rows; at the end of the input take the remaining ones:
 *
 *               while (csvline_step(c, &in, &row)) use(&row);      for each block
 *               while (csvline_end(c, &row)) use(&row);            once
 *
 *           A row ends at a line feed (or CR LF) outside quotes. Blank lines give no row, but
 *           count. UTF-8 without BOM: charset.h sees to that. Spaces belong to the field. A row
 *           that cannot be taken comes with its `fault` and its raw text, and reading goes on:
 *             - a quote out of place (a"b, or "a"b): the row is its first line alone; the next row
 *               begins with the line after it, so a stray quote never eats its neighbours.
 *             - a quote still open at the end of the file: likewise, the lines after the one that
 *               opened it are read again as rows.
 *             - a row over the limit: skipped to where it properly ends, in quotes or not. (Not to
 *               its first line: text within quotes may be a stranger's, and must not become rows
 *               for being long.) `raw` is its beginning. The end of the file inside such a quote
 *               is "csv.quote_open", at the row that opened it.
 * Owns      Two buffers in the caller's arena, and libcsv's, until csvline_done.
 * Lives     A row until the next call.
 * Fails     row.fault, ERR_MALFORMED: "csv.quote", "csv.quote_open"; ERR_LIMIT: "row.too_long",
 *           "row.too_many_columns". csvline_init: ERR_LIMIT when the arena is spent.
 * Threads   One.
 * Bounds    A row 1 MiB, 256 columns, unless the caller says otherwise. A byte is scanned thrice
 *           at most on average, also when every line is broken.
 */
#ifndef YUMEN_KIT_CSVLINE_H
#define YUMEN_KIT_CSVLINE_H

#include "base/str.h"

enum { CSVLINE_ROW_BYTES = 1 << 20, CSVLINE_COLUMNS = 256 };

struct csvline_limits {
    size_t row_bytes; /* 0: CSVLINE_ROW_BYTES. No field can be longer than its row */
    size_t columns;   /* 0: CSVLINE_COLUMNS */
    /* Rows without quotes too: for the tests that hold the two judges against each other. */
    bool is_all_libcsv;
};

struct csvline_row {
    uint64_t row;  /* 1 for the first (the header); blank lines count */
    uint64_t line; /* where it begins, 1 for the first; differs after a field with a line feed */
    str *fields;
    size_t field_count; /* 0 when there is a fault */
    str raw;            /* without its line end */
    err fault;
};

struct csvline; /* opaque */

err csvline_init(struct arena *a, struct csvline_limits limits, struct csvline **ret_reader);
void csvline_done(struct csvline *c);
/* False when it needs more input; *in is then empty. */
bool csvline_step(struct csvline *c, str *in, struct csvline_row *ret_row);
bool csvline_end(struct csvline *c, struct csvline_row *ret_row);

#endif
