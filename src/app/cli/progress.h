/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress - how far a long piece of work is, with rate and time left, on standard error.
 *
 * Shape     A thread of its own asks twice a second how much is done and writes one line over
 *           itself. Silent where standard error is no terminal, and for work that ends at once.
 * Owns      Its thread.
 * Lives     From progress_begin to progress_end, which wipes the line.
 * Fails     Never: without a thread nothing is shown.
 * Threads   `done` is called on progress's thread.
 * Bounds    One line.
 */
#ifndef YUMEN_APP_CLI_PROGRESS_H
#define YUMEN_APP_CLI_PROGRESS_H

#include "app/cli/command.h"

struct progress_work {
    str name;
    const char *unit;            /* catalogue key of what is counted; NULL: bytes */
    int64_t total;               /* 0: nobody knows */
    int64_t (*done)(void *self); /* -1: nobody knows */
    void *self;
};

struct progress {
    struct command_line line; /* with an arena of its thread's own */
    struct progress_work work;
    struct env_thread thread;
    struct env_mutex mutex;
    struct env_cond ended;
    bool has_ended;
    int64_t began_us;
};

void progress_begin(struct progress *p, const struct command_line *line,
                    const struct progress_work *work);
void progress_end(struct progress *p);
/* Before anything else is printed meanwhile. */
void progress_clear(void);

/* "12.3 MiB" */
str bytes_shown(struct arena *arena, int64_t bytes);

#endif
