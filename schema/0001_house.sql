-- SPDX-License-Identifier: Apache-2.0
-- 0001: the house. Instants are microseconds of UTC; ids are made by the application and sort by time.
-- One text for SQLite and PostgreSQL: INTEGER becomes BIGINT, BLOB becomes BYTEA, STRICT and WITHOUT ROWID go.
-- Whatever the law limits is refused here, whoever asks.

CREATE TABLE law_limit (
    "profile"     TEXT NOT NULL,
    "kind"        TEXT NOT NULL CHECK ("kind" IN ('number', 'domain', 'url', 'account', 'device', 'company')),
    "action"      TEXT NOT NULL CHECK ("action" IN ('block', 'warn', 'allow')),
    "max_term_us" INTEGER NOT NULL CHECK ("max_term_us" > 0),
    PRIMARY KEY ("profile", "kind", "action", "max_term_us")
) STRICT;

CREATE TABLE user_account (
    "id"          TEXT NOT NULL PRIMARY KEY,
    "name"        TEXT NOT NULL UNIQUE CHECK (length("name") BETWEEN 1 AND 64),
    "roles"       TEXT NOT NULL,
    "division"    TEXT NOT NULL,
    "provider"    TEXT,
    "state"       TEXT NOT NULL CHECK ("state" IN ('proposed', 'active', 'disabled', 'refused')),
    "password"    TEXT,
    "proposer"    TEXT NOT NULL REFERENCES user_account ("id"),
    "approver"    TEXT REFERENCES user_account ("id"),
    "proposed_at" INTEGER NOT NULL,
    "decided_at"  INTEGER,
    "revision"    INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK ("state" NOT IN ('active', 'disabled') OR "approver" IS NOT NULL),
    -- two people, but for those the centre itself takes in at first run
    CHECK ("approver" <> "proposer" OR "proposer" = 'centre')
) STRICT;

CREATE TABLE session (
    "id"        TEXT NOT NULL PRIMARY KEY,
    "user"      TEXT NOT NULL REFERENCES user_account ("id"),
    "kind"      TEXT NOT NULL CHECK ("kind" IN ('browser', 'token')),
    "state"     TEXT NOT NULL CHECK ("state" IN ('open', 'closed')),
    "secret"    TEXT NOT NULL UNIQUE,
    "opened_at" INTEGER NOT NULL,
    "until"     INTEGER NOT NULL,
    "division"  TEXT NOT NULL,
    "revision"  INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK ("until" > "opened_at")
) STRICT;

