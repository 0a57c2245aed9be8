/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alert - an episode in which somebody may be being deceived.
 *
 * Shape     A flat struct, described field by field in nouns.c (record.h).
 *
 *               open <-> assigned -> reached -> closed, with an outcome or faded
 *
 *           The machine raises and lowers an alert; people take it, reach somebody (outreach.h),
 *           and say what became of it. What says whose it is comes sealed: no key is below app.
 *           `parts` is JSON, an entry each rise, written by whoever raises:
 *           [{"at", "tier", "micro", "parts": [{"kind" or "pair", "source", "evidence", "given"}]}]
 * Owns      Nothing; see record.h.
 * Lives     A record, one turn. The words, for ever.
 * Fails     -
 * Threads   Any.
 * Bounds    LADDER_STEPS a ladder; ALERT_PARTS_BYTES of what was seen.
 */
#ifndef YUMEN_FACT_ALERT_H
#define YUMEN_FACT_ALERT_H

#include "fact/outreach.h"
#include "fact/record.h"

enum { LADDER_STEPS = 8, ALERT_PARTS_BYTES = 65536 };

enum alert_tier { ALERT_LOW, ALERT_MEDIUM, ALERT_HIGH, ALERT_URGENT, ALERT_TIER_COUNT };
extern const char *const alert_tier_words[];

enum alert_state { ALERT_OPEN, ALERT_ASSIGNED, ALERT_REACHED, ALERT_CLOSED, ALERT_STATE_COUNT };
extern const char *const alert_state_words[];

enum alert_ending { ENDING_NONE, ENDING_OUTCOME, ENDING_FADED };
extern const char *const alert_ending_words[];

/* Why nobody is to be reached about it, though it stands. */
enum alert_withheld {
    WITHHELD_NONE,
    WITHHELD_HUSHED,
    WITHHELD_DAY,
    WITHHELD_NUMBER,
    WITHHELD_BACK
};
extern const char *const alert_withheld_words[];

enum alert_unsent { UNSENT_NONE, UNSENT_PLACE, UNSENT_STATION, UNSENT_NOBODY };
extern const char *const alert_unsent_words[];

/* By rising trouble for whoever is reached. */
enum outreach_means {
    MEANS_NONE,
    MEANS_MESSAGE,
    MEANS_CALL,
    MEANS_SECOND_CALL,
    MEANS_GUARDIAN,
    MEANS_VISIT,
    MEANS_COUNT
};
extern const char *const outreach_means_words[];

enum alert_outcome { OUTCOME_NONE, OUTCOME_CONFIRMED, OUTCOME_REFUTED, OUTCOME_UNREACHABLE };
extern const char *const alert_outcome_words[];

/* Somebody else looks again at a sample of outcomes. */
enum alert_checking { CHECKING_NONE, CHECKING_ASKED, CHECKING_AGREED, CHECKING_DIFFERED };
extern const char *const alert_checking_words[];

#define ALERT_ACT_LIST(X)                                                                          \
    X(ACT_ALERT_OPEN, "alert.open", RECORD_ALERT)                                                  \
    X(ACT_ALERT_RISE, "alert.rise", RECORD_ALERT)                                                  \
    X(ACT_ALERT_FALL, "alert.fall", RECORD_ALERT)                                                  \
    X(ACT_ALERT_FADE, "alert.fade", RECORD_ALERT)                                                  \
    X(ACT_ALERT_ASSIGN, "alert.assign", RECORD_ALERT)                                              \
    X(ACT_ALERT_TAKE, "alert.take", RECORD_ALERT)                                                  \
    X(ACT_ALERT_REFUSE, "alert.refuse", RECORD_ALERT)                                              \
    X(ACT_ALERT_HAND_OVER, "alert.hand_over", RECORD_ALERT)                                        \
    X(ACT_ALERT_WITHDRAW, "alert.withdraw", RECORD_ALERT)                                          \
    X(ACT_ALERT_UNSENT, "alert.unsent", RECORD_ALERT)                                              \
    X(ACT_ALERT_PLACE, "alert.place", RECORD_ALERT)                                                \
    X(ACT_ALERT_STEP, "alert.step", RECORD_ALERT)                                                  \
    X(ACT_ALERT_LATE, "alert.late", RECORD_ALERT)                                                  \
    X(ACT_ALERT_ESCALATE, "alert.escalate", RECORD_ALERT)                                          \
    X(ACT_ALERT_CONCLUDE, "alert.conclude", RECORD_ALERT)                                          \
    X(ACT_ALERT_CHECK, "alert.check", RECORD_ALERT)                                                \
    X(ACT_ALERT_REPORT, "alert.report", RECORD_ALERT)                                              \
    X(ACT_ALERT_READ, "alert.read", RECORD_ALERT)                                                  \
    X(ACT_ALERT_ERASE, "alert.erase", RECORD_ALERT)                                                \
    OUTREACH_ACT_LIST(X)

struct alert {
    str id;
    str pseudonym;  /* keyed: one open alert of each; empty once erased */
    str subscriber; /* the number, sealed (app/alert/seal.h); empty once erased */
    str language;
    unsigned tier;
    unsigned highest;
    int64_t micro; /* calibrated probability, now */
    str scam;      /* a reason's code of the profile, if known */
    unsigned state;
    unsigned ending;
    unsigned withheld;
    instant opened_at;
    instant risen_at;
    instant due_at; /* by when somebody must have reached them */
    instant closed_at;
    str officer;
    instant assigned_at;
    instant taken_at; /* accepted */
    int64_t is_sent;  /* the machine chose the officer */
    str passed;       /* users who refused, did not answer or gave it back; the last of them */
    unsigned unsent;  /* why nobody is sent to the door, though somebody should be */
    str beat; /* where they are taken to be, and nothing finer; empty: somewhere in the division */
    instant reached_at;
    int64_t step; /* of the ladder of `highest`: the next */
    unsigned means;
    instant step_at; /* not before */
    instant step_due;
    unsigned tried; /* the furthest means that was tried */
    int64_t tries;
    int64_t is_late;
    str told; /* the division last told that it is late; "-" is the whole country */
    instant told_at;
    int64_t is_faint; /* the evidence is gone, and somebody works on it */
    int64_t rises;
    str parts;
    int64_t risen_micro; /* at the last rise; 0: raised by hand */
    str cause;           /* what gave the most then */
    int64_t source;      /* where that came from (house/warned.h) */
    str rules;
    unsigned outcome;
    int64_t paid;
    int64_t saved;
    str note;
    str outcome_by;
    instant outcome_at;
    unsigned checking;
    str checker;
    instant checked_at;
    str check_note;
    str report; /* that the warned person made later */
    int64_t is_missed;
    int64_t is_warned; /* something had reached them when they made it */
    int64_t lead_s;    /* from then, or else from the opening, to their first payment */
    int64_t lost;
    instant until;
    str division;
    int64_t revision;
};

#endif
