/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outreach - what stands beside an alert: attempts to reach somebody, what they asked for, and
 * where they are.
 *
 * Shape     Flat structs, described field by field in nouns.c (record.h).
 *
 *               outreach     one attempt, done
 *               hush         in_force -> ended            "do not warn me again"
 *               whereabouts  asked -> told -> erased      for one urgent alert
 *
 * Owns      Nothing.   Lives  As the record.   Fails  -   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_FACT_OUTREACH_H
#define YUMEN_FACT_OUTREACH_H

#include "base/instant.h"

enum outreach_result {
    RESULT_SENT, /* a message left; nobody knows whether it was read */
    RESULT_REACHED,
    RESULT_REFUSED, /* hung up, did not open, did not believe it */
    RESULT_NO_ANSWER,
    RESULT_UNREACHABLE, /* a number or a place that is nobody's */
    RESULT_FAILED,      /* on our side: what carries messages is down */
    RESULT_COUNT
};
extern const char *const outreach_result_words[];

enum hush_state { HUSH_IN_FORCE, HUSH_ENDED };
extern const char *const hush_state_words[];

enum whereabouts_state { WHEREABOUTS_ASKED, WHEREABOUTS_TOLD, WHEREABOUTS_ERASED };
extern const char *const whereabouts_state_words[];

#define OUTREACH_ACT_LIST(X)                                                                       \
    X(ACT_OUTREACH_TAKE, "outreach.take", RECORD_OUTREACH)                                         \
    X(ACT_OUTREACH_ERASE, "outreach.erase", RECORD_OUTREACH)                                       \
    X(ACT_HUSH_ASK, "hush.ask", RECORD_HUSH)                                                       \
    X(ACT_HUSH_END, "hush.end", RECORD_HUSH)                                                       \
    X(ACT_WHEREABOUTS_ASK, "whereabouts.ask", RECORD_WHEREABOUTS)                                  \
    X(ACT_WHEREABOUTS_TELL, "whereabouts.tell", RECORD_WHEREABOUTS)                                \
    X(ACT_WHEREABOUTS_READ, "whereabouts.read", RECORD_WHEREABOUTS)                                \
    X(ACT_WHEREABOUTS_ERASE, "whereabouts.erase", RECORD_WHEREABOUTS)

struct outreach {
    str id;
    str alert;
    int64_t step;
    unsigned means;
    instant due_at;
    instant done_at; /* by the clock of whoever did it */
    instant told_at;
    unsigned result;
    str by;
    str note;
    str division;
    int64_t revision;
};

struct hush {
    str id;
    str alert;
    str pseudonym;
    unsigned highest; /* up to this tier */
    unsigned state;
    str by;
    instant asked_at;
    instant until;
    str division;
    int64_t revision;
};

struct whereabouts {
    str id;
    str alert;
    unsigned state;
    str address; /* sealed */
    str asker;
    instant asked_at;
    str teller;
    instant told_at;
    instant erased_at;
    instant until;
    str division;
    int64_t revision;
};

#endif
