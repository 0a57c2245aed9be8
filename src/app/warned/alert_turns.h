/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alert_turns - an episode's new tier becomes an alert that opens, rises or falls.
 *
 * Shape     turns of the live table --one job, one transaction--> alert.open, .rise, .fall
 *
 *           One alert an episode: the open one of the number's pseudonym. What falls because time
 *           passed names no number any more: which alert it is, is known here by the live table's
 *           own key, from the alert's opening on, and after a restart from the sealed numbers of
 *           alerts that stand.
 *           Nobody is warned twice for the same: where somebody said what became of the last alert,
 *           only what was seen afterwards opens another.
 * Owns      Which alert is whose, in house->watch.
 * Lives     With the watch.
 * Fails     A turn that could not be written is not told, and is turned again. What the desk
 *           refuses is told: it would be refused again.
 * Threads   open: main. The rest: the warned thread, which waits for the store thread.
 * Bounds    STANDING_MOST alerts are known by key; of more, a fall waits for their own end.
 */
#ifndef YUMEN_APP_WARNED_ALERT_TURNS_H
#define YUMEN_APP_WARNED_ALERT_TURNS_H

#include "app/house/warned.h"

enum { STANDING_MOST = 1 << 18 };

/* From now on. */
void alert_turns_open(struct house *house);

#endif
