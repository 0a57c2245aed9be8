/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xfer - a zone on its way to a secondary, one message at a time: AXFR (RFC 5936) and IXFR
 * (RFC 1995).
 *
 * Shape     An answer is a sequence of records; the xfer stands at one of them, and xfer_fill
 *           writes as many as fit on the sheet. Whoever sends decides when the next message is
 *           made, so a slow peer holds a view and some bytes, never the gate.
 *
 *               AXFR    SOA  NS  every name                                  SOA
 *               IXFR    SOA  { SOA from, removed, SOA to, added } per diff   SOA
 *               newest already                                               SOA
 *
 * Owns      Keeps a view and the first diff from begin to done.
 * Lives     As one answer over TCP.
 * Fails     Cannot: the room of a message is XFER_ROOM_MIN or more.
 * Threads   One.
 * Bounds    XFER_MESSAGE_BYTES a message, so that every name in it can be pointed at.
 */
#ifndef YUMEN_GATE_DNS_XFER_H
#define YUMEN_GATE_DNS_XFER_H

#include "gate/dns/form.h"
#include "gate/dns/tsig.h"
#include "gate/dns/zone.h"

enum { XFER_MESSAGE_BYTES = 16 * 1024, XFER_ROOM_MIN = 4096 };

enum xfer_kind { XFER_WHOLE, XFER_DIFFS, XFER_NEWEST };

enum xfer_at {
    XFER_OPEN,
    XFER_NS,
    XFER_NAMES,
    XFER_FROM,
    XFER_REMOVED,
    XFER_TO,
    XFER_ADDED,
    XFER_CLOSE,
    XFER_END
};

struct xfer {
    const struct rpz_forms *forms;
    struct rpz_view *view; /* kept */
    struct rpz_diff *held; /* kept; the first diff of the answer */
    const struct rpz_diff *diff;
    struct tsig_session session;
    enum xfer_kind kind;
    enum xfer_at at;
    size_t chunk;            /* next one to open */
    struct run_reader names; /* of the run */
    bool has_pack;           /* names.pack is not yet written */
    uint16_t id;
    uint16_t flags;
    uint16_t question_size;
    bool has_edns;
    uint16_t edns_flags;
    bool is_first;
    uint8_t question[DNS_NAME_MAX + 4];
    uint64_t records;
    uint64_t bytes;
};

/* `from` is the diff that starts at the peer's serial; NULL sends the whole zone. */
void xfer_begin(struct xfer *x, const struct rpz_forms *forms, struct rpz_view *view,
                struct rpz_diff *from);
/* The peer has our serial, or a later one: says so. */
void xfer_begin_newest(struct xfer *x, const struct rpz_forms *forms, struct rpz_view *view);
void xfer_ask(struct xfer *x, const struct dns_request *request,
              const struct tsig_session *session);
/* The next message, whole and signed. False when there is none left. */
bool xfer_fill(struct xfer *x, struct sheet *message, uint64_t now_s);
void xfer_done(struct xfer *x); /* a zeroed one too */

/* Shared with answers that fit one message. */
void rpz_soa_put(struct sheet *s, const struct rpz_forms *forms, uint16_t owner_at,
                 uint32_t serial);

#endif
