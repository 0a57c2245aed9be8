/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round - a refund round: what lies frozen in one account goes back to whose it is; and its shares,
 * one for each claim that gets something.
 *
 * Shape     Flat structs, described field by field in nouns.c (record.h).
 *
 *               computed -> reviewed -------------------------> approved -> sent -> paid -> closed
 *                              |     all of it traced               ^
 *                              +-> noticed <-> objected ------------+
 *                                  30 days       the last objection is answered
 *                  void: from each state before sent; by an objection that is granted
 *
 *               share    due -> paid | failed, and from each to each: the provider's latest word
 *
 *           Money that timestamps tell apart goes back directly; what is shared in proportion waits
 *           for the public notice (law.md, 2016 rules art. 8). An objection is an appeal whose
 *           subject is the round. What a round leaves stays frozen for its term: a later victim,
 *           or a payment that failed, gets a round of its own.
 * Owns      Nothing.   Lives  As the record.   Fails  -   Threads  Any.
 * Bounds    ROUND_STATEMENT_BYTES of a statement.
 */
#ifndef YUMEN_FACT_ROUND_H
#define YUMEN_FACT_ROUND_H

#include "base/instant.h"

enum { ROUND_STATEMENT_BYTES = 4 << 20 };

enum refund_rule { RULE_CN_2016, RULE_FIFO, RULE_PROPORTIONAL, RULE_COUNT };
extern const char *const refund_rule_words[];

enum refund_basis { BASIS_DIRECT, BASIS_TIMESTAMP, BASIS_PROPORTIONAL, BASIS_COUNT };
extern const char *const refund_basis_words[];

enum round_state {
    ROUND_COMPUTED,
    ROUND_REVIEWED,
    ROUND_NOTICED,
    ROUND_OBJECTED, /* noticed, and at least one objection waits for its answer */
    ROUND_APPROVED,
    ROUND_SENT,
    ROUND_PAID, /* every share is paid or failed */
    ROUND_CLOSED,
    ROUND_VOID,
    ROUND_STATE_COUNT
};
extern const char *const round_state_words[];

/* All amounts in minor units. frozen = shared + unclaimed; returned + failed <= shared. */
struct round {
    str id;
    str incident;
    str account;
    str bank;
    str provider; /* who holds the money and pays */
    str orders;   /* under which it is held: ids, space separated */
    unsigned state;
    unsigned rule;
    str currency;
    int64_t number; /* 1, 2, ... of this account */
    int64_t frozen;
    int64_t shared;
    int64_t unclaimed;
    int64_t allotted; /* the sum of its shares; reviewed only when it is `shared` */
    int64_t returned;
    int64_t failed;
    instant frozen_at; /* as of when the record was read */
    str statement;     /* docs/formats/refund.md, section 5: what a bank recomputes */
    str digest;        /* hex of SHA-256 of the statement */
    int64_t doubts;    /* claims of which somebody else may say that it was their money: public */
    int64_t needs_notice;
    int64_t notice_us;  /* how long the law wants it public */
    int64_t objections; /* not answered yet */
    str computer;       /* a person */
    instant computed_at;
    str reviewer;
    instant reviewed_at;
    str noticer;
    instant noticed_at;
    instant notice_until;
    str first_approver;
    instant first_approved_at;
    str approver; /* the second */
    instant approved_at;
    instant sent_at; /* in the provider's queue */
    instant paid_at;
    instant ended_at;
    str ended_why;
    instant due_at; /* by then the next step has to be done */
    int64_t is_late;
    str deciders; /* user ids, space separated: everybody who decided anything about it */
    str profile;
    str division;
    int64_t revision;
};

enum share_state { SHARE_DUE, SHARE_PAID, SHARE_FAILED, SHARE_STATE_COUNT };
extern const char *const share_state_words[];

struct share {
    str id;
    str round;
    str claim;
    str incident; /* of the claim: not always the round's */
    str to;       /* the account the victim paid from, where it is known */
    unsigned basis;
    unsigned state;
    unsigned was; /* before the last word: by that its round's sums move */
    int64_t loss; /* not returned yet when the round was computed */
    int64_t amount;
    instant settled_at; /* paid, or failed */
    instant said_at;    /* the newest word's own moment */
    str reference;      /* of the payment, as the provider names it */
    str failure;        /* why it could not be paid, or came back */
    str settler;        /* who said either: a user of the provider, or of the centre */
    str division;
    int64_t revision;
};

#endif
