/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listing - an indicator with an action and the reason for it, and the appeal against it.
 *
 * Shape     Flat structs, described field by field in nouns.c (record.h).
 *
 *               listing  proposed -> in_force -> expired | lifted      proposed -> refused
 *               appeal   filed -> reviewing -> granted | rejected
 *                        filed, reviewing -> withdrawn
 *
 * Owns      Nothing; see record.h.
 * Lives     A record, one turn. The words, for ever.
 * Fails     -
 * Threads   Any.
 * Bounds    The text fields are bounded where they enter: by the desk, and again by the schema.
 */
#ifndef YUMEN_FACT_LISTING_H
#define YUMEN_FACT_LISTING_H

#include "fact/record.h"

/* What may be listed. Never a person: there is no such word, here or in the schema. */
enum indicator_kind {
    INDICATOR_NUMBER,
    INDICATOR_DOMAIN,
    INDICATOR_URL,
    INDICATOR_ACCOUNT,
    INDICATOR_DEVICE,
    INDICATOR_COMPANY,
    INDICATOR_KIND_COUNT
};
extern const char *const indicator_kind_words[];

enum listing_action { ACTION_BLOCK, ACTION_WARN, ACTION_ALLOW, ACTION_COUNT };
extern const char *const listing_action_words[];

enum listing_match { MATCH_EXACT, MATCH_SUFFIX };
extern const char *const listing_match_words[];

enum listing_state {
    LISTING_PROPOSED,
    LISTING_IN_FORCE,
    LISTING_EXPIRED,
    LISTING_LIFTED,
    LISTING_REFUSED,
    LISTING_STATE_COUNT
};
extern const char *const listing_state_words[];

struct listing {
    str id;
    unsigned kind;
    str value;   /* canonical; "erased-<id>" once erased */
    str display; /* as a person reads it */
    unsigned action;
    unsigned match;
    str reason; /* a code of the profile where one fits */
    str evidence;
    str basis; /* the law it rests on */
    str source;
    str source_id;       /* of the approved source it entered under; empty: proposed by itself */
    int64_t score_milli; /* 0..100000: 0 to 100 in thousandths */
    instant from;
    instant until;
    unsigned state;
    str proposer; /* user id */
    str approver; /* user id; never the proposer */
    str notice;   /* what the person affected reads */
    str division;
    str batch;
    str profile; /* with kind, action and max_term: the law_limit row it stands under */
    int64_t max_term_us;
    str rpz; /* "notice" (default), "nxdomain", "nodata", "tcp_only" - domains only */
    instant proposed_at;
    instant decided_at;
    instant ended_at;
    str ended_why;
    str deciders; /* user ids, space separated: everybody who decided anything about it */
    int64_t revision;
};

enum appeal_state {
    APPEAL_FILED,
    APPEAL_REVIEWING,
    APPEAL_GRANTED,
    APPEAL_REJECTED,
    APPEAL_WITHDRAWN,
    APPEAL_STATE_COUNT
};
extern const char *const appeal_state_words[];

struct appeal {
    str id;        /* the public reference: unguessable; it shows the clock and opens nothing */
    str listing;   /* what it is against: a listing, */
    str order;     /* or an order, */
    str round;     /* or a round: an objection; one of them */
    str statement; /* why it is wrong, in the appellant's words */
    str name;
    str contact;
    str secret; /* digest of the key that whoever filed it was told once */
    unsigned state;
    instant filed_at;
    instant due_at;
    str reviewer;
    str decider;
    instant decided_at;
    str answer; /* the reason given to the appellant */
    str division;
    int64_t is_late; /* 1 once due_at passed undecided */
    int64_t revision;
};

#endif
