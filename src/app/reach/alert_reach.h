/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alert_reach - the steps of an alert's ladder that a machine takes.
 *
 * Shape     message    a warning to the subscriber; taken by the gateway: outreach `sent`
 *           guardian   each guardian is asked to call, once a day: `sent`, or `failed` with none
 *
 *           Not before the step may begin (quiet hours). An alert that has gone on by then -
 *           somebody reached them, it faded - has nothing to be sent any more. What cannot be sent
 *           (no gateway, or it will not have it) is a `failed` attempt, so that the ladder goes on.
 * Owns      Nothing.   Lives  A transaction.
 * Fails     As the store.
 * Threads   The store thread, inside a transaction.   Bounds  GUARDIANS_MOST.
 */
#ifndef YUMEN_APP_REACH_ALERT_REACH_H
#define YUMEN_APP_REACH_ALERT_REACH_H

#include "app/bank/post.h"
#include "app/reach/message_make.h"

/* Empty `to`: there is nothing to send, or it has been seen to. */
err alert_reach(struct house *house, struct store *store, const struct post_load *load,
                struct arena *turn, struct person_message *ret_message);
/* What became of the message; a post_settle. */
err alert_reached(struct house *house, struct store *store, const struct post_answer *answer,
                  instant at, struct arena *turn);
/* It never left. */
err alert_failed(struct store *store, str alert, instant at, struct arena *turn);

#endif
