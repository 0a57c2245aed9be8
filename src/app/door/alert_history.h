/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alert_history - who knew what of an alert, and when, as its leaves say it.
 *
 * Shape     "history":[{"index","at","act","actor","why", "tier","due_at","officer","told"}]: the
 *           alert's own leaves, and those of where the subscriber is, in the ledger's order.
 *           Behind the act stands how the alert was after it: how urgent, until when, who had it,
 *           and which division had been told that it is late.
 * Owns      Nothing.   Lives  A call.   Threads  The call's.   Fails  As reader; ERR_CORRUPT.
 * Bounds    The first 200 leaves of each.
 */
#ifndef YUMEN_APP_DOOR_ALERT_HISTORY_H
#define YUMEN_APP_DOOR_ALERT_HISTORY_H

#include "app/call/api.h"
#include "fact/alert.h"

err alert_history_put(struct call *call, struct json *j, const struct alert *a);

#endif
