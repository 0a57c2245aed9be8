/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trunk - whose switch speaks, what it is believed, and how it is answered.
 *
 * Shape     A table. Whose address a request comes from is its trunk; anybody else is a stranger.
 * Owns      Nothing; names are the caller's.
 * Lives     As the gate.
 * Fails     ERR_MALFORMED, ERR_LIMIT of nets.h.
 * Threads   Read by any.
 * Bounds    SIP_TRUNKS, NETS_MAX networks each.
 */
#ifndef YUMEN_GATE_SIP_TRUNK_H
#define YUMEN_GATE_SIP_TRUNK_H

#include "env/nets.h"
#include "gate/sip/guard.h"
#include "gate/sip/port.h"

enum { SIP_TRUNKS = 64, SIP_NO_TRUNK = SIP_TRUNKS };

enum trunk_kind { TRUNK_DOMESTIC, TRUNK_INTERNATIONAL };

struct sip_trunk {
    str name;
    enum trunk_kind kind;
    bool is_asserting;      /* its P-Asserted-Identity counts, before From */
    bool is_national;       /* a number without '+' is one as dialled here; else as E.164 has it */
    uint16_t reject_with;   /* 608 or 603 */
    struct guard_rate rate; /* of its calls, over each transport */
    struct nets from;
};

struct sip_trunks {
    struct sip_trunk at[SIP_TRUNKS];
    size_t count;
};

/* SIP_NO_TRUNK: a stranger. */
size_t sip_trunk_find(const struct sip_trunks *t, const struct net_host *host);

#endif
