/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/wire.h"
#include "gate/dns/zone_parts.h"

#include <assert.h>
#include <stdlib.h>

/* One step under way: the old view's chunks and the changes flow together into runs of packs;
 * a run that is long enough becomes new chunks, a chunk nobody touches is shared. */
struct merge {
    struct arena *scratch;
    const struct rpz_view *old;
    struct pack_list changes; /* sorted, one a name */
    size_t next;              /* change not yet merged */
    struct pack_list run;     /* merged, not yet in a chunk */
    size_t run_bytes;
    struct rpz_chunk **chunks;
    size_t chunk_count;
    size_t chunk_room;
    struct pack_list removed;
    struct pack_list added;
    bool is_spent; /* out of memory: nothing of this step may be used */
};

static const err no_memory = {.code = ERR_LIMIT, .why = "dns: no memory for a step of the zone"};

void rpz_zone_init(struct rpz_zone *z, const struct rpz_limits *limits)
{
    assert(limits->zone_name_bytes > 0 && limits->zone_name_bytes <= DNS_NAME_MAX);
    *z = (struct rpz_zone){.limits = *limits};
    /* A step that names every entry twice over: packs, four lists of pointers, growth. */
    arena_init(&z->scratch, (1 << 22) + limits->entries * 2 * (RPZ_PACK_MAX + 8 * sizeof(void *)));
}

void rpz_zone_done(struct rpz_zone *z)
{
    rpz_view_drop(z->now);
    rpz_diff_drop(z->oldest);
    rpz_diff_drop(z->condensed);
    arena_done(&z->scratch);
    *z = (struct rpz_zone){0};
}

/* --- the changes, packed and sorted --- */

static int by_key(const void *a, const void *b)
{
    const uint8_t *x = *(const uint8_t *const *)a;
    const uint8_t *y = *(const uint8_t *const *)b;
    int order = pack_compare(x, y);
    if (order != 0)
        return order;
    return x < y ? -1 : x > y; /* packed in order of arrival: keeps it */
}

static bool is_sorted(struct pack_list list)
{
    for (size_t i = 1; i < list.count; i++)
        if (pack_compare(list.at[i - 1], list.at[i]) > 0)
            return false;
    return true;
}

/* Of several packs with one key the last stays. */
static void keep_last(struct pack_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool is_last = i + 1 == list->count || pack_compare(list->at[i], list->at[i + 1]) != 0;
        if (is_last)
            list->at[kept++] = list->at[i];
    }
    list->count = kept;
}

static err pack_changes(struct rpz_zone *z, const struct rpz_entry *entries, size_t count,
                        struct pack_list *ret_list, size_t *ret_unfit)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += RPZ_PACK_HEAD + 1 + entries[i].owner.size;
    uint8_t *at = arena_make(&z->scratch, bytes);
    struct pack_list list = {.at = arena_make_array(&z->scratch, count, sizeof(uint8_t *))};
    if (at == NULL || list.at == NULL)
        return no_memory;

    size_t unfit = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t pack[RPZ_PACK_MAX];
        if (failed(pack_from_entry(&entries[i], z->limits.zone_name_bytes, pack))) {
            unfit++;
            continue;
        }
        memcpy(at, pack, pack_bytes(pack));
        list.at[list.count++] = at;
        at += pack_bytes(pack);
    }
    if (!is_sorted(list)) /* a store that keeps our order spares us this */
        qsort(list.at, list.count, sizeof list.at[0], by_key);
    keep_last(&list);
    *ret_list = list;
    *ret_unfit = unfit;
    return OK;
}

/* --- runs to chunks --- */

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

/* Even pieces: a full chunk that takes one more becomes two halves, so that the next names find
 * room and no sliver is left that would have to take in its neighbour. */
