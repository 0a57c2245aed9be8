-- SPDX-License-Identifier: Apache-2.0
-- 0009: guardians, whom a subscriber asked for and who agreed; and messages to people. Who they are is sealed under a key that
-- is not in this file. Nothing says when or why a guardian was asked to call, but for the day, so that it is once.

CREATE TABLE guardian (
    "id"         TEXT NOT NULL PRIMARY KEY,
    "pseudonym"  TEXT CHECK (length("pseudonym") BETWEEN 1 AND 64), -- of the subscriber, keyed; NULL once erased
    "subscriber" TEXT CHECK (length("subscriber") BETWEEN 1 AND 400), -- sealed; likewise
    "person"     TEXT CHECK (length("person") BETWEEN 1 AND 64), -- the guardian's pseudonym
    "contact"    TEXT CHECK (length("contact") BETWEEN 1 AND 400), -- how the guardian is reached, sealed
    "called"     TEXT CHECK (length("called") BETWEEN 1 AND 400), -- what the guardian calls the subscriber, sealed
    "language"   TEXT NOT NULL CHECK ("language" IN ('zh', 'en')),
    "state"      TEXT NOT NULL CHECK ("state" IN ('invited', 'agreed', 'active', 'revoked', 'lapsed')),
    "tries"      INTEGER NOT NULL CHECK ("tries" BETWEEN 0 AND 5), -- wrong codes, of this step
    "invited_at" INTEGER NOT NULL,
    "until"      INTEGER NOT NULL CHECK ("until" > "invited_at"),
    "active_at"  INTEGER,
    "ended_at"   INTEGER,
    "asked_day"  INTEGER NOT NULL, -- the last on which the guardian was asked to call; 0: never
    "division"   TEXT NOT NULL,
    "revision"   INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("state" IN ('revoked', 'lapsed')) = ("ended_at" IS NOT NULL)),
    CHECK ("state" NOT IN ('invited', 'agreed') OR "active_at" IS NULL),
    CHECK ("state" <> 'active' OR ("active_at" IS NOT NULL AND "called" IS NOT NULL)),
    CHECK ("pseudonym" IS NOT NULL OR "state" IN ('revoked', 'lapsed')),
    CHECK (("pseudonym" IS NULL) = ("subscriber" IS NULL)),
    CHECK (("pseudonym" IS NULL) = ("contact" IS NULL)),
    CHECK (("pseudonym" IS NULL) = ("person" IS NULL)),
    CHECK ("pseudonym" IS NOT NULL OR "called" IS NULL),
    CHECK ("pseudonym" <> "person")
) STRICT;
CREATE UNIQUE INDEX guardian_once ON guardian ("pseudonym", "person") WHERE "state" IN ('invited', 'agreed', 'active');
CREATE INDEX guardian_pseudonym ON guardian ("pseudonym", "invited_at") WHERE "pseudonym" IS NOT NULL;
CREATE INDEX guardian_person ON guardian ("person", "invited_at") WHERE "person" IS NOT NULL;

CREATE TABLE outbox_new (
    "id"       INTEGER NOT NULL PRIMARY KEY,
    "topic"    TEXT NOT NULL
        CHECK ("topic" IN ('rpz', 'rpz_many', 'stream', 'erasure', 'order', 'message')),
    "record"   TEXT NOT NULL,
    "first_leaf" INTEGER NOT NULL, -- of many at once, all that leaves of the record's kind name
    "leaf"     INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL,
    "next_at"  INTEGER NOT NULL
) STRICT;
INSERT INTO outbox_new SELECT * FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
