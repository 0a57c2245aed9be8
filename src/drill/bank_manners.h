/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_manners - what a bank is like: how soon it answers, and in which ways it goes wrong.
 *
 * Shape     Named manners in data/banks.yaml, each explained there; a file of the user's says, as
 *           those do, only what differs from "prompt", the bank without faults. For each
 *           instruction the dice give a whim: what becomes of this one. Times out of reach follow
 *           from the seed alone, whatever was asked meanwhile.
 * Owns      Nothing.
 * Lives     Manners, for ever. Whims, as long as their struct.
 * Fails     ERR_MALFORMED "drill.*", "conf.*", "yaml.*"; the fault names line and key. ERR_ABSENT
 *           "drill.manners" for a name that is not there.
 * Threads   One.
 * Bounds    -
 */
#ifndef YUMEN_DRILL_BANK_MANNERS_H
#define YUMEN_DRILL_BANK_MANNERS_H

#include "drill/bank_book.h"
#include "drill/dice.h"
#include "drill/params.h"

struct bank_manners {
    unsigned can; /* bit i: enum bank_kind */
    int64_t answer_s, answer_sigma;
    int64_t acks, refuses, doubles, disorders, strangers;
    int64_t over, over_part, stubborn, deaf, unpaid;
    int64_t outages, outage_min, outage_sigma;
    int64_t silent_from_h, silent_h;
    int64_t memory_s, booking_s;
    int64_t frozen, frozen_fen;
};

err bank_manners_find(str name, struct arena *a, struct bank_manners *ret_manners);
/* ret_fault is written also, and only, on failure. */
err bank_manners_read(str yaml, struct arena *a, struct bank_manners *ret_manners,
                      struct params_fault *ret_fault);

struct bank_whims {
    const struct bank_manners *manners;
    struct dice answers;
    struct dice outages;
    struct dice bookings;
    struct dice returns;
    instant begun_at;
    instant out_from; /* the present outage, or the next */
    instant out_until;
};

/* What becomes of one instruction. */
struct bank_whim {
    int64_t wait_us;  /* until it is done */
    int64_t over_fen; /* more is held than was ordered */
    bool is_refused;
    bool is_stubborn; /* said to be done, and not */
    bool is_deaf;     /* nothing happens, and nobody says so */
    bool has_ack;     /* a `pending`, before */
    bool is_ack_late; /* or after what it announces */
    bool is_doubled;
    bool has_stranger; /* a receipt to an order nobody gave, besides */
};

void bank_whims_begin(struct bank_whims *w, const struct bank_manners *m, uint64_t seed,
                      instant begun_at);
struct bank_whim bank_whim_next(struct bank_whims *w, const struct bank_instruction *i);
/* Time never goes back between two questions. */
bool bank_whims_is_out(struct bank_whims *w, instant now);
/* Whether a payment back to a victim does not arrive. */
bool bank_whims_unpaid(struct bank_whims *w);
/* From a transfer's being pending to its booking. */
int64_t bank_whims_booking_us(struct bank_whims *w);

/* "hold", "stop" …: as many as there are values. */
extern const char *const bank_kind_words[];

#endif
