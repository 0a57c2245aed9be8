/* SPDX-License-Identifier: Apache-2.0 */
#include "warn_judge.h"

#include "env/pages.h"
#include "warn/live.h"

#include <assert.h>
#include <stdlib.h>

enum { LEAD_S = 120, SWEEP_S = 1800, ANSWER_SHARE = 70, ABOVE = 2 };

struct alert {
    uint32_t about;
    uint32_t from_s[TIER_COUNT]; /* of that tier or above, first; 0: never */
    uint32_t said_s[TIER_COUNT]; /* of just that tier, first */
    int32_t micro[TIER_COUNT];   /* then */
    uint8_t tier;                /* the highest so far */
};

struct judging {
    const struct history *history;
    struct warn_rules rules;
    struct warn_budget budget;
    struct live live;
    struct pages room;
    struct alert *alerts;
    size_t count;
    uint32_t *open; /* by number: its alert, and 1; 0: none */
};

/* --- playing --- */

static void take_turn(struct judging *j, const struct warn_turn *turn, uint32_t now_s)
{
    uint32_t *open = &j->open[turn->about];
    if (turn->tier == TIER_NONE) {
        *open = 0;
        return;
    }
    if (*open == 0 && j->count == JUDGE_ALERTS)
        return;
    if (*open == 0) {
        j->alerts[j->count++] = (struct alert){.about = (uint32_t)turn->about};
        *open = (uint32_t)j->count;
    }
    struct alert *a = &j->alerts[*open - 1];
    for (unsigned tier = TIER_LOW; tier <= turn->tier; tier++)
        a->from_s[tier] = a->from_s[tier] == 0 ? now_s : a->from_s[tier];
    if (turn->tier <= a->tier)
        return;
    a->tier = turn->tier;
    a->said_s[turn->tier] = now_s;
    a->micro[turn->tier] = turn->micro;
}

static void sweep(struct judging *j, uint32_t now_s)
{
    enum { SOME = 64 };
    struct warn_turn turns[SOME];
    for (uint32_t at = 0; at < j->live.used; at += SOME) {
        size_t count = live_sweep(&j->live, SOME, now_s, turns);
        for (size_t i = 0; i < count; i++)
            take_turn(j, &turns[i], now_s);
    }
}

static void play(struct judging *j, uint8_t without)
{
    uint32_t swept_s = 0;
    for (size_t i = 0; i < j->history->signal_count; i++) {
        const struct history_signal *s = &j->history->signals[i];
        struct warn_turn turn;
        if (s->at_s >= swept_s + SWEEP_S) {
            sweep(j, s->at_s);
            swept_s = s->at_s;
        }
        if (s->signal.kind == without)
            continue;
        if (live_take(&j->live, &s->signal, 1, s->at_s, &turn) > 0)
            take_turn(j, &turn, s->at_s);
    }
}

/* --- the end --- */

/* Whether somebody can be reached, of whom nothing is known: as many as of the others. */
static bool answers(uint32_t about, const struct history_outcome *o)
{
    return o != NULL ? o->answers : about * 2654435761U % 100 < ANSWER_SHARE;
}

static void judge_alert(const struct judging *j, const struct alert *a, enum tier tier,
                        struct judge_sums *sums)
{
    const struct history_outcome *o = history_find(j->history, a->about, a->said_s[tier]);
    enum verdict v = o == NULL ? VERDICT_ELSE : o->is_scam ? VERDICT_SCAM : VERDICT_TOUCHED;
    size_t bin = (size_t)a->micro[tier] * JUDGE_BINS / (RULES_MICRO + 1);
    double weight = o == NULL || sums->times == 0 ? 1 : 1.0 / sums->times;
    sums->said[bin] += weight * a->micro[tier] / RULES_MICRO;
    sums->came[bin] += v == VERDICT_SCAM ? weight : 0;
    sums->weight[bin] += weight;
    if (answers(a->about, o))
        sums->alerts[tier][v]++;
    else
        sums->unreachable[tier]++;
}

/* When this victim was first warned of that tier or a higher one; 0: never. */
static uint32_t first_warning(const struct judging *j, const struct history_outcome *o,
                              enum tier least)
{
    uint32_t first = 0;
    for (size_t i = 0; i < j->count; i++) {
        const struct alert *a = &j->alerts[i];
        uint32_t at = a->from_s[least];
        bool is_its = a->about == o->about && at >= o->from_s && at < o->until_s;
        if (is_its && (first == 0 || at < first))
            first = at;
    }
    return first;
}

