/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warn_world - a drill's feeds through src/warn, as they would arrive: who was warned, when, and
 * whether it was right. For tests/sim alone.
 *
 * Shape     A world is played second by second. What the feeds say becomes signals by rules that
 *           know only what has arrived; the truth is asked when all is over.
 *
 *               calls     a new number that calls many and is called by few, or comes from abroad
 *               visits    each row                     messages  with a link to a site once visited
 *               transfers to somebody new, more so where money does not stay
 *
 *           The first days only teach what is usual: nobody is warned, nothing is counted.
 * Owns      Its memory.
 * Lives     From warn_world_play to warn_world_close.
 * Fails     As the drill does.
 * Threads   One.
 * Bounds    Some hundred bytes a person.
 */
#ifndef YUMEN_SIM_WARN_WORLD_H
#define YUMEN_SIM_WARN_WORLD_H

#include "drill/inside.h"
#include "env/pages.h"
#include "warn/live.h"

enum { WARN_DAYS_BEFORE = 10, WARN_ALERTS = 1 << 20, WARN_ROOM = 1 << 19 };

struct warn_world_settings {
    uint64_t seed;
    uint32_t persons;
    uint32_t days;
    int64_t times; /* how much commoner scams are than in the drill's figures, in millionths */
    const struct calibration *curve;
    uint8_t without; /* a kind of signal that does not come; SIGNAL_KINDS: all do */
};

/* The first time that an episode had a tier, or went to a higher one. */
struct warn_alert {
    uint32_t line;
    uint32_t at_s;
    int32_t micro;
    int32_t evidence_mn;
    uint8_t tier;
    bool is_victim;  /* of a scam that was not over yet */
    bool is_reached; /* by a scam, paying or not */
};

struct warn_figures {
    uint64_t alerts[TIER_COUNT];
    uint64_t victims[TIER_COUNT];
    uint64_t reached[TIER_COUNT];
    double error;      /* of the probabilities, over the alerts */
    uint64_t episodes; /* of victims who paid */
    uint64_t warned;   /* of these, at least two minutes before the first payment */
    int64_t stolen_fen;
    int64_t in_time_fen; /* paid two minutes after a warning of high or more, or later */
    int64_t any_fen;     /* the same, of any tier */
    int64_t lead_s;      /* median, of those warned before the first payment */
};

struct warn_world {
    struct warn_world_settings settings;
    struct params params;
    struct arena arena;
    struct drill *drill;
    struct pages room;
    struct live live;
    struct warn_rules rules;
    struct warn_budget budget;
    struct warn_alert *alerts;
    size_t alert_count;
    /* Of each live episode the most evidence, for fitting. */
    struct calibration_case *cases;
    size_t case_count;
    int32_t *peak_mn; /* by line */
    uint32_t *peak_s;
    struct line_habit *habits;
    uint32_t line_count;
    struct account_habit *accounts;
    uint64_t *pairs;
    uint64_t *sites;
    struct episode_row *episodes;
    size_t episode_count;
    uint32_t now_s;
    uint64_t signals;
    uint64_t by_kind[SIGNAL_KINDS];
};

err warn_world_play(struct warn_world *w, const struct warn_world_settings *s);
void warn_world_close(struct warn_world *w);
struct warn_figures warn_world_figures(const struct warn_world *w);
/* Cases of whom it judged, as a curve; prevalence put right by `times`. */
err warn_world_fit(struct warn_world *w, struct calibration *ret_curve);

#endif
