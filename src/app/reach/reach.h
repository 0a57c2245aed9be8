/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach - messages to people: from the outbox to the gateway of messages (sms.url).
 *
 * Shape     What the leaf of an entry did says what is written to whom (message_make). The letter
 *           is JSON, signed as those to providers are (app/bank/post.h), and by its key it is sent
 *           on once, however often it comes:
 *
 *               POST sms.url   Idempotency-Key: RECORD-LEAF
 *               {"id": "RECORD-LEAF", "to": "+8613912345678", "text": "…", "language": "zh"}
 *
 *               outbox --reach_bring--> text --post--> gateway    2xx  it is on its way
 *                                                                 4xx  it is not, and is told
 *                                                                 else tried again
 *
 *           What it would say may have passed by then (a code that is no longer waited for): then
 *           nothing is sent.
 * Owns      Nothing.   Lives  A transaction.
 * Fails     As the store.
 * Threads   The store thread, inside a transaction.
 * Bounds    MESSAGE_BYTES of a text.
 */
#ifndef YUMEN_APP_REACH_REACH_H
#define YUMEN_APP_REACH_REACH_H

#include "app/house/house.h"
#include "store/outbox.h"

enum { MESSAGE_BYTES = 1000 };

/* Moves the entry on, or leaves it for the caller to drop. */
err reach_bring(struct house *house, struct store *store, const struct outbox_entry *entry,
                instant now, struct arena *turn);

#endif
