/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leaf - one thing that was done, as text an auditor can read and a hash can bind.
 *
 * Shape     One line a fact, in a fixed order; docs/formats/ledger.md is the law. What is
 *           personal is not in the leaf: a salted commitment stands for it, so that deleting the
 *           salt and the row's value erases it while the tree stays whole.
 *
 *               yumen-leaf 1                     = said     # personal     ! secret
 *               at 1795349880000000
 *               act listing.approve
 *               actor 01JD…
 *               kind listing
 *               record 01JD…
 *               why=matches three reports
 *               field state=in_force
 *               field value#5feceb66ffc86f38…
 *
 * Owns      Nothing. Decoded spans point into the body, or the arena where an escape was undone.
 * Lives     As long as body and arena.
 * Fails     ERR_MALFORMED, `at` the line (decoding) or the field (encoding); ERR_LIMIT.
 * Threads   Any.
 * Bounds    LEAF_FIELDS_MAX fields, LEAF_BYTES_MAX bytes; text is UTF-8 without NUL.
 */
#ifndef YUMEN_LEDGER_LEAF_H
#define YUMEN_LEDGER_LEAF_H

#include "base/instant.h"
#include "base/str.h"
#include "kit/digest.h"

enum { LEAF_FIELDS_MAX = 64, LEAF_NAME_MAX = 64, LEAF_BYTES_MAX = 1 << 20, SALT_BYTES = 32 };

enum leaf_form {
    LEAF_PLAIN,    /* '=': the leaf says it */
    LEAF_PERSONAL, /* '#': committed to; its opening is exported until it is erased */
    LEAF_SECRET,   /* '!': committed to; its opening never leaves the server */
};

/* A leaf without fields records a reading or an event: it leaves its record as it was. */
struct leaf_field {
    str name;
    str value;                /* plain only */
    struct digest commitment; /* personal and secret only */
    enum leaf_form form;
};

struct leaf {
    instant at;
    str act;
    str actor; /* user id; empty for the public */
    str kind;
    str record;
    struct leaf_field why; /* its name is not looked at: it is "why" */
    const struct leaf_field *fields;
    size_t field_count;
};

struct leaf_field leaf_plain(str name, str value);
struct leaf_field leaf_sealed(enum leaf_form form, str name, str value,
                              const uint8_t salt[SALT_BYTES]);

/* SHA-256 of "yumen-commitment 1\n", the salt, the name, "\n" and the value. */
struct digest leaf_commit(const uint8_t salt[SALT_BYTES], str name, str value);

/*
 * A salt for each field from one random seed a leaf, so that the store keeps and deletes 32
 * bytes; knowing one field's salt does not help to guess another's value.
 */
void leaf_salt(const uint8_t seed[SALT_BYTES], str name, uint8_t ret_salt[SALT_BYTES]);

err leaf_encode(const struct leaf *leaf, struct text *body);

/* Refuses whatever leaf_encode would not have written, byte for byte. */
err leaf_decode(str body, struct arena *turn, struct leaf *ret_leaf);

/* NULL when there is none. "why" finds the reason. */
const struct leaf_field *leaf_field_find(const struct leaf *leaf, str name);

#endif
