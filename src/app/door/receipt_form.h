/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt_form - what a receipt as JSON says, of an order as of a share of a round.
 *
 * Shape     begin: may they; result, reason, key, at --> the caller's words --> sender: for whom
 * Owns      Nothing; in the call's arena.   Lives  A call.
 * Fails     "permit.*", "body.*", "word.unknown", "receipt.future", and what the caller calls
 *           absent.
 * Threads   The call's.   Bounds  As told.
 */
#ifndef YUMEN_APP_DOOR_RECEIPT_FORM_H
#define YUMEN_APP_DOOR_RECEIPT_FORM_H

#include "app/bank/receiving.h"
#include "app/call/api_help.h"

/* `never`: the result that nobody says of this. Becomes the call's own. */
err receipt_form_begin(struct call *call, enum receipt_result never, struct receiving **ret);

/* A provider's person speaks for their house, also of what nobody knows; staff, who were told, only
 * of what there is: whoever calls looks for that. */
err receipt_form_sender(struct call *call, str id, const char *absent, struct receipt *said,
                        bool *ret_is_staff);

#endif
