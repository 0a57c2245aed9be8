/* SPDX-License-Identifier: Apache-2.0 */
/*
 * propose - a listing as somebody proposes it, from a JSON body: the same columns, rules and
 * refusals
 * as a row of the feed "listings".
 *
 * Shape     JSON object --> feed_row --listing_row_read--> struct listing, with what is left out
 *           filled in
 * Owns      Nothing; in the call's arena.   Lives  A call.   Threads  The call's.
 * Fails     As listing_row_read; call->column says which.   Bounds  As the feed's columns.
 */
#ifndef YUMEN_APP_CALL_PROPOSE_H
#define YUMEN_APP_CALL_PROPOSE_H

#include "app/call/api.h"
#include "feed/listing_row.h"

err propose_from_json(struct call *call, struct listing *ret_listing);
struct listing_row_rules propose_rules(const struct house *house);
/* What the proposer left to be understood: it is of the proposer's own division. */
void propose_fill(const struct actor *actor, struct listing *listing);

#endif
