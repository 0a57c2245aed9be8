-- SPDX-License-Identifier: Apache-2.0
-- 0008: alerts. An alert scores an episode, for hours, and decays to nothing: nothing here is of a person for good. What
-- says whose it is (pseudonym, subscriber, address) comes sealed under a key that is not in this file, and is erased.

CREATE TABLE alert (
    "id"           TEXT NOT NULL PRIMARY KEY,
    "pseudonym"    TEXT CHECK (length("pseudonym") BETWEEN 1 AND 64), -- keyed; NULL once erased
    "subscriber"   TEXT CHECK (length("subscriber") BETWEEN 1 AND 400), -- the number, sealed; likewise
    "language"     TEXT CHECK (length("language") BETWEEN 2 AND 16),
    "tier"         TEXT NOT NULL CHECK ("tier" IN ('low', 'medium', 'high', 'urgent')),
    "highest"      TEXT NOT NULL CHECK ("highest" IN ('low', 'medium', 'high', 'urgent')),
    "micro"        INTEGER NOT NULL CHECK ("micro" BETWEEN 0 AND 1000000), -- calibrated probability, now
    "scam"         TEXT, -- a reason's code of the profile, if known
    "state"        TEXT NOT NULL CHECK ("state" IN ('open', 'assigned', 'reached', 'closed')),
    "ending"       TEXT NOT NULL CHECK ("ending" IN ('none', 'outcome', 'faded')),
    "withheld"     TEXT NOT NULL CHECK ("withheld" IN ('none', 'hushed', 'day', 'number', 'held_back')),
    "opened_at"    INTEGER NOT NULL,
    "risen_at"     INTEGER NOT NULL CHECK ("risen_at" >= "opened_at"), -- to the tier it has, or had at most
    "due_at"       INTEGER, -- by when somebody must have reached them
    "closed_at"    INTEGER CHECK ("closed_at" >= "opened_at"),
    "officer"      TEXT REFERENCES user_account ("id"),
    "assigned_at"  INTEGER,
    "taken_at"     INTEGER, -- accepted by the officer
    "reached_at"   INTEGER, -- the first time that somebody spoke with them
    "step"         INTEGER NOT NULL CHECK ("step" >= 0), -- of the ladder of `highest`, which comes next
    "means"        TEXT NOT NULL
        CHECK ("means" IN ('none', 'message', 'call', 'second_call', 'guardian', 'visit')),
    "step_at"      INTEGER, -- not before: quiet hours
    "step_due"     INTEGER,
    "tried"        TEXT NOT NULL -- the furthest means so far
        CHECK ("tried" IN ('none', 'message', 'call', 'second_call', 'guardian', 'visit')),
    "tries"        INTEGER NOT NULL CHECK ("tries" >= 0),
    "is_late"      INTEGER NOT NULL CHECK ("is_late" IN (0, 1)),
    "told"         TEXT, -- the division last told that it is late
    "told_at"      INTEGER,
    "is_faint"     INTEGER NOT NULL CHECK ("is_faint" IN (0, 1)), -- the evidence is gone; somebody works on it
    "rises"        INTEGER NOT NULL CHECK ("rises" > 0),
    "parts"        TEXT CHECK (length("parts") <= 65536), -- JSON: what gave what, at each rise
    "risen_micro"  INTEGER NOT NULL CHECK ("risen_micro" BETWEEN 0 AND 1000000), -- at the last rise; 0: by hand
    "cause"        TEXT, -- signal, or pair of them, that gave the most then
    "source"       INTEGER NOT NULL CHECK ("source" BETWEEN 0 AND 65535), -- where that came from; 0: nowhere
    "rules"        TEXT NOT NULL CHECK ("rules" <> ''), -- version of the weights and of the profile's thresholds
    "outcome"      TEXT NOT NULL CHECK ("outcome" IN ('none', 'confirmed', 'refuted', 'unreachable')),
    "paid"         INTEGER NOT NULL CHECK ("paid" >= 0), -- minor units
    "saved"        INTEGER NOT NULL CHECK ("saved" >= 0),
    "note"         TEXT,
    "outcome_by"   TEXT REFERENCES user_account ("id"),
    "outcome_at"   INTEGER, -- when it was known: an officer's phone may tell later
    "checking"     TEXT NOT NULL CHECK ("checking" IN ('none', 'asked', 'agreed', 'differed')),
    "checker"      TEXT REFERENCES user_account ("id"),
    "checked_at"   INTEGER,
    "check_note"   TEXT,
    "report"       TEXT REFERENCES report ("id"), -- made later by whom it was about
    "is_missed"    INTEGER NOT NULL CHECK ("is_missed" IN (0, 1)), -- that report counts against the warning
    "is_warned"    INTEGER NOT NULL CHECK ("is_warned" IN (0, 1)), -- something had reached them when it was made
    "lead_s"       INTEGER NOT NULL, -- from that, or else from the opening, to their first payment
    "lost"         INTEGER NOT NULL CHECK ("lost" >= 0), -- minor units, as that report says
    "until"        INTEGER, -- erased then
    "division"     TEXT NOT NULL,
    "revision"     INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("state" = 'closed') = ("closed_at" IS NOT NULL)),
    CHECK (("state" = 'closed') = ("ending" <> 'none')),
    CHECK (("state" = 'closed') = ("until" IS NOT NULL)),
    CHECK (("ending" = 'outcome') = ("outcome" <> 'none')),
    CHECK (("outcome" = 'none') = ("outcome_by" IS NULL)),
    CHECK (("outcome" = 'none') = ("outcome_at" IS NULL)),
    CHECK ("outcome_by" <> 'centre'), -- people say what became of people
    CHECK (("officer" IS NULL) = ("assigned_at" IS NULL)),
    CHECK ("taken_at" IS NULL OR "officer" IS NOT NULL),
    CHECK ("state" <> 'assigned' OR "officer" IS NOT NULL),
    CHECK ("state" <> 'open' OR "officer" IS NULL),
    CHECK (("means" = 'none') = ("step_due" IS NULL)),
    CHECK (("step_at" IS NULL) = ("step_due" IS NULL)),
    CHECK (("told" IS NULL) = ("told_at" IS NULL)),
    CHECK (("checking" IN ('none', 'asked')) = ("checker" IS NULL)),
    CHECK (("checker" IS NULL) = ("checked_at" IS NULL)),
    CHECK ("checking" = 'none' OR "outcome" <> 'none'),
    CHECK ("checker" <> "outcome_by"), -- somebody else's eyes
    CHECK ("is_missed" = 0 OR "report" IS NOT NULL),
    CHECK ("report" IS NOT NULL OR ("is_warned" = 0 AND "lead_s" = 0 AND "lost" = 0))
) STRICT;
-- One alert an episode.
CREATE UNIQUE INDEX alert_episode ON alert ("pseudonym") WHERE "pseudonym" IS NOT NULL AND "state" <> 'closed';
CREATE INDEX alert_pseudonym ON alert ("pseudonym", "id") WHERE "pseudonym" IS NOT NULL;
-- Pages: of a state and a tier, in all, of a city, of a county; newest first.
CREATE INDEX alert_group ON alert ("state", "tier", "id", "division");
CREATE INDEX alert_city ON alert (substr("division", 1, 4), "state", "tier", "id", "division");
CREATE INDEX alert_county ON alert (substr("division", 1, 6), "state", "tier", "id", "division");
CREATE INDEX alert_officer ON alert ("officer", "id") WHERE "state" IN ('assigned', 'reached') AND "officer" IS NOT NULL;
CREATE INDEX alert_late ON alert ("told", "id") WHERE "is_late" = 1 AND "state" <> 'closed';
CREATE INDEX alert_check ON alert ("id") WHERE "checking" = 'asked';
CREATE INDEX alert_report ON alert ("report") WHERE "report" IS NOT NULL;
CREATE INDEX alert_lead ON alert ("opened_at", "division", "is_warned", "lead_s", "lost") WHERE "report" IS NOT NULL;

