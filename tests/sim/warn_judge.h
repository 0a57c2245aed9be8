/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warn_judge - what warnings would have been worth in histories whose end is known. For tests/sim
 * alone.
 *
 * Shape     A history is played through src/warn as it is; sums of many are pooled. An alert is one
 *           from when an episode's tier leaves none until it is none again. It counts once for each
 *           tier that was said of it, rising, as of when that was said:
 *
 *               scam     the number is a victim's who pays, from its first touch to a day after
 *               touched  a scam has reached it, but nothing would have come of it
 *               else     nothing was wrong
 *
 *           Where scams were so many times as common as they are, scam and touched count that much
 *           less than the rest.
 * Owns      Nothing that is left.   Lives  -   Threads  One.
 * Fails     ERR_LIMIT "memory.spent".
 * Bounds    JUDGE_ALERTS alerts a history.
 */
#ifndef YUMEN_SIM_WARN_JUDGE_H
#define YUMEN_SIM_WARN_JUDGE_H

#include "warn/history.h"
#include "warn/model.h"

enum { JUDGE_ALERTS = 1 << 20, JUDGE_BINS = 10, JUDGE_LEADS = 1 << 16 };

enum verdict { VERDICT_SCAM, VERDICT_TOUCHED, VERDICT_ELSE, VERDICT_COUNT };

struct judge_sums {
    uint32_t times;
    uint64_t numbers_days;
    uint64_t signals;
    uint64_t alerts[TIER_COUNT][VERDICT_COUNT]; /* of whom can be reached */
    uint64_t unreachable[TIER_COUNT];
    double said[JUDGE_BINS]; /* probability, by tenths of it, weighted */
    double came[JUDGE_BINS];
    double weight[JUDGE_BINS];
    uint64_t victims;
    uint64_t reported;
    uint64_t foretold[2]; /* of these: warned before, of high or more, and of any tier */
    uint64_t in_time[2];  /* victims warned two minutes before their first payment was booked */
    int64_t fen;
    int64_t in_time_fen[2]; /* booked two minutes after a warning or later */
    int64_t unpaid_fen[2];  /* not even ordered yet, two minutes after it */
    int64_t saved_fen;      /* of in_time_fen of any tier: of those who take a call */
    int64_t *leads;         /* of those in time, in seconds */
    size_t lead_count;
};

/* `without`: a kind of signal that does not come; SIGNAL_KINDS: all do. Adds to the sums. */
err judge(const struct history *h, const struct warn_model *m, uint8_t without, struct arena *a,
          struct judge_sums *sums);
/* Of all alerts, how far what was said is from what came of it. */
double judge_error(const struct judge_sums *s);
int64_t judge_lead(struct judge_sums *s);

#endif
