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

size_t pack_list_bytes(struct pack_list list)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list.count; i++)
        bytes += pack_bytes(list.at[i]);
    return bytes;
}

struct rpz_chunk *chunk_make(struct pack_list packs)
{
    size_t bytes = pack_list_bytes(packs);
    assert(packs.count > 0 && bytes <= UINT16_MAX);
    struct arena arena;
    struct rpz_chunk *c = part_make(sizeof *c + packs.count * sizeof c->offsets[0] + bytes, &arena);
    if (c == NULL)
        return NULL;
    uint8_t *at = (uint8_t *)(c->offsets + packs.count);
    *c = (struct rpz_chunk){
        .arena = arena, .refs = 1, .count = (uint32_t)packs.count, .bytes = bytes, .packs = at};
    for (size_t i = 0; i < packs.count; i++) {
        c->offsets[i] = (uint16_t)(at - c->packs);
        memcpy(at, packs.at[i], pack_bytes(packs.at[i]));
        at += pack_bytes(packs.at[i]);
    }
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
        v->bytes += chunks[i]->bytes;
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
    return (pack_run){.at = v->chunks[index]->packs, .size = v->chunks[index]->bytes};
}

/* How many packs of the chunk are below the key. */
static size_t chunk_rank(const struct rpz_chunk *c, const uint8_t *pack)
{
    size_t low = 0;
    size_t high = c->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (pack_compare(c->packs + c->offsets[mid], pack) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The first pack whose key is not below this one; NULL past the last. */
static const uint8_t *view_seek(const struct rpz_view *v, const uint8_t *pack)
{
    size_t low = 0; /* chunks that begin at or below the key */
    size_t high = v->chunk_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (pack_compare(v->chunks[mid]->packs, pack) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low > 0) {
        const struct rpz_chunk *c = v->chunks[low - 1];
        size_t rank = chunk_rank(c, pack);
        if (rank < c->count)
            return c->packs + c->offsets[rank];
    }
    return low < v->chunk_count ? v->chunks[low]->packs : NULL;
}

const uint8_t *rpz_view_find(const struct rpz_view *v, const uint8_t *pack)
{
    const uint8_t *at = view_seek(v, pack);
    return at != NULL && pack_compare(at, pack) == 0 ? at : NULL;
}

bool rpz_view_has_below(const struct rpz_view *v, const uint8_t *pack)
{
    const uint8_t *at = view_seek(v, pack);
    return at != NULL && pack_is_below(at, pack);
}
