/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_trail_sql - the same question in SQL, for who wants to know what that costs.
 *
 * Shape     A table in memory, an index that covers the question, one recursive query a victim.
 * Owns      Its database, for the call.
 * Lives     A call.
 * Fails     As the database does.
 * Threads   One.
 * Bounds    About 80 bytes of memory a transfer.
 */
#ifndef YUMEN_APP_BENCH_BENCH_TRAIL_SQL_H
#define YUMEN_APP_BENCH_BENCH_TRAIL_SQL_H

#include "app/bench/bench.h"
#include "trail/reach.h"

struct bench_sql_world {
    const struct trail_row *rows;
    uint32_t count;
    const struct reach_start *victims;
    uint32_t victim_count;
    const struct reach_settings *settings;
};

struct bench_sql_timing {
    double mean_us;
    uint64_t found; /* transfers, each layer of each victim by itself */
};

err bench_trail_sql(const struct bench_sql_world *w, struct bench_sql_timing *ret_timing);

#endif
