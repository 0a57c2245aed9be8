/* SPDX-License-Identifier: Apache-2.0 */
#include "train/rows.h"

#include "kit/inflate.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PIECE_BYTES = 256 << 10, NUMBER_BYTES = 64, RATIO = 1000 };

struct reading {
    FILE *file;
    struct digest_stream digest;
    struct inflate inflate;
    struct csvline *lines;
    const struct rows_sink *sink;
    struct rows_fault *fault;
    size_t columns; /* of the header; 0: it has not come yet */
    uint64_t rows;
    char in[PIECE_BYTES];
    char out[PIECE_BYTES];
};

uint32_t rows_column(const struct csvline_row *header, str name)
{
    for (size_t i = 0; i < header->field_count; i++)
        if (str_equal(header->fields[i], name))
            return (uint32_t)i;
    return ROWS_NOWHERE;
}

void rows_blame(struct rows_fault *fault, str column)
{
    (void)snprintf(fault->column, sizeof fault->column, "%.*s", STR_ARGS(column));
}

err rows_number(str field, double *ret_value)
{
    char room[NUMBER_BYTES];
    char *end = room;
    if (str_is_empty(field)) {
        *ret_value = (double)NAN;
        return OK;
    }
    if (field.size >= sizeof room)
        return fail(ERR_MALFORMED, "train.number", 0);
    memcpy(room, field.at, field.size);
    room[field.size] = '\0';
    double value = strtod(room, &end);
    bool is_plain = strspn(room, "0123456789.eE+-") == field.size; /* no "nan", no "0x" */
    if (!is_plain || end != room + field.size || !isfinite((float)value))
        return fail(ERR_MALFORMED, "train.number", 0);
    *ret_value = value;
    return OK;
}

static err take_header(struct reading *r, struct csvline_row *row)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (row->field_count > 0 && str_starts(row->fields[0], STR("\xEF\xBB\xBF")))
        row->fields[0] = str_from(row->fields[0], sizeof mark - 1);
    for (size_t i = 0; i < row->field_count; i++) {
        if (rows_column(row, row->fields[i]) == i)
            continue;
        rows_blame(r->fault, row->fields[i]);
        return fail(ERR_MALFORMED, "column.repeated", 0);
    }
    r->columns = row->field_count;
    return r->sink->header(r->sink->self, row, r->fault);
}

static err take_row(struct reading *r, struct csvline_row *row)
{
    r->fault->line = row->line;
    if (failed(row->fault))
        return row->fault;
    if (r->columns == 0)
        return take_header(r, row);
    if (row->field_count != r->columns)
        return fail(ERR_MALFORMED,
                    row->field_count < r->columns ? "row.fields_few" : "row.fields_many", 0);
    r->rows++;
    return r->sink->row(r->sink->self, row, r->fault);
}

static err take_text(struct reading *r, str text)
{
    struct csvline_row row;
    while (csvline_step(r->lines, &text, &row))
        TRY(take_row(r, &row));
    return OK;
}

static err take_piece(struct reading *r, str piece)
{
    size_t size = 0;
    do {
        TRY(inflate_step(&r->inflate, &piece, r->out, sizeof r->out, &size));
        TRY(take_text(r, str_make(r->out, size)));
    } while (size > 0);
    return OK;
}

static err read_all(struct reading *r, struct arena *a)
{
    static const struct inflate_limits limits = {.ratio = RATIO};
    size_t size = fread(r->in, 1, sizeof r->in, r->file);
    TRY(inflate_init(&r->inflate, inflate_guess(str_make(r->in, size)), limits, a));
    for (; size > 0; size = fread(r->in, 1, sizeof r->in, r->file)) {
        digest_put(&r->digest, str_make(r->in, size));
        TRY(take_piece(r, str_make(r->in, size)));
    }
    if (ferror(r->file) != 0)
        return fail(ERR_OS, "file.absent", 0);
    TRY(inflate_end(&r->inflate));
    struct csvline_row row;
    while (csvline_end(r->lines, &row))
        TRY(take_row(r, &row));
    r->fault->line = 0;
    return r->rows > 0 ? OK : fail(ERR_MALFORMED, "train.empty", 0);
}

err rows_read(const char *path, const struct rows_sink *sink, struct arena *a,
              struct digest *ret_digest, struct rows_fault *ret_fault)
{
    static const struct csvline_limits limits = {.columns = ROWS_COLUMNS};
    assert(sink != NULL && sink->header != NULL && sink->row != NULL && ret_fault != NULL);
    struct reading *r = arena_make(a, sizeof *r);
    *ret_fault = (struct rows_fault){.line = 0};
    if (r == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    r->sink = sink;
    r->fault = ret_fault;
    digest_init(&r->digest);
    bool is_stdin = str_equal(str_from_c(path), STR("-"));
    r->file = is_stdin ? stdin : fopen(path, "rbe");
    if (r->file == NULL)
        return fail(ERR_ABSENT, "file.absent", 0);
    err e = csvline_init(a, limits, &r->lines);
    if (!failed(e))
        e = read_all(r, a);
    inflate_done(&r->inflate);
    csvline_done(r->lines);
    if (!is_stdin)
        (void)fclose(r->file);
    if (!failed(e) && ret_digest != NULL)
        *ret_digest = digest_done(&r->digest);
    return e;
}
