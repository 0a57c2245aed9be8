-- SPDX-License-Identifier: Apache-2.0
-- 0003: reports and their claims, orders and their receipts. What the law limits is refused here, whoever asks.

CREATE TABLE order_limit (
    "profile"     TEXT NOT NULL,
    "kind"        TEXT NOT NULL CHECK ("kind" IN ('hold', 'stop', 'freeze', 'disconnect', 'block', 'query')),
    "max_term_us" INTEGER NOT NULL CHECK ("max_term_us" > 0),
    "max_repeats" INTEGER NOT NULL CHECK ("max_repeats" >= 0),
    PRIMARY KEY ("profile", "kind", "max_term_us", "max_repeats")
) STRICT;

-- An incident may be opened before its victim's transfers are known.
CREATE TABLE incident_new (
    "id"         TEXT NOT NULL PRIMARY KEY,
    "state"      TEXT NOT NULL CHECK ("state" IN ('open', 'following', 'closed')),
    "transfers"  TEXT NOT NULL, -- ids as their bank gave them, a line each
    "currency"   TEXT NOT NULL CHECK (length("currency") = 3),
    "stolen"     INTEGER NOT NULL CHECK ("stolen" >= 0), -- minor units: of the transfers, or as told
    "said"       TEXT,
    "opener"     TEXT NOT NULL REFERENCES user_account ("id"),
    "opened_at"  INTEGER NOT NULL,
    "closer"     TEXT REFERENCES user_account ("id"),
    "closed_at"  INTEGER,
    "closed_why" TEXT,
    "division"   TEXT NOT NULL,
    "revision"   INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("state" = 'closed') = ("closer" IS NOT NULL)),
    CHECK (("closer" IS NULL) = ("closed_at" IS NULL))
) STRICT;
INSERT INTO incident_new SELECT * FROM incident;
DROP TABLE incident;
ALTER TABLE incident_new RENAME TO incident;
CREATE INDEX incident_by_state ON incident ("state", "id");
CREATE INDEX incident_by_division ON incident ("division", "id");

-- What a victim tells. Nothing acts on it before a signed-in person, or the victim's bank, takes it;
-- measures under it never ask for more than its loss.
CREATE TABLE report (
    "id"            TEXT NOT NULL PRIMARY KEY,
    "channel"       TEXT NOT NULL CHECK ("channel" IN ('96110', '110', 'web', 'counter', 'bank', 'app')),
    "state"         TEXT NOT NULL CHECK ("state" IN ('filed', 'taken', 'refused', 'withdrawn')),
    "incident"      TEXT REFERENCES incident ("id"),
    "victim_number" TEXT,
    "victim_name"   TEXT,
    "said"          TEXT,
    "currency"      TEXT NOT NULL CHECK (length("currency") = 3),
    "loss"          INTEGER NOT NULL CHECK ("loss" >= 0),
    "pledged"       INTEGER NOT NULL CHECK ("pledged" BETWEEN 0 AND "loss"),
    "secret"        TEXT,
    "filer"         TEXT NOT NULL,
    "filed_at"      INTEGER NOT NULL,
    "taker"         TEXT REFERENCES user_account ("id"),
    "taken_at"      INTEGER,
    "ended_at"      INTEGER,
    "ended_why"     TEXT,
    "division"      TEXT NOT NULL,
    "revision"      INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("taker" IS NULL) = ("taken_at" IS NULL)),
    CHECK ("taker" <> 'centre'),
    CHECK ("state" <> 'taken' OR ("taker" IS NOT NULL AND "incident" IS NOT NULL)),
    CHECK ("state" IN ('taken', 'withdrawn') OR "pledged" = 0),
    CHECK (("state" IN ('refused', 'withdrawn')) = ("ended_at" IS NOT NULL))
) STRICT;
CREATE INDEX report_by_state ON report ("state", "id");
CREATE INDEX report_by_incident ON report ("incident", "id");
CREATE INDEX report_by_number ON report ("victim_number", "id") WHERE "victim_number" IS NOT NULL;

