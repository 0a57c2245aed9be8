/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boundary_read - a boundary as GeoJSON (RFC 7946), read and written.
 *
 * Shape     A Polygon, a MultiPolygon, or a Feature that has one; heights are left out. What is
 *           written is always a MultiPolygon of one text for one boundary: rings as they came, six
 *           decimals at most.
 * Owns      Nothing: spots lie in the turn arena.
 * Lives     As long as that.
 * Fails     "json.*"; "boundary.kind" (no such shape); "boundary.swapped" (latitude before
 *           longitude), "boundary.range", "boundary.number"; "boundary.too_many" spots; and as
 *           boundary_check.
 * Threads   Any.   Bounds  BOUNDARY_BYTES of text, BOUNDARY_SPOTS spots.
 */
#ifndef YUMEN_FEED_BOUNDARY_READ_H
#define YUMEN_FEED_BOUNDARY_READ_H

#include "fact/boundary.h"

enum { BOUNDARY_BYTES = 160 << 10 };

err boundary_read(str geojson, struct arena *turn, struct boundary *ret_boundary);
void boundary_write(const struct boundary *b, struct text *t);

#endif
