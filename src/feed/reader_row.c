/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/reader_inside.h"
#include "feed/value.h"

#include <assert.h>

void reader_row_open(struct feed_reader *r, int64_t line)
{
    r->row_count++;
    r->row = (struct feed_row){.shape = r->options.shape, .number = r->row_count, .line = line};
    for (size_t i = 0; i < r->row.shape->column_count; i++)
        r->row.values[i] = STR("");
}

/* Cut where a character ends. A NUL, which many a reader of text stops at, is shown as '?'. */
static str raw_keep(struct feed_reader *r, str raw)
{
    if (raw.size <= FEED_RAW_BYTES && str_is_plain(raw))
        return raw;
    size_t size = raw.size < FEED_RAW_BYTES ? raw.size : FEED_RAW_BYTES;
    while (size < raw.size && size > 0 && ((unsigned char)raw.at[size] & 0xC0) == 0x80)
        size--;
    for (size_t i = 0; i < size; i++)
        r->raw[i] = (char)(raw.at[i] == '\0' ? '?' : raw.at[i]);
    return str_make(r->raw, size);
}

static err refuse(struct feed_reader *r, struct feed_refusal refusal, str raw)
{
    assert(refusal.code != NULL);
    refusal.raw = raw_keep(r, raw);
    return r->sink.refused(r->sink.self, &refusal);
}

err reader_row_refuse(struct feed_reader *r, const char *code, str column, str raw)
{
    return refuse(r,
                  (struct feed_refusal){
                      .number = r->row.number, .line = r->row.line, .column = column, .code = code},
                  raw);
}

err reader_file_refuse(struct feed_reader *r, const char *code, str column, str raw)
{
    r->is_stopped = true;
    return refuse(r, (struct feed_refusal){.column = column, .code = code}, raw);
}

static err column_check(const struct feed_column *column, str value)
{
    if (column->is_required && str_is_empty(value))
        return fail(ERR_MALFORMED, "value.missing", 0);
    if (value.size > column->max_bytes)
        return fail(ERR_LIMIT, "value.too_long", column->max_bytes);
    return OK;
}

static err refuse_value(struct feed_reader *r, size_t column, err e, str raw)
{
    return reader_row_refuse(r, e.why, str_from_c(r->options.shape->columns[column].name), raw);
}

/* A text that was unreadable anywhere, also in a column we do not know, is not a row to act on. */
err reader_row_close(struct feed_reader *r, str raw)
{
    const struct feed_shape *shape = r->options.shape;
    for (size_t i = 0; i < shape->column_count; i++) {
        const struct feed_column *column = &shape->columns[i];
        err e = column_check(column, r->row.values[i]);
        if (!failed(e))
            e = value_check(r->row.values[i], (enum feed_value)column->value);
        if (failed(e))
            return refuse_value(r, i, e, raw);
    }
    if (!str_is_plain(raw) && str_has(raw, FEED_UNREADABLE))
        return reader_row_refuse(r, "text.not_utf8", STR(""), raw);
    r->row.raw = raw_keep(r, raw);
    return r->sink.row(r->sink.self, &r->row);
}

err reader_plain_row_close(struct feed_reader *r, str raw)
{
    const struct feed_shape *shape = r->options.shape;
    assert(raw.size <= FEED_RAW_BYTES);
    for (size_t i = 0; i < shape->column_count; i++) {
        err e = column_check(&shape->columns[i], r->row.values[i]);
        if (failed(e))
            return refuse_value(r, i, e, raw);
    }
    r->row.raw = raw;
    return r->sink.row(r->sink.self, &r->row);
}

/* Noted once each, as long as there is room; the names may be a stranger's, so only plain ones. */
void reader_unknown_note(struct feed_reader *r, str name)
{
    name = str_trim(name);
    if (name.size == 0 || str_find_char(name, ' ') < name.size ||
        failed(value_check(name, FEED_LINE)))
        name = STR("?");
    str noted = str_make(r->unknown, r->unknown_bytes);
    for (str known = {0}; str_split(&noted, ' ', &known);)
        if (str_equal(known, name))
            return;
    size_t gap = r->unknown_bytes > 0;
    if (r->unknown_bytes + gap + name.size > FEED_UNKNOWN_BYTES)
        return;
    if (gap > 0)
        r->unknown[r->unknown_bytes] = ' ';
    memcpy(r->unknown + r->unknown_bytes + gap, name.at, name.size);
    r->unknown_bytes += gap + name.size;
}
