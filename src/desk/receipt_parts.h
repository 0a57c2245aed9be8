/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt_parts - what receipt.c (all of them) has payment.c (those of shares) do.
 *
 * Shape     payment_take   judges one, and says what follows from it for its share
 *           payment_settle the share, moved by it; what follows counts it in its round
 * Owns      Nothing.   Lives  One turn.   Fails  As desk.h.   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_DESK_RECEIPT_PARTS_H
#define YUMEN_DESK_RECEIPT_PARTS_H

#include "desk/desk.h"

err payment_take(const struct desk_view *view, const struct command *cmd, struct receipt *r,
                 struct change *change);
err payment_settle(const struct desk_view *view, const struct command *cmd, instant at,
                   struct change *change);

#endif
