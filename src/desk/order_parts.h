/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_parts - what order.c (the life of an order) and receipt.c (what providers answer) share.
 *
 * Shape     The few moves both make on the order in `change`.
 * Owns      Nothing.   Lives  One turn.   Fails  -   Threads  Any.   Bounds  As struct change.
 */
#ifndef YUMEN_DESK_ORDER_PARTS_H
#define YUMEN_DESK_ORDER_PARTS_H

#include "desk/desk.h"

/* Why it ended when nobody said a word: the final state is by these. */
#define ORDER_WHY_LAPSED  "order.lapsed"
#define ORDER_WHY_EXPIRED "order.expired"

/* With the provider, and not on its way back. */
bool order_is_live(unsigned state);
/* The provider is asked for something, from now on. */
void order_ask(const struct desk_view *view, struct change *change, enum order_ask ask, instant at);
void order_settle(struct change *change);
void order_end(struct change *change, str why, instant at);
/* Set free: what the provider was asked for is to be undone; what it never heard of is over, and
 * `last` is its state. */
void order_release(const struct desk_view *view, struct change *change, str why, unsigned last,
                   instant at);
/* order_check.c: may it be drafted; and may somebody carry it out, now that it is approved? */
err order_draft_check(const struct desk_view *view, const struct order *o,
                      const struct law_profile *law, instant at);
err order_carry_check(const struct desk_view *view, const struct order *o);
/* receipt.c: a receipt that counts moves its order. */
/* A freeze that went before it has come to its term. */
err order_freed(struct change *change);
err order_receive(const struct desk_view *view, const struct command *cmd, instant at,
                  struct change *change);

/* alarm.c: silence, and who has seen it. */
void order_alarm_follow(const struct desk_view *view, const struct law_profile *law, instant at,
                        struct change *change);
err order_escalate(instant at, struct order *o);
err order_heed(const struct command *cmd, const struct law_profile *law, instant at,
               struct change *change);

/* order_keep.c: what it says of people is erased, once it is over and its term is. */
void order_keep_follow(const struct desk_view *view, const struct law_profile *law, instant at,
                       struct change *change);
err order_erase(const struct desk_view *view, struct change *change);

#endif
