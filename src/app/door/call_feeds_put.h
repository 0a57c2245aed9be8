/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_feeds_put - who sends call records, and when last, in an answer.
 *
 * Shape     "carriers": [...], of one carrier or of all.
 * Owns      Nothing.   Lives  A call.   Fails  As sql.   Threads  The call's.
 * Bounds    CALL_FEEDS_MOST.
 */
#ifndef YUMEN_APP_DOOR_CALL_FEEDS_PUT_H
#define YUMEN_APP_DOOR_CALL_FEEDS_PUT_H

#include "app/call/api_help.h"

/* Empty: of all. */
err call_feeds_put(struct call *call, struct json *j, str carrier);

#endif
