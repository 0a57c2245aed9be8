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

#include "env/epoch.h"
#include "runs/accounts.h"
#include "runs/journal.h"
#include "runs/sieve.h"
#include "runs/task.h"

enum {
    PERIOD_SHIFT = 31, /* a period: two to the 31 milliseconds, almost 25 days */
    SEALED_MOST = 1 << 10,
    IDS_MOST = 1 << 12,
    SEGMENTS_MOST = 1 << 14,
    OPENED_MOST = 32, /* blocks of the journal */
    IDLE_MS = 10000,  /* without a new row: then none is */
    /* A file of many millions is coming in when tails fill one after the other. To sort the same
     * rows again meanwhile takes processors and disk from it, and who seals would have to wait for
     * it: runs are merged when it is over, unless there are too many for who asks. */
    CALM_MS = 20000,
    UNMERGED_MOST = 128,
    SCOPES_MOST = 1 << 10,
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
    struct sieve sieve; /* over all of them, and the tails' */

    struct sealed sealed[SEALED_MOST];
    uint32_t sealed_count;
    struct segment segments[SEGMENTS_MOST]; /* sealed */
    uint32_t segment_count;
    struct pages amends; /* of struct amendment */
    uint32_t amend_count;
    uint64_t amended; /* since it was opened, folded in or not */
    char currencies[TRAIL_CURRENCIES][CURRENCY_BYTES + 1];
    uint32_t currency_count;
    uint32_t scopes[SCOPES_MOST]; /* that transfers came from */
    uint32_t scope_count;
    uint32_t accounts_on_disk;
    uint32_t next_number; /* of runs and tables of ids */

    struct task task;
    uint32_t idle_at; /* the next ordinal when last it changed, and since when */
    int64_t idle_since_ms;
    uint32_t calm_segment; /* the tail's when last it changed, and since when */
    int64_t calm_since_ms;
    int64_t aged_ms; /* when a tail was last sealed for its age */
    struct unpacker unpacker;
    struct opened_block opened[OPENED_MOST];
    struct arena turn;

    struct epoch epoch;
    struct env_slot shown;     /* struct shown */
    struct env_flag is_behind; /* something is kept that it does not show */
    struct env_mutex showing;  /* for whoever waits until it does */
    struct env_cond caught_up;
    struct retired *retired;
    struct env_counter transfers; /* that questions see */
    uint64_t said;                /* how often banks said something of accounts */
    bool is_changed;              /* since it was shown */
    bool was_rebuilt;             /* something was damaged when it was opened */
    struct pages facts;           /* of uint64_t, by account: where the journal speaks of it last */
};

#endif
