/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/reader_inside.h"
#include "kit/json_read.h"

#include <assert.h>
#include <stdio.h>

enum { DEGREES_MOST = 1000 };

/* 87500 thousandths are "87.5": the same text that a CSV would hold. */
static str milli_format(int64_t milli, char room[FEED_NUMBER_BYTES])
{
    uint64_t away = milli < 0 ? 0 - (uint64_t)milli : (uint64_t)milli;
    int size = snprintf(room, FEED_NUMBER_BYTES, "%s%llu.%03llu", milli < 0 ? "-" : "",
                        (unsigned long long)(away / 1000), (unsigned long long)(away % 1000));
    str text = str_make(room, (size_t)size);
    while (str_ends(text, STR("0")))
        text.size--;
    if (str_ends(text, STR(".")))
        text.size--;
    return text;
}

/* Nine decimals, so that it is the text that a CSV would hold. */
static err degrees_text(json_value v, char room[FEED_NUMBER_BYTES], str *ret_text)
{
    double degrees = 0;
    TRY(json_read_real(v, &degrees));
    if (!(degrees >= -DEGREES_MOST && degrees <= DEGREES_MOST))
        return fail(ERR_MALFORMED, "spot.range", 0);
    int64_t nano = (int64_t)(degrees * 1e9 + (degrees < 0 ? -0.5 : 0.5));
    uint64_t away = nano < 0 ? 0 - (uint64_t)nano : (uint64_t)nano;
    int size =
        snprintf(room, FEED_NUMBER_BYTES, "%s%llu.%09llu", nano < 0 ? "-" : "",
                 (unsigned long long)(away / 1000000000), (unsigned long long)(away % 1000000000));
    str text = str_make(room, (size_t)size);
    while (str_ends(text, STR("0")))
        text.size--;
    *ret_text = str_ends(text, STR(".")) ? str_until(text, text.size - 1) : text;
    return OK;
}

static err nested_text(struct feed_reader *r, json_value v, str *ret_text)
{
    struct text t;
    text_init(&t, &r->nested);
    json_write_again(v, &t);
    *ret_text = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "json.too_large", 0) : OK;
}

static err value_text(json_value v, char room[FEED_NUMBER_BYTES], str *ret_text)
{
    bool truth = false;
    int64_t number = 0;
    switch (json_kind_of(v)) {
    case JSON_KIND_ABSENT:
    case JSON_KIND_NULL:
        *ret_text = STR("");
        return OK;
    case JSON_KIND_STR:
        return json_read_str(v, ret_text);
    case JSON_KIND_BOOL:
        TRY(json_read_bool(v, &truth));
        *ret_text = truth ? STR("1") : STR("0");
        return OK;
    case JSON_KIND_I64:
        TRY(json_read_i64(v, &number));
        *ret_text =
            str_make(room, (size_t)snprintf(room, FEED_NUMBER_BYTES, "%lld", (long long)number));
        return OK;
    case JSON_KIND_REAL:
        TRY(json_read_milli(v, &number));
        *ret_text = milli_format(number, room);
        return OK;
    case JSON_KIND_ARRAY:
    case JSON_KIND_OBJECT:
        break;
    }
    return fail(ERR_MALFORMED, "json.nested", 0);
}

static err column_text(struct feed_reader *r, size_t column, json_value v, str *ret_text)
{
    uint8_t wanted = r->options.shape->columns[column].value;
    enum json_kind kind = json_kind_of(v);
    if (wanted == FEED_JSON && kind == JSON_KIND_OBJECT)
        return nested_text(r, v, ret_text);
    if (wanted == FEED_DEGREES && kind == JSON_KIND_REAL)
        return degrees_text(v, r->numbers[column], ret_text);
    return value_text(v, r->numbers[column], ret_text);
}

/* Fills the row; on failure *ret_column is the one to blame. */
static err columns_fill(struct feed_reader *r, json_value object, str *ret_column)
{
    const struct feed_shape *shape = r->options.shape;
    struct json_cursor cursor = {0};
    json_value v = {0};
    str key = {0};
    uint32_t seen = 0;
    while (json_next(object, &cursor, &key, &v)) {
        size_t column = feed_column_find(shape, key);
        if (column == shape->column_count) {
            reader_unknown_note(r, key);
            continue;
        }
        *ret_column = str_from_c(shape->columns[column].name);
        if ((seen >> column & 1U) != 0)
            return fail(ERR_MALFORMED, "json.key_repeated", 0);
        seen |= 1U << column;
        str text = STR("");
        TRY(column_text(r, column, v, &text));
        r->row.values[column] = str_trim(text);
    }
    *ret_column = STR("");
    return OK;
}

static err object_take(struct feed_reader *r, json_value root, str raw)
{
    if (json_kind_of(root) != JSON_KIND_OBJECT)
        return reader_row_refuse(r, "json.not_object", STR(""), raw);
    if (json_count(root) > FEED_FIELDS_MAX)
        return reader_row_refuse(r, "row.too_many_columns", STR(""), raw);
    str column = STR("");
    arena_reset(&r->nested);
    err e = columns_fill(r, root, &column);
    return failed(e) ? reader_row_refuse(r, e.why, column, raw) : reader_row_close(r, raw);
}

static err line_take(struct feed_reader *r, const struct line *line)
{
    reader_row_open(r, r->blank_lines + line->number);
    if (failed(line->fault))
        return reader_row_refuse(r, line->fault.why, STR(""), line->text);
    SCOPED(json_doc_done) struct json_doc doc = {0};
    err e = json_doc_parse(line->text, LINES_BYTES, &doc);
    if (failed(e))
        return reader_row_refuse(r, e.why, STR(""), line->text);
    return object_take(r, doc.root, line->text);
}

err reader_json_take(struct feed_reader *r, str utf8)
{
    struct line line = {0};
    while (!r->is_stopped && lines_step(&r->lines, &utf8, &line))
        TRY(line_take(r, &line));
    return OK;
}

err reader_json_end(struct feed_reader *r)
{
    struct line line = {0};
    return !r->is_stopped && lines_end(&r->lines, &line) ? line_take(r, &line) : OK;
}
