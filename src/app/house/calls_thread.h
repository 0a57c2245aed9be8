/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls_thread - the one thread that owns the book of call conduct, and the way to it.
 *
 * Shape     Jobs wait in a bounded ring; a job has the book to itself while it runs. What a take
 *           has counted is on the disk when it is told (calls/calls.h); between jobs the book is
 *           saved, a piece at a time. A question is a job as well.
 *
 *               clerks --put--> ring --> run, step, run, step … --> told
 *
 * Owns      The book below its folder, from open to close; the keys that numbers go under in it,
 *           wiped at the end. A job is its maker's, until it is told.
 * Lives     From calls_thread_open to calls_thread_close; open again afterwards, if wanted.
 * Fails     As calls_open, and each job as it did; "limit.busy" when the ring is full (refuse).
 * Threads   open and close: one at a time, while nobody has a job there. put, wait, counts: any.
 * Bounds    CALLS_ROOM jobs.
 */
#ifndef YUMEN_APP_HOUSE_CALLS_THREAD_H
#define YUMEN_APP_HOUSE_CALLS_THREAD_H

#include "calls/calls.h"
#include "env/atomic.h"
#include "env/ring.h"
#include "sense/sighting.h"

enum { CALLS_ROOM = 64 };

struct calls_job {
    err (*run)(struct calls_job *job, struct calls *calls);
    /* The rest is the thread's. */
    err outcome;
    bool is_told;
};

struct calls_thread {
    struct env_mutex mutex;
    struct env_cond told;
    struct calls *calls; /* NULL: not open */
    struct sight_keys keys;
    struct calls_counts counts; /* as the last job left them */
    struct ring ring;
    struct env_thread thread;
    struct env_flag stopping;
    struct arena arena; /* of the ring */
    bool is_ready;      /* init was called */
};

void calls_thread_init(struct calls_thread *t);
void calls_thread_done(struct calls_thread *t); /* closed; accepts a zeroed one */

/* `keys` are copied. */
err calls_thread_open(struct calls_thread *t, const struct calls_settings *settings,
                      const struct sight_keys *keys);
/* What was put before is done; nothing more is taken. One that is not open is fine. */
err calls_thread_close(struct calls_thread *t);

/* Open. */
err calls_thread_put(struct calls_thread *t, struct calls_job *job);
err calls_thread_wait(struct calls_thread *t, struct calls_job *job);
/* False: not open. */
bool calls_thread_counts(struct calls_thread *t, struct calls_counts *ret_counts);

#endif
