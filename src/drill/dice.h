/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dice - chance that falls the same way on every machine: whole numbers only, no libm, no clock.
 *
 * Shape     One `dice` an actor, forked from the world's seed by the actor's name, so that a new
 *           actor never changes what the others do. A share is in millionths (MICRO is 1).
 *           dice_mix gives what is fixed about a thing (an account's bank) from seed and number
 *           alone, without memory.
 *           No two throws stand in one call's arguments or one list of initial values: C leaves
 *           open which comes first, and compilers differ.
 * Owns      Nothing.   Lives  As long as its struct.   Fails  Never.
 * Threads   One at a time.
 * Bounds    Normal within 4.9 standard deviations; logarithms and powers to 2 in 10,000.
 */
#ifndef YUMEN_DRILL_DICE_H
#define YUMEN_DRILL_DICE_H

#include "base/str.h"
#include "env/random.h"

#define MICRO INT64_C(1000000)

struct dice {
    struct random_source source;
};

uint64_t dice_mix(uint64_t seed, uint64_t thing, uint64_t what);
void dice_fork(struct dice *d, uint64_t seed, str name);

/* Evenly from 0 to n-1 (0 when n is 0), out of 64 bits that were drawn before. */
static inline uint64_t dice_scale(uint64_t bits, uint64_t n)
{
    return (uint64_t)(((unsigned __int128)bits * n) >> 64);
}

static inline uint64_t dice_below(struct dice *d, uint64_t n)
{
    return dice_scale(random_u64(&d->source), n);
}

/* As dice_below, but low numbers come up far more often: u to the `power`. */
uint64_t dice_skewed(struct dice *d, uint64_t n, int power);
bool dice_hits(struct dice *d, int64_t share_micro);

/* An exponential waiting time around this mean. */
int64_t dice_wait(struct dice *d, int64_t mean);
/* The standard normal in millionths, out of the bits of two words. */
int64_t dice_bell(uint64_t a, uint64_t b);
/* median x e^(sigma z): most amounts and times of life are like this. */
int64_t dice_spread(int64_t median, int64_t sigma_micro, int64_t z_micro);
int64_t dice_about(struct dice *d, int64_t median, int64_t sigma_micro);
/* The same for something fixed: from its dice_mix. */
int64_t dice_about_fixed(uint64_t bits, int64_t median, int64_t sigma_micro);
/* Index by weight; the last one when all are 0. */
size_t dice_pick(struct dice *d, const int64_t *weights, size_t count);

#endif