static void run_flush(struct merge *m)
{
    size_t pieces = (m->run_bytes + CHUNK_BYTES - 1) / CHUNK_BYTES;
    size_t share = pieces == 0 ? 0 : m->run_bytes / pieces + 1;
    struct pack_list piece = {.at = m->run.at};
    size_t piece_bytes = 0;
    for (size_t i = 0; i < m->run.count && !m->is_spent; i++) {
        piece.count++;
        piece_bytes += pack_bytes(m->run.at[i]);
        if (piece_bytes < share && i + 1 < m->run.count)
            continue;
        chunk_put(m, chunk_make(piece));
        piece = (struct pack_list){.at = m->run.at + i + 1};
        piece_bytes = 0;
    }
    m->run.count = 0;
    m->run_bytes = 0;
}

static void run_put(struct merge *m, const uint8_t *pack)
{
    m->run.at[m->run.count++] = pack;
    m->run_bytes += pack_bytes(pack);
}

/* --- the merge --- */

/* `was` is the listed pack of the same name, or NULL. */
static void change_apply(struct merge *m, const uint8_t *was, const uint8_t *change)
{
    enum rpz_policy before = was == NULL ? RPZ_NONE : pack_policy(was);
    enum rpz_policy after = pack_policy(change);
    if (before != after && before != RPZ_NONE)
        m->removed.at[m->removed.count++] = was;
    if (before != after && after != RPZ_NONE)
        m->added.at[m->added.count++] = change;
    if (after != RPZ_NONE)
        run_put(m, before == after ? was : change);
}

static bool change_is_before(const struct merge *m, const uint8_t *limit)
{
    return m->next < m->changes.count &&
           (limit == NULL || pack_compare(m->changes.at[m->next], limit) < 0);
}

/* Which comes first: the chunk's pack at `i`, the next change, or (0) one changes the other. */
static int which_first(const struct merge *m, const struct rpz_chunk *c, size_t i,
                       const uint8_t *limit)
{
    if (i == c->count)
        return 1;
    if (!change_is_before(m, limit))
        return -1;
    return pack_compare(c->packs + c->offsets[i], m->changes.at[m->next]);
}

/* The chunk together with every change before `limit` (NULL for no limit). */
static void chunk_merge(struct merge *m, const struct rpz_chunk *c, const uint8_t *limit)
{
    size_t i = 0;
    while (i < c->count || change_is_before(m, limit)) {
        int order = which_first(m, c, i, limit);
        const uint8_t *was = order > 0 ? NULL : c->packs + c->offsets[i++];
        if (order < 0)
            run_put(m, was);
        else
            change_apply(m, was, m->changes.at[m->next++]);
    }
    if (m->run_bytes >= CHUNK_MIN_BYTES)
        run_flush(m);
}

static void merge_all(struct merge *m)
{
    static const struct rpz_chunk none = {.packs = (const uint8_t *)""};
    size_t count = m->old == NULL ? 0 : m->old->chunk_count;
    if (count == 0)
        chunk_merge(m, &none, NULL);
    for (size_t i = 0; i < count && !m->is_spent; i++) {
        struct rpz_chunk *c = m->old->chunks[i];
        const uint8_t *limit = i + 1 < count ? m->old->chunks[i + 1]->packs : NULL;
        if (change_is_before(m, limit) || m->run.count > 0) {
            chunk_merge(m, c, limit);
            continue;
        }
        c->refs++;
        chunk_put(m, c);
    }
    if (!m->is_spent)
        run_flush(m);
}

/* Rooms for the worst case: a run holds every change, one sliver and one chunk. */
static err merge_make(struct rpz_zone *z, struct pack_list changes, struct merge *ret_merge)
{
    enum { PACKS_IN_CHUNK = CHUNK_BYTES / (RPZ_PACK_HEAD + 2) + 2 };
    struct merge m = {.scratch = &z->scratch, .old = z->now, .changes = changes};
    m.run.at = arena_make_array(m.scratch, changes.count + 2 * PACKS_IN_CHUNK, sizeof(uint8_t *));
    m.removed.at = arena_make_array(m.scratch, changes.count, sizeof(uint8_t *));
    m.added.at = arena_make_array(m.scratch, changes.count, sizeof(uint8_t *));
    if (m.run.at == NULL || m.removed.at == NULL || m.added.at == NULL)
        return no_memory;
    *ret_merge = m;
    return OK;
}

