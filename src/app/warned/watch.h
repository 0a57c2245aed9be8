/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch - signals out of calls and transfers, after their feeds have judged and counted them.
 *
 * Shape     watch_calls    a call with a listed or suspected number, about the callee: in progress
 *                          from the answer on, over with its length.
 *           watch_money    a payment that waits or is booked, to an account that is listed, under
 *                          an order, or new to the payer, and beside it what the payee does and how
 *                          unusual the sum is; about the number that the payer's bank says.
 *           watch_ask      the same of one that its bank asks about.
 * Owns      What is remembered of suspects, payees and contacts: house->watch.
 * Lives     open to close. A watch of either kind: a batch.
 * Fails     watch_open: never; without memory or warning nothing is watched. What of one row
 *           fails, is nobody's signal: the row stands.
 * Threads   A batch: its clerk. Several batches at once.
 * Bounds    SUSPECTS_MOST of each kind are known; rows older than WATCH_S are not looked at.
 */
#ifndef YUMEN_APP_WARNED_WATCH_H
#define YUMEN_APP_WARNED_WATCH_H

#include "app/house/warned.h"
#include "app/screen/row_judge.h"

enum { SUSPECTS_MOST = 1 << 17, CONTACT_ACCOUNTS = 3, WATCH_S = 86400 };

void watch_open(struct house *house);
void watch_close(struct house *house);

/* --- calls --- */

struct watch_calls {
    struct house *house;
    struct warned_tell tell;
};

void watch_calls_begin(struct watch_calls *w, struct house *house, str carrier);
/* `row`: of the caller's listing, or 0. `caller`, `id`: as sighted. */
struct watched_call {
    uint64_t caller;
    uint64_t id;
    uint32_t row;
    uint32_t time_s;
    uint32_t duration_s;
    uint8_t parts;
    bool is_text;
    str callee;
};
void watch_calls_put(struct watch_calls *w, const struct watched_call *call);
void watch_calls_end(struct watch_calls *w);

/* --- money --- */

struct watch_money {
    struct house *house;
    struct runs *runs;
    str currency; /* of the law profile */
    struct warned_tell tell;
    struct row_judge judge;
};

void watch_money_begin(struct watch_money *w, struct house *house, struct runs *runs, str from);
/* Those of `fates` RUNS_ACCEPTED. */
void watch_money_put(struct watch_money *w, const struct transfer *rows, const uint8_t *fates,
                     uint32_t count);
void watch_money_end(struct watch_money *w);

/* What a payment shows. */
struct watch_risk {
    enum warned_basis basis;
    uint32_t row;    /* of the payee's listing */
    bool is_waiting; /* worth a signal of its own; else it has none at all */
    uint16_t payee;  /* strengths of the signals beside it; 0: none */
    uint16_t amount;
};
enum { WATCH_SIGNALS = 3 };

/* A payment that its bank asks about before it books. Canonical accounts. */
struct watch_asked {
    str from;
    str to;
    uint32_t row; /* of the payee's listing, if it is known; else 0 */
    bool is_listed;
    int64_t minor;
    uint32_t time_s;
    bool is_known_payee; /* as its bank says */
};
struct watch_risk watch_ask(struct house *house, const struct watch_asked *asked);
/* Kind, id, time and number are `payment`'s. */
size_t watch_risk_signals(const struct watch_risk *risk, const struct warned_seen *payment,
                          struct warned_seen ret_seen[WATCH_SIGNALS]);
/* Which telephones are those of many accounts. */
void watch_accounts(struct house *house, const struct account_facts *facts, uint32_t count);

#endif
