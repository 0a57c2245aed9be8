/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules - how much each kind of signal weighs, how fast it fades, which two together weigh more,
 * and from which probability on there is an alert of which tier.
 *
 * Shape     Weights are logarithms of likelihood ratios, in thousandths of a nat. A table with
 *           names, so that an explanation can say which rule gave what.
 *           rules_usual fills in what is assumed; rules_prepare checks what somebody else did and
 *           works out what the sums need.
 * Owns      Nothing.   Lives  As long as its struct.
 * Fails     ERR_MALFORMED "warn.weight", "warn.half_life", "warn.pair", "warn.tier".
 * Threads   Any, once prepared.
 * Bounds    PAIRS_MOST pairs. What it adds up to: EPISODE_MOST_MN (episode.h).
 */
#ifndef YUMEN_WARN_RULES_H
#define YUMEN_WARN_RULES_H

#include "base/err.h"
#include "warn/signal.h"

enum {
    PAIRS_MOST = 16,
    WEIGHT_MOST_MN = 20000,
    HALF_LIFE_LEAST_S = 60,
    HALF_LIFE_MOST_S = 7 * 86400,
    RULES_MICRO = 1000000,
};
/* What has faded to less than this is gone. */
enum { FADED_MN = 20 };

/* By rising danger; the words on the wire. */
#define TIER_LIST(X)                                                                               \
    X(NONE, "none")                                                                                \
    X(LOW, "low")                                                                                  \
    X(MEDIUM, "medium")                                                                            \
    X(HIGH, "high")                                                                                \
    X(URGENT, "urgent")

#define X(name, word) TIER_##name,
enum tier { TIER_LIST(X) TIER_COUNT };
#undef X

/* Two that together say more (or less) than their sum. */
struct warn_pair {
    const char *name;
    uint8_t first;
    uint8_t second;
    bool is_after; /* only where the second did not begin before the first */
    int32_t weight_mn;
};

struct warn_rules {
    int32_t weight_mn[SIGNAL_KINDS];
    uint32_t half_life_s[SIGNAL_KINDS];
    struct warn_pair pairs[PAIRS_MOST];
    uint32_t pair_count;
    int32_t from_micro[TIER_COUNT]; /* probability; of TIER_NONE 0 */
    int32_t stays_micro;            /* share of it, below which an alert falls to the next tier */
    uint32_t ahead_s;               /* so far may a source's clock be ahead */
    /* Worked out: */
    int64_t gone_q16[SIGNAL_KINDS]; /* how deep is faded */
    int32_t log2_q16[SIGNAL_WHOLE + 1];
};

/* What is assumed where nothing was learnt. */
void rules_usual(struct warn_rules *r);
err rules_prepare(struct warn_rules *r);
str tier_name(enum tier tier);

#endif
