/* SPDX-License-Identifier: Apache-2.0 */
#include "app/race/race_thread.h"

#include "app/house/ask.h"
#include "app/money/race_learnt.h"
#include "app/money/race_rank.h"
#include "app/race/race_act.h"
#include "app/race/race_news.h"
#include "env/id.h"

#include <assert.h>

#define IDLE_US  INT64_C(1000000)
#define PAUSE_US INT64_C(20000)     /* between two passes: news is gathered meanwhile */
#define KEEP_US  INT64_C(300000000) /* between two times that what was learnt is written down */

static const char learnt_name[] = "race.learnt";

enum { PASS_BYTES = 1 << 30, WATCH_BYTES = 4 << 20 };

/* An incident whose accounts are watched. */
struct watched {
    char id[ID_ROOM];
    struct arena arena;
    uint32_t *accounts;
    uint64_t *prints; /* how much there is of each in the index */
    uint32_t count;
    struct race_accounts before;
    struct trail_standing *standing; /* NULL: none */
    uint64_t used;                   /* its last pass */
    bool has_told;                   /* of payments that may still come, as they were told */
    bool is_dirty;
};

struct race_thread {
    struct house *house;
    struct env_mutex mutex;
    struct env_cond wake;
    bool has_news;
    struct env_flag stopping;
    struct env_thread thread;
    struct race_rank rank; /* and whoever else ranks */
    /* The thread's own. */
    struct watched *watched;
    uint32_t count;
    uint64_t passes;
    struct runs *runs; /* NULL: no incident yet */
    struct runs_reader *reader;
    struct trail_standing standing[RACE_STANDING];
    uint64_t rows; /* that were shown, and how many statuses had changed */
    uint64_t amended;
    struct race_news news;
    struct arena turn;
    int64_t kept_leaf; /* what was learnt is on the disk up to here, */
    int64_t kept_us;   /* since */
};

/* --- what is watched --- */

static struct watched *find(struct race_thread *t, str id)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (str_equal(str_from_c(t->watched[i].id), id))
            return &t->watched[i];
    return NULL;
}

static void let_stand_no_more(struct watched *w)
{
    if (w->standing != NULL)
        trail_standing_done(w->standing);
    w->standing = NULL;
}

/* The one that was not looked at for longest makes room. */
static struct trail_standing *standing_of(struct race_thread *t, struct watched *w)
{
    struct watched *oldest = NULL;
    uint32_t standing = 0;
    w->used = ++t->passes;
    if (w->standing != NULL)
        return w->standing;
    for (uint32_t i = 0; i < t->count; i++) {
        struct watched *other = &t->watched[i];
        standing += other->standing != NULL;
        if (other->standing != NULL && (oldest == NULL || other->used < oldest->used))
            oldest = other;
    }
    if (standing == RACE_STANDING)
        let_stand_no_more(oldest);
    for (uint32_t i = 0; i < RACE_STANDING && w->standing == NULL; i++)
        if (t->standing[i].reader == NULL)
            w->standing = &t->standing[i];
    assert(w->standing != NULL);
    trail_standing_init(w->standing, t->runs, t->reader);
    return w->standing;
}

static void forget(struct race_thread *t, struct watched *w)
{
    let_stand_no_more(w);
    arena_done(&w->arena);
    *w = t->watched[--t->count];
}

