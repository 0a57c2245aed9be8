/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change - the few moves every decision makes when it fills in its change.
 *
 * Shape     change_begin copies the record as it is; the decision edits `after`; then effects,
 *           timers and at most one follow-up command are added.
 * Owns      Nothing.   Lives  One turn.   Threads  Any.
 * Fails     Never: the bounds are the decisions' own, so going past them is our mistake (assert).
 * Bounds    As struct change.
 */
#ifndef YUMEN_DESK_CHANGE_H
#define YUMEN_DESK_CHANGE_H

#include "desk/desk.h"

void change_begin(struct change *change, const struct desk_view *view);
void change_effect(struct change *change, enum effect_topic topic);
void change_timer(struct change *change, enum act act, instant due);
void change_timer_urgent(struct change *change, enum act act, instant due);
void change_timer_stop(struct change *change, enum act act);
void change_follow(struct change *change, enum act act, str record, str why);

/* A store that was restored and not yet reconciled: it may know records as they were before. What
 * erases then is a journal's act: the timers of what may still be owed wait (store/timer.c). */
bool change_is_restored(const struct desk_view *view);

/* "a b" and "c" is "a b c", once each; ERR_LIMIT when the arena is spent. */
err people_add(str people, str person, struct arena *turn, str *ret_people);
bool people_has(str people, str person);

/* Non-empty and at most `most` bytes of clean UTF-8: no control characters but line ends. */
err words_check(str words, size_t most, const char *missing, const char *too_long);

#endif