-- A list that somebody else keeps, approved as a whole by two people: its entries enter in force
-- under that approval, each with an end of its own. The names of a list that protects are never
-- enforced on the word of another list.
CREATE TABLE source (
    "id"          TEXT NOT NULL PRIMARY KEY,
    "name"        TEXT NOT NULL CHECK (length("name") BETWEEN 1 AND 64),
    "role"        TEXT NOT NULL CHECK ("role" IN ('enforces', 'protects')),
    "kind"        TEXT NOT NULL CHECK ("kind" IN ('number', 'domain', 'url', 'account', 'device', 'company')),
    "action"      TEXT NOT NULL CHECK ("action" IN ('block', 'warn', 'allow')),
    "match"       TEXT NOT NULL CHECK ("match" = 'exact' OR ("match" = 'suffix' AND "kind" = 'domain')),
    "reason"      TEXT NOT NULL CHECK (trim("reason") <> ''),
    "basis"       TEXT NOT NULL CHECK (trim("basis") <> ''),
    "licence"     TEXT NOT NULL CHECK (trim("licence") <> ''),
    "origin"      TEXT NOT NULL CHECK (trim("origin") <> ''), -- who keeps it, and where it is found
    "evidence"    TEXT NOT NULL CHECK (trim("evidence") <> ''),
    "notice"      TEXT NOT NULL CHECK (trim("notice") <> ''),
    "rpz"         TEXT NOT NULL CHECK ("rpz" IN ('notice', 'nxdomain', 'nodata', 'tcp_only')),
    "region"      TEXT CHECK ("region" IS NULL OR ("kind" = 'number' AND length("region") = 2)), -- whose numbers lack a country code
    "term_us"     INTEGER NOT NULL CHECK ("term_us" > 0),
    "shrink_milli" INTEGER NOT NULL CHECK ("shrink_milli" BETWEEN 0 AND 1000),
    "grow_milli"  INTEGER NOT NULL CHECK ("grow_milli" >= 0),
    "size"        INTEGER NOT NULL CHECK ("size" >= 0), -- entries of the last list taken in
    "state"       TEXT NOT NULL CHECK ("state" IN ('proposed', 'in_force', 'ended', 'refused')),
    "proposer"    TEXT NOT NULL REFERENCES user_account ("id"),
    "approver"    TEXT REFERENCES user_account ("id"),
    "proposed_at" INTEGER NOT NULL,
    "decided_at"  INTEGER,
    "until"       INTEGER, -- of the approval: then two people look at it again
    "taken_at"    INTEGER, -- when the last list was taken in
    "ended_at"    INTEGER,
    "ended_why"   TEXT,
    "division"    TEXT NOT NULL,
    "profile"     TEXT NOT NULL,
    "max_term_us" INTEGER NOT NULL,
    "approved_id" TEXT GENERATED ALWAYS AS (CASE WHEN "approver" IS NOT NULL THEN "id" END) STORED,
    "revision"    INTEGER NOT NULL CHECK ("revision" > 0),
    FOREIGN KEY ("profile", "kind", "action", "max_term_us")
        REFERENCES law_limit ("profile", "kind", "action", "max_term_us"),
    CHECK ("term_us" <= "max_term_us"),
    CHECK ("approver" <> "proposer"),
    CHECK ("approver" IS NULL OR ("proposer" <> 'centre' AND "approver" <> 'centre')), -- the machine is nobody
    CHECK (("state" IN ('in_force', 'ended')) = ("approver" IS NOT NULL)),
    CHECK (("approver" IS NULL) = ("decided_at" IS NULL)),
    CHECK (("approver" IS NULL) = ("until" IS NULL)),
    CHECK ("until" - "decided_at" <= "max_term_us"),
    CHECK (("state" IN ('ended', 'refused')) = ("ended_at" IS NOT NULL)),
    UNIQUE ("approved_id", "kind", "action"), -- what entries stand under
    UNIQUE ("id", "proposer", "approver")     -- and by whom
) STRICT;
-- One living source of a name; one that was refused or ended leaves it free.
CREATE UNIQUE INDEX source_name ON source ("name") WHERE "state" IN ('proposed', 'in_force');

CREATE TABLE batch (
    "id"        TEXT NOT NULL PRIMARY KEY,
    "feed"      TEXT NOT NULL,
    "source"    TEXT NOT NULL,
    "source_id" TEXT REFERENCES source ("id"), -- of a list that comes under an approved source
    "user"      TEXT NOT NULL REFERENCES user_account ("id"),
    "state"     TEXT NOT NULL CHECK ("state" IN ('open', 'waiting', 'done', 'dismissed')),
    "waits_for" TEXT, -- why a person has to look at it first
    "accepted"  INTEGER NOT NULL CHECK ("accepted" >= 0),
    "duplicate" INTEGER NOT NULL CHECK ("duplicate" >= 0),
    "refused"   INTEGER NOT NULL CHECK ("refused" >= 0),
    "late"      INTEGER NOT NULL CHECK ("late" BETWEEN 0 AND "accepted"), -- too old to count
    "entered"   INTEGER NOT NULL CHECK ("entered" >= 0),
    "renewed"   INTEGER NOT NULL CHECK ("renewed" >= 0),
    "vanished"  INTEGER NOT NULL CHECK ("vanished" >= 0),
    "conflicts" INTEGER NOT NULL CHECK ("conflicts" >= 0),
    "opened_at" INTEGER NOT NULL,
    "closed_at" INTEGER,
    "division"  TEXT NOT NULL,
    "revision"  INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("state" = 'waiting') = ("waits_for" IS NOT NULL))
) STRICT;
CREATE INDEX batch_source ON batch ("source_id", "id");

-- The names of the sources that protect.
CREATE TABLE protected_value (
    "kind"   TEXT NOT NULL,
    "value"  TEXT NOT NULL,
    "source" TEXT NOT NULL REFERENCES source ("id"),
    PRIMARY KEY ("kind", "value", "source")
) STRICT;

