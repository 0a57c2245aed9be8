/* SPDX-License-Identifier: Apache-2.0 */
/*
 * post - letters to those that want them brought: from the outbox to gate/bank/push, and what
 * became of each back to the store.
 *
 * Shape     The row of the outbox is the truth, and stays until its letter was answered. While the
 *           letter is under way it is kept back; the answer comes as a job of the store thread:
 *
 *               outbox --post_order, reach--> letter --post_send, push--> provider, gateway
 *                  ^                                                          |
 *                  |       2xx, 4xx  the row goes, and load.settle says what that means
 *                  +-- job else      put off, longer each time, under the same Idempotency-Key
 *
 *           One letter about a record at a time. Letters are signed with the ledger's key
 *           (docs/decisions/0098).
 * Owns      push, and a flight for each letter under way.
 * Lives     post_open -> post_stop (nothing leaves any more) -> post_close, after the store thread.
 * Fails     post_open: as push_open; "conf.not_loopback" when a rehearsal would write to others.
 *           post_send: as push_put, but for what trying again may mend.
 * Threads   post_place, post_send, the jobs: the store thread, which never waits. push's own thread
 *           hands a flight back. The others: main.
 * Bounds    POST_AT_ONCE letters to each of them.
 */
#ifndef YUMEN_APP_BANK_POST_H
#define YUMEN_APP_BANK_POST_H

#include "app/house/house.h"
#include "gate/bank/push.h"
#include "store/outbox.h"

enum { POST_AT_ONCE = 16 };

struct post;

/* Nothing when nobody wants letters. */
err post_open(struct house *house);
/* Both accept that it was never opened. */
void post_stop(struct house *house);
void post_close(struct house *house);

/* What was said to a letter. */
struct post_answer {
    str record;
    int64_t ask;
    const struct provider *provider;
    enum push_fate fate; /* TAKEN or REFUSED */
    int status;
    str body;
};
typedef err post_settle(struct house *house, struct store *store, const struct post_answer *answer,
                        instant at, struct arena *turn);

struct post_load {
    const struct outbox_entry *entry;
    str record;                      /* what it is about */
    int64_t ask;                     /* which of the letters about it */
    const struct provider *provider; /* NULL: to none */
    post_settle *settle;
    instant now;
};

enum post_place {
    POST_FREE,
    POST_SAME,  /* exactly this is under way from another row: one is enough */
    POST_TAKEN, /* another letter about the record is */
    POST_CLOSED /* nobody brings anything just now */
};
enum post_place post_place(struct house *house, const struct post_load *load);

/* Inside a transaction, each of these moves the entry on. Of the letter what it says, to whom, and
 * its key. */
err post_send(struct house *house, struct store *store, const struct post_load *load,
              const struct push_letter *letter, struct arena *turn);
err post_wait(struct store *store, const struct post_load *load, enum post_place place);
/* Ours, not theirs: told, and tried again later. */
err post_trouble(struct house *house, struct store *store, const struct post_load *load, err e);

/* What has come of it, as far as the store knows; false: it was never opened. */
bool post_metrics(const struct house *house, struct push_metrics *ret_metrics);

#endif
