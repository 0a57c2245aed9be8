/* SPDX-License-Identifier: Apache-2.0 */
/* Making the book's next file, piece by piece, while batches go on.
 *
 * Every page is marked at first. A step writes marked pages, and takes their marks away; a batch
 * marks what it changes, written or not. When no page is marked, the file is the room: at this
 * place of the journal, and at no other. What is left grows less from round to round, as long as
 * the disk takes more than batches change; and a step takes more from round to round. Where that
 * does not help, the journal gets to twice its usual length, and the next batch waits. */
#include "calls/form.h"

enum { ROUNDS_MOST = 3 };

static uint8_t *marks_of(const struct calls *c, uint32_t piece)
{
    return (uint8_t *)c->save.marks.at + (size_t)piece * PIECE_PAGES;
}

/* The next marked piece from `at` to the last. */
static bool find_from(const struct calls *c, uint32_t at, uint32_t *ret_piece)
{
    const uint8_t *from = marks_of(c, at);
    const uint8_t *found = memchr(from, 1, (size_t)(calls_piece_count(c) - at) * PIECE_PAGES);
    if (found == NULL)
        return false;
    *ret_piece = at + (uint32_t)((size_t)(found - from) / PIECE_PAGES);
    return true;
}

static bool find_marked(struct calls *c, uint32_t *ret_piece)
{
    struct calls_save *s = &c->save;
    if (find_from(c, s->at, ret_piece))
        return true;
    s->at = 0;
    s->round += s->round < ROUNDS_MOST;
    return find_from(c, 0, ret_piece);
}

/* Marked pages that stand side by side are written as one. */
static err write_piece(struct calls *c, uint32_t piece, uint64_t *bytes)
{
    uint8_t *marks = marks_of(c, piece);
    size_t pages = calls_piece_bytes(c, piece) / MARKS_PAGE_BYTES;
    for (size_t i = 0; i < pages; i++) {
        size_t count = 0;
        while (i + count < pages && marks[i + count] != 0)
            count++;
        if (count == 0)
            continue;
        size_t at = (size_t)piece * PIECE_BYTES + i * MARKS_PAGE_BYTES;
        TRY(file_write_at(c->save.fd, (int64_t)at,
                          str_make((const char *)c->room.at + at, count * MARKS_PAGE_BYTES)));
        *bytes += count * MARKS_PAGE_BYTES;
        i += count;
    }
    memset(marks, 0, PIECE_PAGES);
    ((uint64_t *)c->save.checks.at)[piece] = calls_piece_check(c, piece);
    c->save.at = piece;
    return OK;
}

static err write_some(struct calls *c, bool *ret_is_whole)
{
    uint64_t most = c->step_bytes << c->save.round;
    uint64_t bytes = 0;
    uint32_t piece = 0;
    bool is_more = find_marked(c, &piece);
    while (is_more && bytes < most) {
        TRY(write_piece(c, piece, &bytes));
        is_more = find_marked(c, &piece);
    }
    *ret_is_whole = !is_more;
    return file_sync(c->save.fd);
}

/* The file before the newest is given up, and with it what the newest does not need. */
static err begin(struct calls *c)
{
    struct file_names names;
    struct arena a;
    arena_init(&a, CALLS_NAMES_BYTES);
    err e = file_list(c->folder, &a, &names);
    if (!failed(e))
        e = calls_draft_open(c, &names);
    if (!failed(e))
        e = calls_journal_drop(c, &names);
    arena_done(&a);
    TRY(e);
    memset(c->save.marks.at, 0, c->save.marks.size);
    memset(c->save.marks.at, 1, calls_page_count(c));
    c->save.at = 0;
    c->save.round = 0;
    book_watch(&c->book, c->save.marks.at);
    return OK;
}

/* The segment that comes after the file is there before the file that names it counts: so it is
 * missed when it is gone. One that was begun for a file that was not finished will do. */
static err seal(struct calls *c)
{
    const struct calls_journal *j = &c->journal;
    uint32_t live = j->segments[j->count - 1].number;
    if (c->file == 0 ? j->count == 1 : live == c->file_segment)
        TRY(calls_journal_begin(c, live + 1));
    TRY(calls_draft_seal(c, c->file_last + 1));
    book_watch(&c->book, NULL);
    c->file = ++c->file_last;
    c->file_at = c->sightings;
    c->file_segment = j->segments[j->count - 1].number;
    c->journal_bytes = 0;
    c->save.retry_bytes = 0;
    c->is_hurt = false;
    return OK;
}

static err go_on(struct calls *c)
{
    bool is_whole = false;
    if (c->save.fd < 0)
        return begin(c);
    TRY(write_some(c, &is_whole));
    return is_whole ? seal(c) : OK;
}

void calls_save_drop(struct calls *c)
{
    if (c->save.fd < 0)
        return;
    book_watch(&c->book, NULL);
    calls_draft_drop(c);
}

err calls_save_step(struct calls *c)
{
    err e = go_on(c);
    if (!failed(e))
        return OK;
    calls_save_drop(c);
    c->save.retry_bytes = c->journal_bytes + c->journal_usual / 8;
    c->save.failed_h = c->book.newest_h;
    return e;
}

err calls_save_all(struct calls *c)
{
    uint32_t file = c->file;
    while (c->file == file)
        TRY(calls_save_step(c));
    return OK;
}
