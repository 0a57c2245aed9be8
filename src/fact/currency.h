/* SPDX-License-Identifier: Apache-2.0 */
/*
 * currency - which three letters are money (ISO 4217, active codes), and how many digits its minor
 * unit has: 100 fen are a yuan, and a yen has none.
 *
 * Shape     "CNY" -> 2
 * Owns      Nothing.   Lives  -   Fails  currency_digits is negative for what is no currency.
 * Threads   Any.   Bounds  Without the codes for metals, funds and tests.
 */
#ifndef YUMEN_FACT_CURRENCY_H
#define YUMEN_FACT_CURRENCY_H

#include "base/str.h"

/* Digits behind the point; -1: no active currency. */
int currency_digits(str code);
/* 1234567 fen -> "12,345.67". */
void currency_put(struct text *t, int64_t minor, str code);

#endif
