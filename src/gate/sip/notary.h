/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notary - has what networks signed of calls checked, beside the calls' way: no answer waits for a
 * signature, and what is found counts for what comes later.
 *
 * Shape     A lane lays a request with an Identity header on its belt, a copy, without a lock; one
 *           thread takes from all belts, checks, counts by trunk, and wipes the copy.
 *
 *               udp --belt--+
 *                           +--> thread: passport.h --> counts, forged marks, unknown certificates
 *               tcp --belt--+
 *
 *           A number whose signature was forged on a trunk is marked for SIP_FORGED_S there, as a
 *           hash. Of certificates that are not here the addresses are kept, and how often each was
 *           named: a new one takes the place of the one that came least often.
 * Owns      Its thread. Certificates are the port's.
 * Lives     From sip_notary_start to sip_notary_stop. NULL where an argument may be: nothing is
 *           checked.
 * Fails     start: ERR_LIMIT, ERR_OS. A full belt: the copy is not made, and counts as unread.
 * Threads   offer: each lane its own. is_marked, counts, unknown: any.
 * Bounds    SIP_WAITING requests a lane, 4 MiB; SIP_MARKS; SIP_UNKNOWN addresses.
 */
#ifndef YUMEN_GATE_SIP_NOTARY_H
#define YUMEN_GATE_SIP_NOTARY_H

#include "gate/sip/passport.h"

enum {
    SIP_WAITING = 256,
    SIP_WAITING_BYTES = 8192,
    SIP_MARKS = 4096,
    SIP_FORGED_S = 600,
    SIP_UNKNOWN = 32,
    SIP_SIGNERS_S = 10, /* how often the port is asked for certificates */
};

struct sip_notary;

struct sip_notary_options {
    const struct sip_trunks *trunks;
    const struct sip_port *port; /* its now and signers */
    int64_t fresh_s;
    uint64_t seed;
};

/* In `boot`, as long as that. */
err sip_notary_start(const struct sip_notary_options *o, struct arena *boot,
                     struct sip_notary **ret_notary);
void sip_notary_stop(struct sip_notary *n);

void sip_notary_offer(struct sip_notary *n, enum sip_lane lane, size_t trunk, str request);
/* Was this number's signature forged on the trunk lately? The time is monotonic. */
bool sip_notary_is_marked(const struct sip_notary *n, size_t trunk, str number, int64_t now_us);

uint64_t sip_notary_count(const struct sip_notary *n, size_t trunk, enum sip_finding finding);

struct sip_unknown {
    char url[SIP_URL_BYTES];
    size_t url_size;
    uint64_t count;
    instant first;
    instant last;
};
/* Most often asked for first; how many. */
size_t sip_notary_unknown(struct sip_notary *n, struct sip_unknown ret_unknown[SIP_UNKNOWN]);

#endif
