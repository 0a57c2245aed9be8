/* SPDX-License-Identifier: Apache-2.0 */
/*
 * task - work beside the owner's thread: a full tail becomes runs, many runs become one.
 *
 * Shape     begin --> a thread of its own: inputs --build--> files --> is_done --> the owner
 *           takes over what was made, and the manifest names it.
 * Owns      What it made until it is taken over; memory to work in, from one task to the next.
 * Lives     One at a time.
 * Fails     As building and writing files do; `failed` says how.
 * Threads   Its own, once begun; inputs do not change meanwhile.
 * Bounds    MERGE_MOST runs in, as many out; SPACE_MOST bytes a piece are kept.
 */
#ifndef YUMEN_RUNS_TASK_H
#define YUMEN_RUNS_TASK_H

#include "env/atomic.h"
#include "env/thread.h"
#include "runs/tail.h"

enum { MERGE_MOST = 32, SPACE_MOST = 256 << 20 };

struct runs;

/* A run on the disk. */
struct sealed {
    struct trail_run run;
    struct pages file;
    int64_t period;
};

/* A table of ids on the disk, of the transfers of some segments. */
struct id_file {
    struct ids ids;
    struct pages file;
    uint32_t number;
    uint32_t segment_first;
    uint32_t segment_last;
};

/* Memory that tasks work in, kept from one to the next: to have the system clear it anew for each
 * would cost as much as the work. */
struct workspace {
    struct pages rows;
    struct pages ordinals;
    struct pages room;
    struct pages scratch;
    struct pages balances;
};

enum task_kind { TASK_NONE, TASK_SEAL, TASK_MERGE };
/* One piece of work beside the owner's thread; its inputs do not change while it runs. */
struct task {
    enum task_kind kind;
    struct env_thread thread;
    struct env_flag is_done;
    struct runs *runs;
    struct tail *tail;
    struct sealed inputs[MERGE_MOST]; /* of a merge */
    uint32_t input_count;
    struct pages amends; /* as they stood when it began */
    uint32_t account_count;
    struct workspace space;
    uint32_t first_number; /* of the runs it makes */
    struct sealed made[MERGE_MOST];
    uint32_t made_count;
    struct id_file ids;
    err failed;
};

#endif
