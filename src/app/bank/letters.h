/* SPDX-License-Identifier: Apache-2.0 */
/*
 * letters - a provider's queue in the form it speaks, one document an order.
 *
 * Shape     multipart/mixed (RFC 2046 5.1), a part an ask. What its form has no word for, or no
 *           room, is said in form json: nothing that was approved goes unsaid.
 * Owns      Nothing.   Lives  A call.   Fails  As sql; "limit.memory".   Threads  The call's.
 * Bounds    As the page.
 */
#ifndef YUMEN_APP_BANK_LETTERS_H
#define YUMEN_APP_BANK_LETTERS_H

#include "app/call/api.h"
#include "fact/provider.h"
#include "gate/bank/bank.h"
#include "store/order_queue.h"

/* Whether that is what the caller wants, and the provider's form is one. */
bool letters_are_meant(const struct call *call, const struct provider *provider);
/* The answer: the documents; the place behind them in Yumen-Next. */
err letters_answer(struct call *call, const struct provider *provider,
                   const struct queue_page *page);
/* One order's letter, whoever brings it; its content_type says in which form. */
struct letter_desk {
    struct sql *db;
    const struct house *house;
    str centre; /* our name */
};
err letter_make(const struct letter_desk *desk, const struct provider *provider,
                const struct order *order, struct arena *a, struct bank_letter *ret_letter);

#endif