-- An entry that a list wants enforced and something else speaks against: a person decides.
CREATE TABLE conflict (
    "id"         TEXT NOT NULL PRIMARY KEY,
    "source"     TEXT NOT NULL REFERENCES source ("id"),
    "batch"      TEXT NOT NULL REFERENCES batch ("id"),
    "kind"       TEXT NOT NULL,
    "value"      TEXT NOT NULL CHECK (length("value") BETWEEN 1 AND 2048),
    "rule"       TEXT NOT NULL CHECK ("rule" IN ('protected', 'below_protected', 'lifted_before', 'opposed', 'own_name')),
    "against"    TEXT NOT NULL, -- the protecting source's name, or the listing it runs into
    "state"      TEXT NOT NULL CHECK ("state" IN ('open', 'dismissed', 'listed')),
    "listing"    TEXT REFERENCES listing ("id"),
    "found_at"   INTEGER NOT NULL,
    "decider"    TEXT REFERENCES user_account ("id"),
    "decided_at" INTEGER,
    "decided_why" TEXT,
    "division"   TEXT NOT NULL,
    "revision"   INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("state" = 'open') = ("decider" IS NULL)),
    CHECK (("state" = 'listed') = ("listing" IS NOT NULL))
) STRICT;
-- What was decided once is not asked again.
CREATE UNIQUE INDEX conflict_value ON conflict ("source", "kind", "value");
CREATE INDEX conflict_state ON conflict ("state", "id");

-- An indicator with its measure. No kind is a person; no row lacks reason, evidence, basis, source,
-- scope, term, proposer or notice; nothing is in force on one person's word or past the law's limit.
-- (SQLite makes a table of each longer IN list, for every row: here they are spelt out.)
CREATE TABLE listing (
    "id"          TEXT NOT NULL PRIMARY KEY,
    "kind"        TEXT NOT NULL CHECK ("kind" = 'number' OR "kind" = 'domain' OR "kind" = 'url' OR "kind" = 'account' OR "kind" = 'device' OR "kind" = 'company'),
    "value"       TEXT NOT NULL CHECK (length("value") BETWEEN 1 AND 2048),
    "display"     TEXT, -- where it differs from the value
    "action"      TEXT NOT NULL CHECK ("action" = 'block' OR "action" = 'warn' OR "action" = 'allow'),
    "match"       TEXT NOT NULL CHECK ("match" = 'exact' OR ("match" = 'suffix' AND "kind" = 'domain')),
    "reason"      TEXT CHECK (trim("reason") <> ''),
    "evidence"    TEXT CHECK (trim("evidence") <> ''),
    "basis"       TEXT CHECK (trim("basis") <> ''),
    "source"      TEXT CHECK (trim("source") <> ''),
    "source_id"   TEXT, -- entered under its approval: it says what is NULL
    "score_milli" INTEGER NOT NULL CHECK ("score_milli" BETWEEN 0 AND 100000),
    "from"        INTEGER NOT NULL,
    "until"       INTEGER NOT NULL,
    "state"       TEXT NOT NULL CHECK ("state" = 'proposed' OR "state" = 'in_force' OR "state" = 'expired' OR "state" = 'lifted' OR "state" = 'refused'),
    "proposer"    TEXT REFERENCES user_account ("id"),
    "approver"    TEXT REFERENCES user_account ("id"),
    "notice"      TEXT CHECK (trim("notice") <> ''),
    "division"    TEXT NOT NULL,
    "batch"       TEXT REFERENCES batch ("id"),
    "profile"     TEXT NOT NULL,
    "max_term_us" INTEGER NOT NULL,
    "rpz"         TEXT NOT NULL CHECK ("rpz" = 'notice' OR "rpz" = 'nxdomain' OR "rpz" = 'nodata' OR "rpz" = 'tcp_only'),
    "proposed_at" INTEGER NOT NULL,
    "decided_at"  INTEGER,
    "ended_at"    INTEGER,
    "ended_why"   TEXT,
    "deciders"    TEXT, -- NULL: proposer and approver
    "ends"        INTEGER GENERATED ALWAYS AS
                  (CASE WHEN "state" = 'proposed' OR "state" = 'in_force' THEN "until" END) STORED,
    "revision"    INTEGER NOT NULL CHECK ("revision" > 0),
    FOREIGN KEY ("profile", "kind", "action", "max_term_us")
        REFERENCES law_limit ("profile", "kind", "action", "max_term_us"),
    -- an entry does what was approved with its source, and names nobody else where it names two
    FOREIGN KEY ("source_id", "kind", "action") REFERENCES source ("approved_id", "kind", "action"),
    FOREIGN KEY ("source_id", "proposer", "approver")
        REFERENCES source ("id", "proposer", "approver"),
    CHECK ("source_id" IS NULL OR ("proposer" IS NULL) = ("approver" IS NULL)),
    CHECK ("source_id" IS NOT NULL
           OR ("reason" IS NOT NULL AND "evidence" IS NOT NULL AND "basis" IS NOT NULL
               AND "source" IS NOT NULL AND "notice" IS NOT NULL AND "proposer" IS NOT NULL
               AND "deciders" IS NOT NULL)),
    CHECK ("from" < "until"),
    CHECK ("until" - "from" <= "max_term_us"),
    CHECK ("until" - "proposed_at" <= "max_term_us"), -- whatever `from` says
    CHECK ("approver" <> "proposer"),
    CHECK ("approver" IS NULL OR ("proposer" <> 'centre' AND "approver" <> 'centre')), -- the machine is nobody
    CHECK (("state" = 'in_force' OR "state" = 'expired' OR "state" = 'lifted')
           = ("approver" IS NOT NULL OR "source_id" IS NOT NULL)), -- the source's own two people
    CHECK (("approver" IS NULL) = ("decided_at" IS NULL)),
    CHECK (("state" = 'expired' OR "state" = 'lifted' OR "state" = 'refused') = ("ended_at" IS NOT NULL))
) STRICT;
-- All a look-up asks, and its order: without state and id the planner walks everything in force.
CREATE INDEX listing_indicator ON listing ("kind", "value", "state", "id");
-- Each group newest first: a page of any filter is a merge of few groups (store/search.h). Entries
-- of one list are one group each, so that they go in at its end.
CREATE INDEX listing_group ON listing ("state", "kind", "action", "id");
CREATE INDEX listing_division ON listing ("division", "state", "kind", "action", "id")
    WHERE "division" <> '';
