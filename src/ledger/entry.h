/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry - the ledger as it is kept: leaves with what opens their commitments, and the rows they
 * speak of. What a store hands to an export and to a replay.
 *
 * Shape     entry = leaf body + leaf hash of the tree + openings        row = kind, id, values
 *
 *           A row's values are the very strings its leaf says: integers and instants
 *           (microseconds) in decimal, words as words. What is absent is absent from both.
 * Owns      Nothing.   Lives  One turn of whoever hands it over.
 * Fails     -   Threads  Any.   Bounds  LEAF_FIELDS_MAX values and openings.
 */
#ifndef YUMEN_LEDGER_ENTRY_H
#define YUMEN_LEDGER_ENTRY_H

#include "ledger/leaf.h"

/* What a commitment hides. Gone once it is erased: then the salt is deleted. */
struct opening {
    str field; /* "why" for the reason */
    str value;
    uint8_t salt[SALT_BYTES];
};

struct entry {
    uint64_t index;
    str body;           /* empty when the store has lost it */
    struct digest hash; /* the tree's, from tile level 0; never computed from the body */
    const struct opening *openings;
    size_t opening_count;
};

struct row_value {
    str name;
    str value;
};

struct row {
    str kind;
    str id;
    const struct row_value *values;
    size_t value_count;
};

#endif
