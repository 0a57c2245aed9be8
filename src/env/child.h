/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child - runs another program once: what it is to read goes in, what it says comes out.
 *
 * Shape     One call, and nothing is left of it afterwards:
 *
 *               input  --> [ stdin   program   stdout ] -->  answer.said
 *                                    stderr             -->  answer.complaint, its first bytes
 *
 *           Never a shell: the words are the program's own. A first word with a '/' is that file;
 *           one without is looked for along PATH. The child gets PATH and LC_ALL=C.UTF-8 as its
 *           whole environment (ours may hold a token), no descriptor but these three, and no
 *           signal blocked.
 * Owns      The process and the pipes, during the call. What was said is in the caller's arena.
 * Lives     The call.
 * Fails     ERR_ABSENT there is no such program; ERR_BUSY it took too long; ERR_LIMIT it said more
 *           than most_bytes, or the arena is spent; ERR_OS with the errno, or with the signal that
 *           ended it. After each of them it has been killed, by its id, and waited for.
 *           A program that does not read all of its input has not failed by that.
 * Threads   Any but a lane: the caller waits. The parent's descriptors 0, 1 and 2 are open.
 * Bounds    timeout_us; most_bytes; CHILD_COMPLAINT_BYTES, the rest is read and dropped.
 */
#ifndef YUMEN_ENV_CHILD_H
#define YUMEN_ENV_CHILD_H

#include "base/str.h"

enum { CHILD_COMPLAINT_BYTES = 1024, CHILD_PATH_BYTES = 4096 };

struct child_order {
    const char *const *words; /* the program first, NULL last */
    str input;
    int64_t timeout_us;
    size_t most_bytes;
};

struct child_answer {
    str said;
    str complaint;
    int code; /* as it exited */
};

/* A program of ours: beside the running one, where it is installed and where it is built; else its
 * bare name, to be looked for along PATH. */
void child_find(const char *program, char ret_path[CHILD_PATH_BYTES]);

err child_run(const struct child_order *order, struct arena *a, struct child_answer *ret_answer);

#endif
