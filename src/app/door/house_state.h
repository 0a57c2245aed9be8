/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house_state - what the centre has noticed of itself that somebody should know: its clock jumped,
 * its book of call conduct is damaged.
 *
 * Shape     "clock_leap": {"to", "by_s"}, "calls": {"trouble"?: {"code", "text"}, "damages":
 *           [{"file", "harm", "lost", "text"}]}, each only when there is something: why the book
 *           could not be opened, and what was found when it was, with what to do.
 * Owns      Nothing.   Lives  A call.   Fails  Never.   Threads  Any.
 * Bounds    CALLS_DAMAGE_MOST damages.
 */
#ifndef YUMEN_APP_DOOR_HOUSE_STATE_H
#define YUMEN_APP_DOOR_HOUSE_STATE_H

#include "app/call/api.h"

/* Members of an open object. */
void house_state_put(struct call *call, struct json *j);

#endif
