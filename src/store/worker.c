/* SPDX-License-Identifier: Apache-2.0 */
#include "store/worker.h"

#include "store/part.h"
#include "store/sweep.h"

#include <assert.h>

enum {
    WAIT_LONGEST_US = 500000,
    TIMERS_A_TURN = 1000,
    TIMERS_A_PORTION = 250,
    PUT_OFF_MOST = 4,
    TURNS_AFTER_MOST = 4
};
#define SWEEP_EVERY_US (60 * US_PER_S)
#define LEAP_US        (10 * US_PER_MIN)
#define TRUST_AFTER_US (10 * US_PER_MIN)

static void tell(struct worker *w, const char *where, err e)
{
    if (failed(e))
        w->port.trouble(w->port.self, where, e);
}

static err commit(struct worker *w, instant at)
{
    TRY(store_commit(w->store, at));
    if (w->port.committed != NULL)
        w->port.committed(w->port.self, store_leaf_count(w->store));
    return OK;
}

/* Runs one job under its mark; the transaction stays usable unless the database itself failed. */
static err run_marked(struct worker *w, struct job *job, instant at)
{
    TRY(store_mark(w->store));
    job->outcome = job->run(job, w->store, at, &job->turn);
    if (!failed(job->outcome))
        return store_keep(w->store);
    err undone = store_undo(w->store);
    /* A full disk has ended the whole transaction by now: then the first trouble says more. */
    return failed(undone) && job->outcome.code == ERR_OS ? job->outcome : undone;
}

static void finish(struct worker *w, size_t count, err group_outcome)
{
    for (size_t i = 0; i < count; i++) {
        struct job *job = w->group[i];
        err outcome = failed(group_outcome) ? group_outcome : job->outcome;
        struct arena turn = job->turn;
        job->done(job, outcome); /* the job may be gone after this */
        arena_done(&turn);
    }
}

/* A job alone needs no mark: its transaction is its own. The database then does not have to keep
 * every page twice that a thousand rows touch. */
static err run_alone(struct worker *w, struct job *job, instant at)
{
    TRY(store_begin(w->store));
    job->outcome = job->run(job, w->store, at, &job->turn);
    if (!failed(job->outcome))
        return commit(w, at);
    store_rollback(w->store);
    return OK;
}

static err run_group(struct worker *w, size_t count)
{
    instant at = clock_now(w->clock);
    if (count == 1)
        return run_alone(w, w->group[0], at);
    TRY(store_begin(w->store));
    for (size_t i = 0; i < count; i++) {
        err e = run_marked(w, w->group[i], at);
        if (failed(e)) {
            store_rollback(w->store);
            return e;
        }
    }
    return commit(w, at);
}

static void work(struct worker *w, size_t count)
{
    for (size_t i = 0; i < count; i++)
        arena_init(&w->group[i]->turn, w->turn_bytes);
    finish(w, count, run_group(w, count));
}

bool worker_is_awaited(struct worker *w)
{
    return ring_used(&w->ring) > 0;
}

/* As many as share a transaction; fewer when somebody waits. */
static err fire_some(struct worker *w, instant now, bool as_due, bool *ret_more)
{
    struct timers_fired fired = {0};
    int count = 0;
    do {
        TRY(store_timers_fire(w->store, now, as_due, TIMERS_A_PORTION, &fired));
        tell(w, "timer_put_off", fired.why);
        count += fired.count;
    } while (fired.count >= TIMERS_A_PORTION && count < TIMERS_A_TURN && !worker_is_awaited(w));
    *ret_more = fired.count >= TIMERS_A_PORTION;
    return OK;
}

/* One transaction of timers. */
static err fire(struct worker *w, instant now, bool as_due)
{
    TRY(store_begin(w->store));
    err e = fire_some(w, now, as_due, &w->is_behind);
    if (failed(e)) {
        store_rollback(w->store);
        return e;
    }
    return commit(w, now);
}

static err fire_due(struct worker *w, instant now)
{
    instant due = {0};
    bool has_timer = false;
    w->is_behind = false;
    TRY(store_timer_next(w->store, &due, &has_timer));
    return has_timer && due.us <= now.us ? fire(w, now, false) : OK;
}

/* 0: no turn is to come. */
static instant turn_next(struct worker *w)
{
    return w->port.turn_next == NULL ? (instant){0} : w->port.turn_next(w->port.self);
}

static bool is_turn_due(struct worker *w, instant now)
{
    instant next = turn_next(w);
    return next.us != 0 && next.us <= now.us;
}

static err take_turn(struct worker *w, instant now)
{
    return is_turn_due(w, now) ? w->port.turn(w->port.self, w->store, now) : OK;
}

static void sweep(struct worker *w, instant now)
{
    bool is_due = now.us - w->swept_at.us >= SWEEP_EVERY_US || now.us < w->swept_at.us;
    if (!is_due)
        return;
    w->swept_at = now;
    tell(w, "sweep", store_sweep(w->store, now));
}

/*
 * A wrong clock ends listings, which a person can mend, but must not erase what nobody can bring
 * back. It is believed once it has gone on for a while without a leap.
 */
static bool is_clock_trusted(struct worker *w, instant now)
{
    int64_t us = env_monotonic_us();
    int64_t leap_us = (now.us - w->seen_at.us) - (us - w->seen_us);
    bool is_first = w->seen_us == 0;
    bool is_leap = !is_first && (leap_us > LEAP_US || leap_us < -LEAP_US);
    if (is_first || is_leap)
        w->trusted_us = us + TRUST_AFTER_US;
    if (is_leap && !w->clock->is_manual && w->port.leapt != NULL)
        w->port.leapt(w->port.self, now, leap_us);
    w->seen_at = now;
    w->seen_us = us;
    return w->clock->is_manual || us >= w->trusted_us;
}

