/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen_request - what somebody asks about in an app of theirs, as the app puts it to us.
 *
 * Shape     {"request":{"kind","value","number","consent"}} --> tables: the thing --+--> answer
 *                                                                  listed: a signal
 *
 *           Who has a listed thing before them is perhaps being deceived: with `number`, the
 *           subscriber's, that is a signal; asked again it is the same one. Without consent no
 *           number is taken, and of what is not listed nothing is kept. The answer is of the thing
 *           alone: an app that names any number learns nothing about it.
 * Owns      Nothing.
 * Lives     A call.
 * Fails     As asked_parse and number_parse, with the field as column; "screen.not_app",
 *           "screen.consent".
 * Threads   Any web thread; waits for one block of signals at most.
 * Bounds    As screen_pending.
 */
#ifndef YUMEN_APP_DOOR_SCREEN_REQUEST_H
#define YUMEN_APP_DOOR_SCREEN_REQUEST_H

#include "app/call/api_help.h"

/* The body is read. */
err screen_request(struct call *call);

#endif