CREATE INDEX listing_said ON listing ("source", "id") WHERE "source" IS NOT NULL; -- none of a list's own
-- What ends next: there is no timer beside it.
CREATE INDEX listing_ends ON listing ("ends", "id") WHERE "ends" IS NOT NULL;
CREATE INDEX listing_batch ON listing ("batch", "id");
-- (No partial one: a foreign key could not use it, and would read every listing for a source.)
CREATE INDEX listing_source ON listing ("source_id", "value");

-- How many listings there are in each state, and how many in force end in which minute ("ends"):
-- what everybody's first page asks is not counted a million at a time.
CREATE TABLE listing_count (
    "what"     TEXT NOT NULL,
    "minute"   INTEGER NOT NULL, -- of UTC since 1970; 0 of a state
    "division" TEXT NOT NULL,
    "count"    INTEGER NOT NULL,
    PRIMARY KEY ("what", "minute", "division")
) STRICT, WITHOUT ROWID;

CREATE TABLE appeal (
    "id"         TEXT NOT NULL PRIMARY KEY,
    "listing"    TEXT NOT NULL REFERENCES listing ("id"),
    "statement"  TEXT NOT NULL CHECK (trim("statement") <> ''),
    "name"       TEXT,
    "contact"    TEXT,
    "state"      TEXT NOT NULL CHECK ("state" IN ('filed', 'reviewing', 'granted', 'rejected', 'withdrawn')),
    "filed_at"   INTEGER NOT NULL,
    "due_at"     INTEGER NOT NULL,
    "reviewer"   TEXT REFERENCES user_account ("id"),
    "decider"    TEXT REFERENCES user_account ("id"),
    "decided_at" INTEGER,
    "answer"     TEXT,
    "division"   TEXT NOT NULL,
    "is_late"    INTEGER NOT NULL CHECK ("is_late" IN (0, 1)),
    "revision"   INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK ("due_at" > "filed_at"),
    CHECK ("state" NOT IN ('granted', 'rejected') OR ("decider" IS NOT NULL AND "decided_at" IS NOT NULL))
) STRICT;
CREATE INDEX appeal_listing ON appeal ("listing");
CREATE INDEX appeal_state ON appeal ("state", "due_at");
CREATE INDEX appeal_filed ON appeal ("filed_at", "id");

