/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request - a DNS message that a peer sent, taken apart as far as this gate needs it.
 *
 * Shape     One question; an SOA in the authority section (IXFR says there where it stands); OPT
 *           and TSIG in the additional section, in whatever company. Every record is walked, so a
 *           message that parses is sound from end to end.
 * Owns      Nothing: tsig.mac and the question point into the packet.
 * Lives     As long as the packet.
 * Fails     The rcode the peer shall be told, or REQUEST_DROP for what must not be answered.
 * Threads   Any.
 * Bounds    One pass; compression cannot loop (wire.h).
 */
#ifndef YUMEN_GATE_DNS_REQUEST_H
#define YUMEN_GATE_DNS_REQUEST_H

#include "gate/dns/wire.h"

/* RFC 8945 4.2, as it was on the wire. */
struct tsig_record {
    struct dns_name key;
    struct dns_name algorithm;
    uint64_t signed_s;
    uint16_t fudge_s;
    uint16_t mac_size;
    const uint8_t *mac;
    uint16_t original_id;
    uint16_t error;
    uint16_t other_size;
    const uint8_t *other;
    size_t at; /* offset of the record: what is signed ends here */
};

struct dns_request {
    uint16_t id;
    uint16_t flags;
    uint8_t opcode;
    bool is_response;
    struct dns_name name; /* asked for, lower case */
    uint16_t type;
    uint16_t class;
    const uint8_t *question; /* as sent, letter case and all */
    uint16_t question_size;
    bool has_edns;
    uint8_t edns_version;
    uint16_t edns_flags; /* those we know: DNS_DO */
    uint16_t udp_bytes;  /* what the peer can take over UDP */
    bool has_soa;
    uint32_t soa_serial;
    bool has_tsig;
    struct tsig_record tsig;
};

enum request_verdict {
    REQUEST_OK,
    REQUEST_MALFORMED,
    REQUEST_NOT_IMPLEMENTED, /* an opcode that is not ours; only id, flags and opcode are set */
    REQUEST_DROP,
};

/* Questions and answers alike: who expects a question drops responses, and the other way round. */
enum request_verdict request_parse(const uint8_t *packet, size_t size,
                                   struct dns_request *ret_request);

#endif
