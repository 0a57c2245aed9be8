/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample - a small ledger with everything in it, for tests that tamper with it: listings, an appeal
 * that is erased, a user with a secret, readings, two keys of which one takes over, a head now and
 * then.
 *
 * Shape     sample_make() builds it; what it built is plain arrays to be altered at will.
 * Owns      Nothing: all of it is carved from one arena.   Lives  As long as the arena.
 * Fails     Asserts.   Threads  One.   Bounds  The enum below.
 */
#ifndef YUMEN_LEDGER_SAMPLE_TEST_H
#define YUMEN_LEDGER_SAMPLE_TEST_H

#include "ledger/entry.h"
#include "ledger/head.h"
#include "ledger/tree.h"

enum { SAMPLE_LEAVES = 64, SAMPLE_ROWS = 16, SAMPLE_VALUES = 8, SAMPLE_HEADS = 32 };

struct sample_row {
    struct row row; /* its values are in `values` */
    struct row_value values[SAMPLE_VALUES];
    enum leaf_form forms[SAMPLE_VALUES];
};

struct sample {
    struct arena *arena;
    struct entry entries[SAMPLE_LEAVES];
    struct opening openings[SAMPLE_LEAVES][SAMPLE_VALUES + 1];
    size_t leaf_count;
    struct sample_row rows[SAMPLE_ROWS];
    size_t row_count;
    struct head heads[SAMPLE_HEADS];
    size_t head_count;
    struct peaks peaks;
    struct sign_secret secrets[2]; /* "key-1", the first, and "key-2" */
    struct sign_public publics[2];
};

extern const str sample_store;

struct sample_value {
    const char *name;
    const char *value;
    enum leaf_form form;
};

/* What is done to which record, and what the record is then; no values: a reading. */
struct sample_act {
    const char *act;
    const char *kind;
    const char *record;
    const char *why; /* "#…": personal */
    struct sample_value values[SAMPLE_VALUES];
};

/* Variant 0 makes keys; another number tells another past under the keys that are in `s`. */
void sample_make(struct sample *s, struct arena *arena, unsigned variant);
void sample_append(struct sample *s, const struct sample_act *act);
/* Signs the tree as it stands with key 0 or 1. */
void sample_sign(struct sample *s, unsigned key);

#endif
