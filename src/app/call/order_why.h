/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_why - why an account stands where it does, as people read it: "Stolen money on this account
 * now: 50,000.00."
 *
 * Shape     "catalogue.key number" a line --> [{"code","text","number"?}]: the number stands in the
 *           text as its unit wants it (trail/race_why.h).
 * Owns      Nothing.   Lives  A call.   Fails  What is no such line is left out.   Threads  Any.
 * Bounds    -
 */
#ifndef YUMEN_APP_CALL_ORDER_WHY_H
#define YUMEN_APP_CALL_ORDER_WHY_H

#include "app/call/api.h"

/* The member "why" of an open object. */
void order_why_put(struct call *call, struct json *j, str lines, str currency);

#endif