-- How many are in which state and tier, kept by the transaction that changes them.
CREATE TABLE alert_count (
    "division" TEXT NOT NULL,
    "state"    TEXT NOT NULL,
    "tier"     TEXT NOT NULL,
    "count"    INTEGER NOT NULL CHECK ("count" >= 0),
    PRIMARY KEY ("division", "state", "tier")
) STRICT, WITHOUT ROWID;

-- How many were admitted of those opened on a day, in the centre's zone: the day's budget.
CREATE TABLE alert_day (
    "day"   INTEGER NOT NULL, -- since 1970
    "tier"  TEXT NOT NULL, -- the highest
    "count" INTEGER NOT NULL,
    PRIMARY KEY ("day", "tier")
) STRICT, WITHOUT ROWID;

-- What became of those opened in a month, in the centre's zone; stays when they are erased. Tier none: reports of people
-- about whom there was no alert, in the month they were taken.
CREATE TABLE alert_month (
    "division" TEXT NOT NULL,
    "tier"     TEXT NOT NULL, -- the highest
    "month"    INTEGER NOT NULL, -- 202611
    "opened"                INTEGER NOT NULL,
    "admitted"              INTEGER NOT NULL,
    "hushed"                INTEGER NOT NULL,
    "over_day"              INTEGER NOT NULL,
    "over_number"           INTEGER NOT NULL,
    "held_back"             INTEGER NOT NULL,
    "taken"                 INTEGER NOT NULL,
    "reached"               INTEGER NOT NULL,
    "in_time"               INTEGER NOT NULL,
    "late"                  INTEGER NOT NULL,
    "faded"                 INTEGER NOT NULL,
    "confirmed"             INTEGER NOT NULL,
    "refuted"               INTEGER NOT NULL,
    "unreachable"           INTEGER NOT NULL,
    "confirmed_agreed"      INTEGER NOT NULL,
    "confirmed_differed"    INTEGER NOT NULL,
    "refuted_agreed"        INTEGER NOT NULL,
    "refuted_differed"      INTEGER NOT NULL,
    "unreachable_agreed"    INTEGER NOT NULL,
    "unreachable_differed"  INTEGER NOT NULL,
    "reported"              INTEGER NOT NULL,
    "forewarned"            INTEGER NOT NULL,
    "reported_new"          INTEGER NOT NULL,
    "forewarned_new"        INTEGER NOT NULL,
    "saved"                 INTEGER NOT NULL,
    "paid"                  INTEGER NOT NULL,
    "lost"                  INTEGER NOT NULL,
    PRIMARY KEY ("division", "tier", "month")
) STRICT, WITHOUT ROWID;

