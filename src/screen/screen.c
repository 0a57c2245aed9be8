/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/part.h"

#include <assert.h>

enum { FREEZE_AT = 32 * 1024, LISTINGS_AT_ONCE = 64 };

/* --- life --- */

err screen_open(const struct key_seed *seed, struct screen **ret_screen)
{
    struct pages own = {0};
    TRY(pages_make(sizeof(struct screen), &own));
    struct screen *s = own.at;
    s->own = own;
    s->seed = *seed;
    err e = delta_open(&s->deltas[0]);
    if (failed(e)) {
        pages_drop(&own);
        return e;
    }
    s->is_delta_used[0] = true;
    s->is_view_used[0] = true;
    s->views[0] = (struct screen_view){.live = &s->deltas[0], .seed = *seed, .is_whole = true};
    view_empty(s, &s->views[0]);
    env_slot_publish_in_order(&s->view, &s->views[0]);
    *ret_screen = s;
    return OK;
}

void screen_close(struct screen *s)
{
    if (s == NULL)
        return;
    for (int i = 0; i < DELTAS; i++)
        if (s->is_delta_used[i])
            delta_close(&s->deltas[i]);
    for (int i = 0; i < HOMES; i++)
        if (s->homes[i].users > 0)
            pages_drop(&s->homes[i].pages);
    load_done(&s->load);
    struct pages own = s->own; /* it lies in it */
    pages_drop(&own);
}

/* --- sealing --- */

/* One shard made anew from the pile of a load, and seen. `old`: whether what it held stays. */
static err seal_one(struct screen *s, struct load *load, struct shard_head which, bool keeps_old)
{
    struct pages image = {0};
    struct shard shard;
    uint16_t home = 0;
    const struct shard *old = &view_now(s)->shards[which.class][which.index];
    struct load_order order = {
        .class = which.class, .index = which.index, .old = keeps_old ? old : NULL};
    TRY(load_seal(load, &order, &image, &shard));
    err e = home_take(s, &image, 1, &home);
    if (failed(e)) {
        pages_drop(&image);
        return e;
    }
    struct screen_view *v = view_begin(s);
    view_put_shard(s, v, &shard, home);
    view_sum_depths(v);
    view_publish(s, v);
    return OK;
}

/* Shards of all classes in a row: the n-th that a load has something for, from *next on. */
static bool find_pile(const struct load *load, uint32_t *next, struct shard_head *ret_which)
{
    for (; *next < SHARD_CLASS_COUNT * SHARDS_MOST; (*next)++) {
        uint32_t class = *next / SHARDS_MOST;
        uint32_t index = *next % SHARDS_MOST;
        if (load->piles[class][index].count == 0)
            continue;
        *ret_which = (struct shard_head){.class = class, .index = index};
        (*next)++;
        return true;
    }
    return false;
}

static err seal_all(struct screen *s, struct load *load, bool keeps_old)
{
    struct shard_head which;
    uint32_t next = 0;
    while (find_pile(load, &next, &which))
        TRY(seal_one(s, load, which, keeps_old));
    return OK;
}

static err load_delta(struct load *load, const struct delta *d)
{
    uint32_t at = 0;
    for (const struct delta_item *item = delta_next(d, &at); item != NULL;
         item = delta_next(d, &at)) {
        struct place p = delta_place(item);
        TRY(load_put_at(load, &p, 0, NULL, LOAD_CLEAR));
        for (uint32_t i = 0; i < item->count; i++)
            TRY(load_put_at(load, &p, item->listings[i].row, &item->listings[i].term, LOAD_ADD));
    }
    return OK;
}

/* The delta stands still from here on, and goes into the shards; a new one takes what comes. */
static err freeze(struct screen *s)
{
    const struct delta *fresh = NULL;
    const struct delta *full = view_now(s)->live;
    assert(view_now(s)->frozen == NULL);
    load_init(&s->load, &s->seed);
    err e = load_delta(&s->load, full);
    if (!failed(e))
        e = view_new_delta(s, &fresh);
    if (failed(e)) {
        load_done(&s->load);
        s->load = (struct load){0};
        return e;
    }
    struct screen_view *v = view_begin(s);
    v->frozen = full;
    v->live = fresh;
    view_publish(s, v);
    s->next_shard = 0;
    s->frozen_mark = env_word_read(&s->mark);
    return OK;
}

