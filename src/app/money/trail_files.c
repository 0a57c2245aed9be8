/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/trail_files.h"

#include "env/file.h"
#include "feed/transfer_row.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { READ_BYTES = 256 << 10, REFUSALS_BYTES = 4 << 20, KEY_BYTES = 1 << 20, GROUP_ROWS = 4096 };

struct reading {
    struct trail_files *files;
    struct arena arena; /* the reader's */
    struct arena turn;  /* texts of the group being gathered */
    struct transfer rows[GROUP_ROWS];
    int64_t numbers[GROUP_ROWS];
    uint8_t fates[GROUP_ROWS];
    uint32_t count;
};

static err refuse(struct reading *r, const struct feed_refusal *refusal)
{
    feed_answer_put_refusal(&r->files->answer, &r->files->arena, refusal);
    return OK;
}

static err take(struct reading *r)
{
    struct runs_batch batch = {.rows = r->rows, .count = r->count, .ret_fates = r->fates};
    if (r->count == 0)
        return OK;
    TRY(runs_take(r->files->runs, &batch));
    TRY(runs_tend(r->files->runs, r->files->now.us / US_PER_MS));
    for (uint32_t i = 0; i < r->count; i++) {
        r->files->answer.accepted += r->fates[i] == RUNS_ACCEPTED;
        r->files->answer.duplicate += r->fates[i] == RUNS_DUPLICATE;
        if (r->fates[i] == RUNS_CONFLICT)
            TRY(refuse(r, &(struct feed_refusal){.number = r->numbers[i],
                                                 .column = STR("id"),
                                                 .code = "transfer.id_conflict"}));
    }
    r->count = 0;
    arena_reset(&r->turn);
    return OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    return refuse(self, refusal);
}

static err on_row(void *self, const struct feed_row *row)
{
    struct reading *r = self;
    struct transfer *t = &r->rows[r->count];
    const struct transfer_rules rules = {.now = r->files->now, .currency = r->files->currency};
    str column = STR("");
    err e = transfer_row_read(row, &rules, &r->turn, t, &column);
    if (failed(e))
        return refuse(
            r, &(struct feed_refusal){
                   .number = row->number, .line = row->line, .column = column, .code = e.why});
    str *texts[] = {&t->id,      &t->from,    &t->to,     &t->from_bank,
                    &t->to_bank, &t->channel, &t->device, &t->ip};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        *texts[i] = str_copy(&r->turn, *texts[i]);
        if (texts[i]->at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
    }
    r->numbers[r->count++] = row->number;
    return r->count == GROUP_ROWS ? take(r) : OK;
}

static err pump(int fd, struct feed_reader *reader, char *room)
{
    for (;;) {
        ssize_t count = read(fd, room, READ_BYTES);
        if (count < 0 && errno != EINTR)
            return fail(ERR_OS, "cli.file.unreadable", (uint32_t)errno);
        if (count == 0)
            return feed_reader_end(reader);
        if (count > 0)
            TRY(feed_reader_put(reader, str_make(room, (size_t)count)));
    }
}

static err read_into(struct reading *r, const char *path)
{
    struct feed_options options = {.format = FEED_GUESS};
    TRY(feed_find(STR("transfers"), &options.shape));
    bool is_stdin = strcmp(path, "-") == 0;
    SCOPED(fd_end) int fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    char *room = arena_make(&r->arena, READ_BYTES);
    if (fd < 0)
        return fail(ERR_OS, "cli.file.unreadable", (uint32_t)errno);
    if (room == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct feed_reader *reader = NULL;
    struct feed_sink sink = {.self = r, .row = on_row, .refused = on_refused};
    TRY(feed_reader_init(&r->arena, options, sink, &reader));
    err e = pump(fd, reader, room);
    feed_reader_done(reader);
    return failed(e) ? e : take(r);
}

err trail_files_read(struct trail_files *f, const char *path)
{
    struct arena arena;
    arena_init(&arena, FEED_READER_BYTES + READ_BYTES + sizeof(struct reading) + KEY_BYTES);
    struct reading *r = arena_make(&arena, sizeof *r);
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    r->files = f;
    r->arena = arena;
    arena_init(&r->turn, 64 << 20);
    err e = read_into(r, path);
    arena_done(&r->turn);
    arena = r->arena;
    arena_done(&arena);
    return e;
}

err trail_files_open(instant now, str currency, struct trail_files *ret_files)
{
    *ret_files = (struct trail_files){.now = now, .currency = currency};
    arena_init(&ret_files->arena, REFUSALS_BYTES);
    return runs_open(&(struct runs_options){.folder = NULL}, &ret_files->runs);
}

void trail_files_close(struct trail_files *f)
{
    runs_close(f->runs);
    arena_done(&f->arena);
}

err trail_files_end(struct trail_files *f)
{
    return runs_sync(f->runs);
}
