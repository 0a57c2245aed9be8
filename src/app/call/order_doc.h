/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_doc - an order as JSON, for whoever looks: staff see the case, a provider its task.
 *
 * Shape     order_doc_put writes the fields into the object that the caller opened.
 * Owns      Nothing.   Lives  A call.
 * Fails     As sql; ERR_ABSENT "order.absent" when it is another provider's.
 * Threads   The call's: with a reader, or on the store thread.
 * Bounds    -
 */
#ifndef YUMEN_APP_CALL_ORDER_DOC_H
#define YUMEN_APP_CALL_ORDER_DOC_H

#include "app/call/api.h"

/* How much of it. */
enum order_doc_part { ORDER_DOC_BRIEF, ORDER_DOC_WITH_RECEIPTS };
struct order_doc_view {
    enum order_doc_part part;
    bool sees_personal; /* the holder's name; a provider always does */
};

err order_doc_put(struct call *call, struct json *j, const struct order *o,
                  const struct order_doc_view *view);

/* What it is on, grouped for people. */
str order_display(struct call *call, const struct order *o);
/* Whether this actor answers for a provider: it sees that one's orders, and no others. */
bool order_is_for_provider(const struct actor *actor);
/* The order, if the actor may know of it: by division, or by provider. */
err order_find(struct call *call, str id, struct order *ret_order);

#endif
