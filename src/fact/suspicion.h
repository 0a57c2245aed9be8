/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suspicion - what a detector found in call records: a number, or a device full of cards.
 *
 * Shape     Flat structs, described field by field in nouns.c (record.h).
 *
 *               suspicion  open -> listed | dismissed      or, after `until`, lapsed; then erased
 *               sim_box    found -> confirmed | dismissed  likewise
 *
 *           Neither does anything to anybody: a person proposes a listing, another approves it.
 *           `reasons` and `cards` are JSON, written and read by app/calls.
 * Owns      Nothing; see record.h.
 * Lives     A record, one turn. The words, for ever.
 * Fails     -
 * Threads   Any.
 * Bounds    SUSPICION_REASONS of the one, BOX_CARDS_MOST of the other.
 */
#ifndef YUMEN_FACT_SUSPICION_H
#define YUMEN_FACT_SUSPICION_H

#include "fact/record.h"

enum { SUSPICION_REASONS = 5, BOX_CARDS_MOST = 512 };

/* Which test: of a number's own conduct, or of the cards of a cell against each other. */
enum detector_kind { DETECTOR_CALLERS, DETECTOR_BOXES, DETECTOR_COUNT };
extern const char *const detector_words[];

enum suspicion_state { SUSPICION_OPEN, SUSPICION_LISTED, SUSPICION_DISMISSED, SUSPICION_LAPSED };
extern const char *const suspicion_state_words[];

#define SUSPICION_ACT_LIST(X)                                                                      \
    X(ACT_SUSPICION_FIND, "suspicion.find", RECORD_SUSPICION)                                      \
    X(ACT_SUSPICION_LIST, "suspicion.list", RECORD_SUSPICION)                                      \
    X(ACT_SUSPICION_DISMISS, "suspicion.dismiss", RECORD_SUSPICION)                                \
    X(ACT_SUSPICION_ERASE, "suspicion.erase", RECORD_SUSPICION)                                    \
    X(ACT_BOX_FIND, "box.find", RECORD_BOX)                                                        \
    X(ACT_BOX_RENEW, "box.renew", RECORD_BOX)                                                      \
    X(ACT_BOX_READ, "box.read", RECORD_BOX)                                                        \
    X(ACT_BOX_CONFIRM, "box.confirm", RECORD_BOX)                                                  \
    X(ACT_BOX_DISMISS, "box.dismiss", RECORD_BOX)                                                  \
    X(ACT_BOX_ERASE, "box.erase", RECORD_BOX)

struct suspicion {
    str id;
    str number; /* canonical; "erased-<id>" once erased */
    unsigned detector;
    str model; /* which one said so: its name, and the digest of its file; of a box: none */
    str digest;
    int64_t margin;  /* of a model: in thousandths; of a box: evidence in thousandths of nats */
    int64_t at_call; /* how many calls it had made by then */
    str reasons;     /* [{"feature", "value", "part"}] */
    str box;         /* whose card it is */
    unsigned state;
    str listing; /* proposed on it */
    instant found_at;
    instant until; /* then it is erased, whatever became of it */
    str decider;
    instant decided_at;
    str decided_why;
    str division;
    int64_t revision;
};

enum sim_box_state { SIM_BOX_FOUND, SIM_BOX_CONFIRMED, SIM_BOX_DISMISSED, SIM_BOX_LAPSED };
extern const char *const sim_box_state_words[];

struct sim_box {
    str id;
    str carrier; /* whose records; empty: the centre's own */
    str cell;    /* empty once erased */
    unsigned state;
    int64_t channels; /* the most calls at a time */
    int64_t card_count;
    int64_t starts;  /* calls of its cards, */
    int64_t refused; /* of which so many would by chance have found all channels busy */
    int64_t evidence;
    str cards; /* [{"number", "suspicion", "turns", "ends", "handed", "chance", "evidence",
                  "spans": [[start, end], …]}]: never whom they called */
    instant first_at;
    instant last_at;
    instant found_at;
    instant seen_at; /* when it was found again */
    instant until;
    str decider;
    instant decided_at;
    str decided_why; /* what the people in the field found */
    str division;
    int64_t revision;
};

#endif
