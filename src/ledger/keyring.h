/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyring - which keys may sign heads of which size, for somebody who trusts the first key only.
 *
 * Shape     A key is added and retired by leaves. Once a head that covers such a leaf was found
 *           good, it counts: the added key may sign heads of that size and larger ones, the
 *           retired key no larger ones. So trust walks along the tree:
 *
 *               first key signs head 40, which covers "key.add B"  -> B may sign 40, 41, ...
 *               B signs head 52, which covers "key.retire A"       -> A may sign ..., 51, 52
 *
 * Owns      Copies of the ids, in the arena it was given.
 * Lives     One verification.
 * Fails     ERR_LIMIT; ERR_CONFLICT when a leaf gives a known id to another key.
 * Threads   One.
 * Bounds    KEYRING_MAX keys.
 */
#ifndef YUMEN_LEDGER_KEYRING_H
#define YUMEN_LEDGER_KEYRING_H

#include "kit/sign.h"
#include "ledger/leaf.h"

enum { KEYRING_MAX = 256 };
#define KEYRING_NEVER UINT64_MAX

struct keyring_key {
    str id;
    struct sign_public public_part;
    uint64_t from_size;  /* KEYRING_NEVER until a good head covers its adding */
    uint64_t until_size; /* KEYRING_NEVER until a good head covers its retiring */
    bool is_retiring;
};

struct keyring {
    struct arena *keep;
    size_t count;
    struct keyring_key keys[KEYRING_MAX];
};

err keyring_init(struct keyring *ring, struct arena *keep, str id, const struct sign_public *first);

/* Takes note of "key.add" and "key.retire" of ledger keys; other leaves are nothing to it. */
err keyring_see(struct keyring *ring, const struct leaf *leaf);

/* A head of this size, covering every leaf seen so far, was found good. */
void keyring_cover(struct keyring *ring, uint64_t size);

/* NULL when no key of this id may sign a head of this size. */
const struct sign_public *keyring_find(const struct keyring *ring, str id, uint64_t size);

#endif
