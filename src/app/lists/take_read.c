/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/ask.h"
#include "app/lists/take_inside.h"
#include "fact/indicator.h"
#include "feed/list.h"
#include "kit/suffix.h"

#include <fcntl.h>
#include <stdlib.h>

enum { READ_BYTES = 256 << 10, RAW_BYTES = 300 };

static err write_refusals(void *self, struct store *store, instant at, struct arena *turn)
{
    struct take *t = self;
    (void)turn;
    for (size_t i = 0; i < t->refused_count; i++)
        TRY(refuse_row(&t->refusals, store, &t->refused[i], at));
    return OK;
}

err take_refusals_flush(struct take *t)
{
    if (t->refused_count == 0)
        return OK;
    err e = ask_store(t->house, write_refusals, t);
    t->refused_count = 0;
    return e;
}

static err refuse(struct take *t, int64_t number, const char *code, str raw)
{
    struct feed_refusal *r = &t->refused[t->refused_count++];
    *r = (struct feed_refusal){.number = number,
                               .line = number,
                               .column = STR("value"),
                               .code = code,
                               .raw = str_copy(&t->keep, str_until(raw, RAW_BYTES))};
    if (r->raw.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    feed_answer_put_refusal(&t->answer, &t->call->arena, r);
    return t->refused_count == TAKE_GROUP ? take_refusals_flush(t) : OK;
}

static err room_for_entry(struct take *t)
{
    if (t->count < t->room)
        return OK;
    if (t->count == TAKE_ENTRIES)
        return fail(ERR_LIMIT, "source.too_long", TAKE_ENTRIES);
    size_t room = t->room == 0 ? 4096 : t->room * 2;
    t->entries =
        arena_grow(&t->keep, t->entries, t->room * sizeof *t->entries, room * sizeof *t->entries);
    t->room = room;
    return t->entries == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err keep_entry(struct take *t, const struct indicator *found)
{
    TRY(room_for_entry(t));
    struct entry *e = &t->entries[t->count++];
    *e = (struct entry){.value = str_copy(&t->keep, found->value),
                        .is_public =
                            found->kind == INDICATOR_DOMAIN && suffix_is_public(found->value)};
    e->display =
        str_equal(found->value, found->display) ? e->value : str_copy(&t->keep, found->display);
    return e->value.at == NULL || e->display.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err on_line(void *self, int64_t number, str value, const char *code)
{
    struct take *t = self;
    struct indicator found = {0};
    if (code != NULL)
        return refuse(t, number, code, value);
    arena_reset(&t->turn);
    str region = str_is_empty(t->source->region) ? t->house->law.phone_region : t->source->region;
    err e = indicator_parse(t->source->kind, value, region, &t->turn, &found);
    if (e.code == ERR_MALFORMED)
        return refuse(t, number, e.why, value);
    TRY(e);
    return keep_entry(t, &found);
}

static err read_file(struct take *t, struct list_reader *reader)
{
    char *path = str_to_c(&t->call->arena, t->call->request.file);
    char *room = arena_make(&t->call->arena, READ_BYTES);
    if (path == NULL || room == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    SCOPED(fd_end) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(ERR_ABSENT, "file.absent", 0);
    int64_t offset = 0;
    int64_t size = 0;
    size_t count = 0;
    TRY(file_size(path, &size));
    env_counter_put(&t->house->feed_size_bytes, (uint64_t)size);
    do {
        env_counter_put(&t->house->feed_read_bytes, (uint64_t)offset);
        TRY(file_read_at(fd, offset, room, READ_BYTES, &count));
        offset += (int64_t)count;
        TRY(list_put(reader, str_make(room, count)));
    } while (count > 0);
    return OK;
}

/* Most of two values are told apart by how they begin. */
struct place {
    uint64_t begins;
    uint32_t at;
};

static uint64_t beginning(str value)
{
    uint64_t begins = 0;
    memcpy(&begins, value.at, value.size < sizeof begins ? value.size : sizeof begins);
    return __builtin_bswap64(begins);
}

static int compare(const void *a, const void *b, void *entries)
{
    const struct place *x = a;
    const struct place *y = b;
    const struct entry *of = entries;
    if (x->begins != y->begins)
        return x->begins < y->begins ? -1 : 1;
    return str_compare(of[x->at].value, of[y->at].value);
}

/* In the order of the store's index, so that its pages are written once. */
static err sort_and_unite(struct take *t)
{
    size_t kept = 0;
    struct place *places = arena_make_array(&t->keep, t->count + 1, sizeof *places);
    struct entry *sorted = arena_make_array(&t->keep, t->count + 1, sizeof *sorted);
    if (places == NULL || sorted == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < t->count; i++)
        places[i] = (struct place){beginning(t->entries[i].value), (uint32_t)i};
    qsort_r(places, t->count, sizeof *places, compare, t->entries);
    for (size_t i = 0; i < t->count; i++) {
        const struct entry *e = &t->entries[places[i].at];
        if (kept == 0 || !str_equal(sorted[kept - 1].value, e->value))
            sorted[kept++] = *e;
    }
    t->answer.duplicate = (int64_t)(t->count - kept);
    t->answer.accepted = (int64_t)kept;
    t->entries = sorted;
    t->count = kept;
    return OK;
}

err take_read(struct take *t)
{
    struct arena window;
    struct list_reader *reader = arena_make(&t->keep, sizeof *reader);
    t->refused = arena_make_array(&t->keep, TAKE_GROUP, sizeof *t->refused);
    if (reader == NULL || t->refused == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct list_sink sink = {.self = t, .line = on_line};
    arena_init(&window, LIST_READER_BYTES);
    err e = list_init(&window, t->source->kind, sink, reader);
    if (!failed(e)) {
        e = str_is_empty(t->call->request.file) ? list_put(reader, t->call->request.body)
                                                : read_file(t, reader);
        if (!failed(e))
            e = list_end(reader, &t->trouble);
        list_done(reader);
    }
    arena_done(&window);
    TRY(e);
    TRY(sort_and_unite(t));
    return take_refusals_flush(t);
}
