/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay - remembers the nonces of good signatures for as long as they could be used again.
 *
 * Shape     Two tables of fingerprints (SipHash twice, under keys of this process): the newer one
 *           is written, both are asked. After ten minutes, twice the window of a signature, the
 *           older one is emptied and becomes the newer: what it knew is stale by then anyway.
 * Owns      Its mutex; the tables are the arena's.
 * Lives     From replay_open to replay_close. Nothing survives a restart: a message replayed across
 *           one, within its five minutes, reaches the store, where the answer's own key makes it
 *           the answer that is there already.
 * Fails     replay_take: ERR_DENIED "signature.replayed"; ERR_BUSY "signature.replay_full" when the
 *           newer table is full: better no message than one taken twice. Whoever sends tries again.
 * Threads   Any.
 * Bounds    `most` nonces in ten minutes, 48 bytes each. Two different nonces are taken for one
 *           with a chance of 2^-127 a pair.
 */
#ifndef YUMEN_GATE_BANK_REPLAY_H
#define YUMEN_GATE_BANK_REPLAY_H

#include "base/instant.h"
#include "env/thread.h"

struct replay_print {
    uint64_t word[2]; /* the second is 0: free */
};

struct replay_table {
    struct replay_print *at;
    size_t used;
};

struct replay {
    struct env_mutex mutex;
    struct replay_table tables[2]; /* [0] is written */
    size_t room;                   /* a power of two */
    size_t most;
    instant turned_at;
    uint8_t keys[2][16];
    bool is_open;
};

err replay_open(struct replay *r, struct arena *a, size_t most);
/* Accepts a zeroed one. */
void replay_close(struct replay *r);
/* Remembers it. `who`: whose nonces these are; the provider's id. `now` never goes back far. */
err replay_take(struct replay *r, str who, str nonce, instant now);

#endif
