/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clearing - what becomes of a payment: paid at once, pending for a while and then booked or not,
 * rejected, or booked and later reversed.
 *
 * Shape     Whoever pays calls clearing_pay; money moves (money.h) and the payer's bank reports it
 *           (of what comes from beyond, the payee's bank) through its courier.
 *
 *               PAID      row booked [ ... row reversed ]        WAITS    row pending ... row
 *               REFUSED   row rejected                           SHORT    nothing: not enough there
 *
 * Owns      What is pending, on a shelf in the drill's arena; each bank's count of its rows.
 * Lives     As long as the drill.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   One.
 * Bounds    80 bytes for a payment that waits or will be reversed.
 */
#ifndef YUMEN_DRILL_CLEARING_H
#define YUMEN_DRILL_CLEARING_H

#include "drill/agenda.h"
#include "drill/dice.h"
#include "drill/params.h"
#include "drill/rows.h"
#include "drill/shelf.h"

struct drill;

enum outcome { OUTCOME_PAID, OUTCOME_WAITS, OUTCOME_REFUSED, OUTCOME_SHORT };

struct payment {
    uint32_t from;
    uint32_t to;
    int64_t fen;
    uint32_t device; /* 0: the payer's own, where the channel has one */
    uint32_t note;   /* a parcel of stolen.c's; 0: honest money */
    enum channel channel;
    bool is_warm; /* both have seen to it that the bank knows the payee */
};

struct receipt {
    enum outcome outcome;
    uint8_t bank;
    uint64_t number; /* of the bank's row; 0 when SHORT */
    bool is_asked;   /* its bank asks first: it WAITS */
};

struct clearing_slot {
    struct transfer_row row;
    uint32_t note;
};

struct clearing_desk {
    uint64_t numbers;
    int64_t second;
    uint32_t seq;
};

struct clearing {
    struct dice dice;
    struct shelf slots;
    struct clearing_desk desks[BANKS_MOST];
};

void clearing_begin(struct drill *d);

err clearing_pay(struct drill *d, const struct payment *p, struct receipt *ret_receipt);
err clearing_due(struct drill *d, const struct event *e);
err clearing_reverse(struct drill *d, const struct event *e);
/* A bank's file is done; it arrives. */
err clearing_close(struct drill *d, const struct event *e);
err clearing_arrive(struct drill *d, const struct event *e);
/* What somebody may spend: without what is followed. */
int64_t clearing_free(const struct drill *d, uint32_t account);

#endif
