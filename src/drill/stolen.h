/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stolen - the drill's own books of stolen money: whose it was, where it lies, how it left.
 *
 * Shape     A stash is what a mule's account has of victims' money; a parcel is what is on its way
 *           from one account to the next. Both are lists of lots: so much of that incident's.
 *           The oldest lot leaves first. What the mules keep stays in the stash, and its owner
 *           spends honest money only; so for every incident, to the fen:
 *
 *               taken = in stashes + kept + on its way + left by exits
 *
 * Owns      Everything in the drill's arena.
 * Lives     As long as the drill.
 * Fails     ERR_LIMIT "limit.memory", and what the port says of truth.
 * Threads   One.
 * Bounds    16 bytes a lot, 64 a stash; an incident's exits are kept until they are told.
 */
#ifndef YUMEN_DRILL_STOLEN_H
#define YUMEN_DRILL_STOLEN_H

#include "drill/inside.h"

struct lots {
    uint32_t first;
    uint32_t last;
    int64_t fen;
};

struct stash {
    uint32_t next; /* of those whose accounts hash alike */
    uint32_t account;
    uint32_t ring;
    uint8_t layer;
    uint8_t parts;      /* payments still to come; 0: nothing planned */
    uint8_t cash_times; /* withdrawals made today */
    uint8_t exit;       /* enum beyond, when leaves */
    bool leaves;
    bool is_automated;
    bool is_awake; /* somebody will look */
    struct lots moving;
    struct lots kept;
};

/* What became of some of an incident's money. */
struct fate {
    uint32_t next;
    uint32_t account;
    uint64_t number; /* of the payment that left; 0: it lies there */
    int64_t fen;
    uint8_t bank;
};

/* One of the victim's payments. */
struct taking {
    uint32_t next;
    uint32_t from;
    uint32_t to;
    uint64_t number;
    int64_t fen;
    int64_t at_us;
    int64_t booked_us;
    uint8_t bank;
};

struct told_row {
    uint32_t incident;
    uint32_t scam; /* of params */
    uint32_t victim;
    uint32_t ring;
    int64_t begun_us;
    int64_t told_us; /* when the victim reports it */
    int64_t fen;
    int64_t planned_fen;
    int64_t sent_fen; /* with what is pending */
    uint32_t takings; /* newest first */
    uint32_t fates;
    uint32_t episode; /* online.h; 0: none */
};

err stolen_open(struct drill *d);
err stolen_begin(struct drill *d, const struct told_row *incident, uint32_t *ret_incident);
struct told_row *stolen_incident(const struct drill *d, uint32_t incident);
const struct taking *stolen_taking(const struct drill *d, uint32_t taking); /* NULL for 0 */
const struct fate *stolen_fate(const struct drill *d, uint32_t fate);

/* What of an account's money is followed; 0 where there is no stash. */
int64_t stolen_held(const struct stolen *s, uint32_t account);
struct stash *stolen_stash(const struct drill *d, uint32_t stash);

/* A victim's payment, or a mule's out of its stash, pays it and follows it; ret_receipt may say
 * that it was refused: then all is as before. `layer` is the receiver's. */
struct hop {
    uint32_t incident; /* of a victim; 0 of a mule */
    uint32_t stash;    /* of a mule */
    uint8_t layer;
    struct payment payment;
};
err stolen_pay(struct drill *d, const struct hop *hop, struct receipt *ret_receipt);
err stolen_land(struct drill *d, uint32_t parcel);
err stolen_return(struct drill *d, uint32_t parcel);
/* So much is the mule's own from now on: it stays where it is. */
err stolen_keep(struct drill *d, uint32_t stash, int64_t fen);
/* Writes down what still lies in stashes, then hands every incident to the port. */
err stolen_tell(struct drill *d);

#endif
