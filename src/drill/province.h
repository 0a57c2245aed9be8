/* SPDX-License-Identifier: Apache-2.0 */
/*
 * province - the drill's stations, beats, officers and roads: who could go to which door.
 *
 * Shape     Counties stand beside each other like fields of a board, and each is cut into beats:
 *           small in its town, wide in the country. Beats meet without gaps or overlaps. A station
 *           stands in the middle one of its beats.
 *           How long a way takes in truth (province_travel_s) follows rules of its own, and chance:
 *           whoever is judged knows neither. Everything is fixed by the seed; nothing is drawn.
 * Owns      Its tables lie in the arena.
 * Lives     As long as that.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   Any, once made.
 * Bounds    PROVINCE_BEATS beats and PROVINCE_OFFICERS officers. Names are invented and say so.
 */
#ifndef YUMEN_DRILL_PROVINCE_H
#define YUMEN_DRILL_PROVINCE_H

#include "fact/spot.h"

/* The article's numbers; prefectures and counties as Gansu has; townships (one station each) as its
 * list of 2022 has. */
enum {
    PROVINCE_PREFECTURES = 14,
    PROVINCE_COUNTIES = 86,
    PROVINCE_STATIONS = 1403,
    PROVINCE_BEATS = 6417,
    PROVINCE_OFFICERS = 6695,
    PROVINCE_SHIFTS = 3, /* assumed: a day and night on duty, two days off */
    PROVINCE_CODE_BYTES = 16,
};

struct province_beat {
    spot low;
    spot high;
    uint32_t station;
    uint32_t weight; /* how many people live there, as a share: assumed, by how small it is */
};

struct province_station {
    char division[PROVINCE_CODE_BYTES]; /* of its township */
    uint32_t beat;
    uint32_t county;
};

struct province_officer {
    uint32_t station;
    uint32_t beat;
    uint32_t shift;
};

struct province {
    struct province_station *stations;
    struct province_beat *beats;
    struct province_officer *officers;
    uint64_t weight; /* of all beats */
    uint64_t seed;
};

err province_make(struct province *p, uint64_t seed, struct arena *a);
spot province_centre(const struct province *p, uint32_t beat);
bool province_is_on(const struct province *p, uint32_t officer, uint32_t day);
/* By the people who live there: `bits` even over all 64. */
uint32_t province_pick(const struct province *p, uint64_t bits);
/* In truth, by an officer who sets out at this second of the day; slow_percent: 100 as usual. */
uint32_t province_travel_s(const struct province *p, uint32_t from, uint32_t to, uint32_t at_s,
                           uint32_t slow_percent);

/* The feeds, as CSV. Duty: from eight o'clock of `day` (after 1970, in the zone) for 24 hours. */
void province_put_stations(const struct province *p, struct text *t);
void province_put_beats(const struct province *p, struct text *t);
void province_put_officers(const struct province *p, uint32_t day, struct text *t);

#endif
