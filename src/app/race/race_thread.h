/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_thread - follows the money of open incidents: ranks again on each transfer and receipt, and
 * does what the emergency rule lets it do on the word of whoever took the report.
 *
 * Shape     woken by a sync of transfers or a commit --> incidents that it touches --> trail
 *           (what is new of it), scene, rank --> commands, in one transaction an incident
 *
 *               more to hold      within emergency_min of the report being taken, or once a second
 *                                 person has countersigned: an emergency hold; later: a draft
 *               more held than is there     trimmed, or lifted, by the centre itself
 *               a told payment that a bank knows now     matched, and its incident has it
 *
 *           Whose word that is: docs/decisions/0093.
 * Owns      What was learnt of banks (race_rank); a few bytes an incident.
 * Lives     From race_thread_open to race_thread_close.
 * Fails     open: ERR_OS, ERR_LIMIT. Later trouble is logged, and tried again at the next news.
 * Threads   wake: any.
 * Bounds    RACE_INCIDENTS open incidents; RACE_FOLLOWED accounts of each are watched;
 *           RACE_STANDING of them keep their case from one pass to the next (trail_standing.h).
 */
#ifndef YUMEN_APP_RACE_RACE_THREAD_H
#define YUMEN_APP_RACE_RACE_THREAD_H

#include "app/house/house.h"

enum { RACE_INCIDENTS = 2000, RACE_FOLLOWED = 1 << 14, RACE_STANDING = 64 };

struct race_thread;

err race_thread_open(struct house *house);
/* No more passes; while the store thread still runs. */
void race_thread_stop(struct house *house);
/* Stops first; when nobody wakes it any more. Accepts a house without. */
void race_thread_close(struct house *house);
/* There is news. Never waits. */
void race_thread_wake(struct house *house);

#endif
