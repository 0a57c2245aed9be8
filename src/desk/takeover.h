/* SPDX-License-Identifier: Apache-2.0 */
/*
 * takeover - a freeze takes over what a hold or a stop holds: at no moment nobody holds it.
 *
 * Shape     hold 500   -------------------------- . lifted: taken over
 *           freeze 400 takes it:  approved, sent ---' executed ---------------->
 *           pledged    500  |  400 + 100             |  400, once the lift is confirmed
 *
 *           It is the same money: from the second signature on, as much of the hold's bound as the
 *           freeze asks for counts under the freeze, and what both are pledged never grows by it.
 *           The hold stands for its own term until the freeze is carried out to the fen; refused or
 *           partly done, the freeze ends or stands beside it, and the hold goes on.
 * Owns      Nothing.   Lives  One turn.
 * Fails     ERR_ABSENT "order.takes_absent"; ERR_MALFORMED "order.takes_kind",
 *           "order.takes_other"; ERR_CONFLICT "order.takes_ended", "order.takes_twice",
 *           "order.takes_paid" (a round is being paid out of it); ERR_LIMIT
 *           "order.takes_more".
 * Threads   Any.   Bounds  -
 */
#ifndef YUMEN_DESK_TAKEOVER_H
#define YUMEN_DESK_TAKEOVER_H

#include "desk/desk.h"

/* Why a hold was let go of. */
#define ORDER_WHY_TAKEN "order.taken_over"

/* What an order counts for while it is bound, whoever it is pledged to. */
int64_t takeover_bound(const struct order *o);
/* May `o` take over what it names? Asked when it is drafted, and again when it is approved. */
err takeover_check(const struct desk_view *view, const struct order *o);
/* Tells the hold what became of the freeze, when that is news to it. */
bool takeover_follow(const struct desk_view *view, struct change *change);
/* The hold hears it. True: it is to be let go of. */
bool takeover_hear(const struct command *cmd, struct order *hold);

/* What it holds is what a hold among `all` still holds: counted there. */
bool takeover_is_doubled(const struct order *o, const struct order *all, size_t count);

#endif
