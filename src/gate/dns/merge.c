/* SPDX-License-Identifier: Apache-2.0 */
/* The old view's chunks and a list flow together into a piece; a piece that is full becomes a
 * chunk, a chunk that the list does not touch is shared. */
#include "gate/dns/zone_parts.h"

#include <assert.h>

struct merge {
    struct arena *scratch;
    const struct rpz_view *old;
    enum merge_kind kind;
    bool is_first; /* there is no old view: everything is new, and nobody asks for the difference */
    struct run_reader list;
    const uint8_t *change;   /* of the list, not yet merged; NULL: none is left */
    struct run_writer piece; /* merged, not yet in a chunk */
    struct run_writer half;  /* of a piece that is split */
    struct rpz_chunk **chunks;
    size_t chunk_count;
    size_t chunk_room;
    struct merged *made;
    bool is_spent; /* out of memory: nothing of this step may be used */
};

static const err no_memory = {.code = ERR_LIMIT, .why = "dns: no memory for a step of the zone"};

/* --- pieces to chunks --- */

static bool chunks_grow(struct merge *m)
{
    enum { EACH_BYTES = sizeof(struct rpz_chunk *) };
    size_t room = m->chunk_room * 2 + 16;
    struct rpz_chunk **grown =
        arena_grow(m->scratch, m->chunks, m->chunk_room * EACH_BYTES, room * EACH_BYTES);
    if (grown == NULL)
        return false;
    m->chunks = grown;
    m->chunk_room = room;
    return true;
}

/* Takes over one count on the chunk; NULL is a chunk that could not be made. */
static void chunk_put(struct merge *m, struct rpz_chunk *c)
{
    if (c != NULL && (m->chunk_count < m->chunk_room || chunks_grow(m))) {
        m->chunks[m->chunk_count++] = c;
        return;
    }
    m->is_spent = true;
    if (c != NULL)
        chunk_drop(c);
}

static void piece_flush(struct merge *m)
{
    if (m->piece.size > 0)
        chunk_put(m, chunk_make(&m->piece));
    run_reset(&m->piece);
}

/* Two halves, so that the next names find room: the first becomes a chunk, the second stays. */
static void piece_split(struct merge *m)
{
    struct run_reader r;
    const uint8_t *pack = NULL;
    run_reset(&m->half);
    run_open(&r, run_of(&m->piece));
    while (m->half.size < CHUNK_BYTES / 2 && (pack = run_next(&r)) != NULL)
        run_put(&m->half, pack);
    chunk_put(m, chunk_make(&m->half));
    run_reset(&m->half);
    while ((pack = run_next(&r)) != NULL)
        run_put(&m->half, pack);
    struct run_writer rest = m->half;
    m->half = m->piece;
    m->piece = rest;
}

static void piece_put(struct merge *m, const uint8_t *pack)
{
    run_put(&m->piece, pack);
    if (m->is_first && m->piece.size >= CHUNK_FIRST_BYTES)
        piece_flush(m);
    else if (m->piece.size > CHUNK_BYTES)
        piece_split(m);
}

/* --- the merge --- */

/* `was` is the listed pack of the same name, or NULL. */
static void change_apply(struct merge *m, const uint8_t *was, const uint8_t *change)
{
    enum rpz_policy before = was == NULL ? RPZ_NONE : pack_policy(was);
    enum rpz_policy after = change == NULL ? RPZ_NONE : pack_policy(change);
    if (before != after && before != RPZ_NONE)
        run_put(&m->made->removed, was);
    if (before != after && after != RPZ_NONE && !m->is_first)
        run_put(&m->made->added, change);
    if (after != RPZ_NONE)
        piece_put(m, change);
}

/* Does the list speak of something before this chunk begins (NULL: before the end)? */
static bool change_is_before(const struct merge *m, const struct rpz_chunk *limit)
{
    return m->change != NULL &&
           (limit == NULL || run_compare_first(chunk_run(limit), m->change) > 0);
}

static void pack_stay(struct merge *m, const uint8_t *pack)
{
    if (m->kind == MERGE_WHOLE)
        change_apply(m, pack, NULL);
    else
        piece_put(m, pack);
}

/* Which comes next: what was (below 0), the change (above), or both, being the same name's. */
static int which_is_next(const struct merge *m, const uint8_t *was, bool has_change)
{
    if (was == NULL)
        return 1;
    return has_change ? pack_compare(was, m->change) : -1;
}

/* The run together with every change before `limit`. */
static void run_merge(struct merge *m, pack_run run, const struct rpz_chunk *limit)
{
    struct run_reader r;
    run_open(&r, run);
    const uint8_t *was = run_next(&r);
    bool has_change = change_is_before(m, limit);
    for (; was != NULL || has_change; has_change = change_is_before(m, limit)) {
        int order = which_is_next(m, was, has_change);
        if (order < 0)
            pack_stay(m, was);
        else
            change_apply(m, order > 0 ? NULL : was, m->change);
        if (order <= 0)
            was = run_next(&r);
        if (order >= 0)
            m->change = run_next(&m->list);
    }
    if (m->piece.size >= CHUNK_MIN_BYTES)
        piece_flush(m);
}

static void merge_all(struct merge *m)
{
    static const pack_run nothing = {.at = (const uint8_t *)""};
    size_t count = m->old == NULL ? 0 : m->old->chunk_count;
    m->change = run_next(&m->list);
    if (count == 0)
        run_merge(m, nothing, NULL);
    for (size_t i = 0; i < count && !m->is_spent; i++) {
        struct rpz_chunk *c = m->old->chunks[i];
        const struct rpz_chunk *limit = i + 1 < count ? m->old->chunks[i + 1] : NULL;
        bool is_touched = m->kind == MERGE_WHOLE || change_is_before(m, limit);
        if (is_touched || m->piece.size > 0) {
            run_merge(m, chunk_run(c), limit);
            continue;
        }
        c->refs++;
        chunk_put(m, c);
    }
    if (!m->is_spent)
        piece_flush(m);
    m->is_spent = m->is_spent || m->piece.is_spent || m->half.is_spent ||
                  m->made->removed.is_spent || m->made->added.is_spent;
}

err zone_merge(struct arena *scratch, const struct rpz_view *old, pack_run list,
               enum merge_kind kind, struct merged *ret_merged)
{
    struct merged made = {0};
    struct merge m = {
        .scratch = scratch, .old = old, .kind = kind, .is_first = old == NULL, .made = &made};
    run_open(&m.list, list);
    run_begin(&m.piece, scratch);
    run_begin(&m.half, scratch);
    run_begin(&made.removed, scratch);
    run_begin(&made.added, scratch);
    merge_all(&m);
    for (size_t i = 0; m.is_spent && i < m.chunk_count; i++)
        chunk_drop(m.chunks[i]);
    if (m.is_spent)
        return no_memory;
    made.view = view_make(0, m.chunks, m.chunk_count);
    if (made.view == NULL)
        return no_memory;
    *ret_merged = made;
    return OK;
}
