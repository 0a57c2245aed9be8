/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_act_inside - what race_act.c shares with race_match.c, race_queue.c and race_unrelated.c.
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
extern const struct actor race_deed_centre;
/* What sets free is the centre's own deed. */
struct command race_deed_freeing(enum act act, const struct order *o, str why);
/* A round that has not ended counts on the money of the order's account. */
err race_deed_in_round(struct race_pass *p, const struct order *o, bool *ret_is);
/* Two people froze by it, or a round counts on it: it is not undone at once. */
err race_deed_settled(struct race_pass *p, const struct order *o, bool *ret_is);
/* Payments that a bank knows by now, also under another number: the claims follow. *ret_is_moved:
 * one that was known has another number, and the trail begins elsewhere. */
err race_match_told(struct race_pass *p, bool *ret_is_moved);
/* In whose name more is ordered: only while they are still here. */
err race_deed_actor(struct race_pass *p, str user, struct actor *ret, bool *ret_may);
/* Banks are asked, on two people's word, what freezes of others that ended have left. */
err race_queue_ask(struct race_pass *p);
/* The payments that the incident's victims reported. */
err race_deed_starts(struct race_pass *p, struct trail_question *q);

#endif
