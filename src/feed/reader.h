/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader - the one way in for files and messages: bytes in any packing, charset and of two formats
 * become rows of a feed's columns, and every row that cannot be taken is refused by itself.
 *
 * Shape     put, put, … end; rows and refusals come out through the sink as they are complete.
 *
 *               bytes --inlet--> UTF-8 --csvline | lines + json--> fields --table--> sink.row
 *                                                                         `--------> sink.refused
 *
 *           A row is numbered by its place among the data rows, from 1: neither a CSV's header nor
 * a blank line counts. `line` is where it begins in the (unpacked) text, from 1. Row 0 is the file
 * itself: "column.missing", "column.repeated", "feed.not_lines" or a header that cannot be read
 * refuse it, and nothing else of it is read. A file that breaks off or is damaged within its
 * compression ends with one refusal; rows before it stand, and its last, perhaps incomplete row is
 * not taken. Owns      Library windows, until feed_reader_done. Lives     In the caller's arena.
 * Rows and refusals until the sink returns. Fails     put and end return what the sink failed with,
 * and keep returning it. Bad input is never a failure: it is a refusal. Threads   One. Bounds Rows
 * of 1 MiB and 256 columns, FEED_READER_BYTES of arena, whatever the file.
 */
#ifndef YUMEN_FEED_READER_H
#define YUMEN_FEED_READER_H

#include "feed/tables.h"
#include "kit/charset.h"

enum {
    FEED_READER_BYTES = 16 << 20,
    FEED_RAW_BYTES =
        8 << 10, /* of a row that is kept to be shown: enough for the largest good one */
};

enum feed_format { FEED_GUESS, FEED_CSV, FEED_NDJSON };

struct feed_row {
    const struct feed_shape *shape;
    int64_t number;
    int64_t line;
    str values[FEED_COLUMNS_MAX]; /* by the shape's columns; empty when absent. Trimmed, checked */
    str raw;                      /* at most FEED_RAW_BYTES of it, printable as text */
};

struct feed_refusal {
    int64_t number;
    int64_t line;
    str column;       /* empty when it is none in particular */
    const char *code; /* a key of the message catalogue */
    str raw;
};

struct feed_sink {
    void *self;
    err (*row)(void *self, const struct feed_row *row);
    err (*refused)(void *self, const struct feed_refusal *refusal);
    /* At most once a code: "column.unknown" with the names, "feed.empty". May be NULL. */
    void (*warned)(void *self, const char *code, str detail);
};

struct feed_options {
    const struct feed_shape *shape;
    enum feed_format format;
    enum charset charset;
};

struct feed_reader; /* opaque */

err feed_reader_init(struct arena *a, struct feed_options options, struct feed_sink sink,
                     struct feed_reader **ret_reader);
void feed_reader_done(struct feed_reader *r); /* NULL is fine */
err feed_reader_put(struct feed_reader *r, str bytes);
err feed_reader_end(struct feed_reader *r);
/* Nothing more will come of this file: the caller may stop sending. */
bool feed_reader_is_stopped(const struct feed_reader *r);

/* "text/csv; charset=gb18030" -> FEED_CSV, CHARSET_GB18030. ERR_MALFORMED "feed.content_type". */
err feed_format_find(str content_type, enum feed_format *ret_format, enum charset *ret_charset);

#endif
