/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker - the store thread: takes jobs, groups their commits, fires timers, delivers the outbox.
 *
 * Shape     A job runs inside a transaction with its neighbours, each under a mark of its own, and
 *           is
 *           told how it ended only after the commit that holds it is on the disk.
 *
 *               web, cli --worker_put--> ring --> [ mark run keep | undo ]* commit --> job->done
 *                                                 timers due, outbox
 *
 * Owns      The store while it runs. A job belongs to whoever put it, until its done is called.
 * Lives     From worker_start to worker_stop, which lets the jobs already taken end.
 * Fails     worker_put is false when the ring is full: the caller answers "busy". A commit that
 *           fails
 *           ends every job of its group with that error; nothing of them is left.
 * Threads   worker_put from any; run, done and the port on the store thread.
 * Bounds    WORKER_RING jobs wait, WORKER_GROUP share a commit.
 */
#ifndef YUMEN_STORE_WORKER_H
#define YUMEN_STORE_WORKER_H

#include "env/atomic.h"
#include "env/ring.h"
#include "store/store.h"

enum { WORKER_RING = 4096, WORKER_GROUP = 256 };

struct job {
    /* Inside a transaction; `turn` is the job's own until done returns. */
    err (*run)(struct job *job, struct store *store, instant at, struct arena *turn);
    /* After the commit (or the failure). */
    void (*done)(struct job *job, err outcome);
    struct arena turn;
    err outcome;
};

/* What the store thread does after a commit, on behalf of others. */
struct worker_port {
    void *self;
    /* After each commit, before anybody is told; may be NULL. */
    void (*committed)(void *self, uint64_t leaf_count);
    /* Delivers what the outbox holds; called outside a transaction after each commit. */
    err (*deliver)(void *self, struct store *store, instant now);
    /* The real clock has jumped by so much against the monotonic one; may be NULL. */
    void (*leapt)(void *self, instant now, int64_t by_us);
    /* Whether the last deliver left something for its next turn, so that jobs come between; may be
     * NULL. */
    bool (*has_more)(void *self);
    /* What the house does by itself at a moment: when that is (0: not now), and the doing, outside
     * a transaction; it must put the moment off. Both may be NULL. */
    instant (*turn_next)(void *self);
    err (*turn)(void *self, struct store *store, instant now);
    /* Trouble nobody asked about: timers, outbox, turns, sweep. */
    void (*trouble)(void *self, const char *where, err e);
};

struct worker {
    struct store *store;
    struct clock *clock;
    struct worker_port port;
    struct ring ring;
    struct env_thread thread;
    struct env_flag stopping;
    struct job *group[WORKER_GROUP];
    size_t turn_bytes; /* budget of each job's arena */
    instant swept_at;
    instant seen_at;    /* what the clock said last, */
    int64_t seen_us;    /* and the monotonic one with it */
    int64_t trusted_us; /* monotonic: from here on the clock is believed */
    unsigned put_off;   /* how often what has to be delivered has waited for jobs or timers */
    bool is_behind;     /* more timers are due */
};

err worker_start(struct worker *worker, struct arena *boot);
void worker_stop(struct worker *worker);
bool worker_put(struct worker *worker, struct job *job);
/* Somebody waits for his turn: who writes many at once lets him have it. */
bool worker_is_awaited(struct worker *worker);

/* Without a thread: one job, now, with timers and delivery; for the command line. */
err worker_run_one(struct worker *worker, struct job *job);

/*
 * For POST /v1/clock, from inside a job's done: steps a manual clock to `to`, through every timer
 * on
 * the way in order, each at its own moment, committed, then delivered.
 */
err worker_clock_set(struct worker *worker, instant to);

#endif
