/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/lots.h"

#include <assert.h>
#include <string.h>

/* So many more places at the end. Places that were emptied at the head are used again first. */
static err room_make(struct lots *l, struct case_pool *p, uint32_t more)
{
    if (l->room - l->end >= more)
        return OK;
    uint32_t count = lots_count(l);
    if (l->head > l->room / 2 && l->room - count >= more) {
        memmove(l->at, l->at + l->head, count * sizeof *l->at);
        l->head = 0;
        l->end = count;
        return OK;
    }
    uint32_t room = case_pool_more(l->room);
    while (room - l->end < more)
        room = case_pool_more(room);
    struct lot *at =
        case_pool_move(p, l->at, l->room * sizeof *l->at, (size_t)room * sizeof *l->at);
    if (at == NULL)
        return fail(ERR_LIMIT, "trail.case_too_large", 0);
    l->at = at;
    l->room = room;
    return OK;
}

/* What of `minor` is kept; and counts it. */
static int64_t count_in(struct lots *l, uint32_t owner, int64_t minor)
{
    assert(minor >= 0);
    if (owner != LOT_HONEST) {
        l->stolen_minor += minor;
        return minor;
    }
    int64_t space = LOTS_HONEST_MOST - l->honest_minor;
    int64_t kept = minor < space ? minor : space;
    l->honest_minor += kept;
    return kept;
}

err lots_put_newest(struct lots *l, struct case_pool *p, uint32_t owner, int64_t minor)
{
    TRY(room_make(l, p, 1));
    minor = count_in(l, owner, minor);
    if (minor == 0)
        return OK;
    if (l->end > l->head && l->at[l->end - 1].owner == owner)
        l->at[l->end - 1].minor += minor;
    else
        l->at[l->end++] = (struct lot){.minor = minor, .owner = owner};
    return OK;
}

/* There is room. From `place` on owners stand behind this one; it gives back where this one is. */
static uint32_t put_before(struct lots *l, uint32_t place, uint32_t owner, int64_t minor)
{
    minor = count_in(l, owner, minor);
    while (place > l->head && l->at[place - 1].owner >= owner)
        place--;
    if (minor == 0)
        return place;
    if (place < l->end && l->at[place].owner == owner) {
        l->at[place].minor += minor;
        return place;
    }
    memmove(l->at + place + 1, l->at + place, (l->end - place) * sizeof *l->at);
    l->at[place] = (struct lot){.minor = minor, .owner = owner};
    l->end++;
    return place;
}

err lots_put_owned(struct lots *l, struct case_pool *p, uint32_t owner, int64_t minor)
{
    TRY(room_make(l, p, 1));
    (void)put_before(l, l->end, owner, minor);
    return OK;
}

/* From the last to the first, so that what stands is gone through once. */
err lots_put_all_owned(struct lots *l, struct case_pool *p, const struct lot *parts, uint32_t count)
{
    TRY(room_make(l, p, count));
    uint32_t place = l->end;
    for (uint32_t i = count; i-- > 0;) {
        assert(i == 0 || parts[i - 1].owner < parts[i].owner);
        place = put_before(l, place, parts[i].owner, parts[i].minor);
    }
    return OK;
}

void lots_close(struct lots *l)
{
    uint32_t kept = l->head;
    for (uint32_t i = l->head; i < l->end; i++) {
        if (l->at[i].minor == 0)
            continue;
        if (kept > l->head && l->at[kept - 1].owner == l->at[i].owner)
            l->at[kept - 1].minor += l->at[i].minor;
        else
            l->at[kept++] = l->at[i];
    }
    l->end = kept;
}

int64_t lots_take_honest(struct lots *l, int64_t minor, bool newest_first)
{
    assert(minor >= 0);
    int64_t left = minor < l->honest_minor ? minor : l->honest_minor;
    int64_t taken = left;
    l->honest_minor -= taken;
    for (uint32_t i = 0; left > 0; i++) {
        struct lot *lot = newest_first ? &l->at[l->end - 1 - i] : &l->at[l->head + i];
        if (lot->owner != LOT_HONEST)
            continue;
        int64_t part = lot->minor < left ? lot->minor : left;
        lot->minor -= part;
        left -= part;
    }
    lots_close(l);
    return taken;
}

void lots_drop(struct lots *l, struct case_pool *p)
{
    case_pool_drop(p, l->at, l->room * sizeof *l->at);
    *l = (struct lots){0};
}

err lots_copy(struct lots *to, const struct lots *from, struct case_pool *p)
{
    uint32_t count = lots_count(from);
    if (to->room < count) {
        lots_drop(to, p);
        to->at = case_pool_take(p, (size_t)count * sizeof *to->at);
        if (to->at == NULL)
            return fail(ERR_LIMIT, "trail.case_too_large", 0);
        to->room = count;
    }
    if (count > 0)
        memcpy(to->at, from->at + from->head, count * sizeof *to->at);
    to->head = 0;
    to->end = count;
    to->stolen_minor = from->stolen_minor;
    to->honest_minor = from->honest_minor;
    return OK;
}

bool lots_equal(const struct lots *a, const struct lots *b)
{
    if (a->stolen_minor != b->stolen_minor || a->honest_minor != b->honest_minor ||
        lots_count(a) != lots_count(b))
        return false;
    return lots_count(a) == 0 ||
           memcmp(a->at + a->head, b->at + b->head, lots_count(a) * sizeof *a->at) == 0;
}

void takings_add(struct takings *t, uint32_t owner, int64_t minor)
{
    assert(minor >= 0);
    if (minor == 0)
        return;
    if (owner == LOT_HONEST) {
        t->honest_minor += minor;
        return;
    }
    t->stolen_minor += minor;
    uint32_t place = t->count;
    while (place > 0 && t->at[place - 1].owner >= owner)
        place--;
    if (place < t->count && t->at[place].owner == owner) {
        t->at[place].minor += minor;
        return;
    }
    memmove(t->at + place + 1, t->at + place, (t->count - place) * sizeof *t->at);
    t->at[place] = (struct lot){.minor = minor, .owner = owner};
    t->count++;
}

void takings_clear(struct takings *t)
{
    t->count = 0;
    t->stolen_minor = 0;
    t->honest_minor = 0;
}
