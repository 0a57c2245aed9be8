/* SPDX-License-Identifier: Apache-2.0 */
#include "env/helper.h"

#include <assert.h>

static void helper_run(void *self)
{
    struct env_helper *h = self;
    env_mutex_lock(&h->mutex);
    while (h->work != NULL || !h->is_ending) {
        if (h->work == NULL) {
            env_cond_wait(&h->asked, &h->mutex);
            continue;
        }
        void (*work)(void *of) = h->work;
        env_mutex_unlock(&h->mutex);
        work(h->of);
        env_mutex_lock(&h->mutex);
        h->work = NULL;
        env_cond_wake(&h->done);
    }
    env_mutex_unlock(&h->mutex);
}

err env_helper_start(struct env_helper *h, const char *name)
{
    assert(!h->thread.is_started);
    env_mutex_init(&h->mutex);
    env_cond_init(&h->asked);
    env_cond_init(&h->done);
    err e = env_thread_start(&h->thread, name, helper_run, h);
    if (failed(e)) {
        env_cond_done(&h->done);
        env_cond_done(&h->asked);
        env_mutex_done(&h->mutex);
    }
    return e;
}

void env_helper_stop(struct env_helper *h)
{
    if (!h->thread.is_started)
        return;
    env_mutex_lock(&h->mutex);
    h->is_ending = true;
    env_cond_wake(&h->asked);
    env_mutex_unlock(&h->mutex);
    env_thread_join(&h->thread);
    env_cond_done(&h->done);
    env_cond_done(&h->asked);
    env_mutex_done(&h->mutex);
    *h = (struct env_helper){0};
}

void env_helper_ask(struct env_helper *h, void (*work)(void *of), void *of)
{
    if (!h->thread.is_started) {
        work(of);
        return;
    }
    env_mutex_lock(&h->mutex);
    assert(h->work == NULL && !h->is_ending);
    h->of = of;
    h->work = work;
    env_cond_wake(&h->asked);
    env_mutex_unlock(&h->mutex);
}

void env_helper_wait(struct env_helper *h)
{
    if (!h->thread.is_started)
        return;
    env_mutex_lock(&h->mutex);
    while (h->work != NULL)
        env_cond_wait(&h->done, &h->mutex);
    env_mutex_unlock(&h->mutex);
}
