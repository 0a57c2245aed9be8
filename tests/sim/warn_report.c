/* SPDX-License-Identifier: Apache-2.0 */
#include "warn_report.h"

#include "tally/interval.h"

#include <inttypes.h>
#include <stdio.h>

struct precision {
    double value;
    double low;
    double high;
};

/* A share of scams among scams and the rest, where scams are `share` times as common as there. */
static double carried(double p, double share, double touched)
{
    if (p <= 0)
        return 0;
    return 1 / (1 + (1 - p) / p / share + touched);
}

static struct precision precision_of(const uint64_t alerts[VERDICT_COUNT], double share)
{
    uint64_t scams = alerts[VERDICT_SCAM];
    uint64_t all = scams + alerts[VERDICT_ELSE];
    if (all == 0)
        return (struct precision){0, 0, 1};
    double touched = scams == 0 ? 0 : (double)alerts[VERDICT_TOUCHED] / (double)scams;
    struct interval_bounds i = interval_wilson_bounds((int64_t)scams, (int64_t)all);
    return (struct precision){carried((double)scams / (double)all, share, touched),
                              carried(i.low, share, touched), carried(i.high, share, touched)};
}

static double share_of(const struct judge_sums *s, double prevalence)
{
    return s->times == 0 ? 1 : prevalence / s->times;
}

static double percent(int64_t part, int64_t whole)
{
    return whole == 0 ? 0 : 100 * (double)part / (double)whole;
}

/* Of that tier and above. */
static void sum_from(const struct judge_sums *s, enum tier least, uint64_t ret[VERDICT_COUNT])
{
    for (unsigned v = 0; v < VERDICT_COUNT; v++) {
        ret[v] = 0;
        for (unsigned tier = least; tier < TIER_COUNT; tier++)
            ret[v] += s->alerts[tier][v];
    }
}

static void put_tier(const struct judge_sums *s, enum tier tier, double share)
{
    const uint64_t *alerts = s->alerts[tier];
    struct precision p = precision_of(alerts, share);
    printf("| `%.*s` | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64
           " | %.1f %% (%.1f to %.1f) |\n",
           STR_ARGS(tier_name(tier)), alerts[VERDICT_SCAM], alerts[VERDICT_TOUCHED],
           alerts[VERDICT_ELSE], s->unreachable[tier], 100 * p.value, 100 * p.low, 100 * p.high);
}

void report_pool(const char *title, struct judge_sums *s, double prevalence)
{
    double share = share_of(s, prevalence);
    printf("**%s**: %.1f million numbers and days, %" PRIu64 " victims who paid\n\n", title,
           (double)s->numbers_days / 1e6, s->victims);
    printf(
        "| tier | of who pays | touched | nothing wrong | unreachable, apart | precision, 95 %% |\n"
        "|---|---:|---:|---:|---:|---:|\n");
    for (enum tier tier = TIER_URGENT; tier > TIER_NONE; tier--)
        put_tier(s, tier, share);
    printf("\n");
    if (s->victims == 0)
        return;
    printf(
        "Money booked two minutes after a warning or later: **%.1f %%** (`high` and `urgent` alone "
        "%.1f %%); not even ordered by then: %.1f %% (%.1f %%). Of those who take a call: %.1f %%. "
        "Victims warned two minutes before their first payment: %" PRIu64 " of %" PRIu64
        " (%" PRIu64 "), median lead %" PRId64 " s. Of %" PRIu64 " who reported later, %" PRIu64
        " had been warned (%" PRIu64 "). Calibration error %.3f.\n\n",
        percent(s->in_time_fen[1], s->fen), percent(s->in_time_fen[0], s->fen),
        percent(s->unpaid_fen[1], s->fen), percent(s->unpaid_fen[0], s->fen),
        percent(s->saved_fen, s->fen), s->in_time[1], s->victims, s->in_time[0], judge_lead(s),
        s->reported, s->foretold[1], s->foretold[0], judge_error(s));
}

void report_curve(const struct judge_sums *s)
{
    printf("| said, mean | came true | alerts, weighed |\n|---:|---:|---:|\n");
    for (size_t i = 0; i < JUDGE_BINS; i++)
        if (s->weight[i] > 0)
            printf("| %.1f %% | %.1f %% | %.1f |\n", 100 * s->said[i] / s->weight[i],
                   100 * s->came[i] / s->weight[i], s->weight[i]);
    printf("\n");
}

void report_line_head(void)
{
    printf("| | `urgent`, precision | `high`, precision | money in time | of `high`, `urgent` | "
           "calibration error |\n|---|---:|---:|---:|---:|---:|\n");
}

void report_line(const char *title, struct judge_sums *s)
{
    double share = share_of(s, 1);
    uint64_t high[VERDICT_COUNT];
    sum_from(s, TIER_HIGH, high);
    struct precision urgent = precision_of(s->alerts[TIER_URGENT], share);
    struct precision above = precision_of(high, share);
    printf("| %s | %.1f %% (%.1f to %.1f) | %.1f %% (%.1f to %.1f) | %.1f %% | %.1f %% | %.3f |\n",
           title, 100 * urgent.value, 100 * urgent.low, 100 * urgent.high, 100 * above.value,
           100 * above.low, 100 * above.high, percent(s->in_time_fen[1], s->fen),
           percent(s->in_time_fen[0], s->fen), judge_error(s));
}
