/* SPDX-License-Identifier: Apache-2.0 */
#include "train/hear.h"

#include "env/pages.h"
#include "feed/call_row.h"
#include "sense/suspect.h"

#include <assert.h>
#include <stdio.h>

#define ARENA_BYTES ((size_t)FEED_READER_BYTES + (1 << 20))

enum { TURN_BYTES = 64 << 10, PIECE_BYTES = 256 << 10 };

struct hearing {
    const struct hear_order *order;
    const char *path;
    struct call_rules rules;
    struct arena arena; /* of a file */
    struct arena turn;  /* of a row */
    struct book book;
    struct pages pages;
    uint64_t refused;
    char piece[PIECE_BYTES];
};

static err refuse(struct hearing *h, const struct feed_refusal *refusal)
{
    h->refused++;
    h->order->refused(h->order->self, h->path, refusal);
    return OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    return refuse(self, refusal);
}

static err take_call(struct hearing *h, const struct phone_call *call)
{
    struct sighting s;
    struct book_due due;
    sight(h->order->keys, STR(""), call, &s);
    if (book_take(&h->book, &s, 1, &due) == 0)
        return OK;
    const struct conduct *c = &h->book.conducts[due.slot];
    struct handset_load load = handsets_find(&h->book.handsets, s.handset);
    struct hear_due told = {.key = s.caller,
                            .slot = due.slot,
                            .is_asked = (suspect_look(c, load) & SUSPECT_CALLER) != 0,
                            .is_borrowed = suspect_is_borrowed(c)};
    feature_read(c, load, h->order->zone_s, told.values);
    return h->order->due(h->order->self, &told);
}

static err on_row(void *self, const struct feed_row *row)
{
    struct hearing *h = self;
    struct phone_call call;
    str column = STR("");
    arena_reset(&h->turn);
    err e = call_row_read(row, &h->rules, &h->turn, &call, &column);
    if (!failed(e))
        return take_call(h, &call);
    if (e.code == ERR_LIMIT)
        return e;
    struct feed_refusal refusal = {
        .number = row->number, .line = row->line, .column = column, .code = e.why, .raw = row->raw};
    return refuse(h, &refusal);
}

static err read_all(struct hearing *h, FILE *file, struct feed_reader *reader)
{
    size_t size = 0;
    while (!feed_reader_is_stopped(reader) &&
           (size = fread(h->piece, 1, sizeof h->piece, file)) > 0)
        TRY(feed_reader_put(reader, str_make(h->piece, size)));
    if (ferror(file) != 0)
        return fail(ERR_OS, "file.absent", 0);
    return feed_reader_end(reader);
}

static err read_file(struct hearing *h, FILE *file)
{
    struct feed_options options = {.format = FEED_GUESS, .charset = CHARSET_UNKNOWN};
    struct feed_sink sink = {h, on_row, on_refused, .warned = NULL};
    struct feed_reader *reader = NULL;
    TRY(feed_find(STR("calls"), &options.shape));
    arena_reset(&h->arena);
    err e = feed_reader_init(&h->arena, options, sink, &reader);
    if (!failed(e))
        e = read_all(h, file, reader);
    feed_reader_done(reader);
    return e;
}

static err hear_path(struct hearing *h, const char *path)
{
    bool is_stdin = str_equal(str_from_c(path), STR("-"));
    FILE *file = is_stdin ? stdin : fopen(path, "rbe");
    h->path = path;
    if (file == NULL)
        return fail(ERR_ABSENT, "file.absent", 0);
    err e = read_file(h, file);
    if (!is_stdin)
        (void)fclose(file);
    return e;
}

static err hear_all(struct hearing *h)
{
    struct book_settings settings = {.numbers_most = HEAR_NUMBERS,
                                     .calls_most = HEAR_CALLS,
                                     .window_h = BOOK_WINDOW_H,
                                     .zone_s = h->order->zone_s,
                                     .handsets_most = HEAR_NUMBERS};
    TRY(pages_make(book_room(&settings), &h->pages));
    book_init(&h->book, &settings, h->pages.at);
    for (int i = 0; i < h->order->path_count; i++)
        TRY(hear_path(h, h->order->paths[i]));
    return h->book.counts.taken > 0 ? OK : fail(ERR_MALFORMED, "train.empty", 0);
}

err hear(const struct hear_order *order, struct hear_counts *ret_counts, const char **ret_path)
{
    struct arena own;
    assert(order->path_count > 0 && order->due != NULL && order->refused != NULL);
    arena_init(&own, sizeof(struct hearing) + TURN_BYTES);
    struct hearing *h = arena_make(&own, sizeof *h);
    if (h == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    h->order = order;
    h->rules = (struct call_rules){.now = order->now, .region = order->region};
    arena_init(&h->arena, ARENA_BYTES);
    arena_init(&h->turn, TURN_BYTES);
    err e = hear_all(h);
    *ret_counts = (struct hear_counts){.book = h->book.counts,
                                       .refused = h->refused,
                                       .forgotten = h->book.recent.forgotten,
                                       .numbers = h->book.held};
    *ret_path = h->path;
    pages_drop(&h->pages);
    arena_done(&h->turn);
    arena_done(&h->arena);
    arena_done(&own);
    return e;
}
