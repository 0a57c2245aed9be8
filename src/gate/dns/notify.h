/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notify - tells one secondary that the zone has moved on, until it says that it has heard
 * (RFC 1996).
 *
 * Shape     A small machine stepped by time. Several serials inside NOTIFY_GAP_MS become one
 *           message; a message without an answer is sent again, twice as late each time.
 *
 *               quiet --want--> due --send--> waiting --heard--> quiet
 *                                ^------too long-----'  (NOTIFY_TRIES, then: given up)
 *
 * Owns      Nothing.
 * Lives     As its secondary.
 * Fails     notify_hear says why an answer does not count.
 * Threads   One.
 * Bounds    One message each NOTIFY_GAP_MS, NOTIFY_TRIES messages a serial, about four minutes.
 */
#ifndef YUMEN_GATE_DNS_NOTIFY_H
#define YUMEN_GATE_DNS_NOTIFY_H

#include "gate/dns/form.h"
#include "gate/dns/tsig.h"

enum { NOTIFY_GAP_MS = 50, NOTIFY_FIRST_WAIT_MS = 250, NOTIFY_TRIES = 10 };

enum notify_state { NOTIFY_QUIET, NOTIFY_DUE, NOTIFY_WAITING };

struct notify {
    enum notify_state state;
    uint32_t serial; /* to be told, or told */
    uint32_t tries;
    int64_t due_ms;  /* when to send (again); monotonic */
    int64_t sent_ms; /* the last one; 0 for never */
    uint16_t id;
    struct tsig_session session; /* that has signed the last one */
};

enum notify_heard {
    NOTIFY_HEARD,
    NOTIFY_STRAY,   /* not an answer to what we have sent */
    NOTIFY_FORGED,  /* its signature does not hold, or is missing */
    NOTIFY_REFUSED, /* the secondary will not have it */
};

void notify_want(struct notify *n, uint32_t serial, int64_t now_ms);
static inline bool notify_is_due(const struct notify *n, int64_t now_ms)
{
    return n->state != NOTIFY_QUIET && n->due_ms <= now_ms;
}

struct notify_send {
    const struct rpz_forms *forms;
    const struct tsig_key *key; /* NULL: unsigned */
    uint16_t id;                /* nobody may guess it */
    int64_t now_ms;
    uint64_t now_s;
};

/* Writes the message that is due. False when there have been enough: it gives up. */
bool notify_step(struct notify *n, const struct notify_send *send, struct sheet *message);
/* A response from the secondary's address. */
enum notify_heard notify_hear(struct notify *n, const uint8_t *packet,
                              const struct dns_request *response, uint64_t now_s);

#endif
