/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/hazard.h"

#include <assert.h>
#include <string.h>

enum {
    UNIT_BITS = 16, /* a whole observation, as tables count it */
    UNIT = 1 << UNIT_BITS,
    PRIOR = 8 * UNIT, /* observations that what a table refines is worth */
    MEMORY_BITS = 9,
    BANK_MEMORY_BITS = 6,
    ODDS_ONE = 1 << 16,
    RATIO_MOST = 64 * ODDS_ONE,
    RATIO_LEAST = ODDS_ONE / 64,
    SAVED_FORM = 1,
};
#define LEAST_RATE (HAZARD_ONE / 4096)
#define MOST_RATE  (HAZARD_ONE / 16 * 15)
#define LIFE_MOST  ((uint32_t)UNIT * ((1 << MEMORY_BITS) + 1))

/* A life table: left[i] <= risk[i] <= LIFE_MOST. Fading keeps that, floors and all. */
struct life {
    uint32_t risk[HAZARD_STEPS];
    uint32_t left[HAZARD_STEPS];
};

struct answers {
    uint32_t all;
    uint32_t done;
};

enum { ORDER_KINDS = HAZARD_KINDS - HAZARD_HOLD };

/* What was learnt, and nothing else: this is what is saved. */
struct learnt {
    uint32_t form;
    uint32_t bytes;
    struct life kinds[HAZARD_KINDS];
    struct life hours[HAZARD_KINDS][HAZARD_HOURS];
    struct life banks[HAZARD_BANKS][HAZARD_KINDS];
    struct answers answers[ORDER_KINDS];
    struct answers bank_answers[HAZARD_BANKS][ORDER_KINDS];
};

/* Answers that are kept until their kind learns again; `stamp` is its lesson, counted from 1. */
struct odds {
    uint64_t stamp;
    uint32_t at[HAZARD_STEPS];
};

struct curve {
    uint64_t stamp;
    uint32_t at[HAZARD_STEPS + 1];
};

struct hazard {
    struct learnt learnt;
    uint64_t lessons[HAZARD_KINDS];
    struct odds hours[HAZARD_KINDS][HAZARD_HOURS];
    struct odds ratios[HAZARD_BANKS + 1][HAZARD_KINDS]; /* the last: of a bank without a table */
    struct curve curves[HAZARD_BANKS + 1][HAZARD_KINDS][HAZARD_HOURS];
};

/* What is taken for likely before anything was seen, in thousandths of what is there at the
 * beginning of each step: half of the money is gone within the quarter of an hour (law.md says
 * within the hour), what follows a first part follows in seconds, banks answer in minutes. */
enum prior { PRIOR_FRESH, PRIOR_MOVING, PRIOR_ORDER, PRIOR_COUNT };
/* clang-format off */
static const uint16_t priors[PRIOR_COUNT][HAZARD_STEPS] = {
    /*                 4s   8s  16s  33s  65s   2m   4m   9m  17m  35m  70m   2h   5h   9h  18h  36h   3d   6d */
    [PRIOR_FRESH]  = { 20,  60, 100, 100,  80,  80,  80, 100, 150, 180, 200, 200, 200, 200, 150, 100,  80,  50},
    [PRIOR_MOVING] = {200, 200, 250, 250, 250, 250, 200, 200, 200, 150, 150, 150, 100, 100, 100,  50,  50,  50},
    [PRIOR_ORDER]  = { 50,  50,  50, 100, 150, 200, 300, 350, 400, 400, 400, 500, 500, 500, 500, 500, 500, 500},
};
/* clang-format on */

static void begin(struct learnt *l)
{
    memset(l, 0, sizeof *l);
    l->form = SAVED_FORM;
    l->bytes = sizeof *l;
}

