/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows - a CSV file, plain, gzip or zstd, handed on row by row.
 *
 * Shape     rows_read(path, sink, …): the header goes to sink.header, every other row to sink.row.
 *           A column is asked for by its name; where it stands is rows_column's answer.
 * Owns      Nothing that is left.   Lives  A row until the sink returns.
 * Fails     What the sink fails with, or reading: ERR_ABSENT, ERR_OS "file.absent"; ERR_MALFORMED
 *           "csv.*", "row.*", "compressed.*", "train.empty". fault says where; a file of examples
 *           with a bad row in it is refused whole: nobody knows what else is wrong with it.
 * Threads   One.   Bounds  Rows of 1 MiB and 512 columns.
 */
#ifndef YUMEN_TRAIN_ROWS_H
#define YUMEN_TRAIN_ROWS_H

#include "kit/csvline.h"
#include "kit/digest.h"

enum { ROWS_COLUMNS = 512, ROWS_NOWHERE = ROWS_COLUMNS };

/* Where it went wrong, for people. */
struct rows_fault {
    uint64_t line; /* 0: no line in particular */
    char column[64];
};

struct rows_sink {
    void *self;
    err (*header)(void *self, const struct csvline_row *row, struct rows_fault *fault);
    err (*row)(void *self, const struct csvline_row *row, struct rows_fault *fault);
};

/* ret_digest: of the file as it lies there, so that sha256sum says the same. May be NULL. */
err rows_read(const char *path, const struct rows_sink *sink, struct arena *a,
              struct digest *ret_digest, struct rows_fault *ret_fault);

/* ROWS_NOWHERE when the header does not have it. */
uint32_t rows_column(const struct csvline_row *header, str name);
void rows_blame(struct rows_fault *fault, str column);

/* A field as a number; an empty one is NaN. ERR_MALFORMED "train.number": also for what is not
 * finite. */
err rows_number(str field, double *ret_value);

#endif
