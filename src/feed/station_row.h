/* SPDX-License-Identifier: Apache-2.0 */
/*
 * station_row - rows of the feeds "stations", "beats" and "officers": who is responsible where.
 *
 * Shape     An officer has a name, a station, a beat and a duty; no place of their own: where
 *           somebody is, is nobody's feed. `duty` is empty or "off" (not on duty), "on" (until
 *           another row says so), or from when until when, with a slash: ISO 8601's interval.
 * Owns      Nothing: texts are the row's, a boundary's lie in the turn arena.
 * Lives     As long as both.
 * Fails     "division.malformed", "spot.*" (also "spot.half": one of two), "boundary.*", "json.*",
 *           "duty.malformed", "duty.order"; and the column.
 * Threads   Any.   Bounds  Those of the feed's columns.
 */
#ifndef YUMEN_FEED_STATION_ROW_H
#define YUMEN_FEED_STATION_ROW_H

#include "fact/boundary.h"
#include "fact/division.h"
#include "feed/reader.h"

#include "base/instant.h"

enum stations_column {
    STATIONS_STATION,
    STATIONS_DIVISION,
    STATIONS_NAME,
    STATIONS_LON,
    STATIONS_LAT,
    STATIONS_COLUMN_COUNT
};

enum beats_column { BEATS_BEAT, BEATS_STATION, BEATS_NAME, BEATS_BOUNDARY, BEATS_COLUMN_COUNT };

enum officers_column {
    OFFICERS_OFFICER,
    OFFICERS_NAME,
    OFFICERS_STATION,
    OFFICERS_BEAT,
    OFFICERS_DUTY,
    OFFICERS_COLUMN_COUNT
};

struct station_facts {
    str station;
    str division; /* as divisions are written here */
    str name;
    spot at;
    bool has_spot;
};

struct beat_facts {
    str beat;
    str station;
    str name;
    str boundary; /* GeoJSON, in one form; empty: none */
    spot centre;
};

struct officer_facts {
    str officer;
    str name;
    str station;
    str beat; /* empty: none in particular */
    instant on_from;
    instant on_until; /* both 0: not on duty; INSTANT_MAX_US: until another row */
};

/* ret_column is written also, and only, on failure. */
err station_row_read(const struct feed_row *row, struct arena *turn,
                     struct station_facts *ret_facts, str *ret_column);
err beat_row_read(const struct feed_row *row, struct arena *turn, struct beat_facts *ret_facts,
                  str *ret_column);
err officer_row_read(const struct feed_row *row, struct officer_facts *ret_facts, str *ret_column);

#endif
