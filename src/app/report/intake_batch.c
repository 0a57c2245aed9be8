/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/intake_batch.h"

#include "app/call/api_again.h"
#include "app/call/api_help.h"
#include "app/house/ask.h"

#include <fcntl.h>

enum { READ_BYTES = 256 << 10, APPLY_BYTES = 64 << 20 };

void intake_batch_init(struct intake_batch *b, struct call *call, const struct feed_shape *shape)
{
    *b = (struct intake_batch){.call = call, .shape = shape};
    arena_init(&b->reader_arena, FEED_READER_BYTES);
    arena_init(&b->apply_arena, APPLY_BYTES);
}

void intake_batch_done(struct intake_batch *b)
{
    arena_done(&b->reader_arena);
    arena_done(&b->apply_arena);
}

/* --- on the store thread --- */

err intake_batch_reject(struct intake_batch *b, struct store *store,
                        const struct feed_refusal *refusal, instant at)
{
    feed_answer_put_refusal(&b->answer, &b->call->arena, refusal);
    return refuse_row(&b->refusals, store, refusal, at);
}

static err write_open(void *self, struct store *store, instant at, struct arena *turn)
{
    (void)turn;
    struct intake_batch *b = self;
    TRY(again_find(b->call, store, &b->is_answered));
    if (b->is_answered)
        return OK;
    b->answer.batch = store_id(store, at, &b->call->arena);
    b->refusals = (struct refusals){.batch = b->answer.batch,
                                    .keep_days = b->call->house->law.reject_retention_days};
    struct command cmd = {
        .act = ACT_BATCH_OPEN, .actor = b->call->actor, .record = b->answer.batch};
    str source = api_query(b->call, "source");
    cmd.body.batch = (struct batch){.feed = str_from_c(b->shape->name),
                                    .source = str_is_empty(source) ? b->call->request.file : source,
                                    .division = b->call->actor.division};
    return store_apply(store, &cmd, at, &b->apply_arena, NULL);
}

static str reason_of(void *self, const char *code)
{
    const struct call *call = self;
    return message(str_from_c(code), call->language);
}

static err write_close(void *self, struct store *store, instant at, struct arena *turn)
{
    (void)turn;
    struct intake_batch *b = self;
    struct call *call = b->call;
    struct command cmd = {.act = ACT_BATCH_CLOSE, .actor = call->actor, .record = b->answer.batch};
    cmd.body.batch = (struct batch){.accepted = b->answer.accepted,
                                    .duplicate = b->answer.duplicate,
                                    .late = b->answer.late,
                                    .refused = b->answer.refused};
    TRY(store_apply(store, &cmd, at, &b->apply_arena, NULL));
    if (b->closing != NULL)
        TRY(b->closing(b, store, at));
    struct text t;
    text_init(&t, &call->arena);
    feed_answer_format(&b->answer, reason_of, call, &t);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    call->reply = (struct api_reply){
        .status = 200, .content_type = STR("application/json"), .body = text_str(&t)};
    return again_keep(call, store, at);
}

/* --- on the clerk's thread --- */

err intake_batch_open(struct intake_batch *b)
{
    return ask_store(b->call->house, write_open, b);
}

err intake_batch_close(struct intake_batch *b)
{
    return b->is_answered ? OK : ask_store(b->call->house, write_close, b);
}

static err feed_file(struct intake_batch *b, struct feed_reader *reader)
{
    char *path = str_to_c(&b->call->arena, b->call->request.file);
    char *room = arena_make(&b->call->arena, READ_BYTES);
    if (path == NULL || room == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    SCOPED(fd_end) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(ERR_ABSENT, "file.absent", 0);
    struct house *house = b->call->house;
    int64_t offset = 0;
    int64_t size = 0;
    size_t count = 0;
    TRY(file_size(path, &size));
    env_counter_put(&house->feed_size_bytes, (uint64_t)size);
    do {
        env_counter_put(&house->feed_read_bytes, (uint64_t)offset);
        TRY(file_read_at(fd, offset, room, READ_BYTES, &count));
        offset += (int64_t)count;
        TRY(feed_reader_put(reader, str_make(room, count)));
    } while (count > 0 && !feed_reader_is_stopped(reader));
    return OK;
}

err intake_batch_read(struct intake_batch *b, struct feed_sink sink)
{
    if (b->is_answered)
        return OK;
    struct feed_options options = {.shape = b->shape};
    TRY(feed_format_find(b->call->request.content_type, &options.format, &options.charset));
    struct feed_reader *reader = NULL;
    TRY(feed_reader_init(&b->reader_arena, options, sink, &reader));
    err e = str_is_empty(b->call->request.file) ? feed_reader_put(reader, b->call->request.body)
                                                : feed_file(b, reader);
    if (!failed(e))
        e = feed_reader_end(reader);
    feed_reader_done(reader);
    return e;
}