-- How often what gave the most was right: a signal, a source, a tenth of the probability that was said.
CREATE TABLE alert_gave (
    "division" TEXT NOT NULL,
    "of"       TEXT NOT NULL CHECK ("of" IN ('signal', 'source', 'bin')),
    "name"     TEXT NOT NULL,
    "month"    INTEGER NOT NULL,
    "right"    INTEGER NOT NULL, -- confirmed
    "wrong"    INTEGER NOT NULL, -- refuted
    "micro"    INTEGER NOT NULL, -- of both, the sum of what was said
    PRIMARY KEY ("division", "of", "name", "month")
) STRICT, WITHOUT ROWID;

-- An attempt to reach the subscriber.
CREATE TABLE outreach (
    "id"       TEXT NOT NULL PRIMARY KEY,
    "alert"    TEXT NOT NULL REFERENCES alert ("id"),
    "step"     INTEGER NOT NULL CHECK ("step" >= 0),
    "means"    TEXT NOT NULL CHECK ("means" IN ('message', 'call', 'second_call', 'guardian', 'visit')),
    "due_at"   INTEGER, -- as the ladder had it
    "done_at"  INTEGER NOT NULL, -- by the clock of whoever did it
    "told_at"  INTEGER NOT NULL CHECK ("told_at" >= "done_at"), -- when the centre heard of it
    "result"   TEXT NOT NULL
        CHECK ("result" IN ('sent', 'reached', 'refused', 'no_answer', 'unreachable', 'failed')),
    "by"       TEXT NOT NULL,
    "note"     TEXT,
    "division" TEXT NOT NULL,
    "revision" INTEGER NOT NULL CHECK ("revision" > 0)
) STRICT;
CREATE INDEX outreach_alert ON outreach ("alert", "id");

-- "Do not warn me again": of low tiers, for a while.
CREATE TABLE hush (
    "id"        TEXT NOT NULL PRIMARY KEY,
    "alert"     TEXT NOT NULL REFERENCES alert ("id"), -- on which they said it
    "pseudonym" TEXT CHECK (length("pseudonym") BETWEEN 1 AND 64), -- NULL once it ended
    "highest"   TEXT NOT NULL CHECK ("highest" IN ('low', 'medium')),
    "state"     TEXT NOT NULL CHECK ("state" IN ('in_force', 'ended')),
    "by"        TEXT NOT NULL,
    "asked_at"  INTEGER NOT NULL,
    "until"     INTEGER NOT NULL CHECK ("until" > "asked_at"),
    "division"  TEXT NOT NULL,
    "revision"  INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("state" = 'in_force') = ("pseudonym" IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX hush_in_force ON hush ("pseudonym") WHERE "state" = 'in_force';
CREATE INDEX hush_alert ON hush ("alert");

-- Where the subscriber is, asked from the carrier for one urgent alert; sealed, and erased with its outcome.
CREATE TABLE whereabouts (
    "id"        TEXT NOT NULL PRIMARY KEY,
    "alert"     TEXT NOT NULL REFERENCES alert ("id"),
    "state"     TEXT NOT NULL CHECK ("state" IN ('asked', 'told', 'erased')),
    "address"   TEXT CHECK (length("address") BETWEEN 1 AND 2000),
    "asker"     TEXT NOT NULL REFERENCES user_account ("id"),
    "asked_at"  INTEGER NOT NULL,
    "teller"    TEXT REFERENCES user_account ("id"),
    "told_at"   INTEGER,
    "erased_at" INTEGER,
    "until"     INTEGER NOT NULL CHECK ("until" > "asked_at"), -- erased then, whatever became of the alert
    "division"  TEXT NOT NULL,
    "revision"  INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("state" = 'told') = ("address" IS NOT NULL)),
    CHECK (("teller" IS NULL) = ("told_at" IS NULL)),
    CHECK (("state" = 'erased') = ("erased_at" IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX whereabouts_alert ON whereabouts ("alert");
