/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_thread - the one thread that takes transfers into the runs, and the way to it.
 *
 * Shape     Jobs wait in a bounded ring. A job that must be on the disk is told so only after the
 *           sync that holds it, and jobs that wait together share one.
 *
 *               clerks --put--> ring --> run, run, … --sync--> told         tend when nothing waits
 *
 * Owns      The runs below DIR/trail, from open to close. A job is its maker's, until it is told.
 * Lives     Opened when first asked for, so that a command that knows no money opens nothing.
 * Fails     As runs_open, and each job as it did; "limit.busy" when the ring is full (refuse).
 * Threads   put and wait from any; run on the trail thread. Questions (runs_ask_…) from any.
 * Bounds    TRAIL_ROOM jobs.
 */
#ifndef YUMEN_APP_HOUSE_TRAIL_THREAD_H
#define YUMEN_APP_HOUSE_TRAIL_THREAD_H

#include "env/atomic.h"
#include "env/clock.h"
#include "env/ring.h"
#include "runs/runs.h"

enum { TRAIL_ROOM = 64 };

struct trail_job {
    err (*run)(struct trail_job *job, struct runs *runs); /* NULL: only the sync */
    bool is_durable;                                      /* told when it is on the disk */
    /* The rest is the thread's. */
    err outcome;
    bool is_told;
};

struct trail_thread {
    struct env_mutex mutex;
    struct env_cond told;
    struct runs *runs; /* NULL: not opened */
    struct ring ring;
    struct env_thread thread;
    struct env_flag stopping;
    struct arena arena;
    struct clock *clock;
    void (*synced)(void *self); /* transfers are there to be asked about; may be NULL */
    void *self;
    struct trail_job *unsynced[TRAIL_ROOM];
    size_t unsynced_count;
    bool is_ready; /* init was called */
};

void trail_thread_init(struct trail_thread *t, struct clock *clock);
/* Stops first; accepts a zeroed one. */
void trail_thread_done(struct trail_thread *t);
/* Opens at the first call. `keep_days`: retention of transfers; 0: for ever. */
err trail_thread_open(struct trail_thread *t, const char *folder, int64_t keep_days);
/* What was put before is done; nothing more is taken. */
void trail_thread_stop(struct trail_thread *t);

/* Opened. */
err trail_thread_put(struct trail_thread *t, struct trail_job *job);
err trail_thread_wait(struct trail_thread *t, struct trail_job *job);

#endif