static void thaw(struct screen *s)
{
    struct screen_view *v = view_begin(s);
    view_retire_delta(s, v->frozen);
    v->frozen = NULL;
    v->sealed_mark = s->frozen_mark;
    view_publish(s, v);
    load_done(&s->load);
    s->load = (struct load){0};
}

err screen_step(struct screen *s, bool *ret_more)
{
    struct shard_head which;
    const struct screen_view *v = view_now(s);
    *ret_more = false;
    view_reuse(s);
    if (v->frozen == NULL) {
        bool is_time = v->live->made >= FREEZE_AT || (s->is_settling && v->live->made > 0);
        s->is_settling = false;
        if (!is_time)
            return OK;
        *ret_more = true;
        return freeze(s);
    }
    if (find_pile(&s->load, &s->next_shard, &which)) {
        *ret_more = true;
        return seal_one(s, &s->load, which, true);
    }
    thaw(s);
    *ret_more = s->is_settling;
    return OK;
}

static err finish_steps(struct screen *s)
{
    bool has_more = true;
    while (has_more && view_now(s)->frozen != NULL)
        TRY(screen_step(s, &has_more));
    return OK;
}

void screen_hurry(struct screen *s)
{
    s->is_settling = true;
}

err screen_settle(struct screen *s)
{
    bool has_more = true;
    screen_hurry(s);
    while (has_more)
        TRY(screen_step(s, &has_more));
    return OK;
}

/* All that is there is in the shards. */
static err end_load(struct screen *s, uint64_t mark)
{
    const struct delta *fresh = NULL;
    TRY(view_new_delta(s, &fresh));
    struct screen_view *v = view_begin(s);
    view_retire_delta(s, v->live);
    v->live = fresh;
    v->sealed_mark = mark;
    v->is_whole = true;
    view_publish(s, v);
    env_word_put(&s->mark, mark);
    return OK;
}

struct screen_intake {
    struct load load;
};

err screen_put(struct screen_intake *intake, const struct screen_entry *entry)
{
    return load_put(&intake->load, entry, LOAD_ADD);
}

err screen_build(struct screen *s, const struct screen_source *source, uint64_t mark)
{
    struct screen_intake intake;
    TRY(finish_steps(s));
    struct screen_view *v = view_begin(s);
    view_empty(s, v);
    v->sealed_mark = 0;
    v->is_whole = false;
    view_publish(s, v);
    load_init(&intake.load, &s->seed);
    err e = source->give(source->self, &intake);
    if (!failed(e))
        e = seal_all(s, &intake.load, false);
    load_done(&intake.load);
    TRY(e);
    return end_load(s, mark);
}

/* --- changing --- */

struct changing {
    struct delta_listing listings[LISTINGS_AT_ONCE];
    struct delta_listing *at; /* those, or more room */
    uint32_t count;
    uint32_t room;
    struct arena arena;
};

static err hold(struct changing *c, const struct delta_listing *one)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->at[i].row == one->row) {
            c->at[i] = *one;
            return OK;
        }
    if (c->count == c->room) {
        struct delta_listing *more = arena_make_array(&c->arena, 2 * (size_t)c->room, sizeof *more);
        if (more == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        memcpy(more, c->at, c->count * sizeof *more);
        c->at = more;
        c->room *= 2;
    }
    c->at[c->count++] = *one;
    return OK;
}

static bool let_go(struct changing *c, uint32_t row)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->at[i].row == row) {
            c->at[i] = c->at[--c->count];
            return true;
        }
    return false;
}

