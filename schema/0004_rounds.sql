-- SPDX-License-Identifier: Apache-2.0
-- 0004: refund rounds and their shares; an appeal may be against an order, or an objection to a round.

-- What lies frozen in one account goes back. No row says that more is given back than is frozen, nothing is approved by fewer
-- than two people who did not compute it, and nothing shared in proportion before its public notice is over.
CREATE TABLE round (
    "id"                TEXT NOT NULL PRIMARY KEY,
    "incident"          TEXT NOT NULL REFERENCES incident ("id"),
    "account"           TEXT NOT NULL CHECK (length("account") BETWEEN 1 AND 64),
    "bank"              TEXT,
    "provider"          TEXT NOT NULL CHECK (trim("provider") <> ''),
    "orders"            TEXT NOT NULL CHECK (trim("orders") <> ''),
    "state"             TEXT NOT NULL CHECK ("state" IN ('computed', 'reviewed', 'noticed', 'objected', 'approved', 'sent',
                                                         'paid', 'closed', 'void')),
    "rule"              TEXT NOT NULL CHECK ("rule" IN ('cn-2016', 'fifo', 'proportional')),
    "currency"          TEXT NOT NULL CHECK (length("currency") = 3),
    "number"            INTEGER NOT NULL CHECK ("number" > 0),
    "frozen"            INTEGER NOT NULL CHECK ("frozen" > 0),
    "shared"            INTEGER NOT NULL CHECK ("shared" > 0),
    "unclaimed"         INTEGER NOT NULL CHECK ("unclaimed" >= 0),
    "allotted"          INTEGER NOT NULL CHECK ("allotted" BETWEEN 0 AND "shared"),
    "returned"          INTEGER NOT NULL CHECK ("returned" >= 0),
    "failed"            INTEGER NOT NULL CHECK ("failed" >= 0),
    "frozen_at"         INTEGER NOT NULL,
    "statement"         TEXT NOT NULL CHECK ("statement" <> ''),
    "digest"            TEXT NOT NULL CHECK (length("digest") = 64),
    "doubts"            INTEGER NOT NULL CHECK ("doubts" >= 0),
    "needs_notice"      INTEGER NOT NULL CHECK ("needs_notice" IN (0, 1)),
    "notice_us"         INTEGER NOT NULL CHECK ("notice_us" > 0),
    "objections"        INTEGER NOT NULL CHECK ("objections" >= 0),
    "computer"          TEXT NOT NULL REFERENCES user_account ("id"),
    "computed_at"       INTEGER NOT NULL,
    "reviewer"          TEXT REFERENCES user_account ("id"),
    "reviewed_at"       INTEGER,
    "noticer"           TEXT REFERENCES user_account ("id"),
    "noticed_at"        INTEGER,
    "notice_until"      INTEGER,
    "first_approver"    TEXT REFERENCES user_account ("id"),
    "first_approved_at" INTEGER,
    "approver"          TEXT REFERENCES user_account ("id"),
    "approved_at"       INTEGER,
    "sent_at"           INTEGER,
    "paid_at"           INTEGER,
    "ended_at"          INTEGER,
    "ended_why"         TEXT,
    "due_at"            INTEGER,
    "is_late"           INTEGER NOT NULL CHECK ("is_late" IN (0, 1)),
    "deciders"          TEXT NOT NULL,
    "profile"           TEXT NOT NULL,
    "division"          TEXT NOT NULL,
    "revision"          INTEGER NOT NULL CHECK ("revision" > 0),
    -- money: nothing made, nothing lost
    CHECK ("frozen" = "shared" + "unclaimed"),
    CHECK ("returned" + "failed" <= "shared"),
    CHECK ("returned" + "failed" = 0 OR "sent_at" IS NOT NULL),
    CHECK ("state" NOT IN ('reviewed', 'noticed', 'objected', 'approved', 'sent', 'paid', 'closed') OR "allotted" = "shared"),
    CHECK ("state" NOT IN ('paid', 'closed') OR "returned" + "failed" = "shared"),
    -- people
    CHECK ("computer" <> 'centre' AND "reviewer" <> "computer"),
    CHECK ("first_approver" NOT IN ("computer", 'centre') AND "approver" NOT IN ("computer", "first_approver", 'centre')),
    CHECK ("approver" IS NULL OR "first_approver" IS NOT NULL),
    CHECK (("reviewer" IS NULL) = ("reviewed_at" IS NULL)),
    CHECK (("noticer" IS NULL) = ("noticed_at" IS NULL) AND ("noticed_at" IS NULL) = ("notice_until" IS NULL)),
    CHECK (("first_approver" IS NULL) = ("first_approved_at" IS NULL)),
    CHECK (("approver" IS NULL) = ("approved_at" IS NULL)),
    CHECK (("state" IN ('paid', 'closed')) = ("paid_at" IS NOT NULL)),
    -- steps
    CHECK ("state" IN ('computed', 'void') OR "reviewer" IS NOT NULL),
    CHECK ("state" NOT IN ('noticed', 'objected') OR "noticed_at" IS NOT NULL),
    CHECK ("state" <> 'objected' OR "objections" > 0),
    CHECK ("state" <> 'noticed' OR "objections" = 0),
    CHECK ("rule" = 'cn-2016' OR "needs_notice" = 1),
    CHECK ("doubts" = 0 OR "needs_notice" = 1),
    CHECK ("notice_until" - "noticed_at" >= "notice_us"),
    CHECK ("first_approver" IS NULL OR "needs_notice" = 0 OR ("noticed_at" IS NOT NULL AND "first_approved_at" >= "notice_until")),
    CHECK ("state" NOT IN ('approved', 'sent', 'paid', 'closed') OR ("approver" IS NOT NULL AND "objections" = 0)),
    CHECK ("state" NOT IN ('sent', 'paid', 'closed') OR "sent_at" IS NOT NULL),
    CHECK ("sent_at" IS NULL OR "approver" IS NOT NULL),
    CHECK ("sent_at" IS NULL OR "state" <> 'void'),
    CHECK (("state" IN ('closed', 'void')) = ("ended_at" IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX round_once ON round ("account") WHERE "state" NOT IN ('closed', 'void');
CREATE UNIQUE INDEX round_number ON round ("account", "number");
CREATE INDEX round_by_state ON round ("state", "id");
CREATE INDEX round_by_incident ON round ("incident", "id");
CREATE INDEX round_by_provider ON round ("provider", "sent_at", "id") WHERE "state" = 'sent';

CREATE TABLE share (
    "id"         TEXT NOT NULL PRIMARY KEY,
    "round"      TEXT NOT NULL REFERENCES round ("id"),
    "claim"      TEXT NOT NULL REFERENCES claim ("id"),
    "incident"   TEXT NOT NULL REFERENCES incident ("id"),
    "to"         TEXT,
    "basis"      TEXT NOT NULL CHECK ("basis" IN ('direct', 'timestamp', 'proportional')),
    "state"      TEXT NOT NULL CHECK ("state" IN ('due', 'paid', 'failed')),
    "was"        TEXT NOT NULL CHECK ("was" IN ('due', 'paid', 'failed')),
    "loss"       INTEGER NOT NULL CHECK ("loss" > 0),
    "amount"     INTEGER NOT NULL CHECK ("amount" BETWEEN 1 AND "loss"),
    "settled_at" INTEGER,
    "said_at"    INTEGER,
    "reference"  TEXT,
    "failure"    TEXT,
    "settler"    TEXT REFERENCES user_account ("id"),
    "division"   TEXT NOT NULL,
    "revision"   INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("state" = 'due') = ("settled_at" IS NULL) AND ("state" = 'due') = ("settler" IS NULL)),
    CHECK ("state" <> 'failed' OR "failure" IS NOT NULL),
    UNIQUE ("round", "claim")
) STRICT;
CREATE INDEX share_by_claim ON share ("claim", "id");

-- An appeal is against a listing or an order; an objection is one against a round.
CREATE TABLE appeal_new (
    "id"         TEXT NOT NULL PRIMARY KEY,
    "listing"    TEXT REFERENCES listing ("id"),
    "order"      TEXT REFERENCES "order" ("id"),
    "round"      TEXT REFERENCES round ("id"),
    "statement"  TEXT NOT NULL CHECK (trim("statement") <> ''),
    "name"       TEXT,
    "contact"    TEXT,
    "secret"     TEXT CHECK (length("secret") = 64), -- what is filed from now on has one
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
    CHECK (("listing" IS NOT NULL) + ("order" IS NOT NULL) + ("round" IS NOT NULL) = 1),
    CHECK ("due_at" > "filed_at"),
    CHECK ("state" NOT IN ('granted', 'rejected') OR ("decider" IS NOT NULL AND "decided_at" IS NOT NULL))
) STRICT;
INSERT INTO appeal_new SELECT "id", "listing", NULL, NULL, "statement", "name", "contact", NULL, "state", "filed_at",
    "due_at", "reviewer", "decider", "decided_at", "answer", "division", "is_late", "revision" FROM appeal;
DROP TABLE appeal;
ALTER TABLE appeal_new RENAME TO appeal;
CREATE INDEX appeal_listing ON appeal ("listing");
CREATE INDEX appeal_order ON appeal ("order") WHERE "order" IS NOT NULL;
CREATE INDEX appeal_round ON appeal ("round") WHERE "round" IS NOT NULL;
CREATE INDEX appeal_state ON appeal ("state", "due_at");
CREATE INDEX appeal_filed ON appeal ("filed_at", "id");
