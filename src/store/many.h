/* SPDX-License-Identifier: Apache-2.0 */
/*
 * many - what the files of store/ that write many changes at once know of each other.
 *
 * Shape     apply.c has the desk decide and gathers; enter.c does so for entries of a list, with a
 *           helper; leaf_form.c keeps the words of leaves that are alike once; many.c holds rows
 *           until there is a statement's worth.
 *
 *               members --apply, enter--> rows, leaves, salts --many_put--> MANY_ROWS of them
 *
 * Owns      struct many: rows that wait, forms.   Lives  One store_apply_many.
 * Fails     ERR_LIMIT "limit.memory"; what the database says.
 * Threads   The store thread; leaf_form_fill and leaf_form_learn: its helper, while it has one.
 * Bounds    MANY_ROWS.
 */
#ifndef YUMEN_STORE_MANY_H
#define YUMEN_STORE_MANY_H

#include "desk/desk.h"
#include "store/counts.h"
#include "store/part.h"

/* --- leaf_form.c: of many leaves that are alike, the words once --- */

struct leaf_forms *leaf_forms_make(struct arena *keep);
/* Leaves *ret_text as it is when no form fits. */
err leaf_form_fill(struct leaf_forms *forms, const struct leaf_draft *draft, struct arena *scratch,
                   struct leaf_text *ret_text);
/* What was just written may be the first of many. */
err leaf_form_learn(struct leaf_forms *forms, const struct leaf_draft *draft, str body);
err leaf_form_insert(struct store *store, const struct leaf_words *words);

/* --- many.c: rows of many changes, MANY_ROWS a statement --- */

enum { MANY_ROWS = 64 };

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
/* One that was made. */
void many_put_made_salt(struct store *store, str record, const uint8_t salt[SALT_BYTES]);
/* Writes what is left. */
err many_flush(struct store *store);
void many_end(struct store *store);

/* A statement of MANY_ROWS rows, its parameters by row. */
err many_ask(struct store *store, enum many_text text, struct sql_row **ret_row);
int many_place(enum many_text text, size_t row, int column);

/* --- enter.c --- */

/* Many changes that are applied together. */
struct flock {
    struct store *store;
    instant at;
    struct desk_view view; /* what they share */
    struct counts counts;
    str of_zone; /* the last listing that the zone has to be told of, and its leaf */
    uint64_t zone_leaf;
};

/* Entries of a list: all members are listing.enter. */
err enter_all(struct flock *flock, struct member *members, size_t count);

#endif
