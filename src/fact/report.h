/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report - what a victim tells, and the payments they name: their claims.
 *
 * Shape     Flat structs, described field by field in nouns.c (record.h).
 *
 *               report   filed -> taken -> withdrawn          filed -> refused | withdrawn
 *               claim    told -> matched | mismatched         any of them -> withdrawn
 *
 *           A report from the web is filed and sends nothing; an operator, or the victim's bank,
 *           takes it. Each payment told of is a claim: the victim's transfer, or what they remember
 *           of it until their bank's own transfer is found.
 * Owns      Nothing.   Lives  As the record.   Fails  -   Threads  Any.
 * Bounds    REPORT_CLAIMS claims a report.
 */
#ifndef YUMEN_FACT_REPORT_H
#define YUMEN_FACT_REPORT_H

#include "base/instant.h"

enum { REPORT_CLAIMS = 64 };

enum report_channel {
    REPORT_BY_96110,
    REPORT_BY_110,
    REPORT_BY_WEB,
    REPORT_BY_COUNTER, /* of a bank or a station */
    REPORT_BY_BANK,    /* the victim's bank says it */
    REPORT_BY_APP,
};
extern const char *const report_channel_words[];

enum report_state {
    REPORT_FILED,
    REPORT_TAKEN,
    REPORT_REFUSED,
    REPORT_WITHDRAWN,
    REPORT_STATE_COUNT
};
extern const char *const report_state_words[];

struct report {
    str id;
    unsigned channel;
    unsigned state;
    str incident;      /* the working record that it opened or joined; empty until it is taken */
    str victim_number; /* to call back */
    str victim_name;
    str said;
    str currency;
    int64_t loss;    /* minor units: the sum of its claims that no earlier report told of */
    int64_t pledged; /* of it: what measures under this report ask for or hold; the schema keeps it
                        within the loss */
    str secret;      /* hex of SHA-256 of what opens the victim's page */
    str filer;       /* a user, or "public" */
    instant filed_at;
    str taker;
    instant taken_at;
    instant ended_at; /* refused or withdrawn */
    str ended_why;
    str division;
    int64_t revision;
};

enum claim_state {
    CLAIM_TOLD,
    CLAIM_MATCHED,
    CLAIM_MISMATCHED,
    CLAIM_WITHDRAWN,
    CLAIM_STATE_COUNT
};
extern const char *const claim_state_words[];

/* `from` and `to` are account keys (fact/account.h); empty: the victim does not know. */
struct claim {
    str id;
    str report;
    str incident;
    unsigned state;
    str transfer; /* its id at the bank, once known */
    str from;
    str to;
    str bank; /* of the payee, as told or as the transfer says */
    str name; /* of the payee, as told */
    int64_t amount;
    str currency;
    instant sent_at; /* when the victim paid */
    str mismatch; /* what the bank knows otherwise: "amount", "time", "name", "to": a line each */
    int64_t returned; /* minor units, over all refunds so far */
    str division;
    int64_t revision;
};

#endif
