/* SPDX-License-Identifier: Apache-2.0 */
/*
 * port - whom the SIP gate asks, and what it counts.
 *
 * Shape     judge: the numbers of many calls in one call, so that whoever keeps the tables can look
 *           them up side by side.
 *           now, signers: for what networks signed (notary.h); not asked where nothing is checked.
 *           has_card: whether a rejected caller finds a card at the address for redress, now.
 * Owns      Nothing.   Lives  As the gate.
 * Fails     judge: a number that could not be judged says so; its call passes.
 * Threads   Each lane is one thread and has a number; lanes ask at the same time.
 * Bounds    SIP_QUESTIONS a call: whom each call shows, and who diverted.
 */
#ifndef YUMEN_GATE_SIP_PORT_H
#define YUMEN_GATE_SIP_PORT_H

#include "base/instant.h"
#include "base/str.h"
#include "screen/verdict.h"

enum { SIP_AT_ONCE = 64, SIP_QUESTIONS = 4 * SIP_AT_ONCE };
enum sip_lane { SIP_LANE_UDP, SIP_LANE_TCP, SIP_LANE_COUNT };

struct sip_question {
    str number; /* canonical */
    /* The answer: */
    enum verdict verdict;
    bool is_listed;  /* a pass that is listed is an allow: somebody's number who is protected */
    bool is_unknown; /* nobody could say */
};

struct sip_signers;

struct sip_port {
    void *self;
    void (*judge)(void *self, enum sip_lane lane, struct sip_question *questions, size_t count);
    bool (*has_card)(void *self);
    instant (*now)(void *self);
    /* Whose signatures can be checked; asked for now and then by the notary's thread, which uses
     * what it got until it asks again. */
    const struct sip_signers *(*signers)(void *self);
};

/* Each request of a trunk has one of these reasons. */
#define SIP_REASONS(X)                                                                             \
    X(clear, "Nothing speaks against the call")                                                    \
    X(exempt, "Goes to a number that is never screened")                                           \
    X(listed, "The number that calls is listed")                                                   \
    X(diverted, "The number that diverted the call is listed")                                     \
    X(official, "A protected number, shown by a call from abroad")                                 \
    X(short_code, "A domestic short code with a country code, or from abroad")                     \
    X(domestic, "A domestic number, shown by a call from abroad")                                  \
    X(impossible, "A number of a length that none has")                                            \
    X(unassigned, "A number of a country, an area or a range that is nobody's")                    \
    X(burst, "More calls of this number than one may make")                                        \
    X(forged, "The network's signature for this number was forged on the trunk a moment ago")      \
    X(nameless, "No number is shown")                                                              \
    X(unjudged, "Nobody could say")                                                                \
    X(crowded, "More calls of the trunk than it may have screened")                                \
    X(looping, "Max-Forwards is spent")                                                            \
    X(malformed, "Malformed, or of another version")                                               \
    X(unsupported, "Asks for what the gate does not do")                                           \
    X(upkeep, "OPTIONS, ACK and CANCEL")

#define X(name, help) SIP_REASON_##name,
enum sip_reason { SIP_REASONS(X) SIP_REASON_COUNT };
#undef X

/* And is answered so. */
#define SIP_SAYINGS(X)                                                                             \
    X(pass, "302 to where the call was going")                                                     \
    X(warn, "302 with words for the phone")                                                        \
    X(reject, "608 or 603")                                                                        \
    X(fine, "200")                                                                                 \
    X(fault, "Any other refusal")                                                                  \
    X(silence, "Nothing")

#define X(name, help) SIP_SAID_##name,
enum sip_said { SIP_SAYINGS(X) SIP_SAID_COUNT };
#undef X

/* Requests of a trunk, by why and what they were answered. */
struct sip_trunk_counts {
    uint64_t answered[SIP_REASON_COUNT][SIP_SAID_COUNT];
};

static inline uint64_t sip_count_of_reason(const struct sip_trunk_counts *c, enum sip_reason reason)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < SIP_SAID_COUNT; i++)
        sum += c->answered[reason][i];
    return sum;
}

static inline uint64_t sip_count_of_said(const struct sip_trunk_counts *c, enum sip_said said)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < SIP_REASON_COUNT; i++)
        sum += c->answered[i][said];
    return sum;
}

#endif
