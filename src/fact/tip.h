/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tip - what people told of a thing that looks like a scam: a number, a site, an account.
 *
 * Shape     A flat struct, described field by field in nouns.c (record.h).
 *
 *               tell --> open --list, dismiss--> listed | dismissed --tell, so many--> open
 *                          '--------- until ---------> lapsed; then erased
 *
 *           One a thing, however many told of it. It does nothing to the thing: a person proposes a
 *           listing, another approves it. Of those who told it has their number, and nothing else:
 *           there is no place for what they wrote.
 * Owns      Nothing; see record.h.
 * Lives     A record, one turn. The words, for ever.
 * Fails     -
 * Threads   Any.
 * Bounds    TIP_DAYS after the last was told or said of it.
 */
#ifndef YUMEN_FACT_TIP_H
#define YUMEN_FACT_TIP_H

#include "fact/record.h"

enum { TIP_DAYS = 90 };

enum tip_state { TIP_OPEN, TIP_LISTED, TIP_DISMISSED, TIP_LAPSED };
extern const char *const tip_state_words[];

#define TIP_ACT_LIST(X)                                                                            \
    X(ACT_TIP_TELL, "tip.tell", RECORD_TIP)                                                        \
    X(ACT_TIP_LIST, "tip.list", RECORD_TIP)                                                        \
    X(ACT_TIP_DISMISS, "tip.dismiss", RECORD_TIP)                                                  \
    X(ACT_TIP_ERASE, "tip.erase", RECORD_TIP)

struct tip {
    str id;
    unsigned kind;
    str value; /* canonical; "erased-<id>" once erased */
    unsigned state;
    int64_t told;         /* by how many, each once */
    int64_t by_programs;  /* of these, through a program that is signed in */
    int64_t decided_told; /* when it was decided; 0: it was not */
    str listing;          /* proposed on it */
    instant first_at;
    instant last_at;
    instant until;
    str decider;
    instant decided_at;
    str decided_why;
    str division;
    int64_t revision;
};

#endif
