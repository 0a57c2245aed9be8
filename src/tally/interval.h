/* SPDX-License-Identifier: Apache-2.0 */
/*
 * interval - between which shares the true one lies, 95 times in a hundred.
 *
 * Shape     81 of 263 is 30.8 %, between 25.5 % and 36.7 %. By Wilson's score: it stays within 0
 *           and 100 % and says something of 0 of 20 as well. In thousandths of a percent, rounded
 *           outwards: what is shown contains what was computed, and the share itself.
 * Owns      Nothing.   Lives  -
 * Fails     Never: 0 <= count <= of, of > 0 is the caller's to see to.
 * Threads   Any.   Bounds  of < 2^53.
 */
#ifndef YUMEN_TALLY_INTERVAL_H
#define YUMEN_TALLY_INTERVAL_H

#include <stdint.h>

enum { INTERVAL_WHOLE = 100000 }; /* 100 % */

struct interval {
    int64_t low_milli;
    int64_t high_milli;
};

struct interval interval_wilson(int64_t count, int64_t of);
/* The same as shares, not rounded: where a few of many millions count. */
struct interval_bounds {
    double low;
    double high;
};
struct interval_bounds interval_wilson_bounds(int64_t count, int64_t of);
/* Rounded to the nearest. */
int64_t interval_share_milli(int64_t count, int64_t of);

#endif
