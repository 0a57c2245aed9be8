/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_calls - what the measurements of call records have in common: made-up calls.
 *
 * Shape     Every number calls once, then rounds of calls of any by any.
 * Owns      A world: its pages, which whoever made it drops.
 * Lives     A measurement.   Fails  ERR_LIMIT.   Threads  One.   Bounds  A round of sightings.
 */
#ifndef YUMEN_APP_BENCH_BENCH_CALLS_H
#define YUMEN_APP_BENCH_BENCH_CALLS_H

#include "app/bench/bench.h"
#include "env/pages.h"
#include "sense/book.h"

enum { CALLS_WORLD_DAY_S = 86400, CALLS_WORLD_BEGAN_S = 1795276800 };

struct calls_world {
    uint32_t numbers;
    uint32_t a_round;
    bool is_skewed;
    struct pages sightings; /* a round of them */
    struct pages due;
    uint64_t calls; /* so far: their ids */
    uint64_t draws;
};

uint64_t calls_world_mix(uint64_t n);
uint64_t calls_world_key(uint32_t n);
err calls_world_make(struct calls_world *w, uint32_t numbers, uint32_t a_round, bool is_skewed);
void calls_world_call(struct calls_world *w, struct sighting *s, uint32_t from, uint32_t to);
void calls_world_round(struct calls_world *w);

/* Part of bench_calls: kept on the disk, and ready again. */
err bench_calls_kept(struct bench *b);

#endif
