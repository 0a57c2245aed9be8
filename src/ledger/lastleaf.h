/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lastleaf - for each record, the leaf that spoke of it last: what a replay remembers of the
 * past.
 *
 * Shape     A hash table by SHA-256 of kind and id; in order of first appearance through `next`.
 * Owns      Nothing: all of it is carved from one arena.
 * Lives     One replay.
 * Fails     ERR_LIMIT when the arena is spent.
 * Threads   One.
 * Bounds    64 bytes a record and 16 to 48 bytes of table.
 */
#ifndef YUMEN_LEDGER_LASTLEAF_H
#define YUMEN_LEDGER_LASTLEAF_H

#include "base/str.h"
#include "kit/digest.h"

#define LEAF_NONE UINT64_MAX

struct lastleaf {
    struct digest key;
    struct lastleaf *next;
    uint64_t speaking; /* the last leaf with fields; LEAF_NONE when there was none */
    bool has_row;
};

struct lastleaves {
    struct arena *keep;
    struct lastleaf **slots;
    size_t slot_count; /* a power of two */
    size_t count;
    struct lastleaf *first;
    struct lastleaf *last;
};

void lastleaves_init(struct lastleaves *all, struct arena *keep);

/* NULL when there is none. */
struct lastleaf *lastleaf_find(const struct lastleaves *all, str kind, str record);

/* Finds it, or makes it without any leaf. */
err lastleaf_put(struct lastleaves *all, str kind, str record, struct lastleaf **ret_lastleaf);

#endif
