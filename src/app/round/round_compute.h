/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_compute - to whom the money goes that lies frozen in an account: from what the centre knows
 * to the statement that a bank computes again.
 *
 * Shape     store: holds, claims, earlier rounds --+
 *           runs: transfers, parts ----------------+--> case --> record --> refund --> statement
 *
 *           The same facts give the same statement, byte for byte; so a round whose statement would
 *           be another by now is stale.
 * Owns      Nothing; in the arena.   Lives  As long as that.
 * Fails     ERR_CONFLICT "round.not_held", "round.providers", "round.currencies", and what cannot
 *           be a record ("refund.overdrawn", …): `at` says of which entry. ERR_LIMIT
 *           "refund.too_many", "round.statement_too_long", "limit.memory". As sql, runs, case.
 * Threads   Any but the web's: it takes as long as the trail is wide.
 * Bounds    As round_facts, round_money; ROUND_STATEMENT_BYTES.
 */
#ifndef YUMEN_APP_ROUND_ROUND_COMPUTE_H
#define YUMEN_APP_ROUND_ROUND_COMPUTE_H

#include "app/round/round_facts.h"
#include "fact/round.h"
#include "trail/refund.h"

struct round_question {
    struct sql *db;
    struct runs *runs;
    str account;
    str before; /* a round: what was made by it or later does not count; empty: all does */
    enum refund_rule rule;
    int zone_min;
    struct arena *arena; /* wants room: ROUND_COMPUTE_BYTES */
};

#define ROUND_COMPUTE_BYTES ((size_t)1 << 30)

struct round_computed {
    struct round_hold hold;
    int64_t number; /* of this account */
    str open;       /* the round that has not ended; empty: none */
    const struct round_claim *claims;
    struct round_case made;
    struct refund_record record;
    struct refund refund;
    str statement;
    str digest; /* hex */
    str about;  /* of a refusal: the entry */
};

err round_compute(const struct round_question *q, struct round_computed *ret);
/* The claim behind one of the refund's. */
const struct round_claim *round_claim_of(const struct round_computed *c, uint32_t claim);
int64_t round_shared(const struct round_computed *c);
/* Of this incident: one of its orders holds, or one of its claims has money in it. */
bool round_concerns(const struct round_computed *c, str incident);
/* Computed again now, it would be another, or none. `q` needs neither account, rule nor before. */
err round_is_stale(const struct round_question *q, const struct round *r, bool *ret_stale);

#endif