/* What is listed under a value now. */
static err read_value(const struct screen_view *v, const struct place *p, struct changing *c)
{
    const struct delta_item *item = delta_find(v->live, p);
    if (item == NULL && v->frozen != NULL)
        item = delta_find(v->frozen, p);
    for (uint32_t i = 0; item != NULL && i < item->count; i++)
        TRY(hold(c, &item->listings[i]));
    const struct shard *shard = &v->shards[p->class][shard_index(p->class, p->key)];
    if (item != NULL || shard->head == NULL)
        return OK;
    uint32_t slot = shard_find(shard, p->key, p->kind, p->value);
    if (slot == SHARD_NONE)
        return OK;
    struct shard_listings l = shard_listings(shard, slot);
    const struct term *term = NULL;
    struct delta_listing one;
    while (shard_listing_next(shard, &l, &one.row, &term)) {
        one.term = *term;
        TRY(hold(c, &one));
    }
    return OK;
}

static err change_value(struct screen *s, const struct place *p, const struct delta_listing *one,
                        bool is_listed)
{
    const struct screen_view *v = view_now(s);
    struct delta *live = &s->deltas[v->live - s->deltas];
    struct changing c = {.room = LISTINGS_AT_ONCE};
    c.at = c.listings;
    arena_init(&c.arena, (size_t)1 << 30);
    err e = read_value(v, p, &c);
    if (!failed(e) && is_listed)
        e = hold(&c, one);
    bool is_changed = is_listed || (!failed(e) && let_go(&c, one->row));
    if (!failed(e) && is_changed)
        e = delta_put(live, p, c.at, c.count);
    arena_done(&c.arena);
    return e;
}

static err change_one(struct screen *s, const struct screen_change *change)
{
    const struct screen_entry *e = &change->entry;
    struct place p = place_of(&s->seed, e->kind, e->value);
    struct delta_listing one = {.row = e->row, .term = term_of(e)};
    str mark = {0};
    TRY(change_value(s, &p, &one, change->is_listed));
    if (!entry_mark(e, &mark))
        return OK;
    p = place_of(&s->seed, e->kind, mark);
    one.term.flags = TERM_MARK;
    return change_value(s, &p, &one, change->is_listed);
}

static err change_in_bulk(struct screen *s, const struct screen_change *changes, size_t count,
                          uint64_t mark)
{
    struct load load;
    load_init(&load, &s->seed);
    err e = load_delta(&load, view_now(s)->live);
    for (size_t i = 0; i < count && !failed(e); i++)
        e = load_put(&load, &changes[i].entry, changes[i].is_listed ? LOAD_ADD : LOAD_DROP);
    if (!failed(e))
        e = seal_all(s, &load, true);
    load_done(&load);
    TRY(e);
    return end_load(s, mark);
}

err screen_change(struct screen *s, const struct screen_change *changes, size_t count,
                  uint64_t mark)
{
    size_t most = 2 * count; /* each may have a mark */
    if (most > DELTA_MOST / 2) {
        TRY(finish_steps(s));
        return change_in_bulk(s, changes, count, mark);
    }
    if (most > delta_room(view_now(s)->live)) {
        TRY(finish_steps(s));
        TRY(freeze(s));
    }
    for (size_t i = 0; i < count; i++)
        TRY(change_one(s, &changes[i]));
    env_word_put(&s->mark, mark);
    return OK;
}

/* --- figures --- */

struct screen_figures screen_figures(struct screen *s)
{
    struct screen_figures f = {0};
    struct screen_reader r = screen_enter(s);
    const struct screen_view *v = r.view;
    for (int class = 0; class < SHARD_CLASS_COUNT; class ++)
        for (int i = 0; i < SHARDS_MOST; i++) {
            const struct shard_head *h = v->shards[class][i].head;
            f.values[class] += h == NULL ? 0 : h->value_count;
            f.listings[class] += h == NULL ? 0 : h->listing_count;
            f.bytes[class] += h == NULL ? 0 : h->size;
        }
    for (int class = 0; class < SHARD_CLASS_COUNT; class ++)
        f.waiting += env_counter_read(&v->live->counts[class]) +
                     (v->frozen == NULL ? 0 : env_counter_read(&v->frozen->counts[class]));
    f.generation = v->generation;
    f.mark = r.mark;
    f.sealed_mark = v->sealed_mark;
    screen_leave(&r);
    return f;
}
