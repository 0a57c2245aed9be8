/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/zone_parts.h"

#include <assert.h>
#include <stdlib.h>

/* What one diff did with one name. */
struct deed {
    const uint8_t *pack;
    uint32_t order; /* even: removed, odd: added */
};

static pack_run run_copy(uint8_t *at, pack_run run)
{
    if (run.size > 0)
        memcpy(at, run.at, run.size);
    return (pack_run){.at = at, .size = run.size};
}

struct rpz_diff *diff_make(uint32_t from, uint32_t to, pack_run removed, pack_run added)
{
    struct arena arena;
    struct rpz_diff *d = part_make(sizeof *d + removed.size + added.size, &arena);
    if (d == NULL)
        return NULL;
    *d = (struct rpz_diff){.arena = arena, .refs = 1, .from = from, .to = to};
    d->removed = run_copy(d->bytes, removed);
    d->added = run_copy(d->bytes + removed.size, added);
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

/* The deeds of one diff and the bytes of their packs: how many there are, before there is room. */
struct tally {
    size_t count;
    size_t bytes;
};

static void run_tally(pack_run run, struct tally *t)
{
    struct run_reader r;
    const uint8_t *pack = NULL;
    run_open(&r, run);
    while ((pack = run_next(&r)) != NULL) {
        t->count++;
        t->bytes += pack_bytes(pack);
    }
}

/* Deeds in the making: the lists grow to where `tally` has said. */
struct deeds {
    struct deed *at;
    uint8_t *bytes;
    size_t count;
};

static void deeds_put(struct deeds *deeds, pack_run run, uint32_t order)
{
    struct run_reader r;
    const uint8_t *pack = NULL;
    run_open(&r, run);
    while ((pack = run_next(&r)) != NULL) {
        memcpy(deeds->bytes, pack, pack_bytes(pack));
        deeds->at[deeds->count++] = (struct deed){deeds->bytes, order};
        deeds->bytes += pack_bytes(pack);
    }
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
                        struct run_writer *removed, struct run_writer *added)
{
    bool was_listed = first->order % 2 == 0;
    bool is_listed = last->order % 2 == 1;
    if (was_listed && is_listed && pack_policy(first->pack) == pack_policy(last->pack))
        return;
    if (was_listed)
        run_put(removed, first->pack);
    if (is_listed)
        run_put(added, last->pack);
}

static bool deeds_gather(struct arena *scratch, const struct rpz_diff *first,
                         struct deeds *ret_deeds)
{
    struct tally tally = {0};
    uint32_t order = 0;
    for (const struct rpz_diff *d = first; d != NULL; d = d->newer) {
        run_tally(d->removed, &tally);
        run_tally(d->added, &tally);
    }
    struct deeds deeds = {.at = arena_make_array(scratch, tally.count, sizeof(struct deed)),
                          .bytes = arena_make(scratch, tally.bytes)};
    if (deeds.at == NULL || deeds.bytes == NULL)
        return false;
    for (const struct rpz_diff *d = first; d != NULL; d = d->newer) {
        deeds_put(&deeds, d->removed, order++);
        deeds_put(&deeds, d->added, order++);
    }
    assert(deeds.count == tally.count);
    *ret_deeds = deeds;
    return true;
}

struct rpz_diff *diff_condense(struct arena *scratch, const struct rpz_diff *first)
{
    assert(first != NULL);
    struct deeds deeds;
    struct run_writer removed;
    struct run_writer added;
    if (!deeds_gather(scratch, first, &deeds))
        return NULL;
    run_begin(&removed, scratch);
    run_begin(&added, scratch);
    qsort(deeds.at, deeds.count, sizeof deeds.at[0], by_name_then_order);
    for (size_t i = 0, begin = 0; i < deeds.count; i++) {
        if (i + 1 < deeds.count && pack_compare(deeds.at[i].pack, deeds.at[i + 1].pack) == 0)
            continue;
        name_settle(&deeds.at[begin], &deeds.at[i], &removed, &added);
        begin = i + 1;
    }
    uint32_t to = first->to;
    for (const struct rpz_diff *d = first; d != NULL; d = d->newer)
        to = d->to;
    if (removed.is_spent || added.is_spent)
        return NULL;
    return diff_make(first->from, to, run_of(&removed), run_of(&added));
}
