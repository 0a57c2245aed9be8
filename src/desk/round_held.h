/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_held - what a round's orders hold, and whether that carries the step that is to be taken.
 *
 * Shape     review, notice, approval   the orders hold all that is shared
 *           notice                     and end after the notice does
 *           approval                   and no freeze is taking over from one of them, and they end
 *                                      after the day by which the bank has to have paid:
 *                                      what is let go of before that day is nobody's any more
 * Owns      Nothing.   Lives  -
 * Fails     ERR_CONFLICT "round.not_held", "round.term", "round.taken_over",
 *           "round.pay_term".
 * Threads   Any.   Bounds  -
 */
#ifndef YUMEN_DESK_ROUND_HELD_H
#define YUMEN_DESK_ROUND_HELD_H

#include "fact/act.h"
#include "fact/law.h"
#include "fact/order.h"
#include "fact/round.h"

struct round_orders {
    const struct order **at; /* oldest first */
    size_t count;
};

/* What they hold now, of those two people stand behind: executed, partly or whole. */
int64_t round_held(const struct round_orders *orders);
/* When the first of those ends. */
instant round_held_until(const struct round_orders *orders);
/* `r` as the step leaves it. */
err round_held_check(const struct round *r, const struct round_orders *orders, enum act step,
                     const struct law_profile *law, instant at);

#endif
