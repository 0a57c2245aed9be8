/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/reader.h"

#include "feed/reader_inside.h"

#include <assert.h>

static err format_begin(struct feed_reader *r, enum feed_format format)
{
    r->format = format;
    if (format == FEED_CSV)
        return csvline_init(r->arena, (struct csvline_limits){0}, &r->csv);
    return lines_init(&r->lines, r->arena);
}

/* By the first character that is not white space. */
static err format_guess(struct feed_reader *r, str utf8)
{
    str text = str_trim(utf8);
    if (text.size == 0) {
        for (size_t i = 0; i < utf8.size; i++)
            r->blank_lines += utf8.at[i] == '\n';
        return OK;
    }
    if (text.at[0] == '[')
        return reader_file_refuse(r, "feed.not_lines", STR(""), text);
    return format_begin(r, text.at[0] == '{' ? FEED_NDJSON : FEED_CSV);
}

static err text_take(void *self, str utf8)
{
    struct feed_reader *r = self;
    if (r->format == FEED_GUESS)
        TRY(format_guess(r, utf8));
    if (r->is_stopped || r->format == FEED_GUESS)
        return OK;
    return r->format == FEED_CSV ? reader_csv_take(r, utf8) : reader_json_take(r, utf8);
}

err feed_reader_init(struct arena *a, struct feed_options options, struct feed_sink sink,
                     struct feed_reader **ret_reader)
{
    assert(options.shape != NULL && sink.row != NULL && sink.refused != NULL);
    assert(options.shape->column_count <= FEED_COLUMNS_MAX);
    struct feed_reader *r = arena_make(a, sizeof(*r));
    if (r == NULL)
        return fail(ERR_LIMIT, "feed: no room for a reader", 0);
    r->options = options;
    r->sink = sink;
    r->arena = a;
    arena_init(&r->nested, FEED_NESTED_BYTES);
    r->inlet = (struct inlet){.sink = text_take, .self = r};
    TRY(inlet_init(&r->inlet, a, options.charset));
    if (options.format != FEED_GUESS)
        TRY(format_begin(r, options.format));
    *ret_reader = r;
    return OK;
}

void feed_reader_done(struct feed_reader *r)
{
    if (r == NULL)
        return;
    inlet_done(&r->inlet);
    arena_done(&r->nested);
    if (r->csv != NULL)
        csvline_done(r->csv);
    r->csv = NULL;
}

err feed_reader_put(struct feed_reader *r, str bytes)
{
    assert(r != NULL);
    if (!failed(r->broken) && !r->is_stopped)
        r->broken = inlet_put(&r->inlet, bytes);
    return r->broken;
}

/* What is left in the pipes; when the compression broke off, the last row is not to be trusted. */
static err pipes_drain(struct feed_reader *r)
{
    TRY(inlet_end(&r->inlet));
    if (r->is_stopped)
        return OK;
    if (failed(r->inlet.damage)) {
        reader_row_open(r, 0);
        return reader_row_refuse(r, r->inlet.damage.why, STR(""), STR(""));
    }
    if (r->format == FEED_CSV)
        return reader_csv_end(r);
    return r->format == FEED_NDJSON ? reader_json_end(r) : OK;
}

static void warn(const struct feed_reader *r, const char *code, str detail)
{
    if (r->sink.warned != NULL)
        r->sink.warned(r->sink.self, code, detail);
}

err feed_reader_end(struct feed_reader *r)
{
    assert(r != NULL);
    if (failed(r->broken) || r->is_stopped)
        return r->broken;
    r->broken = pipes_drain(r);
    if (failed(r->broken))
        return r->broken;
    if (r->unknown_bytes > 0)
        warn(r, "column.unknown", str_make(r->unknown, r->unknown_bytes));
    if (!r->is_stopped && r->row_count == 0)
        warn(r, "feed.empty", STR(""));
    r->is_stopped = true;
    return OK;
}

bool feed_reader_is_stopped(const struct feed_reader *r)
{
    return r->is_stopped || failed(r->broken) || failed(r->inlet.damage);
}

struct name_value {
    const char *name;
    int value;
};

static const struct name_value type_names[] = {
    {"text/csv",                 FEED_CSV   },
    {"application/csv",          FEED_CSV   },
    {"application/x-ndjson",     FEED_NDJSON},
    {"application/ndjson",       FEED_NDJSON},
    {"application/jsonl",        FEED_NDJSON},
    {"application/octet-stream", FEED_GUESS },
    {"application/gzip",         FEED_GUESS },
    {"application/zstd",         FEED_GUESS },
    {"",                         FEED_GUESS },
};

static const struct name_value charset_names[] = {
    {"utf-8",    CHARSET_UTF8   },
    {"utf8",     CHARSET_UTF8   },
    {"us-ascii", CHARSET_UTF8   },
    {"utf-16",   CHARSET_UNKNOWN},
    {"utf-16le", CHARSET_UTF16LE},
    {"utf-16be", CHARSET_UTF16BE},
    {"gb18030",  CHARSET_GB18030},
    {"gbk",      CHARSET_GB18030},
    {"gb2312",   CHARSET_GB18030},
};

static err name_find(const struct name_value *names, size_t count, str name, int *ret_value)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal_nocase(name, str_from_c(names[i].name))) {
            *ret_value = names[i].value;
            return OK;
        }
    return fail(ERR_MALFORMED, "feed.content_type", 0);
}

err feed_format_find(str content_type, enum feed_format *ret_format, enum charset *ret_charset)
{
    str rest = content_type;
    str part = {0};
    str_split(&rest, ';', &part);
    int format = FEED_GUESS;
    int charset = CHARSET_UNKNOWN;
    TRY(name_find(type_names, COUNT_OF(type_names), str_trim(part), &format));
    while (str_split(&rest, ';', &part)) {
        str value = part;
        str name = {0};
        str_split(&value, '=', &name);
        if (!str_equal_nocase(str_trim(name), STR("charset")))
            continue;
        value = str_trim(value);
        if (value.size >= 2 && value.at[0] == '"' && str_ends(value, STR("\"")))
            value = str_make(value.at + 1, value.size - 2);
        TRY(name_find(charset_names, COUNT_OF(charset_names), value, &charset));
    }
    *ret_format = (enum feed_format)format;
    *ret_charset = (enum charset)charset;
    return OK;
}
