/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event - what a leaf is to people looking at the console: a name, one JSON object, and whom it is
 * for (api_stream.h).
 *
 * Shape     leaf --> {"listing","state","kind","display","action","leaf"} or the same of an appeal.
 *           State is what it is when the event is made. The end of a session, or of a user, is an
 *           event that nobody sees: it closes their streams.
 * Owns      Nothing.   Lives  A turn.   Threads  Any, with its own connection.
 * Fails     ERR_ABSENT when the leaf is of no kind that people are shown.   Bounds  -
 */
#ifndef YUMEN_APP_CALL_EVENT_H
#define YUMEN_APP_CALL_EVENT_H

#include "gate/http/http.h"
#include "store/sql.h"

err event_make(struct sql *db, uint64_t leaf, int zone_min, struct arena *turn,
               struct http_event *ret_event);

#endif
