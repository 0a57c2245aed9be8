/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_key - what a citizen is told once, and says again to show that a record is theirs.
 *
 * Shape     "YM-7K3M-2Q9D-XW4R": 60 random bits. The record keeps their SHA-256; the answer that
 *           says them is not the one that Idempotency-Key keeps.
 * Owns      Nothing; in the call's arena.   Lives  A call.
 * Fails     "limit.memory", "limit.rate".
 * Threads   The call's.
 * Bounds    Keys that do not fit, by address: HOUSE_LIMIT_KEY.
 */
#ifndef YUMEN_APP_CALL_API_KEY_H
#define YUMEN_APP_CALL_API_KEY_H

#include "app/call/api_auth.h"
#include "app/call/api_help.h"

err api_key_make(struct call *call, struct auth_secret *ret_key);
/* Puts it into the answer that api_json_done made, as "secret", once this is committed. */
err api_key_say(struct call *call, str shown);

/* As typed, any case, blanks around it: how a record would keep it. Empty: it can be none. */
err api_key_typed(struct call *call, str typed, str *ret_kept);
/* Of a record that has none nothing fits. */
bool api_key_fits(str typed, str kept);

/* Before it is known whether a key fits, and once it did: only those that do not are counted. */
err api_key_try(struct call *call);
void api_key_fitted(struct call *call);

#endif