/* The oldest makes room: an incident that nobody closes is not followed for ever. */
static struct watched *watch(struct race_thread *t, str id)
{
    assert(t->watched != NULL);
    struct watched *w = find(t, id);
    if (w != NULL || str_is_empty(id) || id.size >= ID_ROOM)
        return w;
    if (t->count == RACE_INCIDENTS) {
        w = &t->watched[0];
        for (uint32_t i = 1; i < t->count; i++)
            w = strcmp(t->watched[i].id, w->id) < 0 ? &t->watched[i] : w;
        forget(t, w);
    }
    w = &t->watched[t->count++];
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

/* Which incidents the transfers that came concern; another status may concern any. */
static void look_for_transfers(struct race_thread *t, struct runs *runs)
{
    struct runs_seat seat;
    runs_enter(runs, &seat);
    uint64_t rows = rows_of(seat.view); /* what is shown: others are taken and not seen yet */
    bool is_amended = seat.view->amended != t->amended;
    bool is_more = rows != t->rows;
    for (uint32_t i = 0; (is_more || is_amended) && i < t->count; i++) {
        struct watched *w = &t->watched[i];
        w->is_dirty = w->is_dirty || is_amended || w->has_told || has_moved(seat.view, w);
    }
    t->amended = seat.view->amended;
    runs_leave(runs, &seat);
    t->rows = rows;
}

static void remember_account(struct watched *w, const struct trail_view *view, uint32_t account)
{
    w->accounts[w->count] = account;
    w->prints[w->count] = print_of(view, account);
    w->count++;
}

/* Where money of theirs is; and where a payment that was taken back may be booked again. */
static void remember_accounts(struct watched *w, const struct trail_view *view,
                              const struct trail_doc *doc, size_t nodes)
{
    for (size_t i = 0; i < nodes; i++)
        remember_account(w, view, doc->nodes[i].account);
    for (size_t i = 0; i < doc->source_count; i++)
        if (doc->sources[i].transfer.status > TRANSFER_BOOKED)
            remember_account(w, view, doc->sources[i].to_account);
}

/* What the pass saw, for the next. */
static err remember(const struct race_thread *t, struct watched *w, const struct race_pass *p)
{
    static const struct trail_doc nothing;
    const struct trail_doc *doc = p->has_doc ? &p->doc : &nothing;
    struct runs_seat seat;
    size_t nodes = doc->node_count < RACE_FOLLOWED ? doc->node_count : RACE_FOLLOWED;
    size_t count = nodes + doc->source_count;
    arena_reset(&w->arena);
    w->count = 0;
    w->before = (struct race_accounts){0};
    w->has_told = false;
    for (size_t i = 0; i < p->claim_count; i++)
        w->has_told = w->has_told || p->claims[i].state == CLAIM_TOLD ||
                      p->claims[i].state == CLAIM_MISMATCHED;
    w->accounts = arena_make_array(&w->arena, count + 1, sizeof *w->accounts);
    w->prints = arena_make_array(&w->arena, count + 1, sizeof *w->prints);
    w->before.at = arena_make_array(&w->arena, p->accounts.count + 1, sizeof *w->before.at);
    if (w->accounts == NULL || w->prints == NULL || w->before.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < p->accounts.count; i++)
        w->before.at[w->before.count++] = p->accounts.at[i];
    runs_enter(p->runs, &seat);
    remember_accounts(w, seat.view, doc, nodes);
    /* What was shown while this pass looked is in the prints, and not in what it saw. */
    w->is_dirty = rows_of(seat.view) != t->rows || seat.view->amended != t->amended;
    runs_leave(p->runs, &seat);
    return OK;
}

/* --- a pass --- */

static err write_deeds(void *self, struct store *store, instant at, struct arena *turn)
{
    (void)turn;
    return race_act_write(self, store, at);
}

static err work(struct race_thread *t, struct watched *w, struct race_pass *p)
{
    union record r;
    TRY(reader_find(p->reader, RECORD_INCIDENT, str_from_c(w->id), p->arena, &r));
    p->incident = r.incident;
    p->before = w->before.count > 0 ? &w->before : NULL;
    p->standing_case = standing_of(t, w);
    if (p->incident.state == INCIDENT_CLOSED) {
        forget(t, w);
        return OK;
    }
    TRY(race_act_read(p));
    TRY(race_act_rank(p));
    TRY(race_act_decide(p));
    TRY(remember(t, w, p));
    return p->deed_count == 0 ? OK : ask_store(p->house, write_deeds, p);
}

static void trouble(struct race_thread *t, err e)
{
    LOG(&t->house->log, LOG_ERROR, "race_trouble", LOG_WHY(e), LOG_INT("at", e.at));
}

static void work_all(struct race_thread *t, struct reader *reader, struct runs *runs)
{
    for (uint32_t i = t->count; i-- > 0 && !env_flag_is_up(&t->stopping);) {
        struct watched *w = &t->watched[i];
        if (!w->is_dirty)
            continue;
        w->is_dirty = false;
        arena_reset(&t->turn);
        struct race_pass p = {.house = t->house,
                              .reader = reader,
                              .runs = runs,
                              .arena = &t->turn,
                              .now = clock_now(&t->house->clock)};
        err e = work(t, w, &p);
        if (failed(e) && e.code != ERR_ABSENT)
            trouble(t, e);
    }
}

static err hear(struct race_thread *t, struct reader *reader)
{
    struct race_heard heard = {0};
    TRY(race_news_take(&t->news, reader_sql(reader), &t->turn, &heard));
    for (size_t i = 0; i < heard.incident_count; i++) {
        struct watched *w = watch(t, heard.incidents[i]);
        if (w != NULL)
            w->is_dirty = true;
    }
    env_mutex_lock(&t->rank.mutex);
    race_news_learn(&heard, t->rank.hazard, &t->house->conf.providers, t->house->law.zone_min);
    env_mutex_unlock(&t->rank.mutex);
    return OK;
}

/* A centre without open incidents opens no transfers. */
static err look(struct race_thread *t, struct reader *reader)
{
    struct trail_thread *trail = NULL;
    arena_reset(&t->turn);
    TRY(hear(t, reader));
    if (t->count == 0)
        return OK;
    TRY(house_trail(t->house, &trail));
    t->runs = trail->runs;
    if (t->reader == NULL)
        TRY(runs_reader_make(t->runs, &t->reader));
    look_for_transfers(t, trail->runs);
    work_all(t, reader, trail->runs);
    return OK;
}

static void pass(struct race_thread *t)
{
    struct reader *reader = house_reader_take(t->house);
    err e = look(t, reader);
    if (failed(e))
        trouble(t, e);
    house_reader_give(t->house, reader);
}

static bool await(struct race_thread *t)
{
    env_mutex_lock(&t->mutex);
    if (!t->has_news && !env_flag_is_up(&t->stopping))
        (void)env_cond_wait_us(&t->wake, &t->mutex, IDLE_US);
    bool has_news = t->has_news;
    t->has_news = false;
    env_mutex_unlock(&t->mutex);
    return has_news;
}

static void rest(struct race_thread *t)
{
    env_mutex_lock(&t->mutex);
    if (!env_flag_is_up(&t->stopping))
        (void)env_cond_wait_us(&t->wake, &t->mutex, PAUSE_US);
    env_mutex_unlock(&t->mutex);
}

/* --- what was learnt, over a restart --- */

static err learnt_of(struct race_thread *t, char room[PATH_BYTES + 64], struct race_learnt *ret)
{
    arena_reset(&t->turn);
    *ret = (struct race_learnt){
        .path = room, .providers = &t->house->conf.providers, .arena = &t->turn};
    return house_path(t->house, learnt_name, room);
}

static err write_learnt(struct race_thread *t)
{
    char path[PATH_BYTES + 64];
    struct race_learnt learnt;
    str bytes = {0};
    TRY(learnt_of(t, path, &learnt));
    env_mutex_lock(&t->rank.mutex);
    err e = race_learnt_copy(&learnt, t->rank.hazard, t->news.learnt, &bytes);
    env_mutex_unlock(&t->rank.mutex);
    TRY(e);
    return race_learnt_write(&learnt, bytes);
}

/* Where the disk is full, the ledger still has the receipts. */
static void keep(struct race_thread *t, bool is_last)
{
    int64_t now_us = env_monotonic_us();
    bool is_due = t->news.learnt != t->kept_leaf && now_us - t->kept_us >= KEEP_US;
    if (!is_due && !is_last)
        return;
    err e = write_learnt(t);
    if (failed(e))
        trouble(t, e);
    t->kept_leaf = failed(e) ? t->kept_leaf : t->news.learnt;
    t->kept_us = now_us;
}

static void read_learnt(struct race_thread *t)
{
    char path[PATH_BYTES + 64];
    struct race_learnt learnt;
    int64_t leaf = -1;
    err e = learnt_of(t, path, &learnt);
    if (!failed(e))
        e = race_learnt_read(&learnt, t->rank.hazard, &leaf);
    if (failed(e) && e.code != ERR_ABSENT)
        LOG(&t->house->log, LOG_WARN, "race_learnt_refused", LOG_WHY(e));
    race_news_init(&t->news, leaf);
    t->kept_leaf = leaf;
    t->kept_us = env_monotonic_us();
}

/* --- its life --- */

static void run(void *self)
{
    struct race_thread *t = self;
    env_thread_give_way(); /* to the victims who are on the telephone now */
    while (!env_flag_is_up(&t->stopping)) {
        bool has_news = await(t);
        if (has_news)
            pass(t);
        keep(t, false);
        if (has_news)
            rest(t);
    }
    keep(t, true);
    for (uint32_t i = 0; i < t->count; i++)
        let_stand_no_more(&t->watched[i]);
    runs_reader_done(t->reader);
}

static err begin(struct race_thread *t)
{
    t->watched = arena_make_array(&t->house->boot, RACE_INCIDENTS, sizeof *t->watched);
    if (t->watched == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    read_learnt(t);
    return env_thread_start(&t->thread, "race", run, t);
}

static void wake_from_trail(void *self)
{
    race_thread_wake(self);
}

err race_thread_open(struct house *house)
{
    struct race_thread *t = arena_make(&house->boot, sizeof *t);
    assert(house->race == NULL);
    if (t == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *t = (struct race_thread){.house = house, .has_news = true};
    TRY(race_rank_open(&t->rank));
    env_mutex_init(&t->mutex);
    env_cond_init(&t->wake);
    arena_init(&t->turn, PASS_BYTES);
    house->race = t;
    house->rank = &t->rank;
    house->trail.self = house;
    house->trail.synced = wake_from_trail;
    return begin(t);
}

void race_thread_wake(struct house *house)
{
    struct race_thread *t = house->race;
    if (t == NULL)
        return;
    env_mutex_lock(&t->mutex);
    t->has_news = true;
    env_cond_wake(&t->wake);
    env_mutex_unlock(&t->mutex);
}

/* Others may still wake what has ended: it is taken down when nobody does any more. */
void race_thread_stop(struct house *house)
{
    struct race_thread *t = house->race;
    if (t == NULL)
        return;
    env_flag_raise(&t->stopping);
    race_thread_wake(house);
    env_thread_join(&t->thread);
}

void race_thread_close(struct house *house)
{
    struct race_thread *t = house->race;
    if (t == NULL)
        return;
    race_thread_stop(house);
    house->race = NULL;
    house->rank = NULL;
    for (uint32_t i = 0; i < t->count; i++)
        arena_done(&t->watched[i].arena);
    arena_done(&t->turn);
    env_cond_done(&t->wake);
    race_rank_close(&t->rank);
    env_mutex_done(&t->mutex);
}
