/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/request.h"

#include <assert.h>

/* What the parser fills before it is read. Names are long and mostly empty: to zero them first
 * takes longer than to read a question. */
#define UNSET __attribute__((uninitialized))

enum section { ANSWER, AUTHORITY, ADDITIONAL, SECTION_COUNT };

struct rr {
    struct dns_name owner;
    size_t at;
    uint16_t type;
    uint16_t class;
    uint32_t ttl;
    struct wire rdata; /* reads the message from the rdata on, and ends with it */
};

/* Every field of it. */
static void rr_parse(struct wire *w, struct rr *ret_rr)
{
    ret_rr->at = w->pos;
    wire_name(w, &ret_rr->owner);
    ret_rr->type = wire_u16(w);
    ret_rr->class = wire_u16(w);
    ret_rr->ttl = wire_u32(w);
    uint16_t size = wire_u16(w);
    ret_rr->rdata = *w;
    (void)wire_bytes(w, size);
    ret_rr->rdata.size = w->pos;
}

static bool opt_take(struct rr *rr, struct dns_request *r)
{
    if (r->has_edns || rr->owner.size != 1)
        return false; /* RFC 6891 6.1.1: one, at the root */
    r->has_edns = true;
    r->udp_bytes = rr->class;
    r->edns_version = (uint8_t)(rr->ttl >> 16);
    r->edns_flags = (uint16_t)(rr->ttl & DNS_DO);
    return true;
}

static bool tsig_take(struct rr *rr, struct dns_request *r)
{
    struct wire *w = &rr->rdata;
    struct tsig_record t = {.key = rr->owner, .at = rr->at};
    wire_name(w, &t.algorithm);
    t.signed_s = wire_u48(w);
    t.fudge_s = wire_u16(w);
    t.mac_size = wire_u16(w);
    t.mac = wire_bytes(w, t.mac_size);
    t.original_id = wire_u16(w);
    t.error = wire_u16(w);
    t.other_size = wire_u16(w);
    t.other = wire_bytes(w, t.other_size);
    r->tsig = t;
    r->has_tsig = true;
    return !w->is_bad && w->pos == w->size && rr->class == DNS_ANY_CLASS && rr->ttl == 0;
}

/* The requester's serial. Only an SOA of the zone asked for says anything. */
static bool soa_take(struct rr *rr, struct dns_request *r)
{
    struct wire *w = &rr->rdata;
    struct dns_name skipped;
    if (r->has_soa || !dns_name_equal(&rr->owner, &r->name))
        return false;
    wire_name(w, &skipped);
    wire_name(w, &skipped);
    r->soa_serial = wire_u32(w);
    (void)wire_bytes(w, 16);
    r->has_soa = true;
    return !w->is_bad && w->pos == w->size;
}

static bool rr_take(struct rr *rr, enum section section, struct dns_request *r)
{
    if (r->has_tsig)
        return false; /* RFC 8945 5.1: nothing may follow it */
    if (section == ADDITIONAL && rr->type == DNS_OPT)
        return opt_take(rr, r);
    if (section == ADDITIONAL && rr->type == DNS_TSIG)
        return tsig_take(rr, r);
    if (section == AUTHORITY && rr->type == DNS_SOA)
        return soa_take(rr, r);
    return rr->type != DNS_OPT && rr->type != DNS_TSIG;
}

static bool sections_parse(struct wire *w, const uint16_t count[SECTION_COUNT],
                           struct dns_request *r)
{
    for (enum section section = ANSWER; section < SECTION_COUNT; section++) {
        for (uint16_t i = 0; i < count[section]; i++) {
            UNSET struct rr rr;
            rr_parse(w, &rr);
            if (w->is_bad || !rr_take(&rr, section, r))
                return false;
        }
    }
    return w->pos == w->size;
}

/* And all else at its beginning, but for the names, which `size` and `has_tsig` speak for. */
static void header_parse(struct wire *w, struct dns_request *r)
{
    r->id = wire_u16(w);
    r->flags = wire_u16(w);
    r->opcode = r->flags >> 11 & 0xF;
    r->is_response = (r->flags & DNS_QR) != 0;
    r->name.size = 0;
    r->type = 0;
    r->class = 0;
    r->question = NULL;
    r->question_size = 0;
    r->has_edns = false;
    r->edns_version = 0;
    r->edns_flags = 0;
    r->udp_bytes = DNS_PLAIN_UDP_BYTES;
    r->has_soa = false;
    r->soa_serial = 0;
    r->has_tsig = false;
}

enum request_verdict request_parse(const uint8_t *packet, size_t size,
                                   struct dns_request *ret_request)
{
    assert(packet != NULL || size == 0);
    if (size < DNS_HEADER_BYTES)
        return REQUEST_DROP;
    struct wire w = {.at = packet, .size = size};
    struct dns_request *r = ret_request;
    header_parse(&w, r);
    uint16_t questions = wire_u16(&w);
    uint16_t count[SECTION_COUNT];
    for (enum section s = ANSWER; s < SECTION_COUNT; s++)
        count[s] = wire_u16(&w);
    if (r->opcode != DNS_QUERY && r->opcode != DNS_NOTIFY)
        return REQUEST_NOT_IMPLEMENTED;
    /* A response may leave the question out (and some do, in an acknowledged NOTIFY). */
    if (questions != 1 && !(questions == 0 && r->is_response))
        return REQUEST_MALFORMED;

    if (questions == 1) {
        wire_name(&w, &r->name);
        r->type = wire_u16(&w);
        r->class = wire_u16(&w);
        r->question = packet + DNS_HEADER_BYTES;
        r->question_size = (uint16_t)(w.pos - DNS_HEADER_BYTES);
    }
    return !w.is_bad && sections_parse(&w, count, r) ? REQUEST_OK : REQUEST_MALFORMED;
}
