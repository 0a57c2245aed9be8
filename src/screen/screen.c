/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/part.h"

#include "env/thread.h"

#include <assert.h>

enum { FREEZE_AT = 8 * 1024, NAP_US = 50, LISTINGS_AT_ONCE = 64 };

/* --- what readers have left --- */

static void home_leave(struct screen *s, uint16_t home)
{
    struct home *h = &s->homes[home - 1];
    assert(h->users > 0);
    if (--h->users == 0)
        pages_drop(&h->pages);
}

static void reuse(struct screen *s, const struct retired *r)
{
    switch (r->kind) {
    case RETIRED_NOTHING:
        break;
    case RETIRED_VIEW:
        s->is_view_used[r->index] = false;
        break;
    case RETIRED_DELTA:
        delta_close(&s->deltas[r->index]);
        s->is_delta_used[r->index] = false;
        break;
    case RETIRED_HOME:
        home_leave(s, (uint16_t)r->index);
        break;
    }
}

static void reuse_what_is_past(struct screen *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->retired_count; i++) {
        bool is_stamped = s->retired[i].stamp != UINT64_MAX;
        if (is_stamped && epoch_is_past(&s->epoch, s->retired[i].stamp))
            reuse(s, &s->retired[i]);
        else
            s->retired[kept++] = s->retired[i];
    }
    s->retired_count = kept;
}

/* To be stamped when the view that does without it is published. */
static void retire(struct screen *s, enum retired_kind kind, uint32_t index)
{
    assert(s->retired_count < RETIRED_MOST);
    s->retired[s->retired_count++] =
        (struct retired){.kind = kind, .index = index, .stamp = UINT64_MAX};
}

static uint32_t find_free(struct screen *s, const bool *is_used, uint32_t count)
{
    for (;;) {
        for (uint32_t i = 0; i < count; i++)
            if (!is_used[i])
                return i;
        env_nap_us(NAP_US);
        reuse_what_is_past(s);
    }
}

err home_take(struct screen *s, const struct pages *pages, uint32_t users, uint16_t *ret_home)
{
    for (uint16_t i = 0; i < HOMES; i++)
        if (s->homes[i].users == 0) {
            s->homes[i] = (struct home){.pages = *pages, .users = users};
            *ret_home = (uint16_t)(i + 1);
            return OK;
        }
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- views --- */

const struct screen_view *view_now(const struct screen *s)
{
    return env_slot_load(&s->view);
}

struct screen_view *view_begin(struct screen *s)
{
    uint32_t i = find_free(s, s->is_view_used, VIEWS);
    s->is_view_used[i] = true;
    s->views[i] = *view_now(s);
    s->views[i].generation++;
    return &s->views[i];
}

void view_publish(struct screen *s, struct screen_view *v)
{
    const struct screen_view *before = view_now(s);
    env_slot_publish_in_order(&s->view, v);
    retire(s, RETIRED_VIEW, (uint32_t)(before - s->views));
    uint64_t stamp = epoch_stamp(&s->epoch);
    for (size_t i = 0; i < s->retired_count; i++)
        if (s->retired[i].stamp == UINT64_MAX)
            s->retired[i].stamp = stamp;
    reuse_what_is_past(s);
}

void shard_make_empty(enum shard_class class, struct shard *ret_shard)
{
    static const uint64_t no_lines[LINE_SLOTS];
    *ret_shard = (struct shard){
        .lines = no_lines, .bucket_count = 1, .key_shift = shard_bits[class], .term_bits = 16};
}

void view_put_shard(struct screen *s, struct screen_view *v, const struct shard *shard,
                    uint16_t home)
{
    enum shard_class class = shard->head->class;
    uint16_t *at = &s->shard_home[class][shard->head->index];
    if (*at != 0)
        retire(s, RETIRED_HOME, *at);
    *at = home;
    v->shards[class][shard->head->index] = *shard;
}

void view_sum_depths(struct screen_view *v)
{
    v->depths = 0;
    for (uint32_t i = 0; i < 1U << shard_bits[SHARD_NAMES]; i++)
        if (v->shards[SHARD_NAMES][i].head != NULL)
            v->depths |= v->shards[SHARD_NAMES][i].head->depths;
}

static err new_delta(struct screen *s, const struct delta **ret_delta)
{
    uint32_t i = find_free(s, s->is_delta_used, DELTAS);
    TRY(delta_open(&s->deltas[i]));
    s->is_delta_used[i] = true;
    *ret_delta = &s->deltas[i];
    return OK;
}

static void retire_delta(struct screen *s, const struct delta *d)
{
    if (d != NULL)
        retire(s, RETIRED_DELTA, (uint32_t)(d - s->deltas));
}

/* --- life --- */

static void empty_view(struct screen *s, struct screen_view *v)
{
    for (int class = 0; class < SHARD_CLASS_COUNT; class ++)
        for (int i = 0; i < SHARDS_MOST; i++) {
            if (s->shard_home[class][i] != 0)
                retire(s, RETIRED_HOME, s->shard_home[class][i]);
            s->shard_home[class][i] = 0;
            shard_make_empty((enum shard_class) class, &v->shards[class][i]);
        }
    v->depths = 0;
}

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
    empty_view(s, &s->views[0]);
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
    TRY(load_seal(load, which.class, which.index, keeps_old ? old : NULL, &image, &shard));
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
        e = new_delta(s, &fresh);
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
    retire_delta(s, v->frozen);
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
    reuse_what_is_past(s);
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
    TRY(new_delta(s, &fresh));
    struct screen_view *v = view_begin(s);
    retire_delta(s, v->live);
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
    empty_view(s, v);
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
