/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed_test - for the tests of this folder: everything a reader says, written down as text, so that
 * two readings are the same exactly when the texts are.
 *
 *     row 1: kind=domain value=a.example …
 *     refused 2 until: value.missing
 *     warned column.unknown: colour
 */
#ifndef YUMEN_FEED_FEED_TEST_H
#define YUMEN_FEED_FEED_TEST_H

#include "feed/reader.h"
#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct record_book {
    struct arena reader_arena;
    struct arena text_arena;
    struct text said;
    int64_t rows;
    int64_t refused;
    int64_t fail_at_row; /* the sink fails there; 0: never */
};

static inline err book_row(void *self, const struct feed_row *row)
{
    struct record_book *b = self;
    if (row->number == b->fail_at_row)
        return (err){.why = "test: disk full", .code = ERR_OS}; /* cmocka has a fail of its own */
    b->rows++;
    text_printf(&b->said, "row %lld:", (long long)row->number);
    for (size_t i = 0; i < row->shape->column_count; i++)
        if (!str_is_empty(row->values[i]))
            text_printf(&b->said, " %s=%.*s", row->shape->columns[i].name,
                        STR_ARGS(row->values[i]));
    text_put_char(&b->said, '\n');
    assert_true(row->raw.size <= FEED_RAW_BYTES && str_is_utf8(row->raw));
    return OK;
}

static inline err book_refused(void *self, const struct feed_refusal *no)
{
    struct record_book *b = self;
    b->refused++;
    text_printf(&b->said, "refused %lld %.*s: %s\n", (long long)no->number, STR_ARGS(no->column),
                no->code);
    assert_true(no->raw.size <= FEED_RAW_BYTES && str_is_utf8(no->raw));
    assert_true(str_find_char(no->raw, '\0') == no->raw.size);
    return OK;
}

static inline void book_warned(void *self, const char *code, str detail)
{
    struct record_book *b = self;
    text_printf(&b->said, "warned %s: %.*s\n", code, STR_ARGS(detail));
}

static inline void book_open(struct record_book *b)
{
    *b = (struct record_book){0};
    arena_init(&b->reader_arena, FEED_READER_BYTES);
    arena_init(&b->text_arena, 64 << 20);
    text_init(&b->said, &b->text_arena);
}

static inline void book_close(struct record_book *b)
{
    arena_done(&b->reader_arena);
    arena_done(&b->text_arena);
}

static inline struct feed_reader *book_reader(struct record_book *b, enum feed_format format)
{
    struct feed_options options = {.format = format};
    assert_false(failed(feed_find(STR("listings"), &options.shape)));
    struct feed_sink sink = {b, book_row, book_refused, book_warned};
    struct feed_reader *reader = NULL;
    assert_false(failed(feed_reader_init(&b->reader_arena, options, sink, &reader)));
    return reader;
}

/* Reads `bytes` in pieces that end at the cut and then every `step` bytes. */
static inline str book_read(struct record_book *b, str bytes, size_t cut, size_t step)
{
    arena_reset(&b->reader_arena);
    arena_reset(&b->text_arena);
    text_init(&b->said, &b->text_arena);
    b->rows = 0;
    b->refused = 0;
    struct feed_reader *reader = book_reader(b, FEED_GUESS);
    assert_false(failed(feed_reader_put(reader, str_until(bytes, cut))));
    for (str rest = str_from(bytes, cut); rest.size > 0; rest = str_from(rest, step))
        assert_false(failed(feed_reader_put(reader, str_until(rest, step))));
    assert_false(failed(feed_reader_end(reader)));
    feed_reader_done(reader);
    assert_false(text_spent(&b->said));
    return text_str(&b->said);
}

static inline str book_read_whole(struct record_book *b, str bytes)
{
    return book_read(b, bytes, bytes.size, 1);
}

static inline void assert_said(str said, const char *want)
{
    if (!str_equal(said, str_from_c(want)))
        fail_msg("said:\n%.*swanted:\n%s", STR_ARGS(said), want);
}

#endif
