/* SPDX-License-Identifier: Apache-2.0 */
/*
 * permit - who may do what: one table of acts and roles, and the division rule beside it.
 *
 * Shape     Rows are acts, columns are roles, plus "anyone" and "the centre itself". A user may do
 *           what any of their roles may, with one exception: an admin never approves a measure,
 *           whatever other role they hold.
 * Owns      Nothing.   Lives  -   Threads  Any.
 * Fails     "permit.role", "permit.machine", "permit.division".
 * Bounds    ACT_COUNT x (ROLE_COUNT + 2) cells, each tested.
 */
#ifndef YUMEN_DESK_PERMIT_H
#define YUMEN_DESK_PERMIT_H

#include "fact/command.h"

bool permit_role_may(enum role role, enum act act);
bool permit_actor_may(const struct actor *actor, enum act act);

/* Why one who may not may not. */
const char *permit_refusal(const struct actor *actor);

/* Both questions: may this actor do this act at all, and to a record of this division? */
err permit_check(const struct actor *actor, enum act act, str division);

#endif
