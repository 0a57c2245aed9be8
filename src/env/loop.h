/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop - one libevent loop, and the only ways other threads may speak to it: post and stop.
 *
 * Shape     A gate opens a loop a thread, hangs its events on `base`, and runs it. Another thread
 *           posts a node; the loop calls node->run soon after, in order of posting.
 * Owns      Its event base. Posted nodes stay the poster's memory, untouched until run.
 * Lives     From loop_open to loop_close; loop_close runs nothing more and says so: whoever posts
 *           must have stopped, and what is still waiting is dropped.
 * Fails     loop_open: ERR_OS. loop_post never: a node waits in at most one place, so there is
 *           nothing to allocate and no ring to fill.
 * Threads   loop_post and loop_stop: any. All else: the loop's own thread.
 * Bounds    As many waiting nodes as their owners have.
 */
#ifndef YUMEN_ENV_LOOP_H
#define YUMEN_ENV_LOOP_H

#include "base/err.h"
#include "env/atomic.h"
#include "env/thread.h"

struct event;
struct event_base;

struct loop_post {
    void (*run)(void *self);
    void *self;
    struct loop_post *next; /* the loop's */
};

struct env_loop {
    struct event_base *base;
    struct event *wake;
    struct env_mutex mutex;
    struct loop_post *first;
    struct loop_post *last;
    struct env_flag is_stopping;
    int wake_fd;
};

err loop_open(struct env_loop *l);
/* Accepts a zeroed loop. */
void loop_close(struct env_loop *l);
/* Until loop_stop. */
err loop_run(struct env_loop *l);
void loop_stop(struct env_loop *l);
/* The node must not be waiting already. */
void loop_post(struct env_loop *l, struct loop_post *node);

#endif
