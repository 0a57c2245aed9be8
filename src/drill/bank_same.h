/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_same - whether a bank and whoever tells it of something mean the same person, or account.
 *
 * Shape     What one of them does not say is not held against the other.
 * Owns      Nothing.   Lives  A call.   Fails  -   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_DRILL_BANK_SAME_H
#define YUMEN_DRILL_BANK_SAME_H

#include "drill/bank_book.h"

bool bank_same_name(str a, str b);
/* "BKA:1234" and "1234" are one account where only one of them says whose it is. */
bool bank_same_account(str a, str b);
/* Is it one of those that the money is paid out of? */
bool bank_same_order(const struct bank_return *r, str order);

#endif
