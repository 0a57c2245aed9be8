/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/trail_thread.h"

#include <assert.h>

#define IDLE_US INT64_C(1000000)

enum { ARENA_BYTES = 64 << 10 };

void trail_thread_init(struct trail_thread *t, struct clock *clock)
{
    *t = (struct trail_thread){.clock = clock, .is_ready = true};
    env_mutex_init(&t->mutex);
    env_cond_init(&t->told);
    arena_init(&t->arena, ARENA_BYTES);
}

static void tell(struct trail_thread *t, struct trail_job *job, err outcome)
{
    env_mutex_lock(&t->mutex);
    job->outcome = outcome;
    job->is_told = true;
    env_cond_wake_all(&t->told);
    env_mutex_unlock(&t->mutex);
}

static void sync_all(struct trail_thread *t)
{
    if (t->unsynced_count == 0)
        return;
    err e = runs_keep(t->runs);
    for (size_t i = 0; i < t->unsynced_count; i++)
        tell(t, t->unsynced[i], e);
    t->unsynced_count = 0;
    (void)!failed(runs_sync(t->runs)); /* whoever asks waits for it; trouble meets who takes next */
    if (t->synced != NULL)
        t->synced(t->self);
}

static void take(struct trail_thread *t, struct trail_job *job)
{
    err e = job->run == NULL ? OK : job->run(job, t->runs);
    if (failed(e) || !job->is_durable)
        tell(t, job, e);
    else
        t->unsynced[t->unsynced_count++] = job;
    if (t->unsynced_count == TRAIL_ROOM)
        sync_all(t);
}

/* Its trouble is nobody's question: whoever takes next meets it. */
static void tend(struct trail_thread *t)
{
    (void)!failed(runs_tend(t->runs, clock_now(t->clock).us / US_PER_MS));
}

static void trail_run(void *self)
{
    struct trail_thread *t = self;
    struct trail_job *job = NULL;
    bool has_job = true;
    while (has_job || !env_flag_is_up(&t->stopping)) {
        has_job = ring_take(&t->ring, &job);
        if (!has_job) {
            sync_all(t);
            tend(t);
            has_job = ring_take_wait(&t->ring, &job, IDLE_US);
        }
        if (has_job) {
            take(t, job);
            tend(t);
        }
    }
    sync_all(t);
}

static err begin(struct trail_thread *t, const char *folder, int64_t keep_days)
{
    struct runs_options options = {.folder = folder,
                                   .keep_ms = keep_days * (US_PER_DAY / US_PER_MS)};
    TRY(runs_open(&options, &t->runs));
    err e = ring_open(&t->ring, &t->arena, sizeof(struct trail_job *), TRAIL_ROOM);
    if (!failed(e))
        e = env_thread_start(&t->thread, "trail", trail_run, t);
    if (!failed(e))
        return OK;
    runs_close(t->runs);
    t->runs = NULL;
    return e;
}

err trail_thread_open(struct trail_thread *t, const char *folder, int64_t keep_days)
{
    assert(t->is_ready);
    env_mutex_lock(&t->mutex);
    err e = t->runs != NULL ? OK : begin(t, folder, keep_days);
    env_mutex_unlock(&t->mutex);
    return e;
}

void trail_thread_stop(struct trail_thread *t)
{
    if (!t->thread.is_started)
        return;
    env_flag_raise(&t->stopping);
    ring_end(&t->ring);
    env_thread_join(&t->thread);
    ring_close(&t->ring);
}

void trail_thread_done(struct trail_thread *t)
{
    trail_thread_stop(t);
    runs_close(t->runs);
    if (t->is_ready) {
        env_cond_done(&t->told);
        env_mutex_done(&t->mutex);
        arena_done(&t->arena);
    }
    *t = (struct trail_thread){0};
}

err trail_thread_put(struct trail_thread *t, struct trail_job *job)
{
    job->is_told = false;
    return ring_put(&t->ring, &job) ? OK : fail(ERR_BUSY, "limit.busy", 0);
}

err trail_thread_wait(struct trail_thread *t, struct trail_job *job)
{
    env_mutex_lock(&t->mutex);
    while (!job->is_told)
        env_cond_wait(&t->told, &t->mutex);
    env_mutex_unlock(&t->mutex);
    return job->outcome;
}
