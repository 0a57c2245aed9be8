-- SPDX-License-Identifier: Apache-2.0
-- An incident: somebody was robbed by transfers, and their money is followed.

CREATE TABLE incident (
    "id"         TEXT NOT NULL PRIMARY KEY,
    "state"      TEXT NOT NULL CHECK ("state" IN ('open', 'following', 'closed')),
    "transfers"  TEXT NOT NULL CHECK (length("transfers") > 0), -- ids as their bank gave them, a line each
    "currency"   TEXT NOT NULL CHECK (length("currency") = 3),
    "stolen"     INTEGER NOT NULL CHECK ("stolen" >= 0), -- minor units, when it was opened
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
CREATE INDEX incident_by_state ON incident ("state", "id");
CREATE INDEX incident_by_division ON incident ("division", "id");
