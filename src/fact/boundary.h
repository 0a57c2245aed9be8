/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boundary - the line around a piece of land, and what lies within.
 *
 * Shape     Rings of spots, each closed (its last spot is its first). Within is what a ray out of
 *           a spot crosses an odd number of times: holes and several pieces need no more. Of spots
 *           on a line that two neighbours share, each belongs to exactly one of them.
 * Owns      Nothing: spots and ends are the caller's.
 * Lives     As long as they.
 * Fails     "boundary.not_closed", "boundary.too_few" (a ring of less than three corners),
 *           "boundary.crosses" (a line crosses another), "boundary.empty" (it has no area); `at` is
 *           the spot. "limit.memory".
 * Threads   Any.
 * Bounds    BOUNDARY_SPOTS spots; whole numbers only. Nothing goes across the date line.
 */
#ifndef YUMEN_FACT_BOUNDARY_H
#define YUMEN_FACT_BOUNDARY_H

#include "fact/spot.h"

enum { BOUNDARY_SPOTS = 4000 };

struct boundary {
    const spot *spots;
    const uint32_t *ends; /* of each ring: the spot after its last */
    uint32_t ring_count;
    const uint32_t *pieces; /* of each polygon: the ring after its last */
    uint32_t piece_count;
};

struct box {
    spot low;
    spot high;
};

err boundary_check(const struct boundary *b, struct arena *turn);
bool boundary_holds(const struct boundary *b, spot s);
struct box boundary_box(const struct boundary *b);
/* The centre of gravity of its first ring: where its roads are taken to begin. */
spot boundary_centre(const struct boundary *b);

static inline uint32_t boundary_spots(const struct boundary *b)
{
    return b->ring_count == 0 ? 0 : b->ends[b->ring_count - 1];
}

#endif
