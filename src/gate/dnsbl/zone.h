/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone - one of the two zones: what a name in it stands for, and its own records.
 *
 * Shape     domains   evil.example.dbl.yumen.       evil.example
 *           numbers   8.7...9.3.1.6.8.num.yumen.    +8613912...78: digits from the last, as in ENUM
 *
 *           RFC 5782 5 wants a domain that is always listed, TEST, and one that never is, INVALID.
 *           Of numbers +0000002 always is, and +0000001 never: no country begins with 0. What asks
 *           every list for 127.0.0.2 and 127.0.0.1 (2.0.0.127.num.yumen.) gets the same.
 * Owns      Nothing; a value stands in the caller's room, or in its arena.
 * Lives     As long as those.
 * Fails     zone_make: a name that is none, or a server's name of more than ZONE_SERVER_BYTES.
 * Threads   Any.
 * Bounds    A name of DNS_NAME_MAX bytes, a number of ZONE_DIGITS.
 */
#ifndef YUMEN_GATE_DNSBL_ZONE_H
#define YUMEN_GATE_DNSBL_ZONE_H

#include "gate/dns/wire.h"

enum { ZONE_SERVER_BYTES = 48, ZONE_DIGITS = 15, ZONE_RECORD_BYTES = 128 };

/* A record without its owner. */
struct zone_record {
    size_t size;
    uint8_t at[ZONE_RECORD_BYTES];
};

struct list_zone {
    struct dns_name name;
    unsigned kind; /* INDICATOR_DOMAIN, INDICATOR_NUMBER */
    struct zone_record soa;
    size_t serial_at; /* in soa */
    struct zone_record ns;
};

struct zone_terms {
    str server;         /* named by NS and SOA */
    uint32_t ttl_s;     /* of what is listed, at most */
    uint32_t nothing_s; /* how long "not listed" may be remembered */
};

err zone_make(str name, unsigned kind, const struct zone_terms *terms, struct list_zone *ret_zone);

enum zone_place {
    ZONE_APEX,
    ZONE_VALUE,   /* may be listed: ask */
    ZONE_POINT,   /* the test point */
    ZONE_BETWEEN, /* nothing here, something below */
    ZONE_NOTHING, /* cannot be listed */
    ZONE_UNKNOWN, /* there was no room to find out */
};

/* `labels`: the name as far as it stands before the zone's, in lower case. `room` holds the value
 * when it is plain; a name that must be brought to its canonical form is made in `turn`. */
enum zone_place zone_find(const struct list_zone *z, str labels, char room[DNS_NAME_MAX],
                          struct arena *turn, str *ret_value);

#endif
