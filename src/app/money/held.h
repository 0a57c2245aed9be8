/* SPDX-License-Identifier: Apache-2.0 */
/*
 * held - what banks say that they hold of accounts' money, under orders that stand: each fen once.
 *
 * Shape     hold    60 of 100 --.
 *           freeze  60 ---------+--> in the order of what was said:  60, not 120
 *           the bank: balance 60 there
 *
 *           A freeze counts from when the hold that it takes over holds no more. More held than was
 *           ordered is about to be let go of. Of orders that nobody linked, what the bank said of
 *           the balance says how much of it can be there, and of the freezes of others how much of
 *           that is theirs; what was said later comes to what is left.
 * Owns      Nothing; in the arena.
 * Lives     As long as that.
 * Fails     As sql; ERR_LIMIT "limit.memory".
 * Threads   Any, with its own connection.
 * Bounds    As many orders as there are.
 */
#ifndef YUMEN_APP_MONEY_HELD_H
#define YUMEN_APP_MONEY_HELD_H

#include "base/instant.h"
#include "store/sql.h"

struct held_order {
    str id;
    str account;
    str incident;
    str provider;
    str bank;
    str currency;
    int64_t held;
    int64_t usable; /* of the account, by us, when it was said; -1: it was not */
    instant said_at;
    instant executed_at; /* since then it is held, by this order or the one before */
};

struct held_query {
    struct sql *db;
    str incident;      /* empty: of every one */
    str account;       /* empty: on every one */
    bool is_for_round; /* by two people, and not being trimmed: the bank has to say what is left */
    struct arena *arena;
};

/* By account, then in the order of what was said. */
err held_read(const struct held_query *q, struct held_order **ret, size_t *ret_count);
/* How many of them, from the first on, are of one account. */
size_t held_run(const struct held_order *orders, size_t count);
/* Of one account's, in that order. */
int64_t held_sum(const struct held_order *orders, size_t count);

#endif