static err merge_seal(struct rpz_zone *z, struct merge *m, uint32_t serial,
                      struct rpz_view **ret_view)
{
    merge_all(m);
    size_t entries = 0;
    for (size_t i = 0; i < m->chunk_count; i++)
        entries += m->chunks[i]->count;
    bool is_over = entries > z->limits.entries;
    for (size_t i = 0; (m->is_spent || is_over) && i < m->chunk_count; i++)
        chunk_drop(m->chunks[i]);
    if (m->is_spent)
        return no_memory;
    if (is_over)
        return fail(ERR_LIMIT, "dns: more names than the zone may hold", (uint32_t)entries);

    struct rpz_view *view = view_make(serial, m->chunks, m->chunk_count);
    if (view == NULL)
        return no_memory;
    *ret_view = view;
    return OK;
}

/* --- the history --- */

static void history_trim(struct rpz_zone *z)
{
    while (z->oldest != NULL &&
           (z->diff_count > z->limits.history_count || z->diff_bytes > z->limits.history_bytes ||
            serial_is_after(z->oldest->from, z->newest->to))) { /* half the circle away */
        struct rpz_diff *gone = z->oldest;
        z->diff_count--;
        z->diff_bytes -= diff_bytes(gone);
        z->oldest = gone->newer;
        if (z->oldest == NULL)
            z->newest = NULL;
        else
            rpz_diff_keep(z->oldest);
        rpz_diff_drop(gone);
    }
}

static void history_put(struct rpz_zone *z, struct rpz_diff *d)
{
    assert(z->newest == NULL || z->newest->to == d->from);
    rpz_diff_drop(z->condensed);
    z->condensed = NULL;
    d->older = z->newest;
    if (z->newest == NULL)
        z->oldest = d;
    else
        z->newest->newer = d;
    z->newest = d;
    z->diff_count++;
    z->diff_bytes += diff_bytes(d);
    history_trim(z);
}

struct rpz_diff *rpz_zone_find_diff(const struct rpz_zone *z, uint32_t serial)
{
    enum { SMALL_BYTES = 64 * 1024 }; /* no zone is so small that a transfer of it is kinder */
    size_t longest = z->now->bytes < SMALL_BYTES ? SMALL_BYTES : z->now->bytes;
    size_t bytes = 0;
    for (struct rpz_diff *d = z->newest; d != NULL; d = d == z->oldest ? NULL : d->older) {
        bytes += d->removed.size + d->added.size;
        if (bytes > longest)
            return NULL;
        if (d->from == serial)
            return d;
    }
    return NULL;
}

struct rpz_diff *rpz_zone_condense(struct rpz_zone *z, struct rpz_diff *first)
{
    if (first->newer == NULL)
        return first;
    if (z->condensed != NULL && z->condensed->from == first->from)
        return z->condensed;
    struct rpz_diff *d = diff_condense(&z->scratch, first);
    arena_reset(&z->scratch);
    if (d == NULL)
        return first;
    rpz_diff_drop(z->condensed);
    z->condensed = d;
    return d;
}

/* --- load and step --- */

static err step(struct rpz_zone *z, uint32_t serial, struct pack_list changes,
                struct rpz_step *step_made)
{
    struct merge m;
    TRY(merge_make(z, changes, &m));
    struct rpz_view *view = NULL;
    TRY(merge_seal(z, &m, serial, &view));
    if (z->now != NULL) {
        struct rpz_diff *d = diff_make(z->now->serial, serial, m.removed, m.added);
        if (d == NULL) {
            rpz_view_drop(view);
            return no_memory;
        }
        history_put(z, d);
    }
    rpz_view_drop(z->now);
    z->now = view;
    step_made->removed = m.removed.count;
    step_made->added = m.added.count;
    return OK;
}

