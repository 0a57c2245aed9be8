/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assign - who does what, so that all of it together costs least.
 *
 * Shape     Each row (a piece of work) gets one column (an officer), no column two rows. A row
 *           lists the columns that it may have, with costs; a column of its own is how it says that
 *           it may go without. Row after row the shortest augmenting path is sought, with prices on
 *           the columns (Jonker and Volgenant; Dijkstra over what is listed, with a heap).
 * Owns      Nothing: works in the arena it is given.
 * Lives     -
 * Fails     ERR_CONFLICT "assign: a row is left without a column"; ERR_LIMIT "limit.memory".
 * Threads   Any.
 * Bounds    Costs from 0 to ASSIGN_COST_MOST. Rows x edges x log edges at worst; in practice a row
 *           looks at little more than its own. The same problem has the same answer everywhere.
 */
#ifndef YUMEN_DISPATCH_ASSIGN_H
#define YUMEN_DISPATCH_ASSIGN_H

#include "base/arena.h"
#include "base/err.h"

#define ASSIGN_COST_MOST (INT64_C(1) << 50)

struct assign_edge {
    int64_t cost;
    uint32_t column;
};

struct assign_problem {
    const struct assign_edge *edges; /* row i: from first[i] to first[i + 1] */
    const uint32_t *first;
    uint32_t row_count;
    uint32_t column_count;
};

/* ret_column: a column a row. */
err assign_solve(const struct assign_problem *p, struct arena *turn, uint32_t *ret_column);

#endif