CREATE TABLE signing_key (
    "id"          TEXT NOT NULL PRIMARY KEY,
    "kind"        TEXT NOT NULL CHECK ("kind" IN ('ledger', 'tsig', 'pseudonym')),
    "state"       TEXT NOT NULL CHECK ("state" IN ('current', 'retired')),
    "public_part" TEXT,
    "made_at"     INTEGER NOT NULL,
    "retired_at"  INTEGER,
    "division"    TEXT NOT NULL,
    "revision"    INTEGER NOT NULL CHECK ("revision" > 0)
) STRICT;

CREATE TABLE centre (
    "id"             TEXT NOT NULL PRIMARY KEY,
    "name"           TEXT NOT NULL,
    "kind"           TEXT NOT NULL CHECK ("kind" IN ('real', 'demonstration', 'drill')),
    "profile"        TEXT NOT NULL,
    "division"       TEXT NOT NULL,
    "is_outbox_held" INTEGER NOT NULL CHECK ("is_outbox_held" IN (0, 1)),
    "is_first_run"   INTEGER NOT NULL CHECK ("is_first_run" IN (0, 1)),
    "made_at"        INTEGER NOT NULL,
    "restored_at"    INTEGER,
    "revision"       INTEGER NOT NULL CHECK ("revision" > 0)
) STRICT;

-- Leaves that were written together and differ in record and commitments only share their words.
CREATE TABLE ledger_form (
    "id"     INTEGER NOT NULL PRIMARY KEY, -- the first leaf that is written in it
    "head"   TEXT NOT NULL, -- up to the record
    "first"  TEXT NOT NULL, -- from there to the first commitment, and so on
    "second" TEXT NOT NULL,
    "third"  TEXT NOT NULL,
    "tail"   TEXT NOT NULL
) STRICT;

-- The ledger. `ledger_text` says the canonical leaf; its RFC 6962 hash stands in the level-0 tiles.
CREATE TABLE ledger_leaf (
    "idx"         INTEGER NOT NULL PRIMARY KEY,
    "at"          INTEGER NOT NULL,
    "act"         TEXT NOT NULL,
    "actor"       TEXT NOT NULL,
    "record_kind" TEXT NOT NULL,
    "record"      TEXT NOT NULL,
    "division"    TEXT NOT NULL, -- of the record: who may see that it was done
    "body"        TEXT NOT NULL, -- the leaf; of one that has a form, its commitments only
    "form"        INTEGER REFERENCES ledger_form ("id"),
    "why"         TEXT -- what the leaf commits to; gone when the record is erased
) STRICT;
CREATE INDEX ledger_leaf_record ON ledger_leaf ("record", "idx");
CREATE INDEX ledger_leaf_actor ON ledger_leaf ("actor", "idx");
-- How often somebody was wrong, and for how long: anybody may ask.
CREATE INDEX ledger_leaf_lift ON ledger_leaf ("at") WHERE "act" = 'listing.lift';
-- Each leaf with its whole text, whether it has a form or not.
CREATE VIEW ledger_text AS
    SELECT l."idx", l."at", l."act", l."actor", l."record_kind", l."record", l."division", l."why",
           CASE WHEN l."form" IS NULL THEN l."body" ELSE
               (SELECT f."head" || l."record" || f."first" || substr(l."body", 1, 64) || f."second"
                       || substr(l."body", 65, 64) || f."third" || substr(l."body", 129, 64)
                       || f."tail"
                FROM ledger_form f WHERE f."id" = l."form") END AS "body"
    FROM ledger_leaf l;