err hazard_make(struct arena *a, struct hazard **ret_hazard)
{
    struct hazard *h = arena_make(a, sizeof *h);
    if (h == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    begin(&h->learnt);
    *ret_hazard = h;
    return OK;
}

/* --- learning --- */

static bool is_cell(struct hazard_cell c)
{
    return c.kind < HAZARD_KINDS && c.hour < HAZARD_HOURS;
}

static bool is_known_bank(uint32_t bank)
{
    return bank < HAZARD_BANKS;
}

/* The older evidence fades by as much as comes to it. */
static void fade(uint32_t *sum, uint64_t weight, unsigned memory_bits)
{
    *sum -= (uint32_t)(*sum * weight >> (UNIT_BITS + memory_bits));
}

struct lesson {
    unsigned whole; /* steps that were lived through */
    uint64_t last;  /* how much of the next one counts as risk; 0: none */
    uint64_t left;  /* what left within it */
    uint64_t weight;
};

static void life_put(struct life *t, const struct lesson *l, unsigned memory_bits)
{
    for (unsigned i = 0; i <= l->whole && i < HAZARD_STEPS; i++) {
        uint64_t risk = i < l->whole ? l->weight : l->last;
        if (risk == 0)
            return;
        fade(&t->risk[i], risk, memory_bits);
        fade(&t->left[i], risk, memory_bits);
        t->risk[i] += (uint32_t)risk;
        if (i == l->whole)
            t->left[i] += (uint32_t)l->left;
        assert(t->left[i] <= t->risk[i] && t->risk[i] <= LIFE_MOST);
    }
}

static unsigned step_of(int64_t age_ms)
{
    assert(age_ms >= 0 && age_ms < HAZARD_END);
    if (age_ms < INT64_C(1) << HAZARD_FIRST_BIT)
        return 0;
    return 64U - (unsigned)__builtin_clzll((unsigned long long)age_ms) - HAZARD_FIRST_BIT;
}

static void learn(struct hazard *h, struct hazard_cell c, const struct lesson *l)
{
    assert(is_cell(c));
    life_put(&h->learnt.kinds[c.kind], l, MEMORY_BITS);
    life_put(&h->learnt.hours[c.kind][c.hour], l, MEMORY_BITS);
    if (is_known_bank(c.bank))
        life_put(&h->learnt.banks[c.bank][c.kind], l, BANK_MEMORY_BITS);
    h->lessons[c.kind]++;
}

static uint64_t unit_of(uint32_t weight)
{
    assert(weight <= HAZARD_ONE);
    return (uint64_t)weight * UNIT / HAZARD_ONE;
}

void hazard_learn_left(struct hazard *h, struct hazard_cell c, int64_t dwell_ms, uint32_t weight)
{
    uint64_t unit = unit_of(weight);
    int64_t dwell = dwell_ms < 0 ? 0 : dwell_ms; /* banks' clocks differ */
    if (dwell >= HAZARD_END) {
        hazard_learn_stayed(h, c, dwell, weight);
        return;
    }
    struct lesson l = {.whole = step_of(dwell), .last = unit, .left = unit, .weight = unit};
    learn(h, c, &l);
}

void hazard_learn_stayed(struct hazard *h, struct hazard_cell c, int64_t age_ms, uint32_t weight)
{
    struct lesson l = {.whole = HAZARD_STEPS, .weight = unit_of(weight)};
    if (age_ms <= 0)
        return;
    if (age_ms < HAZARD_END) {
        l.whole = step_of(age_ms);
        int64_t from = l.whole == 0 ? 0 : INT64_C(1) << (HAZARD_FIRST_BIT + l.whole - 1);
        unsigned width_bits = HAZARD_FIRST_BIT + (l.whole == 0 ? 0 : l.whole - 1);
        l.last = l.weight * (uint64_t)(age_ms - from) >> width_bits;
    }
    learn(h, c, &l);
}

static void answers_put(struct answers *a, bool is_done, unsigned memory_bits)
{
    fade(&a->all, UNIT, memory_bits);
    fade(&a->done, UNIT, memory_bits);
    a->all += UNIT;
    a->done += is_done ? UNIT : 0;
}

void hazard_learn_receipt(struct hazard *h, struct hazard_cell c, int64_t delay_ms, bool is_done)
{
    assert(c.kind == HAZARD_HOLD || c.kind == HAZARD_STOP);
    answers_put(&h->learnt.answers[c.kind - HAZARD_HOLD], is_done, MEMORY_BITS);
    if (is_known_bank(c.bank))
        answers_put(&h->learnt.bank_answers[c.bank][c.kind - HAZARD_HOLD], is_done,
                    BANK_MEMORY_BITS);
    if (is_done)
        hazard_learn_left(h, c, delay_ms, HAZARD_ONE);
}

/* --- asking --- */

static uint32_t drawn(uint32_t some, uint32_t all, uint32_t towards)
{
    uint64_t part =
        ((uint64_t)some * HAZARD_ONE + (uint64_t)PRIOR * towards) / ((uint64_t)all + PRIOR);
    return (uint32_t)(part < LEAST_RATE ? LEAST_RATE : part > MOST_RATE ? MOST_RATE : part);
}

static uint32_t odds_of(uint32_t rate)
{
    return (uint32_t)((uint64_t)rate * ODDS_ONE / (HAZARD_ONE - rate));
}

static uint32_t prior_of(unsigned kind, unsigned step)
{
    enum prior which = kind >= HAZARD_HOLD            ? PRIOR_ORDER
                       : (kind & HAZARD_MOVING) != 0U ? PRIOR_MOVING
                                                      : PRIOR_FRESH;
    return (uint32_t)((uint64_t)priors[which][step] * HAZARD_ONE / 1000);
}

static uint32_t kind_rate(const struct hazard *h, unsigned kind, unsigned step)
{
    const struct life *t = &h->learnt.kinds[kind];
    return drawn(t->left[step], t->risk[step], prior_of(kind, step));
}

static const uint32_t *hour_odds(struct hazard *h, unsigned kind, unsigned hour)
{
    struct odds *o = &h->hours[kind][hour];
    const struct life *t = &h->learnt.hours[kind][hour];
    uint64_t stamp = h->lessons[kind] + 1;
    for (unsigned i = 0; i < HAZARD_STEPS && o->stamp != stamp; i++)
        o->at[i] = odds_of(drawn(t->left[i], t->risk[i], kind_rate(h, kind, i)));
    o->stamp = stamp;
    return o->at;
}

static uint32_t ratio_of(uint32_t one, uint32_t other)
{
    uint64_t ratio = (uint64_t)one * ODDS_ONE / other;
    return (uint32_t)(ratio > RATIO_MOST ? RATIO_MOST : ratio < RATIO_LEAST ? RATIO_LEAST : ratio);
}

static const uint32_t *bank_ratios(struct hazard *h, uint32_t bank, unsigned kind)
{
    struct odds *o = &h->ratios[bank][kind];
    uint64_t stamp = h->lessons[kind] + 1;
    for (unsigned i = 0; i < HAZARD_STEPS && o->stamp != stamp; i++) {
        uint32_t usual = kind_rate(h, kind, i);
        const struct life *t = is_known_bank(bank) ? &h->learnt.banks[bank][kind] : NULL;
        uint32_t own = t == NULL ? usual : drawn(t->left[i], t->risk[i], usual);
        o->at[i] = ratio_of(odds_of(own), odds_of(usual));
    }
    o->stamp = stamp;
    return o->at;
}

const uint32_t *hazard_curve(struct hazard *h, struct hazard_cell c)
{
    assert(is_cell(c));
    uint32_t bank = is_known_bank(c.bank) ? c.bank : HAZARD_BANKS;
    struct curve *curve = &h->curves[bank][c.kind][c.hour];
    uint64_t stamp = h->lessons[c.kind] + 1;
    if (curve->stamp == stamp)
        return curve->at;
    const uint32_t *hours = hour_odds(h, c.kind, c.hour);
    const uint32_t *ratios = bank_ratios(h, bank, c.kind);
    curve->stamp = stamp;
    curve->at[0] = HAZARD_ONE;
    for (unsigned i = 0; i < HAZARD_STEPS; i++) {
        uint64_t odds = (uint64_t)hours[i] * ratios[i] / ODDS_ONE;
        uint32_t stay = UINT32_MAX / (ODDS_ONE + (uint32_t)odds); /* of 2^16; 32 bits are quick */
        uint64_t stays = (uint64_t)curve->at[i] * stay >> 16;
        curve->at[i + 1] = stays == 0 ? 1 : (uint32_t)stays;
    }
    return curve->at;
}

uint32_t hazard_stays(struct hazard *h, struct hazard_cell c, int64_t age_ms, int64_t horizon_ms)
{
    assert(horizon_ms >= 0);
    const uint32_t *curve = hazard_curve(h, c);
    int64_t age = age_ms < 0 ? 0 : age_ms > HAZARD_END ? HAZARD_END : age_ms;
    int64_t later = horizon_ms > HAZARD_END ? HAZARD_END : horizon_ms;
    return hazard_ratio(hazard_alive(curve, age + later), hazard_alive(curve, age));
}

/* When a curve has come down to `level`: the end when it never does. */
static int64_t fallen_ms(const uint32_t *curve, uint32_t level)
{
    unsigned i = 0;
    while (i < HAZARD_STEPS && curve[i + 1] > level)
        i++;
    if (i == HAZARD_STEPS)
        return HAZARD_END;
    int64_t from = i == 0 ? 0 : INT64_C(1) << (HAZARD_FIRST_BIT + i - 1);
    int64_t width = INT64_C(1) << (HAZARD_FIRST_BIT + (i == 0 ? 0 : i - 1));
    int64_t falls = (int64_t)curve[i] - curve[i + 1];
    return falls == 0 ? from : from + width * ((int64_t)curve[i] - level) / falls;
}

struct hazard_landing hazard_lands(struct hazard *h, struct hazard_cell c)
{
    assert(c.kind == HAZARD_HOLD || c.kind == HAZARD_STOP);
    const uint32_t *curve = hazard_curve(h, c);
    struct hazard_landing landing;
    for (unsigned i = 0; i < HAZARD_QUANTILES; i++) {
        uint32_t gone = HAZARD_ONE / (2 * HAZARD_QUANTILES) * (2 * i + 1);
        landing.quantile_ms[i] = fallen_ms(curve, HAZARD_ONE - gone);
    }
    unsigned kind = (unsigned)c.kind - HAZARD_HOLD;
    const struct answers *all = &h->learnt.answers[kind];
    landing.done = drawn(all->done, all->all, HAZARD_ONE / 10 * 9);
    if (is_known_bank(c.bank)) {
        const struct answers *own = &h->learnt.bank_answers[c.bank][kind];
        landing.done = drawn(own->done, own->all, landing.done);
    }
    return landing;
}

/* --- keeping --- */

str hazard_saved(const struct hazard *h)
{
    return str_make((const char *)&h->learnt, sizeof h->learnt);
}

static bool is_sound_life(const struct life *t)
{
    for (unsigned i = 0; i < HAZARD_STEPS; i++)
        if (t->risk[i] > LIFE_MOST || t->left[i] > t->risk[i])
            return false;
    return true;
}

static bool are_sound_answers(const struct answers *a)
{
    return a->done <= a->all && a->all <= LIFE_MOST;
}

static bool is_sound(const struct learnt *l)
{
    bool is_so = l->form == SAVED_FORM && l->bytes == sizeof *l;
    for (unsigned kind = 0; kind < HAZARD_KINDS && is_so; kind++) {
        is_so = is_sound_life(&l->kinds[kind]);
        for (unsigned hour = 0; hour < HAZARD_HOURS && is_so; hour++)
            is_so = is_sound_life(&l->hours[kind][hour]);
        for (unsigned bank = 0; bank < HAZARD_BANKS && is_so; bank++)
            is_so = is_sound_life(&l->banks[bank][kind]);
    }
    for (unsigned kind = 0; kind < ORDER_KINDS && is_so; kind++) {
        is_so = are_sound_answers(&l->answers[kind]);
        for (unsigned bank = 0; bank < HAZARD_BANKS && is_so; bank++)
            is_so = are_sound_answers(&l->bank_answers[bank][kind]);
    }
    return is_so;
}

err hazard_load(struct hazard *h, str saved)
{
    bool is_so = saved.size == sizeof h->learnt;
    if (is_so)
        memcpy(&h->learnt, saved.at, saved.size);
    is_so = is_so && is_sound(&h->learnt);
    if (!is_so)
        begin(&h->learnt);
    for (unsigned kind = 0; kind < HAZARD_KINDS; kind++)
        h->lessons[kind]++;
    return is_so ? OK : fail(ERR_CORRUPT, "race.learnt", 0);
}
