/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/reader_inside.h"

#include <assert.h>

static err columns_check(struct feed_reader *r, const struct csvline_row *header)
{
    const struct feed_shape *shape = r->options.shape;
    uint32_t seen = 0;
    static_assert(FEED_COLUMNS_MAX <= 32, "one bit a column");
    for (size_t i = 0; i < header->field_count; i++) {
        size_t column = feed_column_find(shape, header->fields[i]);
        r->map[i] = (uint8_t)column;
        if (column == shape->column_count) {
            reader_unknown_note(r, header->fields[i]);
            continue;
        }
        str name = str_from_c(shape->columns[column].name);
        if ((seen >> column & 1U) != 0)
            return reader_file_refuse(r, "column.repeated", name, header->raw);
        seen |= 1U << column;
    }
    for (size_t i = 0; i < shape->column_count; i++) {
        str name = str_from_c(shape->columns[i].name);
        if (shape->columns[i].is_required && (seen >> i & 1U) == 0)
            return reader_file_refuse(r, "column.missing", name, header->raw);
    }
    return OK;
}

static bool is_blank(const struct csvline_row *row)
{
    return row->field_count == 1 && str_is_empty(str_trim(row->fields[0]));
}

static err header_take(struct feed_reader *r, const struct csvline_row *row)
{
    if (failed(row->fault))
        return reader_file_refuse(r, row->fault.why, STR(""), row->raw);
    r->field_count = row->field_count;
    return columns_check(r, row);
}

static err row_take(struct feed_reader *r, const struct csvline_row *row)
{
    bool has_fault = failed(row->fault);
    if (!has_fault && is_blank(row))
        return OK;
    if (r->field_count == 0)
        return header_take(r, row);
    reader_row_open(r, r->blank_lines + (int64_t)row->line);
    if (has_fault)
        return reader_row_refuse(r, row->fault.why, STR(""), row->raw);
    if (row->field_count > r->field_count)
        return reader_row_refuse(r, "row.fields_many", STR(""), row->raw);
    if (row->field_count < r->field_count)
        return reader_row_refuse(r, "row.fields_few", STR(""), row->raw);
    for (size_t i = 0; i < row->field_count; i++)
        if (r->map[i] < r->options.shape->column_count)
            r->row.values[r->map[i]] = str_trim(row->fields[i]);
    bool is_plain = row->raw.size <= FEED_RAW_BYTES && str_is_plain(row->raw);
    return is_plain ? reader_plain_row_close(r, row->raw) : reader_row_close(r, row->raw);
}

err reader_csv_take(struct feed_reader *r, str utf8)
{
    assert(r->csv != NULL);
    struct csvline_row row = {0};
    while (!r->is_stopped && csvline_step(r->csv, &utf8, &row))
        TRY(row_take(r, &row));
    return OK;
}

err reader_csv_end(struct feed_reader *r)
{
    assert(r->csv != NULL);
    struct csvline_row row = {0};
    while (!r->is_stopped && csvline_end(r->csv, &row))
        TRY(row_take(r, &row));
    return OK;
}
