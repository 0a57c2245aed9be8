-- SPDX-License-Identifier: Apache-2.0
-- 0012: sending officers to alerts. Where somebody is stays a beat, and officers are where they last recorded a visit, or at
-- their station: no table here holds where anybody went.

ALTER TABLE alert ADD COLUMN "is_sent" INTEGER NOT NULL DEFAULT 0 CHECK ("is_sent" IN (0, 1)); -- the machine chose the officer
ALTER TABLE alert ADD COLUMN "passed" TEXT CHECK (length("passed") <= 1000); -- users who refused, were silent or gave it back
ALTER TABLE alert ADD COLUMN "unsent" TEXT NOT NULL DEFAULT 'none' -- why nobody goes, though somebody should
    CHECK ("unsent" IN ('none', 'place', 'station', 'nobody'));
ALTER TABLE alert ADD COLUMN "beat" TEXT REFERENCES beat ("id"); -- told with the address, which is erased; NULL: all of the division

-- What somebody is to go to, or is on the way to (app/send).
CREATE INDEX alert_door ON alert ("id") WHERE "state" <> 'closed' AND "withheld" = 'none'
    AND ("highest" = 'urgent' OR "means" = 'visit' OR "tried" = 'visit');
CREATE INDEX alert_unsent ON alert ("id") WHERE "unsent" <> 'none' AND "state" <> 'closed';
CREATE INDEX outreach_visit ON outreach ("done_at", "by") WHERE "means" = 'visit';

-- Urgent timers go first.
ALTER TABLE timer ADD COLUMN "is_urgent" INTEGER NOT NULL DEFAULT 0 CHECK ("is_urgent" IN (0, 1));
CREATE INDEX timer_urgent ON timer ("due", "record", "act") WHERE "is_urgent" = 1;
