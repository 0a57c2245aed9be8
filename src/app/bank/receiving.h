/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receiving - a provider's receipt, by whatever door it came: what was said before is told again,
 * and nothing new is written.
 *
 * Shape     The same receipt: the provider's key and the same words; without a key the same words
 *           about the same ask, or by the same moment of theirs, or while nothing else is asked;
 *           of a share, the same payment, or the same words as its last.
 * Owns      Nothing.   Lives  A write.
 * Fails     As the desk; ERR_CONFLICT "receipt.key_taken" the key came with other words,
 *           "receipt.currency" amounts of another currency than the order's.
 * Threads   The store thread, inside the transaction.
 * Bounds    -
 */
#ifndef YUMEN_APP_BANK_RECEIVING_H
#define YUMEN_APP_BANK_RECEIVING_H

#include "fact/command.h"
#include "store/store.h"

/* What a provider's clock may be ahead of ours. */
#define RECEIPT_SKEW_US (10 * US_PER_MIN)

struct receiving {
    struct actor actor;
    struct receipt said; /* order or share, provider, its words; `at` 0: it does not say when */
    str currency;        /* of its amounts, when it says one: of an order, the order's */
};

struct received {
    struct receipt receipt; /* as taken, now or before */
    bool is_again;
};

err receiving_take(struct store *store, const struct receiving *receiving, instant at,
                   struct arena *turn, struct received *ret_received);

#endif
