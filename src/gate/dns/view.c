/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/zone_parts.h"

#include <assert.h>

void *part_make(size_t bytes, struct arena *ret_arena)
{
    enum { ARENA_HEAD_BYTES = 64 }; /* an exact budget makes an exact block */
    struct arena arena;
    arena_init(&arena, bytes + ARENA_HEAD_BYTES);
    void *piece = arena_make(&arena, bytes);
    *ret_arena = arena;
    return piece;
}

struct rpz_chunk *chunk_make(const struct run_writer *run)
{
    struct arena arena;
    if (run->size == 0)
        return NULL; /* the writer is spent */
    struct rpz_chunk *c = part_make(sizeof *c + run->size, &arena);
    if (c == NULL)
        return NULL;
    *c = (struct rpz_chunk){
        .arena = arena, .refs = 1, .count = (uint32_t)run->count, .size = run->size};
    memcpy(c->bytes, run->at, run->size);
    return c;
}

void chunk_drop(struct rpz_chunk *c)
{
    assert(c->refs > 0);
    if (--c->refs > 0)
        return;
    struct arena arena = c->arena;
    arena_done(&arena);
}

struct rpz_view *view_make(uint32_t serial, struct rpz_chunk *const *chunks, size_t count)
{
    struct arena arena;
    struct rpz_view *v = part_make(sizeof *v + count * sizeof(struct rpz_chunk *), &arena);
    if (v == NULL) {
        for (size_t i = 0; i < count; i++)
            chunk_drop(chunks[i]);
        return NULL;
    }
    *v = (struct rpz_view){.arena = arena, .refs = 1, .serial = serial, .chunk_count = count};
    for (size_t i = 0; i < count; i++) {
        v->chunks[i] = chunks[i];
        v->entries += chunks[i]->count;
        v->bytes += chunks[i]->size;
    }
    return v;
}

void rpz_view_keep(struct rpz_view *v)
{
    assert(v->refs > 0 && v->refs < UINT32_MAX);
    v->refs++;
}

void rpz_view_drop(struct rpz_view *v)
{
    if (v == NULL)
        return;
    assert(v->refs > 0);
    if (--v->refs > 0)
        return;
    for (size_t i = 0; i < v->chunk_count; i++)
        chunk_drop(v->chunks[i]);
    struct arena arena = v->arena;
    arena_done(&arena);
}

uint32_t rpz_view_serial(const struct rpz_view *v)
{
    return v->serial;
}

size_t rpz_view_entries(const struct rpz_view *v)
{
    return v->entries;
}

size_t rpz_view_chunks(const struct rpz_view *v)
{
    return v->chunk_count;
}

pack_run rpz_view_chunk(const struct rpz_view *v, size_t index)
{
    assert(index < v->chunk_count);
    return chunk_run(v->chunks[index]);
}

/* The first chunk that may hold the key, or what follows it. */
static size_t chunk_of(const struct rpz_view *v, const uint8_t *pack)
{
    size_t low = 0; /* chunks that begin at or below the key */
    size_t high = v->chunk_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (run_compare_first(chunk_run(v->chunks[mid]), pack) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low == 0 ? 0 : low - 1;
}

/* The first pack whose key is not below this one, in the reader's hands; NULL past the last. */
static const uint8_t *view_seek(const struct rpz_view *v, const uint8_t *pack,
                                struct run_reader *reader)
{
    for (size_t i = chunk_of(v, pack); i < v->chunk_count; i++) {
        const uint8_t *at = NULL;
        run_open(reader, chunk_run(v->chunks[i]));
        while ((at = run_next(reader)) != NULL)
            if (pack_compare(at, pack) >= 0)
                return at;
    }
    return NULL;
}

enum rpz_policy rpz_view_find(const struct rpz_view *v, const uint8_t *pack)
{
    struct run_reader reader;
    const uint8_t *at = view_seek(v, pack, &reader);
    return at != NULL && pack_compare(at, pack) == 0 ? pack_policy(at) : RPZ_NONE;
}

bool rpz_view_has_below(const struct rpz_view *v, const uint8_t *pack)
{
    struct run_reader reader;
    const uint8_t *at = view_seek(v, pack, &reader);
    return at != NULL && pack_is_below(at, pack);
}
