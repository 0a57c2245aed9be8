/* SPDX-License-Identifier: Apache-2.0 */
#include "app/race/race_watch.h"

#include <assert.h>
#include <string.h>

enum { WATCH_BYTES = 4 << 20 };

static struct watched *find(struct race_watch *t, str id)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (str_equal(str_from_c(t->at[i].id), id))
            return &t->at[i];
    return NULL;
}

static void drop_live(struct watched *w)
{
    struct trail_standing *standing = w->live == NULL ? NULL : w->live->standing;
    if (standing == NULL)
        return;
    race_live_done(w->live);
    trail_standing_done(standing);
    w->live = NULL;
}

void race_watch_forget(struct race_watch *t, struct watched *w)
{
    drop_live(w);
    arena_done(&w->arena);
    *w = t->at[--t->count];
}

/* The oldest makes room: an incident that nobody closes is not followed for ever. */
struct watched *race_watch_add(struct race_watch *t, str id)
{
    assert(t->at != NULL);
    struct watched *w = find(t, id);
    if (w != NULL || str_is_empty(id) || id.size >= ID_ROOM)
        return w;
    if (t->count == RACE_INCIDENTS) {
        w = &t->at[0];
        for (uint32_t i = 1; i < t->count; i++)
            w = strcmp(t->at[i].id, w->id) < 0 ? &t->at[i] : w;
        race_watch_forget(t, w);
    }
    w = &t->at[t->count++];
    *w = (struct watched){0};
    memcpy(w->id, id.at, id.size);
    arena_init(&w->arena, WATCH_BYTES);
    return w;
}

/* Runs are merged, and the sum stays; it changes with each transfer that is new. */
static uint64_t print_of(const struct trail_view *view, uint32_t account)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < view->run_count; i++) {
        struct trail_range out = trail_directory_range(&view->runs[i]->out, account);
        struct trail_range in = trail_directory_range(&view->runs[i]->in, account);
        sum += (uint64_t)(out.end - out.begin) + (in.end - in.begin);
    }
    return sum;
}

/* Of the whole index: a difference is news that was shown in between. */
static uint64_t rows_of(const struct trail_view *view)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < view->run_count; i++)
        sum += view->runs[i]->count;
    return sum;
}

static bool has_moved(const struct trail_view *view, const struct watched *w)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (print_of(view, w->accounts[i]) != w->prints[i])
            return true;
    return false;
}

static bool is_behind(const struct race_watch *t, const struct trail_view *view,
                      const struct watched *w)
{
    if (w->live != NULL && trail_standing_is_made(w->live->standing))
        return trail_standing_is_behind(w->live->standing, view, &t->shown);
    return has_moved(view, w);
}

/* Which incidents the transfers that came concern; another status may concern any. */
err race_watch_look(struct race_watch *t, struct runs *runs)
{
    struct runs_seat seat;
    t->runs = runs;
    if (t->reader == NULL)
        TRY(runs_reader_make(runs, &t->reader));
    runs_enter(runs, &seat); /* what is shown: others are taken and not seen yet */
    err e = view_news_look(&t->shown, seat.view);
    bool is_amended = seat.view->amended != t->amended;
    bool is_more = t->shown.fresh_count > 0 || !t->shown.is_known;
    for (uint32_t i = 0; (is_more || is_amended) && i < t->count; i++) {
        struct watched *w = &t->at[i];
        w->is_dirty =
            w->is_dirty || is_amended || w->has_told || w->has_failed || is_behind(t, seat.view, w);
    }
    t->amended = seat.view->amended;
    runs_leave(runs, &seat);
    return e;
}

static void remember_account(struct watched *w, const struct trail_view *view, uint32_t account)
{
    w->accounts[w->count] = account;
    w->prints[w->count] = print_of(view, account);
    w->count++;
}

/* Where a payment that was taken back may be booked again. */
static void remember_awaited(struct watched *w, const struct trail_view *view,
                             const struct trail_edge *sources, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sources[i].transfer.status > TRANSFER_BOOKED)
            remember_account(w, view, sources[i].to_account);
}

/* What is remembered beside a case that stands: nothing. */
static err begin_memory(struct watched *w, size_t accounts)
{
    arena_reset(&w->arena);
    w->count = 0;
    w->before = (struct race_accounts){0};
    w->accounts = arena_make_array(&w->arena, accounts + 1, sizeof *w->accounts);
    w->prints = arena_make_array(&w->arena, accounts + 1, sizeof *w->prints);
    bool has_room = w->accounts != NULL && w->prints != NULL;
    return has_room ? OK : fail(ERR_LIMIT, "limit.memory", 0);
}

