/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amount - money as a person reads it: "¥12,345.67", "THB 1,000.00", "JPY 12,345".
 *
 * Shape     A whole number of the currency's smallest unit; never a floating point number. The
 *           yuan has its sign, every other currency its code: "$" has a dozen owners.
 * Owns      Nothing.   Lives  -   Threads  Any.
 * Fails     currency_parse: ERR_MALFORMED "print.wrong" unless it is three capital letters.
 *           amount_add: ERR_LIMIT "print.overflow".
 * Bounds    AMOUNT_BYTES, for the least and the greatest number of 64 bits too.
 */
#ifndef YUMEN_PRINT_AMOUNT_H
#define YUMEN_PRINT_AMOUNT_H

#include "base/str.h"

enum { AMOUNT_BYTES = 48 };

struct currency {
    char code[4];
    int decimals; /* ISO 4217 */
};

err currency_parse(str code, struct currency *ret_currency);
str amount_format(const struct currency *currency, int64_t minor, char room[AMOUNT_BYTES]);
err amount_add(int64_t *sum, int64_t minor);

#endif
