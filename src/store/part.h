/* SPDX-License-Identifier: Apache-2.0 */
/*
 * part - what the files of store/ know of each other, and nobody else.
 *
 * Shape     struct store, opened up.
 * Owns      See store.h.   Lives  See store.h.   Fails  -   Threads  The store thread.   Bounds  -
 */
#ifndef YUMEN_STORE_PART_H
#define YUMEN_STORE_PART_H

#include "ledger/tree.h"
#include "store/store.h"

struct store {
    struct sql *db;
    const struct law_profile *law;
    struct id_source *ids;
    struct random_source *random;
    struct arena arena;   /* of the store's own turns: timers, the centre's record */
    struct arena scratch; /* of one leaf */

    struct tree tree;      /* with the leaves of the open transaction */
    struct tree committed; /* to go back to */
    bool is_open;          /* a transaction is */
    bool holds_erasures;
    bool has_key;
    char key_id[64];
    struct sign_secret secret;

    struct centre centre; /* spans in centre_arena */
    struct arena centre_arena;
    bool has_centre;
};

/* Appends the leaf of a change to table and tree; that of a reading has no fields. */
err leaf_append(struct store *store, const struct command *cmd, instant at,
                const struct change *change, uint64_t *ret_index);
/* Deletes what opens a record's commitments. */
err leaf_erase(struct store *store, str record);
err leaf_load_tree(struct store *store);
/* After part of a transaction was undone: the tree again, from what is left of it. */
err leaf_rewind(struct store *store);
/* A head of the tree as it is. */
err leaf_sign(struct store *store, instant at);
/* Writes unfinished tiles and a signed head when the tree has grown. */
err leaf_settle(struct store *store, instant at);

err timer_put(struct store *store, str record, const struct timer *timer);
/* Of one change both leaves are the same. */
err outbox_put(struct store *store, enum effect_topic topic, str record, uint64_t first_leaf,
               uint64_t leaf);
err centre_reload(struct store *store);

#endif
