/* SPDX-License-Identifier: Apache-2.0 */
/*
 * post - brings orders to the providers that want them brought: from the outbox to gate/bank/push,
 * and what became of each back to the store.
 *
 * Shape     The row of the outbox is the truth, and stays until its letter was answered. While the
 *           letter is under way it is kept back; the answer comes as a job of the store thread:
 *
 *               outbox --post_bring--> letter --push--> provider
 *                  ^                                       |
 *                  |       2xx  receipt `pending`, or what its body says; the row goes
 *                  +-- job 4xx  the order is late, with the reason; the row goes
 *                          else put off, longer each time, under the same Idempotency-Key
 *
 *           One letter of an order at a time: a lift never overtakes what it lifts. An ask that
 *           the provider has spoken of is not brought again. Whatever is asked and neither spoken
 *           of nor in the outbox is brought at the next start: a provider that was fetching until
 *           then, an address that was wrong.
 *           The letters are signed with the ledger's key (docs/decisions/0098).
 * Owns      push, and a flight for each letter under way.
 * Lives     post_open -> post_stop (nothing leaves any more) -> post_close, after the store thread.
 * Fails     post_open: as push_open; "conf.not_loopback" when a rehearsal would post to others.
 * Threads   post_bring and the jobs: the store thread, which never waits. push's own thread hands a
 *           flight back. The others: main.
 * Bounds    POST_AT_ONCE letters a provider.
 */
#ifndef YUMEN_APP_BANK_POST_H
#define YUMEN_APP_BANK_POST_H

#include "app/house/house.h"
#include "gate/bank/push.h"
#include "store/outbox.h"

enum { POST_AT_ONCE = 16 };

struct post;

/* Nothing when no provider wants its orders brought. */
err post_open(struct house *house);
/* Both accept that it was never opened. */
void post_stop(struct house *house);
void post_close(struct house *house);

struct post_ask {
    const struct outbox_entry *entry;
    const struct order *order;
    const struct provider *provider;
    instant now;
};
/* Inside a transaction: moves the entry on, or leaves it for the caller to drop. */
err post_bring(struct house *house, struct store *store, const struct post_ask *ask,
               struct arena *turn);

/* What has come of it, as far as the store knows; false: it was never opened. */
bool post_metrics(const struct house *house, struct push_metrics *ret_metrics);

#endif
