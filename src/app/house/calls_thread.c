/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/calls_thread.h"

#include "kit/secret.h"

#include <assert.h>

#define IDLE_US INT64_C(1000000)

enum { ARENA_BYTES = 64 << 10 };

void calls_thread_init(struct calls_thread *t)
{
    *t = (struct calls_thread){.is_ready = true};
    env_mutex_init(&t->mutex);
    env_cond_init(&t->told);
}

void calls_thread_done(struct calls_thread *t)
{
    assert(t->calls == NULL);
    if (t->is_ready) {
        env_cond_done(&t->told);
        env_mutex_done(&t->mutex);
    }
    *t = (struct calls_thread){0};
}

static void take(struct calls_thread *t, struct calls_job *job)
{
    err e = job->run(job, t->calls);
    env_mutex_lock(&t->mutex);
    calls_show(t->calls, &t->counts);
    job->outcome = e;
    job->is_told = true;
    env_cond_wake_all(&t->told);
    env_mutex_unlock(&t->mutex);
}

/* Its trouble is nobody's question: it is tried again, and whoever takes next meets it. */
static void step(struct calls_thread *t)
{
    if (calls_wants_step(t->calls))
        (void)!failed(calls_step(t->calls));
}

static void calls_run(void *self)
{
    struct calls_thread *t = self;
    struct calls_job *job = NULL;
    bool has_job = true;
    while (has_job || !env_flag_is_up(&t->stopping)) {
        has_job = ring_take_wait(&t->ring, &job, calls_wants_step(t->calls) ? 0 : IDLE_US);
        if (has_job)
            take(t, job);
        step(t);
    }
}

err calls_thread_open(struct calls_thread *t, const struct calls_settings *settings,
                      const struct sight_keys *keys)
{
    assert(t->is_ready && t->calls == NULL);
    struct calls *calls = NULL;
    TRY(calls_open(settings, &calls));
    env_mutex_lock(&t->mutex);
    t->calls = calls;
    calls_show(calls, &t->counts);
    env_mutex_unlock(&t->mutex);
    t->keys = *keys;
    arena_init(&t->arena, ARENA_BYTES);
    env_flag_lower(&t->stopping);
    err e = ring_open(&t->ring, &t->arena, sizeof(struct calls_job *), CALLS_ROOM);
    if (!failed(e))
        e = env_thread_start(&t->thread, "calls", calls_run, t);
    if (failed(e))
        (void)!failed(calls_thread_close(t));
    return e;
}

err calls_thread_close(struct calls_thread *t)
{
    struct calls *calls = t->calls;
    if (calls == NULL)
        return OK;
    if (t->thread.is_started) {
        env_flag_raise(&t->stopping);
        ring_end(&t->ring);
        env_thread_join(&t->thread);
    }
    ring_close(&t->ring);
    arena_done(&t->arena);
    secret_wipe(&t->keys, sizeof t->keys);
    env_mutex_lock(&t->mutex);
    t->calls = NULL;
    env_mutex_unlock(&t->mutex);
    return calls_close(calls);
}

err calls_thread_put(struct calls_thread *t, struct calls_job *job)
{
    job->is_told = false;
    return ring_put(&t->ring, &job) ? OK : fail(ERR_BUSY, "limit.busy", 0);
}

err calls_thread_wait(struct calls_thread *t, struct calls_job *job)
{
    env_mutex_lock(&t->mutex);
    while (!job->is_told)
        env_cond_wait(&t->told, &t->mutex);
    env_mutex_unlock(&t->mutex);
    return job->outcome;
}

bool calls_thread_counts(struct calls_thread *t, struct calls_counts *ret_counts)
{
    env_mutex_lock(&t->mutex);
    bool is_open = t->calls != NULL;
    *ret_counts = t->counts;
    env_mutex_unlock(&t->mutex);
    return is_open;
}
