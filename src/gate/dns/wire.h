/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire - a cursor that reads a DNS message and a sheet that one is written on.
 *
 * Shape     Both stay on their bytes whatever they are asked: a cursor past the end is `is_bad`
 *           and gives zeros, a sheet past its room is `is_full` and stops. The caller looks once,
 *           at the end, so that a parser reads like the format it parses.
 * Owns      Nothing: the bytes are the caller's.
 * Lives     As long as those bytes.
 * Fails     wire.is_bad, sheet.is_full.
 * Threads   One.
 * Bounds    65,535 bytes. A compression pointer must lead strictly backwards, so a name is read in
 *           at most 127 labels and a loop cannot be written.
 */
#ifndef YUMEN_GATE_DNS_WIRE_H
#define YUMEN_GATE_DNS_WIRE_H

#include "gate/dns/name.h"

enum {
    DNS_HEADER_BYTES = 12,
    DNS_MESSAGE_MAX = 65535,
    DNS_PLAIN_UDP_BYTES = 512,
    DNS_SAFE_UDP_BYTES = 1232, /* what crosses every path unfragmented */
    DNS_OPT_BYTES = 11,
};

enum dns_type {
    DNS_A = 1,
    DNS_NS = 2,
    DNS_CNAME = 5,
    DNS_SOA = 6,
    DNS_HINFO = 13,
    DNS_TXT = 16,
    DNS_AAAA = 28,
    DNS_OPT = 41,
    DNS_TSIG = 250,
    DNS_IXFR = 251,
    DNS_AXFR = 252,
    DNS_ANY_TYPE = 255,
};

enum { DNS_IN = 1, DNS_ANY_CLASS = 255 };
enum { DNS_QUERY = 0, DNS_NOTIFY = 4 };

enum dns_rcode {
    DNS_NOERROR = 0,
    DNS_FORMERR = 1,
    DNS_SERVFAIL = 2,
    DNS_NXDOMAIN = 3,
    DNS_NOTIMP = 4,
    DNS_REFUSED = 5,
    DNS_NOTAUTH = 9,
    DNS_BADVERS = 16, /* its upper bits travel in OPT */
};

enum { DNS_QR = 0x8000, DNS_AA = 0x0400, DNS_TC = 0x0200, DNS_RD = 0x0100 };
enum { DNS_DO = 0x8000 }; /* of EDNS */

struct wire {
    const uint8_t *at;
    size_t size;
    size_t pos;
    bool is_bad;
};

uint8_t wire_u8(struct wire *w);
uint16_t wire_u16(struct wire *w);
uint32_t wire_u32(struct wire *w);
uint64_t wire_u48(struct wire *w);
/* Steps over `size` bytes and gives where they begin; NULL when they are not there. */
const uint8_t *wire_bytes(struct wire *w, size_t size);
/* "No name" when it is bad. */
void wire_name(struct wire *w, struct dns_name *ret_name);

struct sheet {
    uint8_t *at;
    size_t room;
    size_t size;
    bool is_full;
};

void sheet_u8(struct sheet *s, uint8_t value);
void sheet_u16(struct sheet *s, uint16_t value);
void sheet_u32(struct sheet *s, uint32_t value);
void sheet_u48(struct sheet *s, uint64_t value);
void sheet_bytes(struct sheet *s, const void *bytes, size_t size);
/* Overwrites two bytes that have been written before. */
void sheet_set_u16(struct sheet *s, size_t pos, uint16_t value);
uint16_t sheet_get_u16(const struct sheet *s, size_t pos);
/* Takes back everything after `size`, and the fullness with it. */
void sheet_cut(struct sheet *s, size_t size);

/* RFC 6891: our OPT record, which carries what of the code does not fit the header. `flags`: DO, if
 * it was asked with (RFC 3225 3). */
void dns_opt_put(struct sheet *s, enum dns_rcode rcode, uint16_t flags);

/* RFC 1982: is `a` after `b`? */
static inline bool serial_is_after(uint32_t a, uint32_t b)
{
    return a != b && (uint32_t)(a - b) < UINT32_C(0x80000000);
}

#endif
