/* SPDX-License-Identifier: Apache-2.0 */
/*
 * post_order - brings orders to the providers that want them brought.
 *
 * Shape     outbox --post_bring--> letter (the provider's own form) --post--> provider
 *               2xx  receipt `pending`, or what its body says     (post_answer.h)
 *               4xx  the order is late, with the reason
 *
 *           A lift never overtakes what it lifts. An ask that the provider has spoken of is not
 *           brought again. Whatever is asked and neither spoken of nor in the outbox is brought at
 *           the next start: a provider that was fetching until then, an address that was wrong.
 * Owns      Nothing.   Lives  A transaction.   Fails  As the store.
 * Threads   The store thread.   Bounds  post's.
 */
#ifndef YUMEN_APP_BANK_POST_ORDER_H
#define YUMEN_APP_BANK_POST_ORDER_H

#include "app/bank/post.h"

struct post_ask {
    const struct outbox_entry *entry;
    const struct order *order;
    const struct provider *provider;
    instant now;
};
/* Inside a transaction: moves the entry on, or leaves it for the caller to drop. */
err post_bring(struct house *house, struct store *store, const struct post_ask *ask,
               struct arena *turn);

#endif
