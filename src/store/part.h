/* SPDX-License-Identifier: Apache-2.0 */
/*
 * part - what the files of store/ know of each other, and nobody else.
 *
 * Shape     struct store, opened up.
 * Owns      See store.h.   Lives  See store.h.   Fails  -   Threads  The store thread.   Bounds  -
 */
#ifndef YUMEN_STORE_PART_H
#define YUMEN_STORE_PART_H

#include "env/helper.h"
#include "ledger/leaf.h"
#include "ledger/tree.h"
#include "store/store.h"

struct many; /* many.h */
enum many_text { MANY_LISTINGS, MANY_LEAVES, MANY_SALTS, MANY_DOMAINS, MANY_TEXT_COUNT };

struct store {
    struct sql *db;
    const struct law_profile *law;
    const struct providers *providers;
    struct id_source *ids;
    struct random_source *random;
    struct arena arena;   /* of the store's own turns: timers, the centre's record */
    struct arena scratch; /* of one leaf */

    struct tree tree;         /* with the leaves of the open transaction */
    struct tree committed;    /* to go back to */
    bool is_open;             /* a transaction is */
    struct many *many;        /* while many are written together */
    struct env_helper helper; /* for what of them asks nothing of the database */
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

/* The words of a form: its id is the first leaf that is written in it. */
enum { LEAF_PIECES = 5 };
struct leaf_words {
    int64_t id;
    str pieces[LEAF_PIECES]; /* head, first, second, third, tail */
};

struct leaf_text {
    str body;     /* what is hashed */
    str kept;     /* what stands in the row */
    int64_t form; /* where the rest of it stands */
    bool has_form;
    const struct leaf_words *new_words; /* the first leaf in its form: they go before it */
    struct digest hash;
};

/* With the record's salt, for a leaf at `index`. */
struct leaf_draft leaf_draft_of(const struct command *cmd, instant at, const struct change *change,
                                uint64_t index, const uint8_t salt[SALT_BYTES]);
struct leaf_forms;
/* Asks nothing of the store, so that any thread may. `forms` may be NULL; the text is in the
 * scratch. */
err leaf_make(const struct leaf_draft *draft, struct leaf_forms *forms, struct arena *scratch,
              struct leaf_text *ret_text);
/* The next leaf of table and tree; draft->change is not looked at. */
err leaf_keep(struct store *store, const struct leaf_draft *draft, const struct leaf_text *text);
str leaf_actor(const struct command *cmd);
err leaf_insert(struct store *store, const struct leaf_draft *draft, const struct leaf_text *text);
err leaf_salt_insert(struct store *store, str record, const uint8_t salt[SALT_BYTES]);

/* Deletes what opens a record's commitments. */
err leaf_erase(struct store *store, str record);
err leaf_load_tree(struct store *store);
/* After part of a transaction was undone: the tree again, from what is left of it. */
err leaf_rewind(struct store *store);
/* A head of the tree as it is. */
err leaf_sign(struct store *store, instant at);
/* Writes unfinished tiles and a signed head when the tree has grown. */
err leaf_settle(struct store *store, instant at);

/* Of one change both leaves are the same. */
err outbox_put(struct store *store, enum effect_topic topic, str record, uint64_t first_leaf,
               uint64_t leaf);
err centre_reload(struct store *store);

#endif
