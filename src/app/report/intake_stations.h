/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_stations - files and messages of the feeds "stations", "beats" and "officers" into the
 * store.
 *
 * Shape     rows --decode--> group --one transaction--> station, beat, officer
 *           A row is the newest that is known under its key: it replaces what was there; one that
 *           says the same is a duplicate. Whoever sends them may only change what lies in their
 *           own division. The batch's leaves say who sent what when.
 * Owns      One arena for the group being gathered.
 * Lives     A call.
 * Fails     As intake.
 * Threads   The feeds clerk; the group on the store thread.
 * Bounds    STATIONS_GROUP rows a transaction, fewer where boundaries are long.
 */
#ifndef YUMEN_APP_REPORT_INTAKE_STATIONS_H
#define YUMEN_APP_REPORT_INTAKE_STATIONS_H

#include "app/call/api.h"

enum { STATIONS_GROUP = 500 };

bool intake_stations_takes(const struct feed_shape *shape);
err intake_stations_run(struct call *call, const struct feed_shape *shape);

#endif
