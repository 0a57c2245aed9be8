/* SPDX-License-Identifier: Apache-2.0 */
/*
 * division - who is responsible where: a GB/T 2260 code and the subtree below it.
 *
 * Shape     2 digits a province, 4 a city, 6 a county, 9 a township, 12 a village; "" is the whole
 *           country. A code covers itself and every longer code that begins with it.
 *           This is the only place that says who may see a record; SQL uses the same rule through
 *           division_range.
 * Owns      Nothing; results are in the room handed in.
 * Lives     As long as that room.
 * Fails     ERR_MALFORMED when it is not a code.
 * Threads   Any.
 * Bounds    DIVISION_BYTES.
 */
#ifndef YUMEN_FACT_DIVISION_H
#define YUMEN_FACT_DIVISION_H

#include "base/str.h"

enum { DIVISION_BYTES = 16 };

/* Trailing "00" pairs of six-digit codes are dropped: 620000 is 62, 620100 is 6201. */
err division_parse(str s, char room[DIVISION_BYTES], str *ret_division);
bool division_covers(str own, str other);

/* For SQL: division >= low AND division < high holds exactly for what `own` covers. */
struct division_range {
    char low[DIVISION_BYTES];
    char high[DIVISION_BYTES];
};
struct division_range division_range(str own);

#endif
