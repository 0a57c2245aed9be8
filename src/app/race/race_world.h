/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_world - a drill's month as intents: who wants to pay whom how much and when, which of it is
 * stolen, and when a centre would be told. What is held on the way, race_replay finds out.
 *
 * Shape     The drill plays into a port of ours, second by second, so that it is known when each
 *           bank's file arrives. Stolen payments are in the drill's own order.
 *
 *               drill --rows, moves--> race_world --intents, by time--> race_replay
 *
 * Owns      Nothing: all of it is in the arena.
 * Lives     As long as the arena.
 * Fails     As the drill; "limit.memory".
 * Threads   One.
 * Bounds    About 100 bytes a transfer.
 */
#ifndef YUMEN_APP_RACE_RACE_WORLD_H
#define YUMEN_APP_RACE_RACE_WORLD_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct race_intent {
    int64_t at_us;
    int64_t told_us;  /* its bank's file arrives; INT64_MAX: it never does */
    int64_t stamp_ms; /* by the bank's clock */
    int64_t fen;
    uint64_t number; /* the bank's own */
    uint32_t from;
    uint32_t to;
    uint32_t seq;   /* 0: not given */
    uint32_t order; /* of what is stolen, in which it moved */
    uint8_t bank;
    uint8_t exit; /* enum transfer_exit */
    bool is_stolen;
    bool is_taking; /* a victim's own payment */
};

struct race_world {
    struct race_intent *intents; /* by at_us */
    uint32_t count;
    uint32_t accounts; /* account numbers are below; what is not lies beyond the province */
    uint32_t first_company;
    const uint8_t *banks;      /* of an account */
    const int64_t *openings;   /* fen */
    const bool *tells_balance; /* of a bank */
    uint32_t bank_count;
    int64_t stolen_fen;
    int64_t end_us;
};

err race_world_make(uint64_t seed, uint32_t scale, uint32_t days, struct arena *a,
                    struct race_world *ret_world);

#endif
