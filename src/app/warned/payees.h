/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payees - how risky a payment looks that nobody has listed: was the payee ever paid by this payer,
 * and does it pass on what comes?
 *
 * Shape     payment --> what was known of the payee and of the two together; then it is known.
 *           An account empties when most of what came in leaves within the hour.
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

enum { PAYEES = 1 << 20, PAYEE_PAIRS = 1 << 22 };

struct payee {
    uint64_t key; /* 0: nobody */
    int64_t came_minor;
    uint32_t came_s;
    uint32_t fast; /* times that most of what came left within the hour */
};

struct payees {
    struct payee at[PAYEES];
    uint64_t pairs[PAYEE_PAIRS];
};

#define PAYEES_ROOM sizeof(struct payees)

struct payment {
    uint64_t from; /* hashes of accounts; not 0 */
    uint64_t to;
    int64_t amount_minor;
    uint32_t time_s;
};

struct payment_risk {
    bool is_new; /* the payer never paid it before */
    uint32_t fast;
};

struct payment_risk payees_take(struct payees *p, const struct payment *paid);

#endif
