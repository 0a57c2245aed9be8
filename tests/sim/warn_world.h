/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warn_world - a drill's feeds as signals, as they would arrive, and what came of whom they were
 * about. For tests/sim alone.
 *
 * Shape     A world is played second by second. What the feeds say becomes signals by rules that
 *           know only what has arrived (warn_feed.h); the truth is asked when all is over. No rule
 *           of src/warn is in it: one history serves all rules that are to be judged.
 *
 *           The first days only teach what is usual: of them nothing is kept.
 * Owns      Nothing that is left: the history is in the caller's arena.
 * Lives     -
 * Fails     As the drill does.
 * Threads   One.
 * Bounds    Some hundred bytes a person while it plays.
 */
#ifndef YUMEN_SIM_WARN_WORLD_H
#define YUMEN_SIM_WARN_WORLD_H

#include "warn/history.h"

enum { WARN_DAYS_BEFORE = 10 };

struct warn_world_settings {
    uint64_t seed;
    uint32_t persons;
    uint32_t days;  /* with those before */
    uint32_t times; /* as common as scams are are they here; as busy are the rings */
    uint32_t slow;  /* so many times as late is what banks, carriers and lists say */
};

err warn_world_play(const struct warn_world_settings *s, struct arena *a,
                    struct history *ret_history);

#endif
