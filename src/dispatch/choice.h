/* SPDX-License-Identifier: Apache-2.0 */
/*
 * choice - of a piece of work, who could be there soonest, and what it costs if it is they.
 *
 * Shape     The beat's neighbours, nearest first, until nobody further away could be sooner; the
 *           whole staff where they do not suffice.
 * Owns      Nothing.
 * Lives     -   Fails  Never.   Threads  One.
 * Bounds    rules->candidates of them, at most CANDIDATES_MOST.
 */
#ifndef YUMEN_DISPATCH_CHOICE_H
#define YUMEN_DISPATCH_CHOICE_H

#include "dispatch/dispatch.h"

struct candidate {
    uint32_t expected_s;
    uint32_t officer;
};

struct choice {
    struct candidate at[CANDIDATES_MOST];
    uint32_t count;
};

enum choice_from { CHOICE_UNASKED, CHOICE_ALL };

/* CHOICE_UNASKED: nobody who is asked about other work, or whom other work waits for. */
void choice_make(const struct dispatch *d, const struct work *w, enum choice_from from,
                 uint32_t now_s, struct choice *ret_choice);
/* When this officer could be at the door; UINT32_MAX: not at all. */
uint32_t choice_expected_s(const struct dispatch *d, const struct work *w, uint32_t officer,
                           uint32_t now_s);
int64_t choice_cost(const struct dispatch *d, const struct work *w, uint32_t expected_s);
/* Of nobody going, for now. */
int64_t choice_cost_of_none(const struct dispatch *d, const struct work *w, uint32_t now_s);

#endif
