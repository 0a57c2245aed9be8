/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_inside - what race.c and race_rank.c know together. For src/trail alone.
 *
 * Shape     slots: accounts where they were first put. order: their slots by account number, then
 *           the free ones. ranks: room for a sort by gain, twice.
 *
 *               order [2 0 1 | 3 4]      slots [57][90][12][  ][  ]
 *
 * Owns      As race.h.   Lives  As race.h.   Fails  -   Threads  One.
 * Bounds    As race.h.
 */
#ifndef YUMEN_TRAIL_RACE_INSIDE_H
#define YUMEN_TRAIL_RACE_INSIDE_H

#include "trail/race.h"

#include <assert.h>

enum { PPM = 1000000, MINUTE_MS = 60000, DAY_MIN = 1440 };
#define HOUR_MS INT64_C(3600000)

struct race_rank {
    uint64_t key; /* less: better */
    uint32_t pick;
    uint32_t spare_;
};

/* How orders of a bank land, if sent now. */
struct race_bank {
    uint64_t stamp;
    struct hazard_landing landing;
};

struct race {
    struct race_settings settings;
    struct hazard *hazard;
    uint32_t tail; /* the settings', of HAZARD_ONE */
    uint32_t most;
    uint32_t count;
    struct race_account *slots;
    struct hazard_cell *cells; /* of the slots: how the money there leaves */
    uint32_t *order;
    const uint32_t **curves;   /* of this ranking, by account number */
    struct race_pick *weighed; /* by account number */
    struct race_rank *ranks;
    uint64_t rankings;
    struct race_bank banks[HAZARD_BANKS + 1][2]; /* of this ranking: holds, stops */
};

struct hazard_cell race_cell(const struct race *r, const struct race_account *a);

/* When what is there last moved. */
static inline int64_t race_since(const struct race_account *a)
{
    return a->left_ms > a->last_ms ? a->left_ms : a->last_ms;
}

static inline uint8_t race_hour(const struct race *r, int64_t at_ms)
{
    int64_t minute = at_ms / MINUTE_MS + r->settings.zone_min;
    return (uint8_t)((minute % DAY_MIN + DAY_MIN) % DAY_MIN / 60);
}

/* value * part / whole, where that fits. */
static inline int64_t race_scale(int64_t value, int64_t part, int64_t whole)
{
    assert(whole > 0);
    int64_t product = 0;
    if (!__builtin_mul_overflow(value, part, &product))
        return product / whole;
    return (int64_t)((__int128)value * part / whole);
}

/* value * part / HAZARD_ONE: no division. */
static inline int64_t race_part(int64_t value, uint32_t part)
{
    return (int64_t)((__int128)value * part >> 30);
}
static_assert(HAZARD_ONE == UINT32_C(1) << 30, "race_part shifts by it");

#endif
