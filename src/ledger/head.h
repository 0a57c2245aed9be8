/* SPDX-License-Identifier: Apache-2.0 */
/*
 * head - "the tree of this store had this size and this root at this time", signed: what
 * outsiders keep, so that nobody can tell them another past later.
 *
 * Shape     What is signed is text:          yumen-head 1
 *                                            store 01JD…
 *                                            size 120
 *                                            root 5feceb66ffc86f38…
 *                                            at 1795349880000000
 *                                            key 01JD…
 *
 * Owns      Nothing.   Lives  As long as its spans.
 * Fails     ERR_MALFORMED when store or key is not a plain word; ERR_LIMIT when the turn is
 *           spent. A check answers no.
 * Threads   Any.
 * Bounds    HEAD_WORD_MAX bytes a word.
 */
#ifndef YUMEN_LEDGER_HEAD_H
#define YUMEN_LEDGER_HEAD_H

#include "base/instant.h"
#include "kit/digest.h"
#include "kit/sign.h"

enum { HEAD_WORD_MAX = 128 };

struct head {
    str store;
    str key; /* id of the key that signs */
    uint64_t size;
    struct digest root;
    instant at;
    struct signature signature;
};

err head_encode(const struct head *head, struct text *signed_text);
/* Fills in the signature; everything else must be there. */
err head_sign(struct head *head, const struct sign_secret *secret, struct arena *turn);
bool head_check(const struct head *head, const struct sign_public *key, struct arena *turn);

#endif
