/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows - what leaves the world: rows of the public feeds, and the drill's own truth beside them.
 *
 * Shape     The world knows numbers; whoever receives a row asks names.h for the words. A port is
 *           a few functions: files now (emit.h), a centre's doors when the drill plays live.
 *           `moved`, `told`, `mule`, `episode` and three of the calls'
 *           are truth: no centre ever sees them.
 * Owns      Nothing: a row lives for the call.
 * Lives     -
 * Fails     What the receiver says; the world then stops.
 * Threads   The world's own.
 * Bounds    64 bytes a transfer, 56 a call, for as long as its bank or carrier keeps it back.
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

/* A call, or a moment of one. */
enum call_phase { PHASE_WHOLE, PHASE_SETUP, PHASE_ANSWER, PHASE_END, PHASE_COUNT };

struct call_row {
    uint64_t number; /* the carrier's own count; the id is the carrier and this */
    int64_t at_us;   /* by the carrier's clock */
    uint32_t caller;
    uint32_t callee;
    uint32_t imei;
    uint32_t cell; /* CELL_NONE: not told */
    uint32_t duration_s;
    uint16_t trunk; /* 0: from here */
    uint8_t carrier;
    uint8_t phase;
    bool is_answered;
    bool is_text;
};

/* Truth: what a number is that is not just somebody's. */
struct line_row {
    uint32_t line;
    uint32_t kind; /* of params, or which of the scams' */
    uint32_t rack; /* 0: none */
    uint32_t cell; /* of an honest one's place */
    int64_t at_us;
    bool is_scam;
};

/* A rack, and again when it is moved. */
struct rack_row {
    uint32_t rack;
    uint32_t type; /* of params */
    uint32_t cell;
    int64_t at_us;
};

/* A bypass is a rack that carries other people's calls past a toll: nobody is deceived by it. */
enum scam_way { WAY_HANDSET, WAY_RACK, WAY_ABROAD, WAY_BYPASS, WAY_COUNT };
enum scam_aim { AIM_COLD, AIM_VICTIM, AIM_FRIEND, AIM_MIMIC, AIM_CARRIED, AIM_COUNT };

/* A call of a scam's, or of a bypass. */
struct dialled_row {
    uint64_t number;
    int64_t at_us;
    uint32_t caller;
    uint32_t callee;
    uint32_t rack; /* 0: none; so are the next two */
    uint32_t port;
    uint32_t incident;
    uint8_t carrier;
    uint8_t way;
    uint8_t aim;
};

struct visit_row; /* online_rows.h has these three */
struct message_row;
struct episode_row;
struct told_row; /* an incident with everything about it: stolen.h */

struct drill_port {
    void *self;
    err (*account)(void *self, uint32_t account);
    err (*transfer)(void *self, const struct transfer_row *row);
    err (*moved)(void *self, const struct moved_row *row);
    err (*mule)(void *self, const struct mule_row *row);
    err (*told)(void *self, const struct told_row *row);
    /* All four, or none: then nobody has a telephone. The last three are truth. */
    err (*call)(void *self, const struct call_row *row);
    err (*line)(void *self, const struct line_row *row);
    err (*rack)(void *self, const struct rack_row *row);
    err (*dialled)(void *self, const struct dialled_row *row);
    /* All three, or none; only with those of calls. The last is truth. */
    err (*visit)(void *self, const struct visit_row *row);
    err (*message)(void *self, const struct message_row *row);
    err (*episode)(void *self, const struct episode_row *row);
    /* What a bank asks before it books, at once; NULL: nobody is asked. */
    err (*ask)(void *self, const struct transfer_row *row);
};

#endif
