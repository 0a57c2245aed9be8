/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_inside - what reader.c (the line of pipes), reader_csv.c, reader_json.c and reader_row.c
 * (the checks every row meets) share. Nobody else includes it.
 *
 * Shape     format_take gets UTF-8, cuts it into rows, fills r->row and calls reader_row_close.
 * Owns      What reader.h says.
 * Lives     With the reader.
 * Fails     With what the sink failed with, never for bad input.
 * Threads   One.
 * Bounds    Those of reader.h; FEED_UNKNOWN_BYTES of unknown names are remembered.
 */
#ifndef YUMEN_FEED_READER_INSIDE_H
#define YUMEN_FEED_READER_INSIDE_H

#include "feed/inlet.h"
#include "feed/lines.h"
#include "feed/reader.h"
#include "kit/csvline.h"

enum {
    FEED_UNKNOWN_BYTES = 200,
    FEED_NUMBER_BYTES = 32,
    FEED_FIELDS_MAX = CSVLINE_COLUMNS,
    FEED_NESTED_BYTES = 8 << 20
};

struct feed_reader {
    struct feed_options options;
    struct feed_sink sink;
    struct arena *arena;
    struct inlet inlet;
    err broken;      /* what the sink failed with */
    bool is_stopped; /* the file has been refused */
    enum feed_format format;

    struct csvline *csv;
    struct lines lines;
    int64_t blank_lines;          /* before the first byte that told the format */
    uint8_t map[FEED_FIELDS_MAX]; /* CSV: field -> column; column_count is "unknown" */
    size_t field_count;           /* CSV: of the header; 0 before it */
    struct feed_row row;          /* being filled */
    int64_t row_count;
    struct arena nested;                               /* of this row: JSON within JSON */
    char numbers[FEED_COLUMNS_MAX][FEED_NUMBER_BYTES]; /* JSON numbers as text */
    char unknown[FEED_UNKNOWN_BYTES]; /* names of unknown columns, as far as they fit */
    size_t unknown_bytes;
    char raw[FEED_RAW_BYTES];
};

err reader_csv_take(struct feed_reader *r, str utf8);
err reader_csv_end(struct feed_reader *r);
err reader_json_take(struct feed_reader *r, str utf8);
err reader_json_end(struct feed_reader *r);

/* Numbers the next row and empties it. */
void reader_row_open(struct feed_reader *r, int64_t line);
/* Checks r->row, of which `raw` is the text, and hands it on. */
err reader_row_close(struct feed_reader *r, str raw);
/* The same of one whose values are pieces of `raw`, and that is plain: so are they. */
err reader_plain_row_close(struct feed_reader *r, str raw);
err reader_row_refuse(struct feed_reader *r, const char *code, str column, str raw);
/* Refuses the file. */
err reader_file_refuse(struct feed_reader *r, const char *code, str column, str raw);
void reader_unknown_note(struct feed_reader *r, str name);

#endif
