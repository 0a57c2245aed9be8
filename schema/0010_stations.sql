-- SPDX-License-Identifier: Apache-2.0
-- 0010: who is responsible where. Officers have a station, a beat and a duty; no place of their own.

CREATE TABLE station (
    "id"       TEXT NOT NULL PRIMARY KEY CHECK (length("id") BETWEEN 1 AND 64),
    "division" TEXT NOT NULL,
    "name"     TEXT NOT NULL CHECK ("name" <> ''),
    "lon"      INTEGER CHECK ("lon" BETWEEN -180000000 AND 180000000), -- millionths of degrees
    "lat"      INTEGER CHECK ("lat" BETWEEN -90000000 AND 90000000),
    "batch"    TEXT NOT NULL REFERENCES batch ("id"),
    CHECK (("lon" IS NULL) = ("lat" IS NULL))
) STRICT;
CREATE INDEX station_division ON station ("division", "id");

CREATE TABLE beat (
    "id"       TEXT NOT NULL PRIMARY KEY CHECK (length("id") BETWEEN 1 AND 64),
    "station"  TEXT NOT NULL REFERENCES station ("id"),
    "name"     TEXT NOT NULL CHECK ("name" <> ''),
    "boundary" TEXT CHECK ("boundary" <> ''), -- GeoJSON, in the form that boundary_write gives
    "lon"      INTEGER, -- of its centre
    "lat"      INTEGER,
    "batch"    TEXT NOT NULL REFERENCES batch ("id"),
    CHECK (("boundary" IS NULL) = ("lon" IS NULL)),
    CHECK (("lon" IS NULL) = ("lat" IS NULL))
) STRICT;
CREATE INDEX beat_station ON beat ("station", "id");

CREATE TABLE officer (
    "id"       TEXT NOT NULL PRIMARY KEY CHECK (length("id") BETWEEN 1 AND 64),
    "name"     TEXT NOT NULL CHECK ("name" <> ''),
    "station"  TEXT NOT NULL REFERENCES station ("id"),
    "beat"     TEXT REFERENCES beat ("id"),
    "on_from"  INTEGER, -- both NULL: not on duty
    "on_until" INTEGER,
    "batch"    TEXT NOT NULL REFERENCES batch ("id"),
    CHECK (("on_from" IS NULL) = ("on_until" IS NULL)),
    CHECK ("on_from" < "on_until")
) STRICT;
CREATE INDEX officer_station ON officer ("station", "id");
CREATE INDEX officer_beat ON officer ("beat", "id") WHERE "beat" IS NOT NULL;
