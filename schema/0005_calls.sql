-- SPDX-License-Identifier: Apache-2.0
-- 0005: call records. What they say of numbers is no row here (src/calls); who sends them is.

-- Of each carrier, so that a feed that stops is seen.
CREATE TABLE call_feed (
    "carrier"   TEXT NOT NULL PRIMARY KEY, -- a provider's id; empty: the centre's own
    "heard_at"  INTEGER, -- when its last batch with a row that could be read was done
    "newest_at" INTEGER, -- the newest call told of
    "accepted"  INTEGER NOT NULL CHECK ("accepted" >= 0),
    "duplicate" INTEGER NOT NULL CHECK ("duplicate" >= 0),
    "late"      INTEGER NOT NULL CHECK ("late" BETWEEN 0 AND "accepted"),
    "refused"   INTEGER NOT NULL CHECK ("refused" >= 0),
    "matched"   INTEGER NOT NULL CHECK ("matched" BETWEEN 0 AND "accepted"), -- of listed numbers
    CHECK (("heard_at" IS NULL) = ("newest_at" IS NULL))
) STRICT;

-- Calls of a listed number, by day in the centre's zone: never whom it called. Kept for a term, and no
-- longer than the listing's value.
CREATE TABLE call_match (
    "listing" TEXT NOT NULL REFERENCES listing ("id"),
    "day"     INTEGER NOT NULL, -- since 1970
    "calls"   INTEGER NOT NULL CHECK ("calls" >= 0),
    "texts"   INTEGER NOT NULL CHECK ("texts" >= 0),
    PRIMARY KEY ("listing", "day")
) STRICT, WITHOUT ROWID;
CREATE INDEX call_match_day ON call_match ("day");
