/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file: shards, one after the other, each at a page's beginning, and at the end, for only then
 * it is known where they lie, the directory. docs/formats/screen.md has it byte by byte.
 *
 * While it is written, shards may be sealed anew. Then the file has some older and some newer ones,
 * and the mark of the time when writing began: whoever takes in what has changed since then puts
 * some listings again that are there already, which changes nothing.
 */
#include "screen/part.h"

#include "env/file.h"
#include "kit/hash.h"

#include <assert.h>

enum { FILE_PAGE = 4096, FILE_VERSION = 1, SHARD_SLOTS = SHARD_CLASS_COUNT * SHARDS_MOST };
#define FILE_MAGIC      UINT64_C(0x316e7263736d7579) /* "yumscrn1" */
#define FILE_MOST_BYTES ((size_t)1 << 40)

struct file_place {
    uint64_t at;
    uint64_t size; /* 0: no values */
};

/* The last page of the file. */
struct file_end {
    uint64_t magic;
    uint32_t version;
    uint32_t byte_order; /* 0x01020304 as this machine keeps it */
    uint64_t size;       /* of the file */
    struct screen_origin origin;
    uint64_t seed;
    uint64_t generation;
    struct file_place shards[SHARD_SLOTS];
    uint64_t check; /* of all before it */
};
static_assert(sizeof(struct file_end) <= FILE_PAGE, "the directory is one page");

static uint64_t end_check(const struct file_end *end)
{
    return hash_check(end, offsetof(struct file_end, check));
}

/* --- writing --- */

struct saving {
    struct screen *screen;
    struct screen_reader reader; /* inside while its shard's bytes are being written */
    bool is_inside;
    uint32_t next; /* shard */
    uint64_t at;
    uint64_t gap; /* zeros up to the next page */
    union {
        struct file_end end;
        char bytes[FILE_PAGE];
    } last;
    bool has_ended;
};

static void leave(struct saving *s)
{
    if (s->is_inside)
        screen_leave(&s->reader);
    s->is_inside = false;
}

static str take_gap(struct saving *s)
{
    static const char zeros[FILE_PAGE];
    str piece = str_make(zeros, (size_t)s->gap);
    s->at += s->gap;
    s->gap = 0;
    return piece;
}

static str take_end(struct saving *s)
{
    s->last.end.size = s->at + FILE_PAGE;
    s->last.end.check = end_check(&s->last.end);
    s->has_ended = true;
    return str_make(s->last.bytes, FILE_PAGE);
}

/* Gaps, shards, the directory; each shard as it is when its turn comes. */
static str next_piece(struct saving *s)
{
    leave(s);
    if (s->gap > 0)
        return take_gap(s);
    for (; s->next < SHARD_SLOTS; s->next++) {
        s->reader = screen_enter(s->screen);
        s->is_inside = true;
        const struct shard_head *h =
            s->reader.view->shards[s->next / SHARDS_MOST][s->next % SHARDS_MOST].head;
        if (h != NULL) {
            s->last.end.shards[s->next++] = (struct file_place){s->at, h->size};
            s->at += h->size;
            s->gap = (FILE_PAGE - s->at % FILE_PAGE) % FILE_PAGE;
            return str_make((const char *)h, h->size);
        }
        leave(s);
    }
    return s->has_ended ? STR("") : take_end(s);
}

static err write_pieces(struct saving *s, const char *path)
{
    struct file_draft draft;
    TRY(file_draft_open(path, FILE_PRIVATE, &draft));
    err e = OK;
    for (str piece = next_piece(s); piece.size > 0 && !failed(e); piece = next_piece(s))
        e = file_draft_put(&draft, piece);
    if (!failed(e))
        e = file_draft_seal(&draft);
    file_draft_close(&draft);
    return e;
}

err screen_save(struct screen *s, const char *path, const struct screen_origin *origin)
{
    struct saving saving = {.screen = s};
    struct screen_reader r = screen_enter(s);
    saving.last.end.magic = FILE_MAGIC;
    saving.last.end.version = FILE_VERSION;
    saving.last.end.byte_order = 0x01020304;
    saving.last.end.seed = r.view->seed.seed;
    saving.last.end.origin = *origin;
    saving.last.end.generation = r.view->generation;
    assert(origin->mark <= r.view->sealed_mark);
    screen_leave(&r);
    err e = write_pieces(&saving, path);
    leave(&saving);
    return e;
}

/* --- reading --- */

static err corrupt(const char *why)
{
    return fail(ERR_CORRUPT, why, 0);
}

static err check_end(const struct pages *file, const struct file_end **ret_end)
{
    if (file->size < FILE_PAGE || file->size % FILE_PAGE != 0)
        return corrupt("screen: the file is cut off");
    const struct file_end *end = (const void *)((char *)file->at + file->size - FILE_PAGE);
    if (end->magic != FILE_MAGIC || end->byte_order != 0x01020304)
        return corrupt("screen: not a file of ours");
    if (end->version != FILE_VERSION)
        return corrupt("screen: a file of another version");
    if (end->check != end_check(end) || end->size != file->size)
        return corrupt("screen: the file's directory is damaged");
    *ret_end = end;
    return OK;
}

static err open_shard(const struct pages *file, const struct file_place *place, uint32_t which,
                      struct shard *ret_shard)
{
    size_t room = file->size - FILE_PAGE;
    if (place->at % FILE_PAGE != 0 || place->at > room || place->size > room - place->at)
        return corrupt("screen: a shard lies outside the file");
    struct shard shard;
    TRY(shard_open((const char *)file->at + place->at, (size_t)place->size, &shard));
    if (shard.head->class * SHARDS_MOST + shard.head->index != which)
        return corrupt("screen: a shard is not where it belongs");
    pages_forget(file, (size_t)place->at, (size_t)place->size);
    *ret_shard = shard;
    return OK;
}

struct opened {
    struct shard shards[SHARD_SLOTS];
    uint32_t count;
    const struct file_end *end;
};

static err open_all(const struct pages *file, struct opened *o)
{
    TRY(check_end(file, &o->end));
    for (uint32_t i = 0; i < SHARD_SLOTS; i++) {
        if (o->end->shards[i].size == 0)
            continue;
        TRY(open_shard(file, &o->end->shards[i], i, &o->shards[i]));
        o->count++;
    }
    return OK;
}

static err use(struct screen *s, const struct pages *file, const struct opened *o)
{
    uint16_t home = 0;
    if (o->count > 0)
        TRY(home_take(s, file, o->count, &home));
    struct screen_view *v = view_begin(s);
    for (uint32_t i = 0; i < SHARD_SLOTS; i++)
        if (o->shards[i].head != NULL)
            view_put_shard(s, v, &o->shards[i], home);
    s->seed.seed = o->end->seed;
    v->seed = s->seed;
    v->generation = o->end->generation + 1;
    v->sealed_mark = o->end->origin.mark;
    view_sum_depths(v);
    env_word_put(&s->mark, o->end->origin.mark);
    view_publish(s, v);
    return OK;
}

err screen_load(struct screen *s, const char *path, struct screen_origin *ret_origin)
{
    struct pages file = {0};
    struct opened opened = {0};
    assert(view_now(s)->live->made == 0 && view_now(s)->frozen == NULL);
    TRY(pages_map(path, FILE_MOST_BYTES, &file));
    err e = open_all(&file, &opened);
    if (!failed(e))
        e = use(s, &file, &opened);
    if (!failed(e))
        *ret_origin = opened.end->origin;
    if (failed(e) || opened.count == 0)
        pages_drop(&file);
    return e;
}
