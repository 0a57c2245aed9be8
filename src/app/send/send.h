/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send - officers to doors: asks the pure assignment (src/dispatch) who is to go where, and writes
 * what it says as acts of the machine, the same acts that people have.
 *
 * Shape     a turn: stations, beats, officers on duty, alerts whose door somebody should be at,
 *           visits of the last hours --> dispatch_turn --> alert.assign, .withdraw, .unsent
 *
 *           A turn every 30 s while somebody should be at a door, and a second after news of an
 *           alert at the latest. Nothing is kept between turns but the map, and who did not answer:
 *           what was asked of whom stands in the alerts, so that a restart loses nothing.
 *           Who goes is found by duty, station and the last visit they recorded themselves.
 *           A centre that no feed has told of stations sends nobody, and says nothing about it.
 * Owns      Its map and the silent.
 * Lives     From send_open to send_close.
 * Fails     open: ERR_LIMIT. A turn as the store; what the desk refuses is logged, and not asked
 *           again before the next turn.
 * Threads   open: main, before the store thread runs. The rest: the store thread.
 * Bounds    OFFICERS_MOST officers, BEATS_MOST beats and stations, WORK_MOST alerts.
 */
#ifndef YUMEN_APP_SEND_SEND_H
#define YUMEN_APP_SEND_SEND_H

#include "app/house/house.h"

struct send;

err send_open(struct house *house);
/* Accepts a house without. */
void send_close(struct house *house);
/* There is news of an alert. */
void send_wake(struct house *house, instant now);
/* When the next turn is due; 0: when somebody wakes it. */
instant send_next(const struct house *house);
/* In a transaction of its own. */
err send_turn(struct house *house, struct store *store, instant now);

#endif
