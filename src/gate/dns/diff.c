/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/zone_parts.h"

#include <assert.h>

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
