/* SPDX-License-Identifier: Apache-2.0 */
/*
 * travel - how long it takes to drive from one spot to another, and which beats are near which.
 *
 * Shape     Nobody gives a centre a road map: the way is the crow's times a detour, its first part
 *           in streets, the next on country roads, the rest on main roads, each with a speed; and
 *           before it, the time until somebody is under way.
 *           The table of neighbours has a row a beat: those nearest to it, nearest first, itself
 *           at their head.
 * Owns      The table lies in the arena it was made in.
 * Lives     As long as that.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   Any, once made.
 * Bounds    NEAR_EACH neighbours a beat, 8 bytes each; made once, looking at the beats of the same
 *           latitude.
 */
#ifndef YUMEN_DISPATCH_TRAVEL_H
#define YUMEN_DISPATCH_TRAVEL_H

#include "fact/spot.h"

enum { NEAR_EACH = 48, BEATS_MOST = UINT16_MAX };

enum road_kind { ROAD_STREET, ROAD_COUNTRY, ROAD_MAIN, ROAD_KINDS };

struct road {
    uint32_t until_m; /* of the whole way; the last kind takes what is left */
    uint32_t m_an_hour;
};

struct travel_rules {
    uint32_t start_s;
    uint32_t detour_percent; /* 140: the road is 1.4 times the crow's way */
    struct road roads[ROAD_KINDS];
};

/* What a centre assumes until it measures its own. */
extern const struct travel_rules travel_usual;

uint32_t travel_s(const struct travel_rules *r, spot from, spot to);

struct near {
    uint32_t beat;
    uint32_t travel_s;
};

struct neighbours {
    const spot *beats; /* the caller's */
    struct near *rows; /* each of them `each` long */
    const struct travel_rules *rules;
    uint32_t beat_count;
    uint32_t each;
};

err neighbours_make(struct neighbours *n, const struct travel_rules *rules, const spot *beats,
                    uint32_t beat_count, struct arena *a);
uint32_t neighbours_travel_s(const struct neighbours *n, uint32_t from, uint32_t to);

static inline const struct near *neighbours_of(const struct neighbours *n, uint32_t beat)
{
    return &n->rows[(size_t)beat * n->each];
}

#endif
