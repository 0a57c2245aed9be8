/* SPDX-License-Identifier: Apache-2.0 */
/*
 * relief - what becomes of the orders on an account once money that they held has been paid back.
 *
 * Shape     Oldest first, each gives up of what it holds until all that was paid is accounted for:
 *           it is trimmed to what is left of it, or lifted when nothing is.
 *
 *               holds 500, 300;  paid 600  -->  lift, trim to 200
 *
 *           One that asks for more than it holds goes on asking for the rest. A whole-account
 *           measure (amount 0) cannot be trimmed: what it holds falls by what was paid, unless its
 *           bank has spoken of it since; it is lifted when nothing is left under it.
 * Owns      Nothing.   Lives  -
 * Fails     Never.
 * Threads   Any.
 * Bounds    Amounts are not negative.
 */
#ifndef YUMEN_DESK_RELIEF_H
#define YUMEN_DESK_RELIEF_H

#include "desk/round_held.h"
#include "fact/command.h"

enum relief_step { RELIEF_NOTHING, RELIEF_TRIM, RELIEF_LOWER, RELIEF_LIFT };

struct relief {
    enum relief_step step;
    int64_t amount; /* to which it is trimmed, or what it holds is lowered */
};

/* What an order holds of what it is for: a stop holds the whole account, and more than its part. */
int64_t relief_held(const struct order *o);

/* What may have been paid under those that have ended since the round was sent: nobody knows any
 * more how much it was, and no other order lets go of anything for it. */
int64_t relief_ended(const struct order *const *orders, size_t count, instant sent_at);

/* Writes ret_relief, one an order. Returns what was paid beyond what the orders hold. */
int64_t round_relief(const struct round_orders *orders, int64_t paid, instant paid_at,
                     struct relief *ret_relief);

/* The act and the amount; false: nothing is to be done. */
bool relief_command(const struct relief *relief, struct command *ret_cmd);

#endif
