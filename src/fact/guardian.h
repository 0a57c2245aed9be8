/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guardian - somebody who is asked to call a subscriber when an alert says that they are in danger.
 *
 * Shape     A flat struct, described field by field in nouns.c (record.h).
 *
 *               invited --agree--> agreed --accept--> active     each by a code sent to one of both
 *                  '----------------'-----------------'--> revoked | lapsed --> erased
 *
 *           Both confirm by code; either ends it in one step. A guardian is told "please call
 *           them", under the name that the guardian gave: never number, site, amount or place. Who
 *           they are comes sealed: no key to it is below app.
 * Owns      Nothing; see record.h.
 * Lives     A record, one turn. The words, for ever.
 * Fails     -
 * Threads   Any.
 * Bounds    GUARDIANS_MOST of a subscriber; GUARDIAN_TRIES wrong codes a step.
 */
#ifndef YUMEN_FACT_GUARDIAN_H
#define YUMEN_FACT_GUARDIAN_H

#include "fact/record.h"

enum {
    GUARDIANS_MOST = 8,
    GUARDIAN_TRIES = 5,
    GUARDIAN_INVITES_A_DAY = 3, /* to one number, in either part */
    GUARDIAN_CALLED_BYTES = 60
};

enum guardian_state {
    GUARDIAN_INVITED,
    GUARDIAN_AGREED,
    GUARDIAN_ACTIVE,
    GUARDIAN_REVOKED,
    GUARDIAN_LAPSED
};
extern const char *const guardian_state_words[];

extern const char *const language_words[]; /* show/messages.h: enum language */

#define GUARDIAN_ACT_LIST(X)                                                                       \
    X(ACT_GUARDIAN_INVITE, "guardian.invite", RECORD_GUARDIAN)                                     \
    X(ACT_GUARDIAN_AGREE, "guardian.agree", RECORD_GUARDIAN)                                       \
    X(ACT_GUARDIAN_ACCEPT, "guardian.accept", RECORD_GUARDIAN)                                     \
    X(ACT_GUARDIAN_MISS, "guardian.miss", RECORD_GUARDIAN)                                         \
    X(ACT_GUARDIAN_REVOKE, "guardian.revoke", RECORD_GUARDIAN)                                     \
    X(ACT_GUARDIAN_ASK, "guardian.ask", RECORD_GUARDIAN)                                           \
    X(ACT_GUARDIAN_LAPSE, "guardian.lapse", RECORD_GUARDIAN)                                       \
    X(ACT_GUARDIAN_ERASE, "guardian.erase", RECORD_GUARDIAN)

struct guardian {
    str id;
    str pseudonym;  /* of the subscriber, keyed: as an alert's */
    str subscriber; /* sealed; empty once erased, as all that tells who they are */
    str person;     /* the guardian's pseudonym */
    str contact;    /* sealed */
    str called;     /* what the guardian calls the subscriber, sealed */
    unsigned language;
    unsigned state;
    int64_t tries;
    instant invited_at;
    instant until;
    instant active_at;
    instant ended_at;
    int64_t asked_day; /* since 1970 in the centre's zone */
    str division;
    int64_t revision;
};

#endif
