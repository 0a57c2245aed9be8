/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payees - how unusual a payment looks that nobody has listed: was the payee ever paid by this
 * payer, does it pass on what comes or is it paid by strangers, and did the payer ever pay so much?
 *
 * Shape     look   payment --> what was known of the payee, the payer and the two together
 *           take   the same, and then it is known
 *
 *           An account empties when most of what came in leaves within the hour. What nothing is
 *           known of is no evidence. The drill's feeds are judged by the same code, so what is
 *           learnt from them means the same here.
 * Owns      Nothing: it lies in the room it was given, zeroed.
 * Lives     As long as the room.
 * Fails     Never: who falls on another's place takes it, and the other is as if new.
 * Threads   One at a time.
 * Bounds    PAYEES_ROOM bytes.
 */
#ifndef YUMEN_APP_WARNED_PAYEES_H
#define YUMEN_APP_WARNED_PAYEES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAYEES = 1 << 21, PAYEE_PAIRS = 1 << 23, PAYMENT_LEAST_MINOR = 50000 };

struct payee {
    uint64_t key; /* 0: nobody */
    int64_t came_minor;
    int64_t most_minor; /* that it ever paid at once */
    uint32_t came_s;
    uint32_t fast;        /* times that most of what came left within the hour */
    uint32_t strangers;   /* that paid it a sum worth looking at, lately */
    uint32_t strangers_s; /* since when they are counted */
};

struct payees {
    struct payee at[PAYEES];
    uint64_t pairs[PAYEE_PAIRS];
};

#define PAYEES_ROOM sizeof(struct payees)

struct paid {
    uint64_t from; /* hashes of accounts; not 0 */
    uint64_t to;
    int64_t amount_minor;
    uint32_t time_s;
};

struct payment_risk {
    bool is_new;     /* the payer never paid it before */
    bool is_fast;    /* the payee was seen to pass on what came */
    uint16_t payee;  /* strength of SIGNAL_PAYEE; 0: nothing */
    uint16_t amount; /* of SIGNAL_AMOUNT */
};

struct payment_risk payees_look(const struct payees *p, const struct paid *paid);
struct payment_risk payees_take(struct payees *p, const struct paid *paid);

#endif
