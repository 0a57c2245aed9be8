/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_page - a page of an account's transfers, newest first, whatever their number.
 *
 * Shape     The newest of each run behind the place where the page before ended; those of all runs
 *           together, as many as fit the page.
 * Owns      Nothing: the page lies in the caller's arena.
 * Lives     As the arena.
 * Fails     ERR_LIMIT when the arena is spent.
 * Threads   Any, with a seat of its own.
 * Bounds    Memory by the page; time by the page, the runs and what has one millisecond with it.
 *           The total costs a look at each row that the account paid.
 */
#ifndef YUMEN_APP_MONEY_TRAIL_PAGE_H
#define YUMEN_APP_MONEY_TRAIL_PAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "trail/view.h"

/* Later in time is before; of one millisecond, what came later. */
struct trail_place {
    int64_t time_ms;
    uint32_t ordinal;
};

struct trail_page {
    struct trail_place *places;
    size_t count;
    bool is_more;
    uint64_t total; /* of the account, on this page or not */
};

struct trail_page_question {
    uint32_t account;
    const struct trail_place *after; /* NULL: from the newest on */
    size_t limit;
};

err trail_page_make(const struct trail_view *view, const struct trail_page_question *q,
                    struct arena *a, struct trail_page *ret);

#endif
