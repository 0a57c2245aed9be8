/* SPDX-License-Identifier: Apache-2.0 */
/*
 * part - what the files of runs/ know of each other, and nobody else.
 *
 * Shape     struct runs, opened up: tails, what is sealed, the task beside, what is shown.
 * Owns      See runs.h.   Lives  What is retired, until its epoch is past.   Fails  -
 * Threads   The owner's, under `names` where askers look too; a task's.   Bounds  Below.
 */
#ifndef YUMEN_RUNS_PART_H
#define YUMEN_RUNS_PART_H

#include "env/atomic.h"
#include "env/epoch.h"
#include "env/thread.h"
#include "runs/accounts.h"
#include "runs/ids.h"
#include "runs/journal.h"
#include "runs/tail.h"

enum {
    PERIOD_SHIFT = 31, /* a period: two to the 31 milliseconds, almost 25 days */
    SEALED_MOST = 1 << 10,
    IDS_MOST = 256,
    SEGMENTS_MOST = 1 << 14,
    MERGE_MOST = 32,
    OPENED_MOST = 32, /* blocks of the journal */
    SCOPES_MOST = 1 << 10,
};

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

struct segment {
    uint32_t number;
    uint32_t first_ordinal;
    uint32_t count;
    int64_t last_ms;
};

struct amendment {
    uint32_t run_number;
    uint32_t place;
    uint32_t ordinal;
    uint32_t status;
};

/* What questions see: made anew when anything of it changes. */
struct shown {
    struct trail_view view;
    struct arena arena; /* it lies in */
};

/* What nobody may look at any more once the epoch is past. */
struct retired {
    struct retired *next;
    uint64_t stamp;
    struct pages pages;
    struct shown *shown; /* or this */
    struct arena arena;  /* it lies in */
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
    uint32_t first_number; /* of the runs it makes */
    struct sealed made[MERGE_MOST];
    uint32_t made_count;
    struct id_file ids;
    err failed;
};

/* A block of the journal, unpacked, for whoever looks at transfers one after the other. */
struct opened_block {
    char *raw; /* JOURNAL_BLOCK_BYTES * 2 */
    uint32_t first_ordinal;
    uint32_t rows;
    uint32_t raw_bytes;
    int64_t base_ms;
    bool is_there;
};

struct runs {
    struct arena arena; /* it lies in */
    struct runs *self;
    char folder[FILE_PATH_BYTES];
    bool is_in_memory;
    uint32_t tail_rows;
    int64_t keep_ms;
    uint64_t seed;
    err broken; /* once set, nothing more is taken */

    struct env_mutex names; /* guards accounts, ids and the index of blocks against askers */
    struct accounts accounts;
    struct journal journal;
    struct tail tails[2];
    struct tail *tail;
    struct tail *frozen; /* being sealed, or NULL */
    struct id_file id_files[IDS_MOST];
    uint32_t id_file_count;

    struct sealed sealed[SEALED_MOST];
    uint32_t sealed_count;
    struct segment segments[SEGMENTS_MOST]; /* sealed */
    uint32_t segment_count;
    struct pages amends; /* of struct amendment */
    uint32_t amend_count;
    char currencies[TRAIL_CURRENCIES][CURRENCY_BYTES + 1];
    uint32_t currency_count;
    uint32_t scopes[SCOPES_MOST]; /* that transfers came from */
    uint32_t scope_count;
    uint32_t accounts_on_disk;
    uint32_t next_number; /* of runs and tables of ids */

    struct task task;
    struct unpacker unpacker;
    struct opened_block opened[OPENED_MOST];
    struct arena turn;

    struct epoch epoch;
    struct env_slot shown; /* struct shown */
    struct retired *retired;
    struct env_counter transfers; /* that questions see */
    bool is_changed;              /* since it was shown */
    bool was_rebuilt;             /* something was damaged when it was opened */
    struct pages facts;           /* of uint64_t, by account: where the journal speaks of it last */
};

#endif
