/* SPDX-License-Identifier: Apache-2.0 */
/* The book as a file: its room by the page, a check for each piece, and a last line. */
#include "calls/form.h"
#include "env/helper.h"

#include <errno.h>
#include <stdio.h>

enum { READ_BYTES = 4 << 20, READERS = 2 };
static_assert(READ_BYTES % PIECE_BYTES == 0, "whole pieces");

uint32_t calls_page_count(const struct calls *c)
{
    return (uint32_t)((c->room.size + MARKS_PAGE_BYTES - 1) / MARKS_PAGE_BYTES);
}

uint32_t calls_piece_count(const struct calls *c)
{
    return (calls_page_count(c) + PIECE_PAGES - 1) / PIECE_PAGES;
}

static uint64_t pages_bytes(const struct calls *c)
{
    return (uint64_t)calls_page_count(c) * MARKS_PAGE_BYTES;
}

size_t calls_piece_bytes(const struct calls *c, uint32_t piece)
{
    uint64_t left = pages_bytes(c) - (uint64_t)piece * PIECE_BYTES;
    return left < PIECE_BYTES ? (size_t)left : (size_t)PIECE_BYTES;
}

/* A piece in another's place is as wrong as one that was changed. */
uint64_t calls_piece_check(const struct calls *c, uint32_t piece)
{
    const char *at = (const char *)c->room.at + (size_t)piece * PIECE_BYTES;
    return hash_key(at, calls_piece_bytes(c, piece), piece);
}

static size_t checks_bytes(const struct calls *c)
{
    return calls_piece_count(c) * sizeof(uint64_t);
}

err calls_room(struct calls *c, const struct book_settings *settings)
{
    pages_drop(&c->room);
    pages_drop(&c->save.marks);
    pages_drop(&c->save.checks);
    TRY(pages_make(book_room(settings), &c->room));
    TRY(pages_make((size_t)calls_piece_count(c) * PIECE_PAGES, &c->save.marks));
    TRY(pages_make(checks_bytes(c), &c->save.checks));
    c->settings = *settings;
    book_init(&c->book, settings, c->room.at);
    book_tell(&c->book, c->news);
    return OK;
}

/* --- writing --- */

static void form_last(const struct calls *c, uint32_t number, struct book_last *l)
{
    const struct book *b = &c->book;
    *l = (struct book_last){.number = number,
                            .held = b->held,
                            .numbers_most = b->settings.numbers_most,
                            .window_h = b->settings.window_h,
                            .calls_most = b->settings.calls_most,
                            .zone_s = b->settings.zone_s,
                            .handsets_most = b->settings.handsets_most,
                            .hand = b->hand,
                            .newest_h = b->newest_h,
                            .segment = c->journal.segments[c->journal.count - 1].number,
                            .key_mark = c->key_mark,
                            .place = c->sightings,
                            .counts = b->counts,
                            .forgotten = b->recent.forgotten,
                            .room_bytes = c->room.size,
                            .checks_check = hash_check(c->save.checks.at, checks_bytes(c))};
    memcpy(l->magic, book_magic, sizeof l->magic);
    l->check = hash_check(l, offsetof(struct book_last, check));
}

static err draft_path(const struct calls *c, char path[FILE_PATH_BYTES])
{
    int size = snprintf(path, FILE_PATH_BYTES, "%s/%s", c->folder, CALLS_DRAFT);
    return size < 0 || size >= FILE_PATH_BYTES ? fail(ERR_LIMIT, "calls: path too long", 0) : OK;
}

/* A file that is of no use any more gives its blocks: the disk that a new one needs is there. */
err calls_draft_open(struct calls *c, const struct file_names *names)
{
    char draft[FILE_PATH_BYTES];
    char path[FILE_PATH_BYTES];
    uint32_t number = 0;
    TRY(draft_path(c, draft));
    for (size_t i = 0; i < names->count; i++) {
        if (!file_is_numbered(names->at[i], CALLS_FILE_KIND, &number) || number == c->file)
            continue;
        TRY(file_numbered(c->folder, CALLS_FILE_KIND, number, path));
        TRY(file_rename(path, draft));
    }
    TRY(file_sync_folder(c->folder)); /* also when one was renamed in an attempt before this */
    int64_t there = 0;
    int64_t left = 0;
    int64_t wanted = (int64_t)(pages_bytes(c) + checks_bytes(c) + sizeof(struct book_last));
    if (failed(file_size(draft, &there)))
        there = 0;
    TRY(file_free_bytes(c->folder, &left));
    if (left < wanted - there)
        return fail(ERR_OS, "calls: no room on the disk for the book's next file", ENOSPC);
    return file_open_private(draft, &c->save.fd);
}

void calls_draft_drop(struct calls *c)
{
    char draft[FILE_PATH_BYTES];
    fd_end(&c->save.fd);
    if (!failed(draft_path(c, draft)))
        (void)file_drop(draft); /* what is left of it is written over */
}

err calls_draft_seal(struct calls *c, uint32_t number)
{
    char draft[FILE_PATH_BYTES];
    char path[FILE_PATH_BYTES];
    struct book_last l;
    int fd = c->save.fd;
    int64_t at = (int64_t)pages_bytes(c);
    form_last(c, number, &l);
    TRY(file_write_at(fd, at, str_make(c->save.checks.at, checks_bytes(c))));
    at += (int64_t)checks_bytes(c);
    TRY(file_write_at(fd, at, str_make((const char *)&l, sizeof l)));
    TRY(file_cut(fd, at + (int64_t)sizeof l));
    TRY(file_sync(fd));
    TRY(draft_path(c, draft));
    TRY(file_numbered(c->folder, CALLS_FILE_KIND, number, path));
    TRY(file_rename(draft, path));
    fd_end(&c->save.fd);
    return OK;
}

