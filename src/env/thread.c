/* SPDX-License-Identifier: Apache-2.0 */
#include "env/thread.h"

#include "env/fault.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Every call below fails only by our mistake. */
static void must(int rc)
{
    assert(rc == 0);
    (void)rc;
}

static void *thread_main(void *arg)
{
    struct env_thread *t = arg;
    env_thread_name(t->name);
    t->run(t->self);
    return NULL;
}

/* Signals belong to the main thread: a new one starts with all of them blocked. */
static int create_quiet(struct env_thread *t)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    must(pthread_sigmask(SIG_SETMASK, &all, &before));
    int rc = pthread_create(&t->os, NULL, thread_main, t);
    must(pthread_sigmask(SIG_SETMASK, &before, NULL));
    return rc;
}

err env_thread_start(struct env_thread *t, const char *name, void (*run)(void *self), void *self)
{
    assert(t != NULL && run != NULL && !t->is_started);
    *t = (struct env_thread){.run = run, .self = self};
    (void)snprintf(t->name, sizeof t->name, "%s", name);
    int rc = env_fault_hit(FAULT_THREAD) ? EAGAIN : create_quiet(t);
    if (rc != 0)
        return fail(ERR_OS, "thread: cannot start", (uint32_t)rc);
    t->is_started = true;
    return OK;
}

void env_thread_join(struct env_thread *t)
{
    if (!t->is_started)
        return;
    must(pthread_join(t->os, NULL));
    t->is_started = false;
}

void env_thread_name(const char *name)
{
    char cut[16];
    (void)snprintf(cut, sizeof cut, "%s", name);
    must(pthread_setname_np(pthread_self(), cut));
}

/* It still runs when others do not stop: whoever waits for a lock it holds does not wait for ever.
 * Where it cannot be, nothing is lost but time. */
void env_thread_give_way(void)
{
    enum { NICE = 15 };
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
}

void env_mutex_init(struct env_mutex *m)
{
    pthread_mutexattr_t attr;
    must(pthread_mutexattr_init(&attr));
    must(pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK));
    must(pthread_mutex_init(&m->os, &attr));
    must(pthread_mutexattr_destroy(&attr));
}

void env_mutex_done(struct env_mutex *m)
{
    must(pthread_mutex_destroy(&m->os));
}

void env_mutex_lock(struct env_mutex *m)
{
    must(pthread_mutex_lock(&m->os));
}

void env_mutex_unlock(struct env_mutex *m)
{
    must(pthread_mutex_unlock(&m->os));
}

void env_cond_init(struct env_cond *c)
{
    pthread_condattr_t attr;
    must(pthread_condattr_init(&attr));
    must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC));
    must(pthread_cond_init(&c->os, &attr));
    must(pthread_condattr_destroy(&attr));
}

void env_cond_done(struct env_cond *c)
{
    must(pthread_cond_destroy(&c->os));
}

void env_cond_wait(struct env_cond *c, struct env_mutex *m)
{
    must(pthread_cond_wait(&c->os, &m->os));
}

bool env_cond_wait_us(struct env_cond *c, struct env_mutex *m, int64_t timeout_us)
{
    struct timespec until;
    must(clock_gettime(CLOCK_MONOTONIC, &until));
    int64_t ns = until.tv_nsec + (timeout_us > 0 ? timeout_us % 1000000 * 1000 : 0);
    until.tv_sec += (timeout_us > 0 ? timeout_us / 1000000 : 0) + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    int rc = pthread_cond_timedwait(&c->os, &m->os, &until);
    assert(rc == 0 || rc == ETIMEDOUT);
    return rc == 0;
}

void env_cond_wake(struct env_cond *c)
{
    must(pthread_cond_signal(&c->os));
}

void env_cond_wake_all(struct env_cond *c)
{
    must(pthread_cond_broadcast(&c->os));
}

void env_once(struct env_once *o, void (*run)(void))
{
    must(pthread_once(&o->os, run));
}

void env_nap_us(int64_t us)
{
    struct timespec left = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}
