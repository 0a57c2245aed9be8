/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_again - Idempotency-Key: the same request sent again gets the same answer and changes
 * nothing.
 *
 * Shape     Kept with the write itself, in its transaction: (actor, key) -> digest of the request,
 *           status, answer. Only of a POST. A refusal is not kept: the caller may mend it and try
           again; nor is anything with a password or token in it.
 * Owns      Nothing.   Lives  AGAIN_HOURS.   Threads  The store thread.
 * Fails     "idempotency.reused" the key came with another request; "idempotency.key" too long.
 * Bounds    Keys up to AGAIN_KEY_BYTES.
 */
#ifndef YUMEN_APP_CALL_API_AGAIN_H
#define YUMEN_APP_CALL_API_AGAIN_H

#include "app/call/api.h"

enum { AGAIN_HOURS = 24, AGAIN_KEY_BYTES = 200 };

/* *ret_answered: the reply has been filled from before. */
err again_find(struct call *call, struct store *store, bool *ret_answered);
err again_keep(struct call *call, struct store *store, instant at);
/* Likewise between transactions: in one of its own. */
err again_keep_alone(struct call *call, struct store *store, instant at);

#endif