CREATE TABLE claim (
    "id"       TEXT NOT NULL PRIMARY KEY,
    "report"   TEXT NOT NULL REFERENCES report ("id"),
    "incident" TEXT REFERENCES incident ("id"),
    "state"    TEXT NOT NULL CHECK ("state" IN ('told', 'matched', 'mismatched', 'withdrawn')),
    "transfer" TEXT,
    "from"     TEXT,
    "to"       TEXT NOT NULL CHECK (length("to") BETWEEN 1 AND 64),
    "bank"     TEXT,
    "name"     TEXT,
    "amount"   INTEGER NOT NULL CHECK ("amount" > 0),
    "currency" TEXT NOT NULL CHECK (length("currency") = 3),
    "sent_at"  INTEGER,
    "mismatch" TEXT,
    "returned" INTEGER NOT NULL CHECK ("returned" BETWEEN 0 AND "amount"), -- nobody gets back more
    "division" TEXT NOT NULL,
    "revision" INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK ("state" <> 'matched' OR "transfer" IS NOT NULL),
    CHECK ("state" <> 'mismatched' OR "mismatch" IS NOT NULL)
) STRICT;
CREATE INDEX claim_by_report ON claim ("report", "id");
CREATE INDEX claim_by_incident ON claim ("incident", "id");
CREATE INDEX claim_by_payee ON claim ("to", "amount", "sent_at");
CREATE INDEX claim_by_transfer ON claim ("transfer") WHERE "transfer" IS NOT NULL;
CREATE UNIQUE INDEX claim_once ON claim ("incident", "transfer") WHERE "state" = 'matched';

