/* SPDX-License-Identifier: Apache-2.0 */
#include "app/screen/screening_inside.h"
#include "app/screen/told.h"

#include "app/screen/dns_list.h"
#include "store/listed.h"

enum {
    CHANGES_FIRST = 256,
    WAIT_US = 1000000,
    RETRY_US = 5000000,
    SAVER_NAP_US = 500,
    FLOOD = 1000,
    FLOOD_NAP_US = 50000,
};
#define SAVE_EVERY_US (5 * US_PER_MIN)
#define CHANGES_BYTES ((size_t)4 << 30)

static void trouble(struct screening *l, const char *where, err e)
{
    struct log_field fields[] = {
        {.key = "where", .kind = LOG_KIND_WORD, .word = str_from_c(where)},
        LOG_WHY(e),
        LOG_INT("at", e.at),
    };
    log_line(&l->house->log, LOG_ERROR, "screening_trouble", fields, COUNT_OF(fields));
}

/* --- from the store --- */

static struct screen_entry entry_of(const struct listed *listing)
{
    return (struct screen_entry){.kind = listing->kind,
                                 .match = listing->match,
                                 .action = listing->action,
                                 .value = listing->value,
                                 .from = listing->from,
                                 .until = listing->until,
                                 .row = listing->row};
}

struct collecting {
    struct house *house;
    struct arena arena;
    struct screen_change *at;
    size_t count;
    size_t room;
};

