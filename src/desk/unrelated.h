/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unrelated - an order on an account to which nothing stolen is known to have come.
 *
 * Shape     Found by whoever follows the money, who may also find otherwise later:
 *
 *               --find--> since, release by --due, found once more--> released (lifted)
 *                 ^           |      |
 *                 +---not-----+      +--keep, by name and with a reason--> since, keeper: stays
 *
 *           Due when the profile's days have passed, and again each day: the clock alone releases
 *           nothing, only who has just looked does.
 *
 *           Kept, it is not found again, until something stolen came to be there and left again.
 * Owns      Nothing.   Lives  One turn.   Threads  Any.
 * Fails     ERR_CONFLICT where there is nothing to find, to keep or to release; ERR_MALFORMED a
 *           keeping without a reason.
 * Bounds    As struct change.
 */
#ifndef YUMEN_DESK_UNRELATED_H
#define YUMEN_DESK_UNRELATED_H

#include "desk/desk.h"

/* Why it ended. */
#define ORDER_WHY_UNRELATED "order.unrelated"

err unrelated_find(const struct law_profile *law, instant at, struct change *change);
err unrelated_not(struct change *change);
err unrelated_keep(const struct command *cmd, struct change *change);
err unrelated_due(instant at, struct change *change);
err unrelated_release(const struct desk_view *view, instant at, struct change *change);
/* Of an order that ends, however: no deadline runs any more. */
void unrelated_end(struct change *change);

#endif
