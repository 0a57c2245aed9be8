/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disconnects - which instruments of an incident, or of a listing, may be proposed to their issuers
 * for disconnection, and why the others may not.
 *
 * Shape     trail, listings, orders --> one item an instrument that a record speaks of --> judged
 *
 *           What is drafted is judged again in the transaction that drafts it. Its ground stands in
 *           the order's evidence: "listing ID", "order ID"; what that record says by then is judged
 *           once more in the transaction that approves it. An appeal that takes the ground away
 *           takes the order with it.
 * Owns      Nothing; in the arena.   Lives  A call.
 * Fails     As the runs and the readers.
 * Threads   Any but the web's; disconnects_read_rows with whichever connection is at hand.
 * Bounds    DISCONNECTS_MOST items, of the DISCONNECTS_LOOKED accounts with most stolen money.
 */
#ifndef YUMEN_APP_DOOR_DISCONNECTS_H
#define YUMEN_APP_DOOR_DISCONNECTS_H

#include "app/call/api_help.h"
#include "desk/disconnect.h"
#include "runs/runs.h"

enum { DISCONNECTS_MOST = 500, DISCONNECTS_LOOKED = 4000 };

struct disconnect_item {
    str value;
    str bank;      /* of an account, as the feeds name it */
    int64_t layer; /* 0: not on the trail */
    struct disconnect_facts facts;
    struct disconnect_view view;
};

struct disconnects {
    struct house *house;
    struct reader *reader;
    struct runs *runs;
    struct arena *arena;
    instant now;
    struct disconnect_item *items;
    size_t count;
    bool is_cut;
};

err disconnects_of_incident(struct disconnects *d, const struct incident *i);
err disconnects_of_listing(struct disconnects *d, const struct listing *l);
/* Listings and orders of the item, as this connection sees them now; judged. */
err disconnects_read_rows(struct sql *db, struct arena *a, instant now,
                          struct disconnect_item *item);

str disconnects_evidence(const char *kind, str id, struct arena *a);
/* In the transaction that approves `order`: why its draft no longer stands; NULL: it does. */
err disconnects_judge_again(struct sql *db, struct arena *a, instant now, const struct order *order,
                            const char **ret_why);
/* In the transaction of a granted appeal: what rested on the measure is lifted, or never sent. */
err disconnects_release(struct store *store, instant at, struct arena *turn,
                        const struct appeal *appeal);

#endif
