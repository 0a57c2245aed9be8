/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt - what a provider says of an order, or of a share of a refund round: each word is kept.
 *
 * Shape     A flat struct, described field by field in nouns.c (record.h).
 *
 *               provider --word--> receipt: fate --taken, over ...--> order, or share
 *
 * Owns      Nothing.   Lives  As the record.   Fails  -   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_FACT_RECEIPT_H
#define YUMEN_FACT_RECEIPT_H

#include "fact/prior.h"

enum receipt_result { /* of a share it is never partial; of an order it never bounced */
                      RECEIPT_PENDING,
                      RECEIPT_DONE,
                      RECEIPT_PARTIAL,
                      RECEIPT_REFUSED,
                      RECEIPT_BOUNCED, /* it was paid, and came back */
};
extern const char *const receipt_result_words[];
/* What it was, seen from here. */
enum receipt_fate {
    RECEIPT_TAKEN,
    RECEIPT_STALE,         /* about what was asked before, or older than the newest */
    RECEIPT_OVER,          /* taken; more is held than was ordered: it is to be trimmed */
    RECEIPT_CONTRADICTING, /* says otherwise of what had been settled: a person looks */
    RECEIPT_UNKNOWN,       /* of no order or share of this provider */
};
extern const char *const receipt_fate_words[];

struct receipt {
    str id;
    str order; /* as the provider names it; or: */
    str share;
    str provider;
    str key; /* the provider's own, once a receipt: again is the same */
    unsigned result;
    unsigned fate;
    int64_t ask;     /* which ask it answers; 0: it does not say */
    int64_t held;    /* -1: it does not say */
    int64_t balance; /* likewise: all that is on the account, whoever holds it */
    str freezes;     /* of others, that go first: prior.h */
    unsigned wrong;  /* enum prior_wrong: what makes no sense in them */
    int64_t ahead;   /* their sum; -1: all there is */
    str reference;   /* of a share's payment */
    str reason;      /* words or a code of the provider's */
    instant at;      /* as the provider says */
    instant received_at;
    str receiver; /* the user whose hand or token brought it */
    str division;
    int64_t revision;
};

#endif