static uint32_t add_money(const struct judging *j, const struct history_outcome *o,
                          const uint32_t warned_s[2], struct judge_sums *sums)
{
    const struct history *h = j->history;
    uint32_t first_s = UINT32_MAX;
    for (size_t i = 0; i < h->payment_count; i++) {
        const struct history_payment *p = &h->payments[i];
        if (p->about != o->about || p->at_s < o->from_s || p->at_s >= o->until_s)
            continue;
        first_s = p->booked_s < first_s ? p->booked_s : first_s;
        sums->fen += p->fen;
        for (int k = 0; k < ABOVE; k++) {
            bool is_warned = warned_s[k] != 0;
            bool is_in_time = is_warned && warned_s[k] + LEAD_S <= p->booked_s;
            sums->in_time_fen[k] += is_in_time ? p->fen : 0;
            sums->unpaid_fen[k] += is_warned && warned_s[k] + LEAD_S <= p->at_s ? p->fen : 0;
            sums->saved_fen += k == 1 && is_in_time && o->answers ? p->fen : 0;
        }
    }
    return first_s;
}

static void judge_victim(const struct judging *j, const struct history_outcome *o,
                         struct judge_sums *sums)
{
    const uint32_t warned_s[ABOVE] = {first_warning(j, o, TIER_HIGH),
                                      first_warning(j, o, TIER_LOW)};
    uint32_t first_s = add_money(j, o, warned_s, sums);
    sums->victims++;
    sums->reported += o->reported_s != 0;
    for (int k = 0; k < ABOVE; k++) {
        bool is_warned = warned_s[k] != 0;
        sums->foretold[k] += is_warned && o->reported_s > warned_s[k];
        sums->in_time[k] += is_warned && warned_s[k] + LEAD_S <= first_s;
    }
    if (warned_s[1] != 0 && warned_s[1] < first_s && sums->lead_count < JUDGE_LEADS)
        sums->leads[sums->lead_count++] = (int64_t)first_s - warned_s[1];
}

static void add_up(const struct judging *j, struct judge_sums *sums)
{
    for (size_t i = 0; i < j->count; i++)
        for (enum tier tier = TIER_LOW; tier < TIER_COUNT; tier++)
            if (j->alerts[i].said_s[tier] != 0)
                judge_alert(j, &j->alerts[i], tier, sums);
    for (size_t i = 0; i < j->history->outcome_count; i++)
        if (j->history->outcomes[i].is_scam)
            judge_victim(j, &j->history->outcomes[i], sums);
    sums->numbers_days += (uint64_t)j->history->numbers * j->history->days;
    sums->signals += j->history->signal_count;
    sums->times = j->history->times;
}

err judge(const struct history *h, const struct warn_model *m, uint8_t without, struct arena *a,
          struct judge_sums *sums)
{
    struct judging j = {.history = h, .rules = m->rules, .budget = {.a_number = 1}};
    j.alerts = arena_make_array(a, JUDGE_ALERTS, sizeof *j.alerts);
    j.open = arena_make_array(a, (size_t)h->numbers + 1, sizeof *j.open);
    assert(sums->leads != NULL);
    if (j.alerts == NULL || j.open == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    TRY(pages_make_sparse(live_room(h->numbers), &j.room));
    const struct live_settings s = {h->numbers, &j.rules, &m->curve, &j.budget};
    live_init(&j.live, &s, j.room.at);
    sums->times = h->times;
    play(&j, without);
    add_up(&j, sums);
    pages_drop(&j.room);
    return OK;
}

double judge_error(const struct judge_sums *s)
{
    double apart = 0;
    double all = 0;
    for (size_t i = 0; i < JUDGE_BINS; i++) {
        double d = s->said[i] - s->came[i];
        apart += d < 0 ? -d : d;
        all += s->weight[i];
    }
    return all > 0 ? apart / all : 0;
}

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

int64_t judge_lead(struct judge_sums *s)
{
    if (s->lead_count == 0)
        return 0;
    qsort(s->leads, s->lead_count, sizeof *s->leads, by_size);
    return s->leads[s->lead_count / 2];
}
