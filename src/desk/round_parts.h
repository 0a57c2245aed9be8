/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_parts - what round.c (the life of a round), share.c (its payments) and appeal.c (its
 * objections) have in common.
 *
 * Shape     -   Owns  Nothing.   Lives  One turn.   Fails  -   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_DESK_ROUND_PARTS_H
#define YUMEN_DESK_ROUND_PARTS_H

#include "desk/desk.h"

/* Public, and not approved yet: somebody may object. */
bool round_is_noticed(const struct round *r);
/* Its outcome can no longer change. */
bool round_has_ended(unsigned state);

#endif
