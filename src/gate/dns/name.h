/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name - a domain name in wire form: labels led by their length, lower case, with the root byte.
 *
 * Shape     A value without pointers. Read from text ("rpz.yumen.", A-labels, final dot optional)
 *           or, in wire.h, from a packet. Lower case once, so that comparing is memcmp.
 * Owns      Nothing.   Lives  As its variable.   Threads  Any.
 * Fails     ERR_MALFORMED for what is no host name, ERR_LIMIT past 255 bytes.
 * Bounds    RFC 1035 2.3.4: 63 bytes a label, 255 a name.
 */
#ifndef YUMEN_GATE_DNS_NAME_H
#define YUMEN_GATE_DNS_NAME_H

#include "base/str.h"

enum { DNS_NAME_MAX = 255, DNS_LABEL_MAX = 63, DNS_LABELS_MAX = 127 };

struct dns_name {
    uint8_t size; /* with the root byte; 0 is "no name" */
    uint8_t at[DNS_NAME_MAX];
};

/* Letters, digits, '-' and '_'; '*' only as the whole first label. "." is the root. */
err dns_name_parse(str text, struct dns_name *ret_name);
/* Of those characters, in lower case, and neither empty nor too long. */
bool dns_label_is_host(str label);
bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);
/* True for the zone itself too; ret_size is how many bytes of `name` stand before the zone. */
bool dns_name_within(const struct dns_name *name, const struct dns_name *zone, size_t *ret_size);

static inline uint8_t dns_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

#endif
