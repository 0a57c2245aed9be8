/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view - all runs at one moment: what a question is asked of.
 *
 * Shape     An array of runs, in no particular order. A transfer is named by its run and place. Its
 *           status is its row's, unless an amendment says what became of it since: few do, and
 *           they are gone once their run is written anew.
 * Owns      Nothing.   Lives  As its maker says.   Fails  Never.   Threads  Any.
 * Bounds    TRAIL_RUNS runs.
 */
#ifndef YUMEN_TRAIL_VIEW_H
#define YUMEN_TRAIL_VIEW_H

#include "trail/build.h"

enum { TRAIL_RUNS = 1 << 12 };

struct trail_ref {
    uint32_t run;
    uint32_t place;
};

/* Open addressing by run number and place; status TRANSFER_STATUS_COUNT: free. */
struct trail_amend {
    uint32_t run_number;
    uint32_t place;
    uint32_t status;
};

struct trail_amends {
    const struct trail_amend *slots;
    uint32_t slot_count; /* a power of two, or 0 */
};

struct trail_view {
    const struct trail_run *const *runs;
    uint32_t run_count;
    uint32_t account_end;
    struct trail_order order; /* by ids, for rows of one millisecond in two runs */
    struct trail_amends amends;
    uint64_t amended; /* how often a status changed; amendments come and go with their runs */
    uint64_t said;    /* how often banks said something of accounts, since it was opened */
    uint32_t end;     /* above every ordinal; what has come since has none below */
};

static inline uint32_t trail_amend_slot(uint32_t run_number, uint32_t place, uint32_t slot_count)
{
    uint64_t x = ((uint64_t)run_number << 32 | place) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(x >> 32) & (slot_count - 1);
}

/* The status that stands for a row of a run. */
static inline unsigned trail_status(const struct trail_amends *a, const struct trail_run *run,
                                    uint32_t place)
{
    if (a->slot_count != 0) {
        uint32_t at = trail_amend_slot(run->number, place, a->slot_count);
        for (; a->slots[at].status < TRANSFER_STATUS_COUNT; at = (at + 1) & (a->slot_count - 1))
            if (a->slots[at].place == place && a->slots[at].run_number == run->number)
                return a->slots[at].status;
    }
    return row_status(&run->rows[place]);
}

static inline const struct trail_row *trail_row_at(const struct trail_view *v, struct trail_ref ref)
{
    assert(ref.run < v->run_count && ref.place < v->runs[ref.run]->count);
    return &v->runs[ref.run]->rows[ref.place];
}

static inline uint32_t trail_ordinal_at(const struct trail_view *v, struct trail_ref ref)
{
    assert(ref.run < v->run_count && ref.place < v->runs[ref.run]->count);
    return v->runs[ref.run]->ordinals[ref.place];
}

#endif
