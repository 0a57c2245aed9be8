/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/wire.h"
#include "gate/dns/zone_parts.h"

#include <assert.h>

static const err no_memory = {.code = ERR_LIMIT, .why = "dns: no memory for a step of the zone"};

void rpz_zone_init(struct rpz_zone *z, const struct rpz_limits *limits)
{
    assert(limits->zone_name_bytes > 0 && limits->zone_name_bytes <= DNS_NAME_MAX);
    *z = (struct rpz_zone){.limits = *limits};
    /* A condensing that names every entry twice over; runs and their growth are less. */
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

static err step(struct rpz_zone *z, uint32_t serial, pack_run list, enum merge_kind kind,
                struct rpz_step *step_made)
{
    struct merged m;
    TRY(zone_merge(&z->scratch, z->now, list, kind, &m));
    m.view->serial = serial;
    err e = m.view->entries > z->limits.entries
                ? fail(ERR_LIMIT, "dns: more names than the zone may hold", 0)
                : OK;
    if (!failed(e) && z->now != NULL) {
        struct rpz_diff *d =
            diff_make(z->now->serial, serial, run_of(&m.removed), run_of(&m.added));
        if (d == NULL)
            e = no_memory;
        else
            history_put(z, d);
    }
    if (failed(e)) {
        rpz_view_drop(m.view);
        return e;
    }
    step_made->removed = m.removed.count;
    step_made->added = z->now == NULL ? m.view->entries : m.added.count;
    rpz_view_drop(z->now);
    z->now = m.view;
    return OK;
}

err rpz_zone_take(struct rpz_zone *z, uint32_t serial, const struct rpz_list *list,
                  enum rpz_take take, struct rpz_step *ret_step)
{
    assert(z->now != NULL && list->zone_name_bytes == z->limits.zone_name_bytes);
    if (!serial_is_after(serial, z->now->serial))
        return fail(ERR_CONFLICT, "dns: a serial may only go forward", z->now->serial);
    struct rpz_step made = {.unfit = list->unfit};
    err e = step(z, serial, run_of(&list->run),
                 take == RPZ_TAKE_WHOLE ? MERGE_WHOLE : MERGE_CHANGES, &made);
    arena_reset(&z->scratch);
    if (!failed(e))
        *ret_step = made;
    return e;
}

/* As rpz_zone_take, from an array. */
static err take_entries(struct rpz_zone *z, struct rpz_start input, enum rpz_take take,
                        struct rpz_step *ret_step)
{
    struct rpz_list list;
    rpz_list_init(&list, z->limits.zone_name_bytes);
    err e = rpz_list_fill(&list, RPZ_LIST_CHANGES, input.entries, input.entry_count);
    if (!failed(e))
        e = rpz_zone_take(z, input.serial, &list, take, ret_step);
    rpz_list_done(&list);
    return e;
}

err rpz_zone_step(struct rpz_zone *z, uint32_t serial, const struct rpz_entry *changes,
                  size_t count, struct rpz_step *ret_step)
{
    return take_entries(z, (struct rpz_start){serial, changes, count}, RPZ_TAKE_CHANGES, ret_step);
}

err rpz_zone_replace(struct rpz_zone *z, uint32_t serial, const struct rpz_entry *entries,
                     size_t count, struct rpz_step *ret_step)
{
    return take_entries(z, (struct rpz_start){serial, entries, count}, RPZ_TAKE_WHOLE, ret_step);
}

/* The past speaks of listed names only. */
static err past_put(struct rpz_zone *z, const struct rpz_past *past)
{
    struct rpz_list removed;
    struct rpz_list added;
    rpz_list_init(&removed, z->limits.zone_name_bytes);
    rpz_list_init(&added, z->limits.zone_name_bytes);
    err e = rpz_list_fill(&removed, RPZ_LIST_LISTED, past->removed, past->removed_count);
    if (!failed(e))
        e = rpz_list_fill(&added, RPZ_LIST_LISTED, past->added, past->added_count);
    struct rpz_diff *d = NULL;
    if (!failed(e))
        d = diff_make(past->from, past->to, run_of(&removed.run), run_of(&added.run));
    if (!failed(e) && d == NULL)
        e = no_memory;
    if (!failed(e))
        history_put(z, d);
    rpz_list_done(&removed);
    rpz_list_done(&added);
    return e;
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

static err load_list(struct rpz_zone *z, uint32_t serial, const struct rpz_list *list,
                     struct rpz_step *made)
{
    assert(list->zone_name_bytes == z->limits.zone_name_bytes);
    made->unfit = list->unfit;
    err e = step(z, serial, run_of(&list->run), MERGE_CHANGES, made);
    arena_reset(&z->scratch);
    return e;
}

static err load_entries(struct rpz_zone *z, const struct rpz_start *start, struct rpz_step *made)
{
    struct rpz_list list;
    rpz_list_init(&list, z->limits.zone_name_bytes);
    err e = rpz_list_fill(&list, RPZ_LIST_CHANGES, start->entries, start->entry_count);
    if (!failed(e))
        e = load_list(z, start->serial, &list, made);
    rpz_list_done(&list);
    return e;
}

err rpz_zone_load(struct rpz_zone *z, const struct rpz_start *start, struct rpz_step *ret_step)
{
    assert(z->now == NULL && z->oldest == NULL);
    struct rpz_step made = {0};
    err e = start->list != NULL ? load_list(z, start->serial, start->list, &made)
                                : load_entries(z, start, &made);
    for (size_t i = past_begin(start); !failed(e) && i < start->past_count; i++)
        e = past_put(z, &start->past[i]);
    if (!failed(e))
        *ret_step = made;
    return e;
}
