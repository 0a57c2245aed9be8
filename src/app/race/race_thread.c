/* SPDX-License-Identifier: Apache-2.0 */
#include "app/race/race_thread.h"

#include "app/house/ask.h"
#include "app/money/race_learnt.h"
#include "app/money/race_rank.h"
#include "app/race/race_act.h"
#include "app/race/race_news.h"
#include "app/race/race_watch.h"

#include <assert.h>

#define IDLE_US  INT64_C(1000000)
#define PAUSE_US INT64_C(20000)     /* between two passes: news is gathered meanwhile */
#define KEEP_US  INT64_C(300000000) /* between two times that what was learnt is written down */

static const char learnt_name[] = "race.learnt";

enum { PASS_BYTES = 1 << 30 };

struct race_thread {
    struct house *house;
    struct env_mutex mutex;
    struct env_cond wake;
    bool has_news;
    struct env_flag stopping;
    struct env_thread thread;
    struct race_rank rank; /* and whoever else ranks */
    /* The thread's own. */
    struct race_watch watch;
    struct race_news news;
    struct arena turn;
    int64_t kept_leaf; /* what was learnt is on the disk up to here, */
    int64_t kept_us;   /* since */
};

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
    p->live = race_watch_live(&t->watch, w);
    if (p->incident.state == INCIDENT_CLOSED) {
        race_watch_forget(&t->watch, w);
        return OK;
    }
    TRY(race_act_read(p));
    TRY(race_act_rank(p));
    TRY(race_act_decide(p));
    TRY(race_watch_remember(&t->watch, w, p));
    return p->deed_count == 0 ? OK : ask_store(p->house, write_deeds, p);
}

static void trouble(struct race_thread *t, err e)
{
    LOG(&t->house->log, LOG_ERROR, "race_trouble", LOG_WHY(e), LOG_INT("at", e.at));
}

static void work_all(struct race_thread *t, struct reader *reader, struct runs *runs)
{
    for (uint32_t i = t->watch.count; i-- > 0 && !env_flag_is_up(&t->stopping);) {
        struct watched *w = &t->watch.at[i];
        if (!w->is_dirty)
            continue;
        w->is_dirty = false;
        arena_reset(&t->turn);
        struct race_pass p = {.house = t->house,
                              .reader = reader,
                              .runs = runs,
                              .arena = &t->turn,
                              .now = clock_now(&t->house->clock)};
        w->has_failed = true;
        err e = work(t, w, &p); /* which may have forgotten it */
        if (failed(e) && e.code != ERR_ABSENT)
            trouble(t, e);
    }
}

static err hear(struct race_thread *t, struct reader *reader)
{
    struct race_heard heard = {0};
    TRY(race_news_take(&t->news, reader_sql(reader), &t->turn, &heard));
    for (size_t i = 0; i < heard.incident_count; i++) {
        struct watched *w = race_watch_add(&t->watch, heard.incidents[i]);
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
    if (t->watch.count == 0)
        return OK;
    TRY(house_trail(t->house, &trail));
    TRY(race_watch_look(&t->watch, trail->runs));
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
    race_watch_close(&t->watch);
}

static err begin(struct race_thread *t)
{
    TRY(race_watch_open(&t->watch, &t->house->boot));
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
    arena_done(&t->turn);
    env_cond_done(&t->wake);
    race_rank_close(&t->rank);
    env_mutex_done(&t->mutex);
}