static err collect(void *self, const struct listed *listing)
{
    struct collecting *c = self;
    if (c->count == c->room) {
        size_t room = c->room == 0 ? CHANGES_FIRST : 2 * c->room;
        c->at = arena_grow(&c->arena, c->at, c->room * sizeof *c->at, room * sizeof *c->at);
        if (c->at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        c->room = room;
    }
    struct screen_change *change = &c->at[c->count++];
    change->entry = entry_of(listing);
    change->entry.value = str_copy(&c->arena, listing->value);
    change->is_listed = listing->state == LISTING_IN_FORCE;
    if (change->is_listed)
        dns_list_hear(c->house, listing->kind, listing->value);
    return change->entry.value.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

struct giving {
    struct house *house;
    struct screen_intake *intake;
};

static err put_listed(void *self, const struct listed *listing)
{
    struct giving *g = self;
    struct screen_entry entry = entry_of(listing);
    dns_list_hear(g->house, listing->kind, listing->value);
    return screen_put(g->intake, &entry);
}

static err give_all(void *self, struct screen_intake *intake)
{
    struct screening *l = self;
    struct giving giving = {.house = l->house, .intake = intake};
    struct listed_visit visit = {.self = &giving, .visit = put_listed};
    return listed_all(l->reader, &visit);
}

/* All listings and the ledger's size are of one moment. */
static err build_now(struct screening *l)
{
    struct screen_source source = {.self = l, .give = give_all};
    uint64_t leaves = 0;
    TRY(listed_begin(l->reader));
    err e = listed_ledger(l->reader, &leaves);
    if (!failed(e)) {
        told_forget(l->house->told, leaves);
        e = screen_build(l->screen, &source, leaves);
    }
    listed_end(l->reader);
    if (!failed(e))
        l->taken = leaves;
    return e;
}

static void note_fresh(struct screening *l)
{
    env_word_put(&l->fresh_us, (uint64_t)env_monotonic_us());
}

static err build(struct screening *l)
{
    int64_t began = env_monotonic_us();
    env_flag_lower(&l->is_ready);
    while (env_flag_is_up(&l->is_saving)) /* the old tables; they are let go of first */
        env_nap_us(SAVER_NAP_US);
    TRY(build_now(l));
    note_fresh(l);
    env_counter_add(&l->builds, 1);
    env_flag_raise(&l->is_ready);
    l->save_at_us = 0;
    struct screen_figures f = screen_figures(l->screen);
    LOG(&l->house->log, LOG_INFO, "screening_built",
        LOG_INT("listings", f.listings[0] + f.listings[1] + f.listings[2]),
        LOG_INT("ms", (env_monotonic_us() - began) / US_PER_MS));
    return OK;
}

/* What leaves have said since; ERR_CONFLICT when only building anew is right. */
static err take_changes(struct screening *l, struct collecting *c)
{
    struct listed_visit visit = {.self = c, .visit = collect};
    uint64_t leaves = 0;
    bool was_erased = false;
    TRY(listed_begin(l->reader));
    err e = listed_ledger(l->reader, &leaves);
    if (!failed(e) && (leaves < l->taken || leaves - l->taken > SCREENING_CATCH_UP))
        e = fail(ERR_CONFLICT, "screening: too much has changed", 0);
    if (!failed(e))
        e = listed_since(l->reader, l->taken, &visit, &was_erased);
    listed_end(l->reader);
    TRY(e);
    if (was_erased) /* what its value was is not told any more */
        return fail(ERR_CONFLICT, "screening: a value was erased", 0);
    for (size_t i = 0; i < c->count; i++) /* before anybody can ask tables that know of them */
        told_drop(l->house->told, c->at[i].entry.row, leaves);
    TRY(screen_change(l->screen, c->at, c->count, leaves));
    l->taken = leaves;
    l->is_flooded = c->count >= FLOOD;
    note_fresh(l);
    return OK;
}

static err catch_up(struct screening *l)
{
    struct collecting c = {.house = l->house};
    arena_init(&c.arena, CHANGES_BYTES);
    err e = take_changes(l, &c);
    arena_done(&c.arena);
    return e;
}

/* --- the file --- */

static err load(struct screening *l)
{
    struct screen_origin origin = {0};
    uint64_t leaves = 0;
    uint64_t tag = 0;
    TRY(screen_load(l->screen, l->path, &origin));
    TRY(listed_ledger(l->reader, &leaves));
    TRY(listed_mark(l->reader, origin.mark, &tag));
    if (origin.mark > leaves || origin.tag != tag)
        return fail(ERR_CONFLICT, "screening: the file is of another ledger", 0);
    l->taken = origin.mark;
    l->saved = origin.mark;
    return catch_up(l);
}

/* Tables in which something unfit has been loaded are not used again. */
static err reopen(struct screening *l)
{
    struct key_seed seed = {.seed = random_u64(&l->house->random)};
    screen_close(l->screen);
    l->screen = NULL;
    return screen_open(&seed, &l->screen);
}

static err begin(struct screening *l)
{
    err e = load(l);
    if (!failed(e)) {
        env_flag_raise(&l->is_ready);
        l->save_at_us = env_monotonic_us() + SAVE_EVERY_US;
        return OK;
    }
    if (e.code != ERR_ABSENT)
        trouble(l, "file", e);
    return reopen(l);
}

static err save_now(struct screening *l, struct reader *reader)
{
    struct screen_origin origin = {.mark = screen_figures(l->screen).sealed_mark};
    TRY(listed_mark(reader, origin.mark, &origin.tag));
    TRY(screen_save(l->screen, l->path, &origin));
    env_counter_add(&l->saves, 1);
    return OK;
}

static void save_loop(void *self)
{
    struct screening *l = self;
    while (!env_flag_is_up(&l->is_stopping)) {
        env_mutex_lock(&l->mutex);
        if (!env_flag_is_up(&l->wants_save) && !env_flag_is_up(&l->is_stopping))
            (void)env_cond_wait_us(&l->wake_saver, &l->mutex, WAIT_US);
        env_mutex_unlock(&l->mutex);
        if (!env_flag_is_up(&l->wants_save))
            continue;
        err e = save_now(l, l->save_reader);
        if (failed(e))
            trouble(l, "save", e);
        env_flag_lower(&l->wants_save);
        env_flag_lower(&l->is_saving);
    }
}

/* Every few minutes, when something has changed: all of it is sealed, then written. */
static void think_of_saving(struct screening *l)
{
    struct screen_figures f = screen_figures(l->screen);
    if (env_monotonic_us() < l->save_at_us || env_flag_is_up(&l->is_saving))
        return;
    if (f.waiting > 0) {
        screen_hurry(l->screen);
        return; /* and comes back when that is done */
    }
    l->save_at_us = env_monotonic_us() + SAVE_EVERY_US;
    if (f.sealed_mark == l->saved)
        return;
    l->saved = f.sealed_mark;
    env_mutex_lock(&l->mutex);
    env_flag_raise(&l->is_saving);
    env_flag_raise(&l->wants_save);
    env_cond_wake(&l->wake_saver);
    env_mutex_unlock(&l->mutex);
}

/* --- the thread --- */

static bool is_behind(const struct screening *l)
{
    return env_counter_read(&l->committed) > l->taken;
}

/* One thing that is to be done; *ret_more: there is another. */
static err work(struct screening *l, bool *ret_more)
{
    *ret_more = true;
    if (!env_flag_is_up(&l->is_ready))
        return build(l);
    if (is_behind(l)) {
        if (l->is_flooded) /* who writes a million listings is not held up for each thousand */
            env_nap_us(FLOOD_NAP_US);
        return catch_up(l);
    }
    l->is_flooded = false;
    note_fresh(l);
    TRY(screen_step(l->screen, ret_more));
    think_of_saving(l);
    return OK;
}

static void wait_for_work(struct screening *l, int64_t most_us)
{
    env_mutex_lock(&l->mutex);
    if (!is_behind(l) && !env_flag_is_up(&l->is_stopping))
        (void)env_cond_wait_us(&l->wake, &l->mutex, most_us);
    env_mutex_unlock(&l->mutex);
}

static void work_loop(void *self)
{
    struct screening *l = self;
    bool has_more = true;
    while (!env_flag_is_up(&l->is_stopping)) {
        err e = work(l, &has_more);
        if (!failed(e) && !has_more)
            wait_for_work(l, WAIT_US);
        if (!failed(e))
            continue;
        env_flag_lower(&l->is_ready); /* whatever it was: from the beginning */
        if (e.code == ERR_CONFLICT)
            continue;
        trouble(l, "change", e);
        env_nap_us(RETRY_US);
    }
}

void screening_committed(struct house *house, uint64_t leaf_count)
{
    struct screening *l = house->screening;
    if (l == NULL)
        return;
    env_mutex_lock(&l->mutex);
    env_counter_put(&l->committed, leaf_count);
    env_cond_wake(&l->wake);
    env_mutex_unlock(&l->mutex);
}

static err open_threads(struct screening *l)
{
    uint64_t leaves = 0;
    struct key_seed seed = {.seed = random_u64(&l->house->random)};
    TRY(house_path(l->house, "screen.tables", l->path));
    TRY(screen_open(&seed, &l->screen));
    TRY(listed_ledger(l->reader, &leaves));
    env_counter_at_least(&l->committed, leaves);
    TRY(begin(l));
    TRY(env_thread_start(&l->thread, "screen", work_loop, l));
    return env_thread_start(&l->saver, "screen-save", save_loop, l);
}

err screening_open(struct house *house)
{
    struct screening *l = arena_make(&house->boot, sizeof *l);
    if (l == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    l->house = house;
    env_mutex_init(&l->mutex);
    env_cond_init(&l->wake);
    env_cond_init(&l->wake_saver);
    l->reader = house_reader_take(house); /* here: others carve from the boot arena too */
    l->save_reader = house_reader_take(house);
    house->screening = l;
    TRY(told_open(&house->told));
    return open_threads(l);
}

static void save_last(struct screening *l)
{
    if (!env_flag_is_up(&l->is_ready) || l->screen == NULL)
        return;
    err e = screen_settle(l->screen);
    if (!failed(e) && screen_figures(l->screen).sealed_mark != l->saved)
        e = save_now(l, l->reader);
    if (failed(e))
        trouble(l, "save", e);
}

void screening_close(struct house *house)
{
    struct screening *l = house->screening;
    if (l == NULL)
        return;
    env_flag_raise(&l->is_stopping);
    env_mutex_lock(&l->mutex);
    env_cond_wake(&l->wake);
    env_cond_wake(&l->wake_saver);
    env_mutex_unlock(&l->mutex);
    env_thread_join(&l->thread);
    env_thread_join(&l->saver);
    save_last(l);
    house_reader_give(house, l->reader);
    house_reader_give(house, l->save_reader);
    screen_close(l->screen);
    env_cond_done(&l->wake);
    env_cond_done(&l->wake_saver);
    env_mutex_done(&l->mutex);
    house->screening = NULL;
    told_close(house->told);
    house->told = NULL;
}