-- A lawful instruction. No order lacks basis, reason, scope, term, case or evidence, or the notice;
-- nothing is sent on one person's word but an emergency hold or stop, under a report, for a while.
CREATE TABLE "order" (
    "id"             TEXT NOT NULL PRIMARY KEY,
    "incident"       TEXT REFERENCES incident ("id"),
    "report"         TEXT REFERENCES report ("id"),
    "kind"           TEXT NOT NULL CHECK ("kind" IN ('hold', 'stop', 'freeze', 'disconnect', 'block', 'query')),
    "state"          TEXT NOT NULL CHECK ("state" IN ('drafted', 'approved', 'sent', 'acknowledged', 'executed', 'partial',
                                                      'refused', 'lapsed', 'expired', 'lifting', 'lifted', 'failed')),
    "is_emergency"   INTEGER NOT NULL CHECK ("is_emergency" IN (0, 1)),
    "target_kind"    TEXT NOT NULL CHECK ("target_kind" IN ('number', 'domain', 'url', 'account', 'device', 'company')),
    "target"         TEXT NOT NULL CHECK (length("target") BETWEEN 1 AND 2048),
    "bank"           TEXT,
    "name"           TEXT,
    "amount"         INTEGER NOT NULL CHECK ("amount" >= 0),
    "bound"          INTEGER NOT NULL CHECK ("bound" >= 0), -- pledged of its report's loss
    "currency"       TEXT NOT NULL CHECK (length("currency") = 3),
    "claim"          TEXT REFERENCES claim ("id"),
    "takes"          TEXT REFERENCES "order" ("id"), -- whose money a freeze takes over: the same money, counted once
    "taker"          TEXT REFERENCES "order" ("id"),
    "yielded"        INTEGER NOT NULL CHECK ("yielded" >= 0), -- of its bound, what counts under its taker
    "basis"          TEXT NOT NULL CHECK (trim("basis") <> ''),
    "reason"         TEXT NOT NULL CHECK (trim("reason") <> ''),
    "evidence"       TEXT CHECK (trim("evidence") <> ''),
    "notice"         TEXT NOT NULL CHECK (trim("notice") <> ''),
    "from"           INTEGER NOT NULL,
    "until"          INTEGER NOT NULL,
    "countersign_by" INTEGER,
    "provider"       TEXT NOT NULL CHECK (trim("provider") <> ''),
    "layer"          INTEGER NOT NULL CHECK ("layer" >= 0),
    "rank"           INTEGER NOT NULL CHECK ("rank" >= 0),
    "rank_why"       TEXT,
    "asked"          TEXT NOT NULL CHECK ("asked" IN ('nothing', 'place', 'trim', 'extend', 'lift')),
    "ask"            INTEGER NOT NULL CHECK ("ask" >= 0),
    "asked_at"       INTEGER,
    "due_at"         INTEGER,
    "is_late"        INTEGER NOT NULL CHECK ("is_late" IN (0, 1)),
    "alarm"          TEXT NOT NULL CHECK ("alarm" IN ('none', 'late', 'loud')), -- told to people above
    "alarmed_at"     INTEGER,
    "heeder"         TEXT REFERENCES user_account ("id"),
    "heeded_at"      INTEGER,
    "unrelated_since" INTEGER, -- nothing stolen is known to have come to its account; lifted at
    "release_by"     INTEGER, -- unless a person keeps it
    "keeper"         TEXT REFERENCES user_account ("id"),
    "held"           INTEGER NOT NULL CHECK ("held" >= 0),
    "balance"        INTEGER NOT NULL CHECK ("balance" >= -1),
    "ahead"          INTEGER NOT NULL CHECK ("ahead" >= -1), -- freezes of others that go first; -1: of all there is
    "said_at"        INTEGER,
    "repeats"        INTEGER NOT NULL,
    "agreed_until"   INTEGER, -- while an extension is asked for: the term that the provider knows of
    "wanted_until"   INTEGER,
    "wanted_by"      TEXT REFERENCES user_account ("id"),
    "proposer"       TEXT NOT NULL REFERENCES user_account ("id"),
    "approver"       TEXT REFERENCES user_account ("id"),
    "proposed_at"    INTEGER NOT NULL,
    "decided_at"     INTEGER,
    "executed_at"    INTEGER,
    "ended_at"       INTEGER,
    "ended_why"      TEXT,
    "released_at"    INTEGER,
    "deciders"       TEXT NOT NULL,
    "profile"        TEXT NOT NULL,
    "max_term_us"    INTEGER NOT NULL,
    "max_repeats"    INTEGER NOT NULL,
    "division"       TEXT NOT NULL,
    "revision"       INTEGER NOT NULL CHECK ("revision" > 0),
    FOREIGN KEY ("profile", "kind", "max_term_us", "max_repeats")
        REFERENCES order_limit ("profile", "kind", "max_term_us", "max_repeats"),
    -- scope
    CHECK ("kind" <> 'hold' OR "amount" > 0),
    CHECK ("kind" NOT IN ('hold', 'stop', 'freeze') OR "target_kind" = 'account'),
    CHECK ("report" IS NULL OR "amount" > 0),
    CHECK ("incident" IS NOT NULL OR "evidence" IS NOT NULL),
    CHECK ("takes" IS NULL OR ("kind" = 'freeze' AND "amount" > 0 AND "takes" <> "id")),
    CHECK ("taker" IS NULL OR ("kind" IN ('hold', 'stop') AND "taker" <> "id")),
    CHECK ("yielded" = 0 OR "taker" IS NOT NULL),
    -- term
    CHECK ("from" < "until"),
    CHECK ("repeats" BETWEEN 0 AND "max_repeats"),
    CHECK ("agreed_until" IS NULL OR ("repeats" > 0 AND "agreed_until" < "until")),
    CHECK ("until" - "from" <= "max_term_us" * (1 + "repeats")),
    CHECK ("until" - "proposed_at" <= "max_term_us" * (1 + "repeats")), -- whatever `from` says
    -- two people
    CHECK ("approver" <> "proposer"),
    CHECK ("proposer" <> 'centre' AND ("approver" IS NULL OR "approver" <> 'centre')),
    CHECK (("approver" IS NULL) = ("decided_at" IS NULL)),
    CHECK (("wanted_until" IS NULL) = ("wanted_by" IS NULL)),
    CHECK (("alarm" = 'none') = ("alarmed_at" IS NULL)),
    CHECK (("heeder" IS NULL) = ("heeded_at" IS NULL)),
    CHECK ("heeder" <> 'centre'),
    CHECK ("release_by" IS NULL OR ("unrelated_since" IS NOT NULL AND "keeper" IS NULL AND "ended_at" IS NULL)),
    CHECK ("keeper" IS NULL OR "unrelated_since" IS NOT NULL),
    CHECK ("keeper" <> 'centre'),
    CHECK ("repeats" = 0 OR "approver" IS NOT NULL),
    CHECK ("ask" = 0 OR "approver" IS NOT NULL OR "is_emergency" = 1),
    CHECK ("is_emergency" = 0
           OR ("kind" IN ('hold', 'stop') AND "report" IS NOT NULL AND "countersign_by" IS NOT NULL
               AND "countersign_by" - "proposed_at" <= 86400000000)),
    -- states: what was never asked of a provider is none of the states that it makes
    CHECK ("state" NOT IN ('sent', 'acknowledged', 'executed', 'partial', 'lifting', 'failed') OR "ask" > 0),
    CHECK ("state" NOT IN ('drafted', 'approved') OR "ask" = 0),
    CHECK ("bound" >= "amount" OR "state" IN ('drafted', 'refused', 'lapsed', 'expired', 'lifting', 'lifted', 'failed')),
    CHECK (("state" IN ('refused', 'lapsed', 'expired', 'lifting', 'lifted', 'failed')) = ("ended_at" IS NOT NULL)),
    -- what was once asked for ends by a confirmed release only
    CHECK ("state" NOT IN ('lapsed', 'expired', 'lifted') OR "released_at" IS NOT NULL),
    CHECK (("state" = 'lifting') <= ("asked" = 'lift')),
    CHECK (("asked" = 'nothing') OR "asked_at" IS NOT NULL)
) STRICT;
CREATE INDEX order_by_state ON "order" ("state", "id");
CREATE INDEX order_by_incident ON "order" ("incident", "id");
CREATE INDEX order_by_report ON "order" ("report", "id");
CREATE INDEX order_by_target ON "order" ("target_kind", "target", "id");
CREATE INDEX order_by_provider ON "order" ("provider", "id");
CREATE INDEX order_queue ON "order" ("provider", "asked_at", "id") WHERE "asked" <> 'nothing';
CREATE INDEX order_alarm ON "order" ("alarmed_at") WHERE "alarmed_at" IS NOT NULL;
CREATE INDEX order_unrelated ON "order" ("release_by") WHERE "release_by" IS NOT NULL;
CREATE UNIQUE INDEX order_taken_once ON "order" ("takes")
    WHERE "takes" IS NOT NULL AND "state" IN ('approved', 'sent', 'acknowledged', 'executed', 'partial');
