/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy - what a resolver shall do with a listed name, and the words this gate shares with others.
 *
 * Shape     draft-vixie-dnsop-dns-rpz 3, as tables say in form.c.
 * Owns      An rpz_entry borrows its name.
 * Lives     -   Fails  -   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_GATE_DNS_POLICY_H
#define YUMEN_GATE_DNS_POLICY_H

#include "base/str.h"

enum rpz_policy {
    RPZ_NONE,     /* in a change: the name is lifted */
    RPZ_NOTICE,   /* answer with the notice host */
    RPZ_NXDOMAIN, /* no such name */
    RPZ_NODATA,   /* the name, but nothing there */
    RPZ_PASSTHRU, /* leave alone, whatever else is listed */
    RPZ_TCP_ONLY, /* truncate over UDP */
    RPZ_POLICY_COUNT,
};

struct rpz_entry {
    str owner; /* without the zone: "evil.com" or "*.evil.com", A-labels */
    enum rpz_policy policy;
};

/* What turned one published state into the next, for a start after a stop. A name stands at most
 * once among the removed and once among the added: before and after, not every turn between. */
struct rpz_past {
    uint32_t from;
    uint32_t to;
    const struct rpz_entry *removed; /* with the policy each had */
    size_t removed_count;
    const struct rpz_entry *added;
    size_t added_count;
};

#endif
