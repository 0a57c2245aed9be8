/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispatch_world - a day of work for the drill's officers, played under one way of sending them.
 * For tests/sim alone.
 *
 * Shape     What comes is fixed by the seed: each alert's second, beat and tier, how long the visit
 *           takes, and of each officer whether they would refuse it, not answer, answer when, give
 *           it back. Who is sent knows none of that; who was at the door when is asked at the end.
 *
 *               OURS       src/dispatch: soonest on arrival, a turn every 30 s
 *               NEAREST    whoever is free and nearest as the crow flies; else later
 *
 *           dispatch_bound is how many could be reached in time by somebody who knows all of it
 *           beforehand, ways and answers too, but sends nobody before the alert is there: more
 *           than any way of sending reaches, for it lets an officer start from the station once in
 *           every half hour, or go on from any visit.
 * Owns      Its arena.
 * Lives     From dispatch_world_open to dispatch_world_close.
 * Fails     ERR_LIMIT.
 * Threads   One.
 * Bounds    DAY_WORK_MOST alerts a day.
 */
#ifndef YUMEN_SIM_DISPATCH_WORLD_H
#define YUMEN_SIM_DISPATCH_WORLD_H

#include "dispatch/dispatch.h"
#include "drill/province.h"

enum { DAY_WORK_MOST = 20000, WITHIN_S = 3600 };

enum policy { POLICY_OURS, POLICY_NEAREST, POLICY_COUNT };

struct world_settings {
    uint64_t seed;
    uint32_t alerts; /* a day, on average */
    uint32_t slow_percent;
    uint32_t urgent_percent;
};

struct world_alert {
    uint32_t came_s;
    uint32_t beat;
    uint32_t visit_s;
    uint32_t door_s; /* 0: nobody came */
    uint8_t tier;
    bool is_in_time_at_best; /* of the bound */
};

struct dispatch_world {
    struct world_settings settings;
    struct arena arena;
    struct arena turn;
    struct province province;
    spot *centres;
    char (*divisions)[DIVISION_BYTES];
    struct neighbours near;
    struct world_alert *alerts;
    uint32_t alert_count;
};

struct world_figures {
    uint32_t alerts[WORK_TIERS];
    uint32_t in_time[WORK_TIERS];
    struct dispatch_counts counts;
};

err dispatch_world_open(struct dispatch_world *w, const struct world_settings *s);
void dispatch_world_close(struct dispatch_world *w);
/* Plays the day. */
err dispatch_world_play(struct dispatch_world *w, enum policy policy,
                        struct world_figures *ret_figures);
err dispatch_bound(struct dispatch_world *w, struct world_figures *ret_figures);

/* What an officer would do about an alert: the same whoever asks, and whenever. */
enum answer { ANSWER_ACCEPT, ANSWER_REFUSE, ANSWER_NONE };
enum answer world_answer(const struct dispatch_world *w, uint32_t alert, uint32_t officer,
                         uint32_t *ret_after_s);
bool world_hands_over(const struct dispatch_world *w, uint32_t alert, uint32_t officer);
uint32_t world_travel_s(const struct dispatch_world *w, uint32_t from, uint32_t to, uint32_t at_s);
bool world_is_on(const struct dispatch_world *w, uint32_t officer);
uint32_t world_home(const struct dispatch_world *w, uint32_t officer);
void world_count(const struct dispatch_world *w, struct world_figures *f);

#endif
