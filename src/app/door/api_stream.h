/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_stream - who hears what on the live stream.
 *
 * Shape     A stream is opened with a filter: who listens. An event carries an audience: whom it
 *           is for. stream_wants brings the two together, in web threads, without asking the store.
 *
 *               filter    "SESSION USER +6201"   '+' hears of all, '!' of listings and alerts,
 *                         '-' of listings only
 *               audience  "l6201" a listing of 6201, "a6201" an appeal, "w6201" an alert,
 *                         "xID" the end of a session or user: its streams are closed
 *
 * Owns      Nothing.   Lives  A call; an event.   Threads  Any.   Fails  -
 * Bounds    Both fit into HTTP_FILTER_BYTES: two ids and a division.
 */
#ifndef YUMEN_APP_DOOR_API_STREAM_H
#define YUMEN_APP_DOOR_API_STREAM_H

#include "app/call/api_help.h"
#include "gate/http/http.h"

str stream_filter_make(const struct actor *actor, str session, struct arena *arena);
bool stream_wants(str filter, str audience);

#endif
