/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order - a lawful instruction to a provider; by its receipts it answers (receipt.h).
 *
 * Shape     Flat structs, described field by field in nouns.c (record.h).
 *
 *                  approve             pending            done
 *      drafted ------------> sent -----------> acknowledged -----> executed | partial
 *         |   \  (from: approved; emergency: at once)                   |
 *         v                         \---------------+------- lift, lapse, expire
 *      refused | lapsed                                          v
 *                            lifted | lapsed | expired <--confirmed-- lifting
 *           What it is to do stands in `asked`, numbered: place, trim, extend, lift. What was once
 *           sent ends only by a confirmed lift; the last word says why. A freeze may take over what
 *           a hold holds: the same money, counted once.
 * Owns      Nothing.   Lives  As the record.   Fails  -   Threads  Any.
 * Bounds    ORDER_WHY_BYTES of reasons.
 */
#ifndef YUMEN_FACT_ORDER_H
#define YUMEN_FACT_ORDER_H

#include "base/instant.h"

enum { ORDER_WHY_BYTES = 2000 };

enum order_kind {
    ORDER_HOLD,       /* an amount stays; all else moves */
    ORDER_STOP,       /* the account takes money in and lets none out, for hours */
    ORDER_FREEZE,     /* an amount, or all of it, for months */
    ORDER_DISCONNECT, /* a number is cut off, an account closed */
    ORDER_BLOCK,      /* a domain or an address is not led to */
    ORDER_QUERY,      /* asks, and touches nothing */
    ORDER_KIND_COUNT
};
extern const char *const order_kind_words[];

enum order_state {
    ORDER_DRAFTED,
    ORDER_APPROVED, /* by two people; leaves at its `from` */
    ORDER_SENT,     /* in the provider's queue */
    ORDER_ACKNOWLEDGED,
    ORDER_EXECUTED,
    ORDER_PARTIAL,
    ORDER_REFUSED,
    ORDER_LAPSED,
    ORDER_EXPIRED,
    ORDER_LIFTING,
    ORDER_LIFTED,
    ORDER_FAILED, /* nobody ever confirmed the lift; a person wrote it off */
    ORDER_STATE_COUNT
};
extern const char *const order_state_words[];

enum order_ask { ASK_NOTHING, ASK_PLACE, ASK_TRIM, ASK_EXTEND, ASK_LIFT, ORDER_ASK_COUNT };
extern const char *const order_ask_words[];

enum order_alarm { ALARM_NONE, ALARM_LATE, ALARM_LOUD, ORDER_ALARM_COUNT };
extern const char *const order_alarm_words[];

struct order {
    str id;
    str incident;
    str report; /* under whose loss its amount is pledged */
    unsigned kind;
    unsigned state;
    int64_t is_emergency; /* sent on one person's word */
    unsigned target_kind; /* enum indicator_kind */
    str target;           /* canonical value; account: its key */
    str bank;             /* as the feeds name it */
    str name;             /* of the holder, as the victim gave it: the bank compares */
    int64_t amount;       /* minor units; 0: the whole of what it is */
    int64_t bound;        /* the most that may be held under it, as far as the provider has said */
    str currency;
    str claim; /* the victim's payment into this very account, or empty further on */
    str takes; /* of a freeze: the hold whose money it takes over; `taker`: of that hold */
    str taker;
    int64_t yielded; /* of the hold's bound: what counts under the freeze instead */
    str basis;
    str reason;
    str evidence; /* where there is no incident */
    str notice;   /* what the holder reads */
    instant from;
    instant until;
    instant countersign_by; /* an emergency order lapses then */
    str provider;
    int64_t layer;
    int64_t rank;
    str rank_why;   /* why it stands there: "catalogue.key number" a line */
    unsigned asked; /* enum order_ask */
    int64_t ask;    /* its number: 1, 2, ... a receipt may name it */
    instant asked_at;
    instant due_at;     /* by then the provider has to have answered */
    int64_t is_late;    /* it has not */
    unsigned alarm;     /* enum order_alarm: until somebody above says that they have seen it */
    instant alarmed_at; /* when it was last told */
    str heeder;         /* who last said so */
    instant heeded_at;
    instant unrelated_since; /* since then nothing stolen is known to have come to its account; */
    instant release_by;      /* it is lifted then, unless that changes, or somebody keeps it: */
    str keeper;
    int64_t held;         /* as the receipts say, without what stands behind others' freezes */
    int64_t balance;      /* of the account, when the provider told; -1: it did not */
    int64_t ahead;        /* what goes before it of that, for others; -1: all */
    instant said_at;      /* the newest receipt's own moment */
    int64_t repeats;      /* how often it was extended */
    instant agreed_until; /* while an extension is asked for: the term that the provider knows of */
    instant wanted_until; /* an extension that waits for a second person, */
    str wanted_by;        /* and who asked for it */
    str proposer;
    str approver;
    instant proposed_at;
    instant decided_at;
    instant executed_at;
    instant ended_at; /* the lift was asked for, or it was refused or lapsed unsent */
    str ended_why;
    instant released_at; /* the provider confirmed */
    str deciders;        /* user ids, space separated: everybody who decided anything about it */
    str profile;         /* with kind, max_term_us and max_repeats: the order_limit row */
    int64_t max_term_us;
    int64_t max_repeats;
    str division;
    int64_t revision;
};

#endif
