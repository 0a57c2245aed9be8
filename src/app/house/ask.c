/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/ask.h"

struct ask {
    struct job job; /* first: a job is its ask */
    ask_fn *run;
    void *self;
    struct env_mutex mutex;
    struct env_cond ended;
    bool has_ended;
    err outcome;
};

static err run(struct job *job, struct store *store, instant at, struct arena *turn)
{
    struct ask *ask = (struct ask *)job;
    return ask->run(ask->self, store, at, turn);
}

static void done(struct job *job, err outcome)
{
    struct ask *ask = (struct ask *)job;
    env_mutex_lock(&ask->mutex);
    ask->outcome = outcome;
    ask->has_ended = true;
    env_cond_wake(&ask->ended);
    env_mutex_unlock(&ask->mutex);
}

err ask_store(struct house *house, ask_fn *fn, void *self)
{
    struct ask ask = {
        .job = {.run = run, .done = done},
          .run = fn, .self = self
    };
    env_mutex_init(&ask.mutex);
    env_cond_init(&ask.ended);
    err e = fail(ERR_BUSY, "limit.busy", 0);
    if (env_flag_is_up(&house->is_stopping)) {
        e = fail(ERR_BUSY, "limit.stopping", 0);
    } else if (worker_put(&house->worker, &ask.job)) {
        env_mutex_lock(&ask.mutex);
        while (!ask.has_ended)
            env_cond_wait(&ask.ended, &ask.mutex);
        env_mutex_unlock(&ask.mutex);
        e = ask.outcome;
    }
    env_cond_done(&ask.ended);
    env_mutex_done(&ask.mutex);
    return e;
}
