/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: how good warnings are, told by somebody who knows the truth. Method: a world to learn the
 * curve from, with scams commoner than they are; then another, with scams as common as they are,
 * judged with that curve; and without any scams. How many are found in time does not hang
 * on how common they are, so that is also told of a third with more of them, whole and with each
 * kind of signal missing.
 *
 *     warn_world [PERSONS DAYS [SEED]]
 *
 * Without words a small one is played, only to see that nothing breaks.
 */
#include "warn_world.h"

#include "kit/kit.h"
#include "tally/interval.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { PERSONS = 3000, DAYS = 14, OFTEN = 20, PRIOR_MN = -9000 };

static struct calibration curve;

static void put_tier(const struct warn_figures *f, enum tier tier)
{
    str name = tier_name(tier);
    uint64_t all = f->alerts[tier];
    struct interval i = all == 0 ? (struct interval){0, INTERVAL_WHOLE}
                                 : interval_wilson((int64_t)f->victims[tier], (int64_t)all);
    printf("  %-7.*s %6" PRIu64 " alerts, %5" PRIu64 " of who pays (%4.1f to %5.1f %%), %5" PRIu64
           " of whom a scam has reached\n",
           STR_ARGS(name), all, f->victims[tier], (double)i.low_milli / 1000,
           (double)i.high_milli / 1000, f->reached[tier]);
}

static void put_figures(const struct warn_world *w, const char *what)
{
    struct warn_figures f = warn_world_figures(w);
    double stolen = f.stolen_fen == 0 ? 1 : (double)f.stolen_fen;
    printf("%s: seed %" PRIu64 ", %" PRIu32 " persons, %" PRIu32 " days, %" PRIu64
           " signals, %" PRIu64 " victims who paid\n",
           what, w->settings.seed, w->settings.persons, w->settings.days - WARN_DAYS_BEFORE,
           w->signals, f.episodes);
    for (enum tier tier = TIER_URGENT; tier > TIER_NONE; tier--)
        put_tier(&f, tier);
    printf("  two minutes before the first payment: %" PRIu64 " of %" PRIu64
           " victims; median lead %" PRId64 " s\n",
           f.warned, f.episodes, f.lead_s);
    printf("  money still there two minutes after a warning: %.1f %% (high and urgent %.1f %%);"
           " calibration error %.3f\n",
           100 * (double)f.any_fen / stolen, 100 * (double)f.in_time_fen / stolen, f.error);
    (void)fflush(stdout);
}

static err play(const char *what, const struct warn_world_settings *s)
{
    struct warn_world w;
    err e = warn_world_play(&w, s);
    if (!failed(e))
        put_figures(&w, what);
    warn_world_close(&w);
    return e;
}

/* By the most evidence that anybody had: how many, and how many of them were paying. */
static void put_cases(const struct warn_world *w)
{
    enum { STEP_MN = 1000, STEPS = 24 };
    uint64_t cases[STEPS] = {0};
    uint64_t scams[STEPS] = {0};
    for (size_t i = 0; i < w->case_count; i++) {
        int32_t step = w->cases[i].evidence_mn / STEP_MN;
        step = step < STEPS ? step : STEPS - 1;
        cases[step]++;
        scams[step] += w->cases[i].is_scam;
    }
    printf("learnt from seed %" PRIu64 ", scams %d times as common:\n", w->settings.seed, OFTEN);
    for (int32_t step = 0; step < STEPS; step++)
        if (cases[step] > 0)
            printf("  from %5d millinats: %7" PRIu64 " numbers, %5" PRIu64 " of who pays\n",
                   step * STEP_MN, cases[step], scams[step]);
}

static err learn(struct warn_world_settings s)
{
    struct warn_world w;
    struct calibration usual;
    calibration_usual(PRIOR_MN, &usual);
    s.seed += 1000;
    s.times = OFTEN * MICRO;
    s.curve = &usual;
    err e = warn_world_play(&w, &s);
    if (!failed(e))
        e = warn_world_fit(&w, &curve);
    if (!failed(e))
        put_cases(&w);
    warn_world_close(&w);
    return e;
}

static err all(struct warn_world_settings s, bool is_long)
{
    static const char *const without[SIGNAL_KINDS] = {[SIGNAL_MESSAGE] = "without messages",
                                                      [SIGNAL_CALLED] =
                                                          "without calls that are over",
                                                      [SIGNAL_VISIT] = "without visits",
                                                      [SIGNAL_BOOKED] = "without payments"};
    TRY(learn(s));
    s.curve = &curve;
    TRY(play("as common as they are", &s));
    struct warn_world_settings often = s;
    often.seed += 2000;
    often.times = OFTEN * MICRO;
    if (is_long)
        TRY(play("the same curve, scams 20 times as common", &often));
    struct warn_world_settings none = s;
    none.times = 0;
    TRY(play("no scams at all", &none));
    for (uint8_t kind = 0; is_long && kind < SIGNAL_KINDS; kind++) {
        struct warn_world_settings one = often;
        one.without = kind;
        if (without[kind] != NULL)
            TRY(play(without[kind], &one));
    }
    return OK;
}

int main(int count, char **words)
{
    struct warn_world_settings s = {
        .seed = 1, .persons = PERSONS, .days = DAYS, .times = MICRO, .without = SIGNAL_KINDS};
    if (count > 2) {
        s.persons = (uint32_t)strtoul(words[1], NULL, 10);
        s.days = (uint32_t)strtoul(words[2], NULL, 10);
    }
    if (count > 3)
        s.seed = strtoull(words[3], NULL, 10);
    err e = kit_boot();
    if (!failed(e))
        e = all(s, count > 2);
    kit_done();
    if (failed(e))
        fprintf(stderr, "%s at %" PRIu32 "\n", e.why, e.at);
    return failed(e) ? 1 : 0;
}
