/* SPDX-License-Identifier: Apache-2.0 */
/*
 * post_answer - what a provider said to an order that was brought to it, made to records.
 *
 * Shape     A post_settle of orders.
 *
 *           2xx  the receipts in its body, in the provider's form; when none is about this ask, a
 *                receipt `pending` in the centre's name: the letter is there
 *           4xx  the order is late at once, its history says why: it stays asked, for the provider
 *                may still fetch it, and a person looks. What was asked ends by a receipt only.
 * Owns      Nothing.   Lives  The transaction.
 * Fails     As the store. What the desk refuses of a body is logged and left.
 * Threads   The store thread, inside a transaction.
 * Bounds    WORDS_BYTES of the provider's own words for a refusal.
 */
#ifndef YUMEN_APP_BANK_POST_ANSWER_H
#define YUMEN_APP_BANK_POST_ANSWER_H

#include "app/bank/post.h"

err post_answer_take(struct house *house, struct store *store, const struct post_answer *answer,
                     instant at, struct arena *turn);
/* It cannot be brought, and trying again would change nothing. */
err post_give_up(struct store *store, const struct order *o, str why, instant at,
                 struct arena *turn);

#endif
