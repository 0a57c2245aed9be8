/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen_pending - one payment that its bank asks about before it books, or one call before it is
 * put through: pass, warn with a text for the person, or a short hold where the profile has one.
 * What an app asks for its user is screen_request's.
 *
 * Shape     {"transfer":{…}} or {"call":{…}} --> tables: payee, caller --+--> answer
 *                      `number` --> the ask as a signal, live episode ---+
 *
 *           The answer says what to tell the payer and never why: which calls or sites there were
 *           is nothing a bank hears. A payer's number is taken from its own bank alone.
 * Owns      Nothing.
 * Lives     A call.
 * Fails     As indicator_parse, with the field as column; "screen.id", "screen.amount",
 *           "screen.not_own", "screen.one_thing".
 * Threads   Any web thread; waits for one block of signals at most.
 * Bounds    A body of SCREEN_PENDING_BYTES.
 */
#ifndef YUMEN_APP_DOOR_SCREEN_PENDING_H
#define YUMEN_APP_DOOR_SCREEN_PENDING_H

#include "app/call/api_help.h"

enum { SCREEN_PENDING_BYTES = 2048 };

/* Does the body ask this? It is then read. */
err screen_pending_asks(struct call *call, bool *ret_asks);
err screen_pending(struct call *call);

#endif
