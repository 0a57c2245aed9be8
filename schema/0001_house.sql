-- SPDX-License-Identifier: Apache-2.0
-- 0001: the house. Instants are microseconds of UTC; ids are made by the application and sort by time.
-- One text for SQLite and PostgreSQL: INTEGER becomes BIGINT, BLOB becomes BYTEA, STRICT goes.
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

CREATE TABLE batch (
    "id"        TEXT NOT NULL PRIMARY KEY,
    "feed"      TEXT NOT NULL,
    "source"    TEXT NOT NULL,
    "user"      TEXT NOT NULL REFERENCES user_account ("id"),
    "state"     TEXT NOT NULL CHECK ("state" IN ('open', 'done')),
    "accepted"  INTEGER NOT NULL CHECK ("accepted" >= 0),
    "duplicate" INTEGER NOT NULL CHECK ("duplicate" >= 0),
    "refused"   INTEGER NOT NULL CHECK ("refused" >= 0),
    "opened_at" INTEGER NOT NULL,
    "closed_at" INTEGER,
    "division"  TEXT NOT NULL,
    "revision"  INTEGER NOT NULL CHECK ("revision" > 0)
) STRICT;

-- An indicator with its measure. No kind is a person; no row lacks reason, evidence, basis, source,
-- scope, term, proposer or notice; nothing is in force on one person's word or past the law's limit.
CREATE TABLE listing (
    "id"          TEXT NOT NULL PRIMARY KEY,
    "kind"        TEXT NOT NULL CHECK ("kind" IN ('number', 'domain', 'url', 'account', 'device', 'company')),
    "value"       TEXT NOT NULL CHECK (length("value") BETWEEN 1 AND 2048),
    "display"     TEXT NOT NULL,
    "action"      TEXT NOT NULL CHECK ("action" IN ('block', 'warn', 'allow')),
    "match"       TEXT NOT NULL CHECK ("match" = 'exact' OR ("match" = 'suffix' AND "kind" = 'domain')),
    "reason"      TEXT NOT NULL CHECK (length("reason") > 0),
    "evidence"    TEXT NOT NULL CHECK (length("evidence") > 0),
    "basis"       TEXT NOT NULL CHECK (length("basis") > 0),
    "source"      TEXT NOT NULL CHECK (length("source") > 0),
    "score_milli" INTEGER NOT NULL CHECK ("score_milli" BETWEEN 0 AND 100000),
    "from"        INTEGER NOT NULL,
    "until"       INTEGER NOT NULL,
    "state"       TEXT NOT NULL CHECK ("state" IN ('proposed', 'in_force', 'expired', 'lifted', 'refused')),
    "proposer"    TEXT NOT NULL REFERENCES user_account ("id"),
    "approver"    TEXT REFERENCES user_account ("id"),
    "notice"      TEXT NOT NULL CHECK (length("notice") > 0),
    "division"    TEXT NOT NULL,
    "batch"       TEXT REFERENCES batch ("id"),
    "profile"     TEXT NOT NULL,
    "max_term_us" INTEGER NOT NULL,
    "rpz"         TEXT NOT NULL CHECK ("rpz" IN ('notice', 'nxdomain', 'nodata', 'tcp_only')),
    "proposed_at" INTEGER NOT NULL,
    "decided_at"  INTEGER,
    "ended_at"    INTEGER,
    "ended_why"   TEXT,
    "deciders"    TEXT NOT NULL,
    "revision"    INTEGER NOT NULL CHECK ("revision" > 0),
    FOREIGN KEY ("profile", "kind", "action", "max_term_us")
        REFERENCES law_limit ("profile", "kind", "action", "max_term_us"),
    CHECK ("from" < "until"),
    CHECK ("until" - "from" <= "max_term_us"),
    CHECK ("until" - "proposed_at" <= "max_term_us"), -- whatever `from` says
    CHECK ("approver" <> "proposer"),
    CHECK ("approver" IS NULL OR "proposer" <> 'centre'), -- two people: the machine is none
    CHECK (("state" IN ('in_force', 'expired', 'lifted')) = ("approver" IS NOT NULL)),
    CHECK (("approver" IS NULL) = ("decided_at" IS NULL)),
    CHECK (("state" IN ('expired', 'lifted', 'refused')) = ("ended_at" IS NOT NULL))
) STRICT;
-- All a look-up asks, and its order: without state and id the planner walks everything in force.
CREATE INDEX listing_indicator ON listing ("kind", "value", "state", "id");
CREATE INDEX listing_state ON listing ("state", "id");
CREATE INDEX listing_batch ON listing ("batch", "id");

CREATE TABLE appeal (
    "id"         TEXT NOT NULL PRIMARY KEY,
    "listing"    TEXT NOT NULL REFERENCES listing ("id"),
    "statement"  TEXT NOT NULL CHECK (length("statement") > 0),
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

-- The ledger. `body` is the canonical leaf; its RFC 6962 hash stands in the level-0 tiles.
CREATE TABLE ledger_leaf (
    "idx"         INTEGER NOT NULL PRIMARY KEY,
    "at"          INTEGER NOT NULL,
    "act"         TEXT NOT NULL,
    "actor"       TEXT NOT NULL,
    "record_kind" TEXT NOT NULL,
    "record"      TEXT NOT NULL,
    "division"    TEXT NOT NULL, -- of the record: who may see that it was done
    "body"        TEXT NOT NULL,
    "why"         TEXT -- what the leaf commits to; gone when the record is erased
) STRICT;
CREATE INDEX ledger_leaf_record ON ledger_leaf ("record", "idx");
CREATE INDEX ledger_leaf_actor ON ledger_leaf ("actor", "idx");

-- What opens the commitments in a record's leaves. Deleting the row erases; the tree stays whole.
CREATE TABLE ledger_salt (
    "record" TEXT NOT NULL PRIMARY KEY,
    "salt"   BLOB NOT NULL CHECK (length("salt") = 32)
) STRICT;

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
    "topic"    TEXT NOT NULL CHECK ("topic" IN ('rpz', 'stream', 'erasure')),
    "record"   TEXT NOT NULL,
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
