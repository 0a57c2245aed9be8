/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_facts - what the store knows that a refund round is made from: what is held in an account,
 * who claims, what was given back before.
 *
 * Shape     orders of the account that two people decided --> round_hold
 *           claims of every incident, earlier rounds' shares --> round_claim, round_paid
 * Owns      Nothing; in the arena.   Lives  As long as that.
 * Fails     ERR_CONFLICT "round.not_held", "round.providers", "round.currencies"; as sql.
 * Threads   Any, with its own connection.
 * Bounds    ROUND_CLAIMS_MOST claims, the newest.
 */
#ifndef YUMEN_APP_ROUND_ROUND_FACTS_H
#define YUMEN_APP_ROUND_ROUND_FACTS_H

#include "app/round/round_case.h"
#include "fact/nouns.h"
#include "store/sql.h"

enum { ROUND_CLAIMS_MOST = 1 << 16, ROUND_ORDERS_MOST = 1000 };

struct round_source {
    struct sql *db;
    str account;
    str before; /* a round: nothing that was made by it or later counts; empty: all does */
    struct arena *arena;
};

/* What is held, by whom, under which orders. */
struct round_hold {
    str bank;
    str provider;
    str orders;    /* ids, space separated */
    str incidents; /* of these orders, likewise */
    str currency;
    int64_t amount;
    int64_t executed_ms;
};

err round_hold_read(const struct round_source *s, struct round_hold *ret);
/* Sorted by id; the transfer's ordinal is not looked up yet. */
err round_claims_read(const struct round_source *s, str currency, struct round_claim **ret,
                      size_t *ret_count);
err round_paid_read(const struct round_source *s, struct round_paid **ret, size_t *ret_count);
/* The number of its next round; and the one that has not ended, empty when there is none. */
err round_number_read(const struct round_source *s, int64_t *ret_number, str *ret_open);
/* Accounts on which an incident's orders hold something. */
err round_accounts_read(struct sql *db, str incident, struct arena *a, str **ret,
                        size_t *ret_count);

#endif
