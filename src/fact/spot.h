/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spot - a point on the map, and how far it is from another.
 *
 * Shape     Degrees in millionths, WGS 84 or whatever else the centre's map is in: one map, one
 *           datum. Distances as the crow flies, on a sphere that is flat between the two: half a
 *           per cent wrong at 500 km, and not at all across a town.
 * Owns      Nothing.   Lives  -   Threads  Any.
 * Fails     spot_parse: "spot.number" when it is none, "spot.range" when it is off the globe.
 * Bounds    Whole numbers only: the same on every machine.
 */
#ifndef YUMEN_FACT_SPOT_H
#define YUMEN_FACT_SPOT_H

#include "base/str.h"

#define SPOT_DEGREE INT32_C(1000000)

typedef struct {
    int32_t lon;
    int32_t lat;
} spot;

static inline bool spot_is_valid(int64_t lon, int64_t lat)
{
    return lon >= -180 * (int64_t)SPOT_DEGREE && lon <= 180 * (int64_t)SPOT_DEGREE &&
           lat >= -90 * (int64_t)SPOT_DEGREE && lat <= 90 * (int64_t)SPOT_DEGREE;
}

uint32_t spot_distance_m(spot a, spot b);
/* "103.834", "36.06": at most six decimals are kept, the rest is cut off. */
err spot_parse(str lon, str lat, spot *ret_spot);

#endif