/* Adds a lift for everything that is listed now and not in the list. */
static err lift_the_rest(struct rpz_zone *z, struct pack_list *list)
{
    struct pack_list all = {
        .at = arena_make_array(&z->scratch, list->count + z->now->entries, sizeof list->at[0])};
    uint8_t *lift = arena_make(&z->scratch, z->now->bytes);
    if (all.at == NULL || lift == NULL)
        return no_memory;
    size_t next = 0;
    for (size_t i = 0; i < z->now->chunk_count; i++) {
        pack_run run = rpz_view_chunk(z->now, i);
        memcpy(lift, run.at, run.size);
        for (uint8_t *end = lift + run.size; lift < end; lift += pack_bytes(lift)) {
            while (next < list->count && pack_compare(list->at[next], lift) < 0)
                all.at[all.count++] = list->at[next++];
            if (next < list->count && pack_compare(list->at[next], lift) == 0)
                continue;
            lift[0] = RPZ_NONE;
            all.at[all.count++] = lift;
        }
    }
    while (next < list->count)
        all.at[all.count++] = list->at[next++];
    *list = all;
    return OK;
}

enum advance_kind { ADVANCE_CHANGES, ADVANCE_WHOLE };

static err advance(struct rpz_zone *z, struct rpz_start input, enum advance_kind kind,
                   struct rpz_step *ret_step)
{
    assert(z->now != NULL);
    if (!serial_is_after(input.serial, z->now->serial))
        return fail(ERR_CONFLICT, "dns: a serial may only go forward", z->now->serial);
    struct pack_list packed = {0};
    struct rpz_step made = {0};
    err e = pack_changes(z, input.entries, input.entry_count, &packed, &made.unfit);
    if (!failed(e) && kind == ADVANCE_WHOLE)
        e = lift_the_rest(z, &packed);
    if (!failed(e))
        e = step(z, input.serial, packed, &made);
    arena_reset(&z->scratch);
    if (!failed(e))
        *ret_step = made;
    return e;
}

err rpz_zone_step(struct rpz_zone *z, uint32_t serial, const struct rpz_entry *changes,
                  size_t count, struct rpz_step *ret_step)
{
    return advance(z, (struct rpz_start){serial, changes, count}, ADVANCE_CHANGES, ret_step);
}

err rpz_zone_replace(struct rpz_zone *z, uint32_t serial, const struct rpz_entry *entries,
                     size_t count, struct rpz_step *ret_step)
{
    return advance(z, (struct rpz_start){serial, entries, count}, ADVANCE_WHOLE, ret_step);
}

/* The past speaks of listed names only. */
static void drop_none(struct pack_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (pack_policy(list->at[i]) != RPZ_NONE)
            list->at[kept++] = list->at[i];
    list->count = kept;
}

static err past_put(struct rpz_zone *z, const struct rpz_past *past)
{
    struct pack_list removed = {0};
    struct pack_list added = {0};
    size_t unfit = 0;
    TRY(pack_changes(z, past->removed, past->removed_count, &removed, &unfit));
    TRY(pack_changes(z, past->added, past->added_count, &added, &unfit));
    drop_none(&removed);
    drop_none(&added);
    struct rpz_diff *d = diff_make(past->from, past->to, removed, added);
    if (d == NULL)
        return no_memory;
    history_put(z, d);
    return OK;
}

/* The newest unbroken part of the past that ends at the serial. */
static size_t past_begin(const struct rpz_start *start)
{
    uint32_t want = start->serial;
    size_t i = start->past_count;
    while (i > 0 && start->past[i - 1].to == want &&
           serial_is_after(want, start->past[i - 1].from)) {
        want = start->past[i - 1].from;
        i--;
    }
    return i;
}

err rpz_zone_load(struct rpz_zone *z, const struct rpz_start *start, struct rpz_step *ret_step)
{
    assert(z->now == NULL && z->oldest == NULL);
    struct pack_list packed = {0};
    struct rpz_step made = {0};
    err e = pack_changes(z, start->entries, start->entry_count, &packed, &made.unfit);
    if (!failed(e))
        e = step(z, start->serial, packed, &made);
    arena_reset(&z->scratch);
    for (size_t i = past_begin(start); !failed(e) && i < start->past_count; i++) {
        e = past_put(z, &start->past[i]);
        arena_reset(&z->scratch);
    }
    if (!failed(e))
        *ret_step = made;
    return e;
}
