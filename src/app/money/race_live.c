/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/race_live.h"

#include <assert.h>
#include <stdlib.h>

enum { ROOM_AT_FIRST = 1 << 10, LIST_BYTES = 4 << 20 };
#define RACE_BYTES ((size_t)64 << 20)

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

void race_live_init(struct race_live *l, struct trail_standing *standing)
{
    *l = (struct race_live){.standing = standing};
    arena_init(&l->arena, RACE_BYTES);
    arena_init(&l->list, LIST_BYTES);
}

void race_live_forget(struct race_live *l)
{
    arena_reset(&l->arena);
    arena_reset(&l->list);
    l->race = NULL;
    l->ordered = NULL;
    l->ordered_count = 0;
}

void race_live_done(struct race_live *l)
{
    arena_done(&l->arena);
    arena_done(&l->list);
    *l = (struct race_live){0};
}

err race_live_accounts(const struct race_live *l, struct arena *a, struct race_accounts *ret)
{
    uint32_t count = l->race == NULL ? 0 : race_count(l->race);
    *ret = (struct race_accounts){.at = arena_make_array(a, count + 1, sizeof *ret->at)};
    if (ret->at == NULL)
        return spent();
    for (; ret->count < count; ret->count++)
        ret->at[ret->count] = *race_at(l->race, ret->count);
    return OK;
}

/* --- accounts to be put again --- */

struct touched {
    uint32_t *at; /* accounts */
    size_t count;
};

static int compare_accounts(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Rising, each once. */
static void sort(struct touched *t)
{
    size_t kept = 0;
    if (t->count > 1)
        qsort(t->at, t->count, sizeof *t->at, compare_accounts);
    for (size_t i = 0; i < t->count; i++)
        if (kept == 0 || t->at[kept - 1] != t->at[i])
            t->at[kept++] = t->at[i];
    t->count = kept;
}

static void touch_all(const struct race_live *l, struct touched *t)
{
    for (uint32_t i = 0; i < race_count(l->race); i++)
        t->at[t->count++] = race_at(l->race, i)->account;
    for (uint32_t i = 0; i < l->standing->node_count; i++)
        t->at[t->count++] = l->standing->nodes[i].account;
}

static void touch_changed(const struct race_live *l, struct touched *t)
{
    const struct trail_standing *standing = l->standing;
    for (uint32_t i = 0; i < standing->changed_count; i++)
        t->at[t->count++] = standing->nodes[standing->changed[i]].account;
    for (size_t i = 0; i < l->ordered_count; i++)
        t->at[t->count++] = l->ordered[i];
}

/* What orders speak of now is touched, and will be the next time. */
static err touch_ordered(struct race_live *l, const struct race_orders *orders, struct touched *t)
{
    arena_reset(&l->list);
    uint32_t *ordered = arena_make_array(&l->list, orders->count + 1, sizeof *ordered);
    if (ordered == NULL)
        return spent();
    l->ordered = ordered;
    l->ordered_count = 0;
    for (size_t i = 0; i < orders->count; i++) {
        uint32_t *at = &ordered[l->ordered_count];
        err e = runs_ask_account(l->standing->runs, orders->at[i]->target, at);
        if (failed(e) && e.code != ERR_ABSENT)
            return e;
        if (failed(e))
            continue;
        t->at[t->count++] = *at;
        l->ordered_count++;
    }
    return OK;
}

static err find_touched(struct race_live *l, const struct race_orders *orders, struct arena *a,
                        struct touched *ret)
{
    size_t room = race_count(l->race) + l->standing->node_count + l->ordered_count + orders->count;
    *ret = (struct touched){.at = arena_make_array(a, room + 1, sizeof *ret->at)};
    if (ret->at == NULL)
        return spent();
    if (l->standing->are_all_changed || l->is_cut_short)
        touch_all(l, ret);
    else
        touch_changed(l, ret);
    TRY(touch_ordered(l, orders, ret));
    sort(ret);
    return OK;
}

/* --- the race itself --- */

/* Room for twice as many as there are. */
static err make_race(struct race_live *l, const struct race_scene *s, struct hazard *hazard,
                     const struct race_accounts *were)
{
    struct race_settings settings = race_scene_settings(s);
    uint32_t most = ROOM_AT_FIRST;
    size_t wanted = 2 * (were->count + s->doc->node_count);
    while (most < wanted && most < RACE_MOST)
        most *= 2;
    arena_reset(&l->arena);
    l->race = NULL;
    TRY(race_make(&l->arena, most, &settings, hazard, &l->race));
    l->room = most;
    l->is_cut_short = true;
    for (uint32_t i = 0; i < were->count; i++)
        TRY(race_put(l->race, &were->at[i]));
    return OK;
}

/* For as many as there are, and as may come. */
static err make_room(struct race_live *l, const struct race_scene *s, struct hazard *hazard)
{
    static const struct race_accounts none;
    struct race_accounts were = s->before == NULL ? none : *s->before;
    bool has_room = l->race != NULL &&
                    (race_count(l->race) + s->doc->node_count <= l->room || l->room == RACE_MOST);
    if (has_room)
        return OK;
    if (l->race != NULL)
        TRY(race_live_accounts(l, s->arena, &were));
    return make_race(l, s, hazard, &were);
}

static const struct trail_node *node_in_race(const struct race_scene *s, uint32_t account)
{
    const struct trail_node *node = trail_doc_find(s->doc, account);
    return node == NULL || race_scene_is_victims_own(s->doc, account) ? NULL : node;
}

/* Those that are gone first, then the others, each by number: so learns who begins with all. */
static err put_touched(struct race_live *l, const struct race_scene *s,
                       const struct race_orders *orders, const struct touched *touched)
{
    for (size_t i = 0; i < touched->count; i++)
        if (node_in_race(s, touched->at[i]) == NULL)
            race_drop(l->race, touched->at[i], s->now.us / US_PER_MS);
    for (size_t i = 0; i < touched->count; i++) {
        const struct trail_node *node = node_in_race(s, touched->at[i]);
        if (node == NULL)
            continue;
        struct race_account a = race_scene_account(s, orders, node);
        a.left_ms = trail_standing_left_ms(l->standing, node);
        TRY(race_put(l->race, &a));
    }
    l->is_cut_short = false;
    trail_standing_taken(l->standing);
    return OK;
}

err race_live_rank(struct race_live *l, const struct race_scene *s, struct race_rank *rank,
                   int64_t budget, struct race_plan *ret_plan)
{
    struct race_orders orders;
    struct touched touched;
    assert(s->doc->followed == l->standing);
    TRY(race_scene_orders(s, &orders));
    TRY(make_room(l, s, rank->hazard));
    TRY(find_touched(l, &orders, s->arena, &touched));
    l->is_cut_short = true;
    env_mutex_lock(&rank->mutex);
    err e = put_touched(l, s, &orders, &touched);
    if (!failed(e))
        e = race_rank(l->race, s->now.us / US_PER_MS, budget, s->arena, ret_plan);
    env_mutex_unlock(&rank->mutex);
    return e;
}
