/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay - the server's own `audit verify`: reads the whole ledger and every record again and
 * says what does not fit. tools/verifier says the same of an export without sharing a line with
 * it.
 *
 * Shape     Four promises are checked, each against the next:
 *
 *               signed heads --root--> leaf hashes --hash--> leaf bodies --last leaf--> rows
 *
 *           A leaf whose body does not hash to the tree's hash is named alone. Where the tree
 *           itself does not lead to a signed root, all leaves since the last good head are named.
 *           A row must say what the last leaf with fields says; personal values by commitment.
 *           Rows are never deleted: a record that has such a leaf has a row, erased or not.
 * Owns      Nothing but what it carves from `keep`.
 * Lives     One call.
 * Fails     What the source says; ERR_LIMIT when an arena is spent; ERR_MALFORMED when heads
 *           come out of order. What is found wrong is a finding, not an error.
 * Threads   One. The source should read one snapshot.
 * Bounds    96 bytes of `keep` a record (twice that while growing); `turn` a leaf or a row.
 */
#ifndef YUMEN_LEDGER_REPLAY_H
#define YUMEN_LEDGER_REPLAY_H

#include "ledger/entry.h"
#include "ledger/finding.h"
#include "ledger/head.h"

/*
 * What a callback hands over must stay until the same one is called again. `turn` is reset before
 * each leaf of the first pass, before each row and before each head: never while one is looked
 * at.
 */
struct replay_source {
    void *self;
    uint64_t leaf_count;
    /* Each index below leaf_count in order, then some once more. A lost leaf: an empty body. */
    err (*entry)(void *self, uint64_t index, struct entry *ret_entry);
    err (*row)(void *self, struct row *ret_row, bool *ret_has);
    /* By size, smallest first. */
    err (*head)(void *self, struct head *ret_head, bool *ret_has);
};

struct replay_setup {
    const struct replay_source *source;
    str store;
    str key_id; /* of the first key; the others follow from the leaves (keyring.h) */
    struct sign_public key;
    const struct head *published; /* heads that somebody outside kept; may be none */
    size_t published_count;
    struct arena *keep;
    struct arena *turn; /* the source may carve from it as well */
    void (*found)(void *self, const struct finding *f);
    void *found_self;
};

struct replay_verdict {
    uint64_t leaves;
    uint64_t rows;
    uint64_t heads;
    uint64_t findings; /* 0: nothing was altered */
};

err replay_run(const struct replay_setup *setup, struct replay_verdict *ret_verdict);

#endif
