/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source - a list that somebody else keeps, approved as a whole; and what speaks against its
 * entries.
 *
 * Shape     Flat structs, described field by field in nouns.c (record.h).
 *
 *               source    proposed -> in_force -> ended          proposed -> refused
 *               conflict  open -> dismissed | listed
 *
 *           A source that enforces gives listings, each in force under its approval until an end of
 *           its own. The names of one that protects are not enforced on the word of another.
 * Owns      Nothing; see record.h.
 * Lives     A record, one turn. The words, for ever.
 * Fails     -
 * Threads   Any.
 * Bounds    The text fields are bounded where they enter: by the desk, and again by the schema.
 */
#ifndef YUMEN_FACT_SOURCE_H
#define YUMEN_FACT_SOURCE_H

#include "fact/record.h"

enum source_role { SOURCE_ENFORCES, SOURCE_PROTECTS };
extern const char *const source_role_words[];

enum source_state {
    SOURCE_PROPOSED,
    SOURCE_IN_FORCE,
    SOURCE_ENDED,
    SOURCE_REFUSED,
    SOURCE_STATE_COUNT
};
extern const char *const source_state_words[];

#define SOURCE_ACT_LIST(X)                                                                         \
    X(ACT_SOURCE_PROPOSE, "source.propose", RECORD_SOURCE)                                         \
    X(ACT_SOURCE_APPROVE, "source.approve", RECORD_SOURCE)                                         \
    X(ACT_SOURCE_REFUSE, "source.refuse", RECORD_SOURCE)                                           \
    X(ACT_SOURCE_TAKE, "source.take", RECORD_SOURCE)                                               \
    X(ACT_SOURCE_END, "source.end", RECORD_SOURCE)                                                 \
    X(ACT_SOURCE_EXPIRE, "source.expire", RECORD_SOURCE)                                           \
    X(ACT_CONFLICT_FIND, "conflict.find", RECORD_CONFLICT)                                         \
    X(ACT_CONFLICT_DISMISS, "conflict.dismiss", RECORD_CONFLICT)                                   \
    X(ACT_CONFLICT_LIST, "conflict.list", RECORD_CONFLICT)

struct source {
    str id;
    str name; /* "phishing-database"; what is typed to take a list of it in */
    unsigned role;
    unsigned kind; /* what its entries are and do: as of a listing */
    unsigned action;
    unsigned match;
    str reason;
    str basis;
    str licence;
    str origin; /* who keeps it, and where it is found */
    str evidence;
    str notice;
    str rpz;
    str region;           /* ISO 3166: of numbers without a country code; empty: the profile's */
    int64_t term_us;      /* of an entry, from its last sighting */
    int64_t shrink_milli; /* a list smaller by more than this share waits for a person */
    int64_t grow_milli;   /* likewise larger */
    int64_t size;         /* entries of the last list taken in */
    unsigned state;
    str proposer;
    str approver;
    instant proposed_at;
    instant decided_at;
    instant until;    /* of the approval */
    instant taken_at; /* when the last list was taken in */
    instant ended_at;
    str ended_why;
    str division;
    str profile;
    int64_t max_term_us;
    int64_t revision;
};

enum conflict_rule {
    CONFLICT_PROTECTED,       /* the name itself stands on a list that protects */
    CONFLICT_BELOW_PROTECTED, /* a host of a protected name, which is no shared platform */
    CONFLICT_LIFTED_BEFORE,   /* a person has lifted it; the list says it again */
    CONFLICT_OPPOSED,         /* another source or a person says the opposite */
    CONFLICT_OWN_NAME,        /* the centre's own notice host */
};
extern const char *const conflict_rule_words[];

enum conflict_state { CONFLICT_OPEN, CONFLICT_DISMISSED, CONFLICT_LISTED };
extern const char *const conflict_state_words[];

struct conflict {
    str id;
    str source; /* id */
    str batch;
    unsigned kind;
    str value;
    unsigned rule;
    str against; /* the protecting source's name, or a listing */
    unsigned state;
    str listing; /* proposed all the same, for a second person to approve */
    instant found_at;
    str decider;
    instant decided_at;
    str decided_why;
    str division;
    int64_t revision;
};

#endif
