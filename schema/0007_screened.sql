-- SPDX-License-Identifier: Apache-2.0
-- 0007: calls that were screened at set-up, counted; of no number.

CREATE TABLE call_screened (
    "day"     INTEGER NOT NULL, -- since 1970, in the centre's zone
    "carrier" TEXT NOT NULL, -- a provider's id; empty: the trunk is nobody's in particular
    "trunk"   TEXT NOT NULL,
    "reason"  TEXT NOT NULL CHECK ("reason" <> ''),
    "outcome" TEXT NOT NULL
        CHECK ("outcome" IN ('passed', 'announced', 'blocked', 'refused', 'unanswered')),
    "calls"   INTEGER NOT NULL CHECK ("calls" > 0),
    PRIMARY KEY ("day", "carrier", "trunk", "reason", "outcome")
) STRICT, WITHOUT ROWID;
