-- SPDX-License-Identifier: Apache-2.0
-- In recursor.conf:   lua-config-file=/etc/powerdns/yumen.lua   and the lines of yumen.conf

rpzPrimary("192.0.2.53:5300", "rpz.yumen", {  -- Yumen's dns.listen
    -- The same name, algorithm and secret stand in Yumen's dns.tsig.
    tsigname = "yumen.example",
    tsigalgo = "hmac-sha256",
    tsigsecret = "cmVwbGFjZSB0aGlzIGJ5IHlvdXIgb3duIHNlY3JldA==",
    refresh = 1,            -- a policy zone takes no NOTIFY: it asks each second ("polls: yes")
    maxTTL = 5,             -- a lift is felt after five seconds
    axfrTimeout = 60,       -- room for a million names
    includeSOA = false,
    extendedErrorCode = 15, -- "blocked"
    -- Kept, so that a restart goes on by IXFR, and blocks before Yumen has answered.
    seedFile = "/var/lib/powerdns/rpz.yumen",
    dumpFile = "/var/lib/powerdns/rpz.yumen",
})
