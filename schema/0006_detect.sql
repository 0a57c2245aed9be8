-- SPDX-License-Identifier: Apache-2.0
-- 0006: what detectors find in call records. Suspicion is no measure: nothing here is in force, and
-- everything ends by itself.

-- A device that holds many cards, found by how its cards take turns in one cell.
CREATE TABLE sim_box (
    "id"          TEXT NOT NULL PRIMARY KEY,
    "carrier"     TEXT,
    "cell"        TEXT CHECK (length("cell") BETWEEN 1 AND 64),
    "state"       TEXT NOT NULL CHECK ("state" IN ('found', 'confirmed', 'dismissed', 'lapsed')),
    "channels"    INTEGER NOT NULL CHECK ("channels" > 0),
    "card_count"  INTEGER NOT NULL CHECK ("card_count" > "channels"),
    "starts"      INTEGER NOT NULL CHECK ("starts" >= "card_count"),
    "refused"     INTEGER NOT NULL CHECK ("refused" BETWEEN 0 AND "starts"),
    "evidence"    INTEGER NOT NULL CHECK ("evidence" >= 0), -- of its best card, thousandths of nats
    "cards"       TEXT, -- JSON: each card with its turns; never whom it called
    "first_at"    INTEGER NOT NULL,
    "last_at"     INTEGER NOT NULL CHECK ("last_at" >= "first_at"),
    "found_at"    INTEGER NOT NULL,
    "seen_at"     INTEGER NOT NULL CHECK ("seen_at" >= "found_at"),
    "until"       INTEGER NOT NULL CHECK ("until" > "seen_at"),
    "decider"     TEXT REFERENCES user_account ("id"),
    "decided_at"  INTEGER,
    "decided_why" TEXT,
    "division"    TEXT NOT NULL,
    "revision"    INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("state" IN ('found', 'lapsed')) = ("decider" IS NULL)),
    CHECK (("decider" IS NULL) = ("decided_at" IS NULL)),
    CHECK ("decider" <> 'centre')
) STRICT;
CREATE INDEX sim_box_state ON sim_box ("state", "id");
CREATE INDEX sim_box_cell ON sim_box ("cell", "id") WHERE "cell" IS NOT NULL;

CREATE TABLE suspicion (
    "id"          TEXT NOT NULL PRIMARY KEY,
    "number"      TEXT NOT NULL CHECK (length("number") BETWEEN 1 AND 64),
    "detector"    TEXT NOT NULL CHECK ("detector" IN ('callers', 'boxes')),
    "model"       TEXT,
    "digest"      TEXT, -- of the model's file
    "margin"      INTEGER NOT NULL, -- thousandths
    "at_call"     INTEGER NOT NULL CHECK ("at_call" >= 0),
    "reasons"     TEXT, -- JSON: what spoke for and against, with values; never whom it called
    "box"         TEXT REFERENCES sim_box ("id"),
    "state"       TEXT NOT NULL CHECK ("state" IN ('open', 'listed', 'dismissed', 'lapsed')),
    "listing"     TEXT REFERENCES listing ("id"), -- proposed on it by a person
    "found_at"    INTEGER NOT NULL,
    "until"       INTEGER NOT NULL,
    "decider"     TEXT REFERENCES user_account ("id"),
    "decided_at"  INTEGER,
    "decided_why" TEXT,
    "division"    TEXT NOT NULL,
    "revision"    INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK ("until" > "found_at"),
    CHECK (("state" IN ('open', 'lapsed')) = ("decider" IS NULL)),
    CHECK (("decider" IS NULL) = ("decided_at" IS NULL)),
    CHECK (("state" = 'listed') = ("listing" IS NOT NULL)),
    CHECK ("decider" <> 'centre'), -- the machine finds; it decides nothing
    CHECK (("detector" = 'boxes') = ("box" IS NOT NULL)),
    CHECK (("detector" = 'callers') = ("digest" IS NOT NULL)),
    CHECK (("model" IS NULL) = ("digest" IS NULL))
) STRICT;
CREATE UNIQUE INDEX suspicion_open ON suspicion ("number") WHERE "state" = 'open';
CREATE INDEX suspicion_number ON suspicion ("number", "id");
CREATE INDEX suspicion_state ON suspicion ("state", "id");
CREATE INDEX suspicion_found ON suspicion ("found_at");
CREATE INDEX suspicion_box ON suspicion ("box", "id") WHERE "box" IS NOT NULL;
CREATE INDEX suspicion_listing ON suspicion ("listing") WHERE "listing" IS NOT NULL;

-- What detectors found and did not say, by day in the centre's zone, so that nothing is lost in silence.
CREATE TABLE detect_day (
    "day"       INTEGER NOT NULL PRIMARY KEY, -- since 1970
    "said"      INTEGER NOT NULL CHECK ("said" >= 0),
    "beyond"    INTEGER NOT NULL CHECK ("beyond" >= 0),    -- above the day's budget
    "protected" INTEGER NOT NULL CHECK ("protected" >= 0), -- of a list that protects
    "known"     INTEGER NOT NULL CHECK ("known" >= 0)      -- suspected, listed or cleared already
) STRICT;
