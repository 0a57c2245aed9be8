/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helper - a thread that does one piece of work at a time for its owner, who goes on meanwhile.
 *
 * Shape     owner --ask--> work, by the helper, while the owner does something else
 *           owner --wait--> what the work has written is the owner's to read
 *           One that was never started has no thread: ask then does the work itself, at once.
 * Owns      Its thread, from start to stop. The work and what it points to are the owner's.
 * Lives     A zeroed one may be asked, waited for and stopped.
 * Fails     Only env_helper_start: ERR_OS. A second ask before a wait is our mistake: assert.
 * Threads   One owner at a time.
 * Bounds    One piece of work.
 */
#ifndef YUMEN_ENV_HELPER_H
#define YUMEN_ENV_HELPER_H

#include "env/thread.h"

struct env_helper {
    struct env_thread thread;
    struct env_mutex mutex;
    struct env_cond asked;
    struct env_cond done;
    void (*work)(void *of); /* NULL: none is under way */
    void *of;
    bool is_ending;
};

err env_helper_start(struct env_helper *h, const char *name);
/* Waits for what was asked, and for the thread's end. */
void env_helper_stop(struct env_helper *h);
void env_helper_ask(struct env_helper *h, void (*work)(void *of), void *of);
void env_helper_wait(struct env_helper *h);

#endif