/* What was shown since the last look is in the prints, and not in what was seen. */
static bool has_more(const struct race_watch *t, const struct trail_view *view)
{
    return rows_of(view) != t->shown.rows || view->amended != t->amended;
}

/* Where its money is, by the case, and how it ranked. */
static err remember_live(const struct race_watch *t, struct watched *w)
{
    const struct trail_standing *s = w->live->standing;
    struct runs_seat seat;
    TRY(begin_memory(w, s->node_count + s->sources.count));
    TRY(race_live_accounts(w->live, &w->arena, &w->before));
    runs_enter(t->runs, &seat);
    for (uint32_t i = 0; i < s->node_count && w->count < RACE_FOLLOWED; i++)
        if (s->nodes[i].attributed > 0)
            remember_account(w, seat.view, s->nodes[i].account);
    remember_awaited(w, seat.view, s->sources.at, s->sources.count);
    w->is_dirty = w->is_dirty || has_more(t, seat.view);
    runs_leave(t->runs, &seat);
    return OK;
}

static void let_stand_no_more(const struct race_watch *t, struct watched *w)
{
    if (failed(remember_live(t, w)))
        w->is_dirty = true;
    drop_live(w);
}

/* The one that was not looked at for longest makes room. */
struct race_live *race_watch_live(struct race_watch *t, struct watched *w)
{
    struct watched *oldest = NULL;
    uint32_t standing = 0;
    w->used = ++t->passes;
    if (w->live != NULL)
        return w->live;
    for (uint32_t i = 0; i < t->count; i++) {
        struct watched *other = &t->at[i];
        standing += other->live != NULL;
        if (other->live != NULL && (oldest == NULL || other->used < oldest->used))
            oldest = other;
    }
    if (standing == RACE_STANDING)
        let_stand_no_more(t, oldest);
    for (uint32_t i = 0; i < RACE_STANDING && w->live == NULL; i++)
        if (t->live[i].standing == NULL) {
            trail_standing_init(&t->standing[i], t->runs, t->reader);
            race_live_init(&t->live[i], &t->standing[i]);
            w->live = &t->live[i];
        }
    assert(w->live != NULL);
    return w->live;
}

static err remember_pass(const struct race_watch *t, struct watched *w, const struct race_pass *p)
{
    static const struct trail_doc nothing;
    const struct trail_doc *doc = p->has_doc ? &p->doc : &nothing;
    struct runs_seat seat;
    TRY(begin_memory(w, doc->node_count + doc->source_count));
    w->before.at = arena_make_array(&w->arena, p->accounts.count + 1, sizeof *w->before.at);
    if (w->before.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < p->accounts.count; i++)
        w->before.at[w->before.count++] = p->accounts.at[i];
    runs_enter(p->runs, &seat);
    for (size_t i = 0; i < doc->node_count && i < RACE_FOLLOWED; i++)
        remember_account(w, seat.view, doc->nodes[i].account);
    remember_awaited(w, seat.view, doc->sources, doc->source_count);
    w->is_dirty = has_more(t, seat.view);
    runs_leave(p->runs, &seat);
    return OK;
}

/* What the pass saw, for the next; a case that stands remembers it itself. */
err race_watch_remember(const struct race_watch *t, struct watched *w, const struct race_pass *p)
{
    w->has_told = false;
    for (size_t i = 0; i < p->claim_count; i++)
        w->has_told = w->has_told || p->claims[i].state == CLAIM_TOLD ||
                      p->claims[i].state == CLAIM_MISMATCHED;
    bool is_live = p->has_doc && p->doc.followed != NULL;
    TRY(is_live ? begin_memory(w, 0) : remember_pass(t, w, p));
    w->has_failed = false;
    return OK;
}

err race_watch_open(struct race_watch *t, struct arena *boot)
{
    *t = (struct race_watch){.at = arena_make_array(boot, RACE_INCIDENTS, sizeof *t->at)};
    return t->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

void race_watch_close(struct race_watch *t)
{
    for (uint32_t i = 0; i < t->count; i++) {
        drop_live(&t->at[i]);
        arena_done(&t->at[i].arena);
    }
    t->count = 0;
    view_news_done(&t->shown);
    runs_reader_done(t->reader);
    t->reader = NULL;
}