CREATE INDEX order_by_takes ON "order" ("takes") WHERE "takes" IS NOT NULL;
-- What waits for a second person, and what is late: few of very many.
CREATE INDEX order_unsigned ON "order" ("id") WHERE "approver" IS NULL AND "ended_at" IS NULL;
CREATE INDEX order_wanted ON "order" ("id") WHERE "wanted_until" IS NOT NULL;
CREATE INDEX order_late ON "order" ("is_late", "id");

-- What providers answered, whatever it was: of an order, or of a share of a round (0004). Each is as they name it: there
-- may be none.
CREATE TABLE receipt (
    "id"          TEXT NOT NULL PRIMARY KEY,
    "order"       TEXT,
    "share"       TEXT,
    "provider"    TEXT NOT NULL,
    "key"         TEXT,
    "result"      TEXT NOT NULL CHECK ("result" IN ('pending', 'done', 'partial', 'refused', 'bounced')),
    "fate"        TEXT NOT NULL CHECK ("fate" IN ('taken', 'stale', 'over', 'contradicting', 'unknown')),
    "ask"         INTEGER NOT NULL CHECK ("ask" >= 0),
    "held"        INTEGER NOT NULL CHECK ("held" >= -1),
    "balance"     INTEGER NOT NULL CHECK ("balance" >= -1),
    "freezes"     TEXT, -- of others, a line each; what makes no sense in them is said, and kept
    "wrong"       TEXT NOT NULL CHECK ("wrong" IN ('fine', 'amount', 'currency', 'rank', 'many')),
    "ahead"       INTEGER NOT NULL CHECK ("ahead" >= -1),
    "reference"   TEXT,
    "reason"      TEXT,
    "at"          INTEGER NOT NULL,
    "received_at" INTEGER NOT NULL,
    "receiver"    TEXT NOT NULL,
    "division"    TEXT NOT NULL,
    "revision"    INTEGER NOT NULL CHECK ("revision" > 0),
    CHECK (("order" IS NULL) <> ("share" IS NULL)),
    CHECK ("freezes" IS NOT NULL OR ("wrong" = 'fine' AND "ahead" = 0)),
    CHECK ("result" <> (CASE WHEN "share" IS NULL THEN 'bounced' ELSE 'partial' END))
) STRICT;
CREATE INDEX receipt_by_order ON receipt ("order", "id");
CREATE INDEX receipt_by_share ON receipt ("share", "id") WHERE "share" IS NOT NULL;
CREATE UNIQUE INDEX receipt_once ON receipt ("provider", "key") WHERE "key" IS NOT NULL;
CREATE INDEX receipt_by_fate ON receipt ("fate", "id") WHERE "fate" <> 'taken';

CREATE TABLE outbox_new (
    "id"       INTEGER NOT NULL PRIMARY KEY,
    "topic"    TEXT NOT NULL CHECK ("topic" IN ('rpz', 'rpz_many', 'stream', 'erasure', 'order')),
    "record"   TEXT NOT NULL,
    "first_leaf" INTEGER NOT NULL, -- of many at once, all that leaves of the record's kind name
    "leaf"     INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL,
    "next_at"  INTEGER NOT NULL
) STRICT;
INSERT INTO outbox_new SELECT * FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
