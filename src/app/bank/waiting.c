/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bank/waiting.h"

#include "app/call/api_help.h"
#include "env/clock.h"

/* Also how late it may be seen that the house is closing. */
#define NAP_US INT64_C(200000)

struct parked {
    struct call *call;
    str provider;
    int64_t until_us;
    bool is_told;
};

struct waiting {
    struct house *house;
    struct env_mutex mutex;
    struct env_cond changed;
    struct env_thread thread;
    struct parked calls[WAITING_MOST];
    size_t count;
    uint64_t told;
    bool is_ending;
};

static bool is_closing(const struct waiting *w)
{
    return w->is_ending || env_flag_is_up(&w->house->is_stopping);
}

/* One whose time has come; NULL when none's has. Also how long until the next one's. */
static struct call *take_due(struct waiting *w, int64_t *ret_nap_us)
{
    int64_t now_us = env_monotonic_us();
    *ret_nap_us = NAP_US;
    for (size_t i = 0; i < w->count; i++) {
        struct parked *p = &w->calls[i];
        int64_t left_us = p->until_us - now_us;
        if (p->is_told || left_us <= 0 || is_closing(w)) {
            struct call *call = p->call;
            *p = w->calls[--w->count];
            return call;
        }
        *ret_nap_us = left_us < *ret_nap_us ? left_us : *ret_nap_us;
    }
    return NULL;
}

static void work(struct waiting *w, struct call *call)
{
    if (is_closing(w))
        api_finish(call, fail(ERR_BUSY, "limit.stopping", 0));
    else
        call->work(call);
}

static void run(void *self)
{
    struct waiting *w = self;
    env_mutex_lock(&w->mutex);
    while (!w->is_ending || w->count > 0) {
        int64_t nap_us = 0;
        struct call *call = take_due(w, &nap_us);
        if (call == NULL && w->count == 0 && !w->is_ending) {
            env_cond_wait(&w->changed, &w->mutex);
        } else if (call == NULL) {
            (void)env_cond_wait_us(&w->changed, &w->mutex, nap_us);
        } else {
            env_mutex_unlock(&w->mutex);
            work(w, call);
            env_mutex_lock(&w->mutex);
        }
    }
    env_mutex_unlock(&w->mutex);
}

err waiting_open(struct house *house)
{
    struct waiting *w = arena_make(&house->boot, sizeof *w);
    if (w == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *w = (struct waiting){.house = house};
    env_mutex_init(&w->mutex);
    env_cond_init(&w->changed);
    house->waiting = w;
    return env_thread_start(&w->thread, "waiting", run, w);
}

void waiting_stop(struct house *house)
{
    struct waiting *w = house->waiting;
    if (w == NULL || !w->thread.is_started)
        return;
    env_mutex_lock(&w->mutex);
    w->is_ending = true;
    env_cond_wake_all(&w->changed);
    env_mutex_unlock(&w->mutex);
    env_thread_join(&w->thread);
}

uint64_t waiting_told(struct house *house)
{
    struct waiting *w = house->waiting;
    env_mutex_lock(&w->mutex);
    uint64_t told = w->told;
    env_mutex_unlock(&w->mutex);
    return told;
}

size_t waiting_count(struct house *house)
{
    struct waiting *w = house->waiting;
    env_mutex_lock(&w->mutex);
    size_t count = w->count;
    env_mutex_unlock(&w->mutex);
    return count;
}

bool waiting_put(struct house *house, struct call *call, const struct waiting_for *what)
{
    struct waiting *w = house->waiting;
    env_mutex_lock(&w->mutex);
    bool has_room = w->count < WAITING_MOST && !w->is_ending;
    if (has_room)
        w->calls[w->count++] = (struct parked){.call = call,
                                               .provider = what->provider,
                                               .until_us = what->until_us,
                                               .is_told = what->told != w->told};
    env_cond_wake(&w->changed);
    env_mutex_unlock(&w->mutex);
    return has_room;
}

void waiting_tell(struct house *house, str provider)
{
    struct waiting *w = house->waiting;
    if (w == NULL)
        return;
    env_mutex_lock(&w->mutex);
    w->told++;
    for (size_t i = 0; i < w->count; i++)
        w->calls[i].is_told = w->calls[i].is_told || str_equal(w->calls[i].provider, provider);
    env_cond_wake(&w->changed);
    env_mutex_unlock(&w->mutex);
}