/* --- reading --- */

static err damaged(uint32_t number)
{
    return fail(ERR_CORRUPT, "calls: a file of the book is damaged", number);
}

static bool is_sane(const struct book_last *l)
{
    return l->numbers_most > 0 && l->numbers_most <= INDEX_MOST && l->held <= l->numbers_most &&
           l->hand < l->numbers_most && l->handsets_most <= INDEX_MOST &&
           l->calls_most <= (uint64_t)INDEX_MOST << 10 && l->window_h > 0 &&
           l->window_h <= RECENT_WINDOW_MOST_H;
}

static err read_last(int fd, uint32_t number, int64_t size, struct book_last *l)
{
    size_t got = 0;
    if (size < (int64_t)sizeof *l)
        return damaged(number);
    if (failed(file_read_at(fd, size - (int64_t)sizeof *l, l, sizeof *l, &got)) ||
        got != sizeof *l || memcmp(l->magic, book_magic, sizeof l->magic) != 0 ||
        l->number != number || l->check != hash_check(l, offsetof(struct book_last, check)) ||
        !is_sane(l))
        return damaged(number);
    return OK;
}

static bool read_some(const struct calls *c, int fd, uint64_t at)
{
    size_t got = 0;
    uint64_t left = pages_bytes(c) - at;
    size_t bytes = left < READ_BYTES ? (size_t)left : (size_t)READ_BYTES;
    if (failed(file_read_at(fd, (int64_t)at, (char *)c->room.at + at, bytes, &got)) || got != bytes)
        return false;
    const uint64_t *checks = c->save.checks.at;
    for (size_t done = 0; done < bytes; done += PIECE_BYTES) {
        uint32_t piece = (uint32_t)((at + done) / PIECE_BYTES);
        if (checks[piece] != calls_piece_check(c, piece))
            return false;
    }
    return true;
}

/* Every second stretch of the room. Two at a time: what takes longest is that the system finds
 * the memory and copies into it. */
struct reading {
    const struct calls *c;
    int fd;
    uint64_t at;
    bool is_whole;
};

static void read_half(void *self)
{
    struct reading *r = self;
    for (; r->is_whole && r->at < pages_bytes(r->c); r->at += READERS * (uint64_t)READ_BYTES)
        r->is_whole = read_some(r->c, r->fd, r->at);
}

static bool read_both(const struct calls *c, int fd)
{
    struct env_helper helper = {0};
    struct reading halves[READERS] = {
        {c, fd, 0,          true},
        {c, fd, READ_BYTES, true}
    };
    (void)env_helper_start(&helper, "book"); /* without it, one after the other */
    env_helper_ask(&helper, read_half, &halves[1]);
    read_half(&halves[0]);
    env_helper_wait(&helper);
    env_helper_stop(&helper);
    return halves[0].is_whole && halves[1].is_whole;
}

static err read_room(struct calls *c, int fd, const struct book_last *l, int64_t size)
{
    size_t got = 0;
    size_t checks = checks_bytes(c);
    if (size != (int64_t)(pages_bytes(c) + checks + sizeof *l) || l->room_bytes != c->room.size)
        return damaged(l->number);
    if (failed(file_read_at(fd, (int64_t)pages_bytes(c), c->save.checks.at, checks, &got)) ||
        got != checks || hash_check(c->save.checks.at, checks) != l->checks_check)
        return damaged(l->number);
    return read_both(c, fd) ? OK : damaged(l->number);
}

static err read_file(struct calls *c, uint32_t number)
{
    char path[FILE_PATH_BYTES];
    int64_t size = 0;
    struct book_last l;
    SCOPED(fd_end) int fd = -1;
    TRY(file_numbered(c->folder, CALLS_FILE_KIND, number, path));
    TRY(file_size(path, &size));
    TRY(file_open_read(path, &fd));
    TRY(read_last(fd, number, size, &l));
    if (l.key_mark != c->key_mark)
        return fail(ERR_CONFLICT, "calls.other_key", number);
    TRY(calls_room(c, &(struct book_settings){.numbers_most = l.numbers_most,
                                              .calls_most = l.calls_most,
                                              .window_h = l.window_h,
                                              .zone_s = l.zone_s,
                                              .handsets_most = l.handsets_most}));
    TRY(read_room(c, fd, &l, size));
    struct book *b = &c->book;
    b->held = l.held;
    b->hand = l.hand;
    b->newest_h = l.newest_h;
    b->counts = l.counts;
    b->recent.forgotten = l.forgotten;
    c->file = number;
    c->file_at = l.place;
    c->file_segment = l.segment;
    return OK;
}

err calls_file_find(struct calls *c, const struct file_names *names)
{
    for (size_t i = names->count; i > 0 && c->file == 0; i--) { /* sorted by number */
        uint32_t number = 0;
        if (!file_is_numbered(names->at[i - 1], CALLS_FILE_KIND, &number))
            continue;
        c->file_last = number > c->file_last ? number : c->file_last;
        err e = read_file(c, number);
        if (failed(e) && e.code != ERR_CORRUPT)
            return e;
        if (failed(e))
            calls_hurt(c, CALLS_FILE_KIND, number,
                       &(struct calls_damage){.harm = CALLS_FILE_DAMAGED});
    }
    return OK;
}
