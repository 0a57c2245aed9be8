/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_walls - which money cannot leave: from when on an account of the incident is wholly held or
 * stopped, so that what it pays from then on is other money (trail_index.h).
 *
 * Shape     orders that are done --> every account with one --document--> those not wholly held
 *           are dropped, and the document is made again, until none is
 *
 *           A stop lets nothing out from when it was done. Holds do from the last of them on, where
 *           together they hold all that is attributed and present there.
 * Owns      Nothing; in the arena.
 * Lives     A pass.
 * Fails     As the runs.
 * Threads   One.
 * Bounds    One an account.
 */
#ifndef YUMEN_APP_RACE_RACE_WALLS_H
#define YUMEN_APP_RACE_RACE_WALLS_H

#include "app/money/trail_doc.h"
#include "fact/order.h"

struct race_walls {
    struct trail_wall *at; /* by account */
    int64_t *held;         /* by holds, of each; INT64_MAX: it is stopped */
    size_t count;
};

struct race_walls_of {
    struct runs *runs;
    const struct order *orders;
    size_t order_count;
    struct arena *arena;
};

err race_walls_find(const struct race_walls_of *of, struct race_walls *ret);
/* Those where more is present than is held; whether there was one. */
bool race_walls_drop(struct race_walls *w, const struct trail_doc *doc);

#endif
