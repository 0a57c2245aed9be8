/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/zone_parts.h"

#include <assert.h>
#include <stdlib.h>

/* What one diff did with one name. */
struct deed {
    const uint8_t *pack;
    uint32_t order; /* even: removed, odd: added */
};

static pack_run run_copy(uint8_t *at, struct pack_list list)
{
    pack_run run = {.at = at};
    for (size_t i = 0; i < list.count; i++) {
        memcpy(at + run.size, list.at[i], pack_bytes(list.at[i]));
        run.size += pack_bytes(list.at[i]);
    }
    return run;
}

struct rpz_diff *diff_make(uint32_t from, uint32_t to, struct pack_list removed,
                           struct pack_list added)
{
    struct arena arena;
    struct rpz_diff *d =
        part_make(sizeof *d + pack_list_bytes(removed) + pack_list_bytes(added), &arena);
    if (d == NULL)
        return NULL;
    *d = (struct rpz_diff){.arena = arena, .refs = 1, .from = from, .to = to};
    d->removed = run_copy(d->bytes, removed);
    d->added = run_copy(d->bytes + d->removed.size, added);
    return d;
}

size_t diff_bytes(const struct rpz_diff *d)
{
    return sizeof *d + d->removed.size + d->added.size;
}

void rpz_diff_keep(struct rpz_diff *d)
{
    assert(d->refs > 0 && d->refs < UINT32_MAX);
    d->refs++;
}

/* A loop, not a recursion: a day's history may hang on one transfer. */
void rpz_diff_drop(struct rpz_diff *d)
{
    while (d != NULL) {
        assert(d->refs > 0);
        if (--d->refs > 0)
            return;
        struct rpz_diff *newer = d->newer;
        if (newer != NULL)
            newer->older = NULL;
        struct arena arena = d->arena;
        arena_done(&arena);
        d = newer;
    }
}

uint32_t rpz_diff_from(const struct rpz_diff *d)
{
    return d->from;
}

uint32_t rpz_diff_to(const struct rpz_diff *d)
{
    return d->to;
}

pack_run rpz_diff_removed(const struct rpz_diff *d)
{
    return d->removed;
}

pack_run rpz_diff_added(const struct rpz_diff *d)
{
    return d->added;
}

const struct rpz_diff *rpz_diff_next(const struct rpz_diff *d)
{
    return d->newer;
}

/* --- several in one --- */

static size_t run_count(pack_run run)
{
    size_t count = 0;
    for (size_t at = 0; at < run.size; at += pack_bytes(run.at + at))
        count++;
    return count;
}

static size_t deeds_put(struct deed *deeds, pack_run run, uint32_t order)
{
    size_t count = 0;
    for (size_t at = 0; at < run.size; at += pack_bytes(run.at + at))
        deeds[count++] = (struct deed){run.at + at, order};
    return count;
}

static int by_name_then_order(const void *a, const void *b)
{
    const struct deed *x = a;
    const struct deed *y = b;
    int order = pack_compare(x->pack, y->pack);
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

/* All deeds on one name: how it stood before the first, and how it stands after the last. */
static void name_settle(const struct deed *first, const struct deed *last,
                        struct pack_list *removed, struct pack_list *added)
{
    bool was_listed = first->order % 2 == 0;
    bool is_listed = last->order % 2 == 1;
    if (was_listed && is_listed && pack_policy(first->pack) == pack_policy(last->pack))
        return;
    if (was_listed)
        removed->at[removed->count++] = first->pack;
    if (is_listed)
        added->at[added->count++] = last->pack;
}

struct rpz_diff *diff_condense(struct arena *scratch, const struct rpz_diff *first)
{
    assert(first != NULL);
    size_t room = 0;
    for (const struct rpz_diff *d = first; d != NULL; d = d->newer)
        room += run_count(d->removed) + run_count(d->added);
    struct deed *deeds = arena_make_array(scratch, room, sizeof *deeds);
    struct pack_list removed = {.at = arena_make_array(scratch, room, sizeof(uint8_t *))};
    struct pack_list added = {.at = arena_make_array(scratch, room, sizeof(uint8_t *))};
    if (deeds == NULL || removed.at == NULL || added.at == NULL)
        return NULL;

    uint32_t to = first->to;
    uint32_t order = 0;
    size_t count = 0;
    for (const struct rpz_diff *d = first; d != NULL; d = d->newer) {
        count += deeds_put(deeds + count, d->removed, order++);
        count += deeds_put(deeds + count, d->added, order++);
        to = d->to;
    }
    assert(count == room);
    qsort(deeds, count, sizeof *deeds, by_name_then_order);
    for (size_t i = 0, begin = 0; i < count; i++) {
        if (i + 1 < count && pack_compare(deeds[i].pack, deeds[i + 1].pack) == 0)
            continue;
        name_settle(&deeds[begin], &deeds[i], &removed, &added);
        begin = i + 1;
    }
    return diff_make(first->from, to, removed, added);
}
