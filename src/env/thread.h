/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread - threads, mutexes, conditions with a time limit, and things done once.
 *
 * Shape     A struct in the caller's memory each. Waiting is by monotonic time.
 * Owns      The operating system's object, until join or done.
 * Lives     env_thread: from start to join; a zeroed one may be joined. Mutex and condition: from
 *           init to done.
 * Fails     Only env_thread_start: ERR_OS with the errno. Misuse (unlocking what is not locked)
 *           is our mistake: assert.
 * Threads   That is what it is for.
 * Bounds    A thread's name: 15 bytes, cut.
 */
#ifndef YUMEN_ENV_THREAD_H
#define YUMEN_ENV_THREAD_H

#include "base/err.h"

#include <pthread.h>

struct env_thread {
    void (*run)(void *self);
    void *self;
    pthread_t os;
    bool is_started;
    char name[16];
};

err env_thread_start(struct env_thread *t, const char *name, void (*run)(void *self), void *self);
/* Waits for its end. */
void env_thread_join(struct env_thread *t);
/* Names the calling thread, as seen in top and in core files. */
void env_thread_name(const char *name);

/* The calling thread's work can wait for that of others, where there are too few processors. */
void env_thread_give_way(void);

/* At least this long; for a thread that waits for what nobody will wake it for. */
void env_nap_us(int64_t us);

struct env_mutex {
    pthread_mutex_t os;
};

void env_mutex_init(struct env_mutex *m);
void env_mutex_done(struct env_mutex *m);
void env_mutex_lock(struct env_mutex *m);
void env_mutex_unlock(struct env_mutex *m);

struct env_cond {
    pthread_cond_t os;
};

void env_cond_init(struct env_cond *c);
void env_cond_done(struct env_cond *c);
void env_cond_wait(struct env_cond *c, struct env_mutex *m);
/* False when the time passed without a wake-up. Both kinds of waiting may wake for nothing. */
bool env_cond_wait_us(struct env_cond *c, struct env_mutex *m, int64_t timeout_us);
void env_cond_wake(struct env_cond *c);
void env_cond_wake_all(struct env_cond *c);

struct env_once {
    pthread_once_t os;
};

#define ENV_ONCE_INIT                                                                              \
    {                                                                                              \
        .os = PTHREAD_ONCE_INIT                                                                    \
    }

void env_once(struct env_once *o, void (*run)(void));

#endif
