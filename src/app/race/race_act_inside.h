/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_act_inside - what race_act.c shares with race_unrelated.c.
 *
 * Shape     pass --> deeds, and what they need to know.
 * Owns      Nothing.   Lives  A pass, in its arena.   Threads  The race's.
 * Fails     As the store's reader.
 * Bounds    RACE_DEEDS.
 */
#ifndef YUMEN_APP_RACE_RACE_ACT_INSIDE_H
#define YUMEN_APP_RACE_RACE_ACT_INSIDE_H

#include "app/race/race_act.h"

/* NULL: as many as one pass may do. */
struct command *race_deed_more(struct race_pass *p);
/* What sets free is the centre's own deed. */
struct command race_deed_freeing(enum act act, const struct order *o, str why);
/* A round that has not ended counts on the money of the order's account. */
err race_deed_in_round(struct race_pass *p, const struct order *o, bool *ret_is);
/* The payments that the incident's victims reported. */
err race_deed_starts(struct race_pass *p, struct trail_question *q);

#endif
