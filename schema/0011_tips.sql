-- SPDX-License-Identifier: Apache-2.0
-- 0011: tips, what people tell of things that look like a scam. A row a thing, never a row a person; no column for what
-- somebody wrote. Nothing here is in force, and everything ends by itself.

CREATE TABLE tip (
    "id"           TEXT NOT NULL PRIMARY KEY,
    "kind"         TEXT NOT NULL CHECK ("kind" IN ('number', 'domain', 'url', 'account', 'device', 'company')),
    "value"        TEXT NOT NULL CHECK (length("value") BETWEEN 1 AND 2048),
    "state"        TEXT NOT NULL CHECK ("state" IN ('open', 'listed', 'dismissed', 'lapsed')),
    "told"         INTEGER NOT NULL CHECK ("told" > 0), -- how many told of it, each counted once
    "by_programs"  INTEGER NOT NULL CHECK ("by_programs" BETWEEN 0 AND "told"), -- of these, through a program
    "decided_told" INTEGER NOT NULL CHECK ("decided_told" BETWEEN 0 AND "told"), -- when it was decided
    "listing"      TEXT REFERENCES listing ("id"), -- proposed on it by a person
    "first_at"     INTEGER NOT NULL,
    "last_at"      INTEGER NOT NULL CHECK ("last_at" >= "first_at"),
    "until"        INTEGER NOT NULL CHECK ("until" > "last_at"),
    "decider"      TEXT REFERENCES user_account ("id"),
    "decided_at"   INTEGER,
    "decided_why"  TEXT,
    "division"     TEXT NOT NULL,
    "revision"     INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("state" IN ('open', 'lapsed')) = ("decider" IS NULL)),
    CHECK (("decider" IS NULL) = ("decided_at" IS NULL)),
    CHECK (("state" = 'listed') = ("listing" IS NOT NULL)),
    CHECK ("decider" <> 'centre') -- people tell, a person decides
) STRICT;
CREATE UNIQUE INDEX tip_value ON tip ("kind", "value");
CREATE INDEX tip_state ON tip ("state", "id");
CREATE INDEX tip_listing ON tip ("listing") WHERE "listing" IS NOT NULL;

-- So that somebody who tells twice counts once: pseudonyms that are others for each tip, and go with it.
CREATE TABLE tip_source (
    "tip"    TEXT NOT NULL REFERENCES tip ("id"),
    "source" TEXT NOT NULL CHECK (length("source") BETWEEN 1 AND 64),
    PRIMARY KEY ("tip", "source")
) STRICT;

-- Which programs told of it: so that what became of what a program tells can be counted. It stays when the tip is erased.
CREATE TABLE tip_program (
    "tip"     TEXT NOT NULL REFERENCES tip ("id"),
    "program" TEXT NOT NULL REFERENCES user_account ("id"),
    PRIMARY KEY ("program", "tip")
) STRICT;

-- How much each source told in a day of the centre's zone, so that none floods; its pseudonyms are others every day, and
-- rows of days before the last go.
CREATE TABLE tip_day (
    "day"     INTEGER NOT NULL, -- since 1970
    "source"  TEXT NOT NULL CHECK (length("source") BETWEEN 1 AND 64),
    "program" TEXT REFERENCES user_account ("id"), -- of one that signs in
    "is_spoken" INTEGER NOT NULL CHECK ("is_spoken" IN (0, 1)), -- whom a program speaks for: counted with that already
    "told"    INTEGER NOT NULL CHECK ("told" >= 0),
    "beyond"  INTEGER NOT NULL CHECK ("beyond" >= 0), -- refused, above what a source may tell in a day
    PRIMARY KEY ("day", "source"),
    CHECK ("is_spoken" = 0 OR "program" IS NULL)
) STRICT;
