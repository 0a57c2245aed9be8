/* SPDX-License-Identifier: Apache-2.0 */
/*
 * incident - somebody was robbed by these transfers, and their money is followed.
 *
 * Shape     Flat, described field by field in nouns.c (record.h). The transfers are their ids as
 *           the bank gave them, a line each; what they are stands in the store of transfers.
 * Owns      Nothing.   Lives  As the record.   Fails  -   Threads  Any.
 * Bounds    INCIDENT_TRANSFERS transfers.
 */
#ifndef YUMEN_FACT_INCIDENT_H
#define YUMEN_FACT_INCIDENT_H

#include "base/instant.h"

enum { INCIDENT_TRANSFERS = 200 };

enum incident_state { INCIDENT_OPEN, INCIDENT_FOLLOWING, INCIDENT_CLOSED };
extern const char *const incident_state_words[];

struct incident {
    str id;
    unsigned state;
    str transfers;
    str currency;
    int64_t stolen; /* minor units, when it was opened */
    str said;
    str opener;
    instant opened_at;
    str closer;
    instant closed_at;
    str closed_why;
    str division;
    int64_t revision;
};

#endif
