/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_close - what closing a round does to the orders that held its money, and who may do it.
 *
 * Shape     The same answer for whoever asks and for whoever acts:
 *
 *               paid round --round_reliefs--> trim, lower, lift: each order --round_may_close--> OK
 *
 * Owns      Nothing; in the arena.   Lives  A call.
 * Fails     As sql; ERR_LIMIT "limit.memory"; ERR_DENIED "round.settler", "round.close_above".
 * Threads   The connection's.   Bounds  -
 */
#ifndef YUMEN_APP_ROUND_ROUND_CLOSE_H
#define YUMEN_APP_ROUND_ROUND_CLOSE_H

#include "fact/command.h"
#include "fact/nouns.h"
#include "store/sql.h"

struct round_reliefs {
    struct command *at; /* act, order and amount; who does it is the caller's to say */
    str *divisions;     /* whose each order is */
    size_t count;
};

/* By what was paid. An order that has ended meanwhile needs nothing. */
err round_reliefs(struct sql *db, const struct round *r, struct arena *turn,
                  struct round_reliefs *ret_reliefs);
/* Not who alone says that it was paid (decision 0097); above all whose orders are let go (0104). */
err round_may_close(struct sql *db, const struct round *r, const struct actor *actor,
                    const struct round_reliefs *reliefs);

#endif
