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

struct many;
enum many_text { MANY_LISTINGS, MANY_LEAVES, MANY_SALTS, MANY_DOMAINS, MANY_TEXT_COUNT };

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
    struct many *many;     /* while many are written together */
    const char *many_texts[MANY_TEXT_COUNT];
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
    str division;
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
err leaf_insert(struct store *store, const struct leaf_draft *draft, const struct leaf_text *text);
err leaf_salt_insert(struct store *store, str record, const uint8_t salt[SALT_BYTES]);

/* --- leaf_form.c: of many leaves that are alike, the words once --- */

struct leaf_forms *leaf_forms_make(struct arena *keep);
/* Leaves *ret_text as it is when no form fits. */
err leaf_form_fill(struct store *store, const struct leaf_draft *draft, struct leaf_text *ret_text);
/* What was just written may be the first of many. */
err leaf_form_learn(struct leaf_forms *forms, const struct leaf_draft *draft, str body);

/* --- many.c: rows of many changes, MANY_ROWS a statement --- */

enum { MANY_ROWS = 32 };

err many_boot(struct store *store, struct arena *boot);
err many_begin(struct store *store, struct many **ret_many);
/* The turn of the next of many. What is kept until it is written lives in it. */
err many_turn(struct store *store, struct arena **ret_turn);
struct arena *many_keep(struct many *many); /* as long as they are many */
struct leaf_forms *many_forms(struct many *many);
err many_put_listing(struct store *store, const union record *listing);
err many_put_leaf(struct store *store, const struct leaf_draft *draft,
                  const struct leaf_text *text);
/* Makes it, too. */
err many_put_salt(struct store *store, str record, uint8_t ret_salt[SALT_BYTES]);
/* Writes what is left. */
err many_flush(struct store *store);
void many_end(struct store *store);

/* A statement of MANY_ROWS rows, its parameters by row. */
err many_ask(struct store *store, enum many_text text, struct sql_row **ret_row);
int many_place(enum many_text text, size_t row, int column);

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
