/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decay - powers and logarithms of two in whole numbers, so that evidence fades alike everywhere.
 *
 * Shape     Fractions are in 1/65536 (Q16). decay_log2 and decay_exp2 never fall where their
 *           argument rises, and are right to 2 in 65536.
 * Owns      Nothing.   Lives  -   Fails  Never.   Threads  Any.
 * Bounds    A few nanoseconds each.
 */
#ifndef YUMEN_WARN_DECAY_H
#define YUMEN_WARN_DECAY_H

#include <stdint.h>

#define Q16 INT64_C(65536)

/* Of a whole number above 0, in Q16. */
int64_t decay_log2(uint64_t n);
/* 2^x for x up to 0, both in Q16. */
int64_t decay_exp2(int64_t x);

#endif
