/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random - unpredictable bytes from the kernel, or a seeded stream that repeats for a simulation.
 *
 * Shape     One struct, two ways to start it; everything after is the same call.
 * Owns      Nothing.   Lives  As long as its struct.
 * Fails     Never: a kernel without getrandom stops the program (assert).
 * Threads   Secure: any. Seeded: one at a time (its stream would otherwise not repeat).
 * Bounds    A seeded source guards nothing; never make a secret from it outside a simulation.
 */
#ifndef YUMEN_ENV_RANDOM_H
#define YUMEN_ENV_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random_source {
    uint64_t state; /* splitmix64 */
    bool is_seeded;
};

void random_init_secure(struct random_source *r);
void random_init_seeded(struct random_source *r, uint64_t seed);
void random_fill(struct random_source *r, void *ret_bytes, size_t count);
uint64_t random_u64(struct random_source *r);
/* Evenly from 0 to n-1; n > 0. */
uint64_t random_below(struct random_source *r, uint64_t n);

#endif
