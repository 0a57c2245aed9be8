/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view - all runs at one moment: what a question is asked of.
 *
 * Shape     An array of runs, in no particular order. A transfer is named by its run and place.
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

struct trail_view {
    const struct trail_run *const *runs;
    uint32_t run_count;
    uint32_t account_end;
    struct trail_order order; /* by ids, for rows of one millisecond in two runs */
};

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
