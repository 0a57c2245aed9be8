/* SPDX-License-Identifier: Apache-2.0 */
/*
 * port - whom the DNS list asks, and what it counts.
 *
 * Shape     judge: many questions in one call, so that whoever keeps the tables can look them up
 *           side by side. tell: the words of one that is listed, when somebody wants them; rare.
 * Owns      Nothing.   Lives  As the gate.
 * Fails     judge: a question that could not be judged says so. tell: ERR_ABSENT when it is not
 *           listed any more.
 * Threads   Each lane is one thread and has a number; lanes ask at the same time.
 * Bounds    DNSBL_AT_ONCE questions a call, DNSBL_WORDS_BYTES of words.
 */
#ifndef YUMEN_GATE_DNSBL_PORT_H
#define YUMEN_GATE_DNSBL_PORT_H

#include "base/str.h"
#include "screen/verdict.h"

enum { DNSBL_AT_ONCE = 64, DNSBL_WORDS_BYTES = 400 };
enum dnsbl_lane { DNSBL_LANE_UDP, DNSBL_LANE_TCP, DNSBL_LANE_COUNT };

struct dnsbl_question {
    unsigned kind; /* INDICATOR_DOMAIN, INDICATOR_NUMBER */
    str value;     /* canonical */
    /* The answer: */
    enum verdict verdict;
    uint32_t left_s; /* until the listing ends, in whole seconds */
    bool has_below;  /* not listed, but something below it may be */
    bool is_unknown; /* nobody could say */
};

struct dnsbl_port {
    void *self;
    /* Gives the zones' serial: what the answers reflect. `count` may be 0. */
    uint32_t (*judge)(void *self, enum dnsbl_lane lane, struct dnsbl_question *questions,
                      size_t count);
    err (*tell)(void *self, enum dnsbl_lane lane, const struct dnsbl_question *question,
                struct text *words);
};

/* Each message that comes is one of these. */
#define DNSBL_COUNTS(X)                                                                            \
    X(block, "Answered: listed, block")                                                            \
    X(warn, "Answered: listed, warn")                                                              \
    X(words, "Answered: the words of a listing (TXT)")                                             \
    X(nxdomain, "Answered: not listed, and nothing below")                                         \
    X(nodata, "Answered: nothing of that type, or not listed and something below")                 \
    X(zone, "Answered: a zone's own records")                                                      \
    X(cut, "Answered with TC: too long for UDP")                                                   \
    X(slipped, "Answered with TC: beyond the rate")                                                \
    X(limited, "Not answered: beyond the rate")                                                    \
    X(refused, "Refused: of no zone of ours, a transfer, or a stranger")                           \
    X(malformed, "Refused: malformed")                                                             \
    X(unimplemented, "Refused: another operation or version")                                      \
    X(unsigned, "Refused: signed, and there is no key")                                            \
    X(failed, "Refused: could not be judged")                                                      \
    X(dropped, "Not answered: not a question")

#define X(name, help) DNSBL_COUNT_##name,
enum dnsbl_count { DNSBL_COUNTS(X) DNSBL_COUNT_COUNT };
#undef X

#endif
