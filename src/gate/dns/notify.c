/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/notify.h"

#include "gate/dns/xfer.h"

#include <assert.h>

void notify_want(struct notify *n, uint32_t serial, int64_t now_ms)
{
    n->serial = serial;
    n->tries = 0;
    n->state = NOTIFY_DUE;
    n->due_ms = n->sent_ms == 0 || n->sent_ms + NOTIFY_GAP_MS < now_ms ? now_ms
                                                                       : n->sent_ms + NOTIFY_GAP_MS;
}

static void message_put(struct sheet *s, const struct rpz_forms *forms, uint16_t id,
                        uint32_t serial)
{
    sheet_u16(s, id);
    sheet_u16(s, DNS_NOTIFY << 11 | DNS_AA);
    sheet_u16(s, 1);
    sheet_u16(s, 1); /* RFC 1996 3.7: the SOA spares a secondary that has it the question */
    sheet_u16(s, 0);
    sheet_u16(s, 0);
    sheet_bytes(s, forms->zone.at, forms->zone.size);
    sheet_u16(s, DNS_SOA);
    sheet_u16(s, DNS_IN);
    rpz_soa_put(s, forms, DNS_HEADER_BYTES, serial);
}

bool notify_step(struct notify *n, const struct notify_send *send, struct sheet *message)
{
    assert(notify_is_due(n, send->now_ms) && message->size == 0);
    if (n->tries == NOTIFY_TRIES) {
        n->state = NOTIFY_QUIET;
        return false;
    }
    n->id = send->id;
    n->session = send->key == NULL ? (struct tsig_session){0} : tsig_session_make(send->key);
    message_put(message, send->forms, n->id, n->serial);
    tsig_sign(&n->session, message, send->now_s);
    n->state = NOTIFY_WAITING;
    n->sent_ms = send->now_ms;
    n->due_ms = send->now_ms + ((int64_t)NOTIFY_FIRST_WAIT_MS << n->tries);
    n->tries++;
    return true;
}

enum notify_heard notify_hear(struct notify *n, const uint8_t *packet,
                              const struct dns_request *response, uint64_t now_s)
{
    if (n->state != NOTIFY_WAITING || response->id != n->id || response->opcode != DNS_NOTIFY ||
        !response->is_response)
        return NOTIFY_STRAY;
    bool is_signed = n->session.key != NULL;
    if (is_signed && (!response->has_tsig ||
                      tsig_check_reply(&n->session, packet, &response->tsig, now_s) != TSIG_OK))
        return NOTIFY_FORGED; /* wait on: the true answer may still come */
    if ((response->flags & 0xF) != DNS_NOERROR) {
        return NOTIFY_REFUSED; /* it may have been restarted without the zone: try again later */
    }
    n->state = NOTIFY_QUIET;
    return NOTIFY_HEARD;
}
