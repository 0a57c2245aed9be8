/* SPDX-License-Identifier: Apache-2.0 */
/*
 * part - what the files of store/ know of each other, and nobody else.
 *
 * Shape     struct store, opened up.
 * Owns      See store.h.   Lives  See store.h.   Fails  -   Threads  The store thread.   Bounds  -
 */
#ifndef YUMEN_STORE_PART_H
#define YUMEN_STORE_PART_H

#include "ledger/leaf.h"
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
    struct leaf_forms *forms; /* while many are written that are alike */
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

/* What a leaf is made of. */
struct leaf_draft {
    const struct command *cmd;
    const struct change *change;
    const struct record_shape *shape;
    instant at;
    uint64_t index;
    uint8_t seed[SALT_BYTES];
};
struct leaf_text {
    str body;     /* what is hashed */
    str kept;     /* what stands in the row */
    int64_t form; /* where the rest of it stands */
    bool has_form;
};
str leaf_actor(const struct command *cmd);
/* Word by word, into the store's scratch. */
err leaf_write(struct store *store, const struct leaf_draft *draft, str *ret_body);

/* --- leaf_form.c: of many leaves that are alike, the words once --- */

struct leaf_forms *leaf_forms_make(struct arena *keep);
/* Leaves *ret_text as it is when no form fits. */
err leaf_form_fill(struct store *store, const struct leaf_draft *draft, struct leaf_text *ret_text);
/* What was just written may be the first of many. */
err leaf_form_learn(struct leaf_forms *forms, const struct leaf_draft *draft, str body);

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
