/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build - makes a run of transfers in any order, or of runs.
 *
 * Shape     rows in any order -> radix sorts of small pairs, one gather -> run. Runs are merged by
 *           building one of all their rows.
 *
 *           Rows that left an account at one millisecond go by their ids, which are not here:
 *           `precedes` is asked, seldom. Rows that came in at one go by their ordinals.
 * Owns      Nothing. The run points into `room`; `scratch` is free afterwards.
 * Lives     -
 * Fails     ERR_LIMIT "trail: more rows than a run holds".
 * Threads   One a call.
 * Bounds    trail_room() bytes of room, trail_scratch() of scratch. About 0.1 microseconds a row.
 */
#ifndef YUMEN_TRAIL_BUILD_H
#define YUMEN_TRAIL_BUILD_H

#include "trail/run.h"

struct trail_order {
    /* Whether the transfer with one ordinal goes before that with another, by their ids. */
    bool (*precedes)(const void *self, uint32_t ordinal, uint32_t other);
    const void *self;
};

enum { TRAIL_STRETCHES = 32 };

/* A stretch of rows that lies as it would in a run: of two of them that tie, the first goes first
 * without being asked about. */
struct trail_input {
    const struct trail_row *rows;
    const uint32_t *ordinals;
    uint32_t count;
    uint32_t account_end; /* above every account in them */
    struct trail_order order;
    uint32_t stretch_ends[TRAIL_STRETCHES]; /* rising */
    uint32_t stretch_count;
};

/* Bytes for a run of so many rows, wherever its accounts lie below account_end. */
size_t trail_room(uint32_t count, uint32_t account_end);
size_t trail_scratch(uint32_t count);
/* room and scratch: aligned to 64 bytes. */
err trail_build(const struct trail_input *in, void *room, void *scratch, struct trail_run *ret_run);

#endif