-- What opens the commitments in a record's leaves. Deleting the row erases; the tree stays whole.
CREATE TABLE ledger_salt (
    "record" TEXT NOT NULL PRIMARY KEY,
    "salt"   BLOB NOT NULL CHECK (length("salt") = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_tile (
    "level"  INTEGER NOT NULL,
    "idx"    INTEGER NOT NULL,
    "hashes" BLOB NOT NULL CHECK (length("hashes") % 32 = 0),
    PRIMARY KEY ("level", "idx")
) STRICT;

CREATE TABLE ledger_head (
    "size"      INTEGER NOT NULL PRIMARY KEY,
    "root"      TEXT NOT NULL,
    "at"        INTEGER NOT NULL,
    "key"       TEXT NOT NULL REFERENCES signing_key ("id"),
    "signature" TEXT NOT NULL
) STRICT;

-- What is to happen, in order. A record has at most one timer of a name.
CREATE TABLE timer (
    "record" TEXT NOT NULL,
    "act"    TEXT NOT NULL,
    "due"    INTEGER NOT NULL,
    PRIMARY KEY ("record", "act")
) STRICT;
CREATE INDEX timer_due ON timer ("due", "record", "act");

-- What has to leave the building; a row goes when it has been delivered.
CREATE TABLE outbox (
    "id"       INTEGER NOT NULL PRIMARY KEY,
    "topic"    TEXT NOT NULL CHECK ("topic" IN ('rpz', 'rpz_many', 'stream', 'erasure')),
    "record"   TEXT NOT NULL,
    "first_leaf" INTEGER NOT NULL, -- of many at once, all that leaves of the record's kind name
    "leaf"     INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL,
    "next_at"  INTEGER NOT NULL
) STRICT;

CREATE TABLE batch_reject (
    "batch"  TEXT NOT NULL REFERENCES batch ("id"),
    "row"    INTEGER NOT NULL,
    "seq"    INTEGER NOT NULL,
    "column" TEXT NOT NULL,
    "code"   TEXT NOT NULL,
    "raw"    TEXT NOT NULL,
    "until"  INTEGER NOT NULL,
    PRIMARY KEY ("batch", "row", "seq")
) STRICT;
CREATE INDEX batch_reject_until ON batch_reject ("until");

-- A row a source has sent before: the same row again changes nothing.
CREATE TABLE feed_seen (
    "identity" TEXT NOT NULL PRIMARY KEY,
    "batch"    TEXT NOT NULL
) STRICT;
CREATE INDEX feed_seen_batch ON feed_seen ("batch");

CREATE TABLE idempotency (
    "actor"   TEXT NOT NULL,
    "key"     TEXT NOT NULL,
    "request" TEXT NOT NULL,
    "status"  INTEGER NOT NULL,
    "answer"  TEXT NOT NULL,
    "until"   INTEGER NOT NULL,
    PRIMARY KEY ("actor", "key")
) STRICT;
CREATE INDEX idempotency_until ON idempotency ("until");

-- The zone as last published, and how it came to be so: what AXFR and IXFR serve.
CREATE TABLE rpz_serial (
    "zone"   TEXT NOT NULL PRIMARY KEY,
    "serial" INTEGER NOT NULL,
    "at"     INTEGER NOT NULL, -- when that serial was given
    "mark"   INTEGER NOT NULL  -- of the records that stood behind the names when it was last served
) STRICT;
CREATE TABLE rpz_change (
    "serial" INTEGER NOT NULL,
    "turned" TEXT NOT NULL, -- the owner: "com.evil." or, for what is below it, "com.evil.*."
    "before" TEXT,
    "after"  TEXT,
    "at"     INTEGER NOT NULL,
    PRIMARY KEY ("serial", "turned")
) STRICT, WITHOUT ROWID;
CREATE INDEX rpz_change_at ON rpz_change ("at", "serial");
-- What the listings in force say of each domain, from the top down ("com.evil.a."): the whole zone
-- follows from it. A word for the domain itself, and one for what is below it.
CREATE TABLE rpz_domain (
    "turned"      TEXT NOT NULL PRIMARY KEY,
    "allow"       INTEGER NOT NULL CHECK ("allow" IN (0, 1, 2)), -- not, exact, suffix
    "block"       TEXT,
    "block_below" TEXT
) STRICT, WITHOUT ROWID;