/* After whoever waits, and what is due already; but not for long. */
static void deliver(struct worker *w, instant now)
{
    if ((worker_is_awaited(w) || w->is_behind) && w->put_off < PUT_OFF_MOST) {
        w->put_off++;
        return;
    }
    w->put_off = 0;
    tell(w, "outbox", w->port.deliver(w->port.self, w->store, now));
}

static void keep_house(struct worker *w)
{
    instant now = clock_now(w->clock);
    bool is_trusted = is_clock_trusted(w, now);
    store_hold_erasures(w->store, !is_trusted);
    tell(w, "timers", fire_due(w, now));
    tell(w, "turn", take_turn(w, now));
    deliver(w, now);
    if (is_trusted)
        sweep(w, now);
}

static bool has_more(struct worker *w)
{
    return w->port.has_more != NULL && w->port.has_more(w->port.self);
}

static err deliver_all(struct worker *w, instant now)
{
    do
        TRY(w->port.deliver(w->port.self, w->store, now));
    while (has_more(w));
    return OK;
}

/* A drill's time goes on from its last head: so that is as late as the time that was answered. */
static err keep_time(struct worker *w, instant to)
{
    TRY(store_begin(w->store));
    err e = leaf_sign(w->store, to);
    if (!failed(e))
        return store_commit(w->store, to);
    store_rollback(w->store);
    return e;
}

/* The first of timers and turns, up to `to`; `ret_timer`: it is a timer. False: none is left. */
static err next_moment(struct worker *w, instant to, instant *ret_at, bool *ret_has,
                       bool *ret_timer)
{
    instant due = {0};
    bool has_timer = false;
    instant turn = turn_next(w);
    TRY(store_timer_next(w->store, &due, &has_timer));
    bool is_turn = turn.us != 0 && (!has_timer || turn.us < due.us);
    *ret_at = is_turn ? turn : due;
    *ret_has = (is_turn || has_timer) && ret_at->us <= to.us;
    *ret_timer = !is_turn;
    return OK;
}

static err step_through(struct worker *w, instant to)
{
    for (;;) {
        instant due = {0};
        bool has_any = false;
        bool is_timer = false;
        TRY(next_moment(w, to, &due, &has_any, &is_timer));
        if (!has_any)
            return OK;
        if (due.us > clock_now(w->clock).us)
            TRY(clock_set(w->clock, due));
        TRY(is_timer ? fire(w, due, true) : take_turn(w, clock_now(w->clock)));
    }
}

err worker_clock_set(struct worker *w, instant to)
{
    if (to.us < clock_now(w->clock).us)
        return fail(ERR_CONFLICT, "clock.backwards", 0);
    TRY(deliver_all(w, clock_now(w->clock))); /* what was put off is of before */
    TRY(step_through(w, to));
    TRY(keep_time(w, to));
    TRY(clock_set(w->clock, to));
    TRY(deliver_all(w, to));
    for (int i = 0; i < TURNS_AFTER_MOST && is_turn_due(w, to); i++) { /* what was told woke it */
        TRY(take_turn(w, to));
        TRY(deliver_all(w, to));
    }
    return OK;
}

static size_t take_group(struct worker *w, int64_t wait_us)
{
    size_t count = 0;
    if (!ring_take_wait(&w->ring, &w->group[0], wait_us))
        return 0;
    count = 1;
    while (count < WORKER_GROUP && ring_take(&w->ring, &w->group[count]))
        count++;
    return count;
}

/* Until the next timer, but never so long that a stepped real clock goes unnoticed. */
static int64_t wait_us(struct worker *w)
{
    instant due = {0};
    bool has_timer = false;
    if (has_more(w))
        return 0;
    instant turn = turn_next(w);
    if (failed(store_timer_next(w->store, &due, &has_timer)))
        return WAIT_LONGEST_US;
    if (turn.us != 0 && (!has_timer || turn.us < due.us))
        due = turn;
    if (due.us == 0)
        return WAIT_LONGEST_US;
    int64_t left = due.us - clock_now(w->clock).us;
    if (left < 0)
        left = 0;
    return left < WAIT_LONGEST_US ? left : WAIT_LONGEST_US;
}

static void worker_run(void *self)
{
    struct worker *w = self;
    bool is_running = true;
    while (is_running) {
        size_t count = take_group(w, wait_us(w));
        if (count > 0)
            work(w, count);
        keep_house(w);
        is_running = count > 0 || !env_flag_is_up(&w->stopping);
    }
}

err worker_start(struct worker *w, struct arena *boot)
{
    assert(w->store != NULL && w->clock != NULL && w->turn_bytes > 0);
    TRY(ring_open(&w->ring, boot, sizeof(struct job *), WORKER_RING));
    TRY(env_helper_start(&w->store->helper, "leaves"));
    return env_thread_start(&w->thread, "store", worker_run, w);
}

void worker_stop(struct worker *w)
{
    if (!w->thread.is_started)
        return;
    env_flag_raise(&w->stopping);
    ring_end(&w->ring);
    env_thread_join(&w->thread);
    ring_close(&w->ring);
}

bool worker_put(struct worker *w, struct job *job)
{
    return ring_put(&w->ring, &job);
}

err worker_run_one(struct worker *w, struct job *job)
{
    w->group[0] = job;
    work(w, 1);
    keep_house(w);
    return has_more(w) ? deliver_all(w, clock_now(w->clock)) : OK;
}
