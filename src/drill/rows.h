/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows - what leaves the world: rows of the public feeds, and the drill's own truth beside them.
 *
 * Shape     The world knows numbers; whoever receives a row asks names.h for the words. A port is
 *           a few functions: files now (emit.h), a centre's doors when the drill plays live.
 *           `moved`, `told` and `mule` are truth: no centre ever sees them.
 * Owns      Nothing: a row lives for the call.
 * Lives     -
 * Fails     What the receiver says; the world then stops.
 * Threads   The world's own.
 * Bounds    64 bytes a transfer, for as long as its bank keeps it back.
 */
#ifndef YUMEN_DRILL_ROWS_H
#define YUMEN_DRILL_ROWS_H

#include "fact/transfer.h"

#include <stdint.h>

enum channel {
    CHANNEL_APP,
    CHANNEL_QR,
    CHANNEL_POS,
    CHANNEL_ATM,
    CHANNEL_COUNTER,
    CHANNEL_WEB,
    CHANNEL_BATCH,
    CHANNEL_COUNT
};

struct transfer_row {
    uint64_t number; /* the bank's own count; the id is the bank and this */
    int64_t at_us;   /* by the bank's clock */
    int64_t fen;
    int64_t balance_after; /* -1: not given */
    uint32_t from;
    uint32_t to;
    uint32_t seq;    /* 0: not given */
    uint32_t device; /* 0: not given */
    uint8_t bank;
    uint8_t channel;
    uint8_t status;
};

/* Truth: so much of a payment was this incident's. */
struct moved_row {
    uint8_t bank;
    uint64_t number;
    uint32_t from;
    uint32_t to;
    uint32_t incident;
    uint8_t layer; /* of the receiver; the victim's own payment leads to 1 */
    int64_t fen;
};

struct mule_row {
    uint32_t account;
    uint32_t ring;
    uint8_t layer;
    int64_t at_us;
};

struct told_row; /* an incident with everything about it: stolen.h */

struct drill_port {
    void *self;
    err (*account)(void *self, uint32_t account);
    err (*transfer)(void *self, const struct transfer_row *row);
    err (*moved)(void *self, const struct moved_row *row);
    err (*mule)(void *self, const struct mule_row *row);
    err (*told)(void *self, const struct told_row *row);
};

#endif
