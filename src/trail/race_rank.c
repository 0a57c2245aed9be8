/* SPDX-License-Identifier: Apache-2.0 */
/* Every account weighed anew at each ranking: simpler than keeping scores that decay, and fast. */
#include "trail/race_why.h"

#include "trail/race_inside.h"

#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PASSES = 6, AHEAD = 8 };

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Under a stop all that is there stands; orders that are on their way go on. */
static int64_t stands(const struct race_account *a)
{
    int64_t held = a->is_stopped && a->held < a->present ? a->present : a->held;
    return a->is_stopped ? held : a->asked + held;
}

/* --- one account --- */

struct race_moment {
    int64_t now_ms;
    uint8_t hour;
    const uint32_t *curve; /* the account's */
};

static const struct hazard_landing *landing_of(struct race *r, const struct race_account *a,
                                               uint8_t hour)
{
    uint32_t bank = a->bank < HAZARD_BANKS ? a->bank : HAZARD_BANKS;
    unsigned form = a->can_hold ? 0 : 1;
    struct race_bank *b = &r->banks[bank][form];
    if (b->stamp != r->rankings) {
        b->stamp = r->rankings;
        b->landing = hazard_lands(r->hazard,
                                  (struct hazard_cell){bank, (uint8_t)(HAZARD_HOLD + form), hour});
    }
    return &b->landing;
}

/* Chances, from how money of its kind leaves and how its bank's orders land. */
static void foresee(struct race *r, const struct race_account *a, const struct race_moment *m,
                    struct race_pick *p)
{
    const struct hazard_landing *landing = landing_of(r, a, m->hour);
    const uint32_t *curve = m->curve;
    int64_t now_ms = m->now_ms;
    int64_t age = now_ms > race_since(a) ? now_ms - race_since(a) : 0;
    uint32_t there = 0; /* four quarters: it fits */
    for (unsigned i = 0; i < HAZARD_QUANTILES; i++)
        there += hazard_alive(curve, age + landing->quantile_ms[i]) / HAZARD_QUANTILES;
    there += there == 0;
    p->lands_ms = (landing->quantile_ms[HAZARD_QUANTILES / 2 - 1] +
                   landing->quantile_ms[HAZARD_QUANTILES / 2]) /
                  2;
    uint32_t later = hazard_alive(curve, age + p->lands_ms + r->settings.wait_min * MINUTE_MS);
    uint32_t leaves = there <= later ? 0 : HAZARD_ONE - hazard_ratio(later, there);
    p->done = landing->done;
    p->there = hazard_ratio(there, hazard_alive(curve, age));
    p->leaves = leaves > r->tail ? leaves : r->tail;
}

/* A hold that comes too late takes honest money instead, until somebody finds out; a stop takes
 * all of it, for its term. */
static int64_t collateral(const struct race *r, const struct race_account *a,
                          const struct race_pick *p)
{
    int64_t honest = a->honest < 0 ? p->amount : a->honest;
    int64_t taken = p->action == RACE_STOP
                        ? honest
                        : race_part(least(p->amount, honest), HAZARD_ONE - p->there);
    int64_t hours = p->action == RACE_STOP ? r->settings.term_hours : r->settings.notice_hours;
    return race_part(taken, p->done) * hours;
}

static void refuse(struct race_pick *p, enum race_why_code why)
{
    p->action = RACE_NONE;
    p->against = (uint8_t)why;
    p->amount = 0;
}

/* A stop keeps `present` from leaving, and honest money from whose it is: for nearly nothing, or
 * for much less than it harms, it is lifted. */
static bool is_stop_too_dear(const struct race *r, const struct race_account *a,
                             struct race_pick *p)
{
    if (!a->is_stopped)
        return false;
    int64_t honest = a->honest < 0 ? a->present : a->honest;
    p->collateral = honest * r->settings.term_hours;
    int64_t harm = race_scale(p->collateral, r->settings.lambda_ppm, PPM);
    return a->present <= r->settings.cost_minor || harm > a->present;
}

/* Whatever is the same at every moment; whether there is anything to weigh. */
static bool is_open(const struct race *r, const struct race_account *a, struct race_pick *p)
{
    int64_t free = a->present - a->pending - stands(a);
    if (is_stop_too_dear(r, a, p)) {
        refuse(p, RACE_WHY_STOP_COSTS);
        p->action = RACE_TRIM;
    } else if (stands(a) > a->present) {
        refuse(p, RACE_WHY_OVER);
        p->action = RACE_TRIM;
        p->amount = a->present;
    } else if (a->present == 0) {
        refuse(p, RACE_WHY_NOTHING);
    } else if (free <= 0) {
        refuse(p, stands(a) > 0 ? RACE_WHY_STANDS : RACE_WHY_PENDING);
    } else if (!a->can_hold && !a->can_stop) {
        refuse(p, RACE_WHY_NO_WAY);
    } else if (a->is_refused) {
        refuse(p, RACE_WHY_REFUSED);
    } else {
        p->action = a->can_hold ? RACE_HOLD : RACE_STOP;
        p->amount = free;
        return true;
    }
    return false;
}

static void weigh(struct race *r, const struct race_account *a, const struct race_moment *m,
                  struct race_pick *p)
{
    *p = (struct race_pick){.account = a->account,
                            .against = RACE_WHY_COUNT,
                            .present = a->present,
                            .stands = stands(a),
                            .pending = a->pending,
                            .exited = a->exited};
    if (!is_open(r, a, p))
        return;
    foresee(r, a, m, p);
    p->collateral = collateral(r, a, p);
    int64_t saved = race_part(race_part(race_part(p->amount, p->done), p->there), p->leaves);
    p->gain =
        saved - race_scale(p->collateral, r->settings.lambda_ppm, PPM) - r->settings.cost_minor;
    if (p->gain <= 0)
        refuse(p, RACE_WHY_NOT_WORTH);
}

/* --- all of them --- */

/* One bit in the middle of each digit, so that small gains change low digits only. */
static uint64_t middle(void)
{
    uint64_t key = 0;
    for (unsigned pass = 0; pass < PASSES; pass++)
        key |= UINT64_C(1) << (pass * DIGIT_BITS + DIGIT_BITS / 2);
    return key;
}

/* Trims first: whatever they wait is somebody's. Then by gain. */
static uint64_t key_of(const struct race_pick *p)
{
    return p->action == RACE_TRIM ? 0 : middle() - (uint64_t)p->gain;
}

static uint32_t digit_of(uint64_t key, unsigned pass)
{
    return (uint32_t)(key >> (pass * DIGIT_BITS)) % DIGITS;
}

/* Where each digit's ranks begin. */
static void count_digits(const struct race_rank *ranks, uint32_t count, unsigned pass,
                         uint32_t starts[DIGITS])
{
    uint32_t sum = 0;
    memset(starts, 0, DIGITS * sizeof *starts);
    for (uint32_t i = 0; i < count; i++)
        starts[digit_of(ranks[i].key, pass)]++;
    for (uint32_t d = 0; d < DIGITS; d++) {
        uint32_t here = starts[d];
        starts[d] = sum;
        sum += here;
    }
}

/* By key; equal ones stay as they came: by account. A digit that all share is passed over. */
static const struct race_rank *sort(struct race_rank *ranks, struct race_rank *spare,
                                    uint32_t count)
{
    uint32_t starts[DIGITS];
    uint64_t differ = 0;
    static_assert(PASSES * DIGIT_BITS >= 64, "all of a key");
    for (uint32_t i = 1; i < count; i++)
        differ |= ranks[i].key ^ ranks[0].key;
    for (unsigned pass = 0; pass < PASSES; pass++) {
        if (digit_of(differ, pass) == 0)
            continue;
        count_digits(ranks, count, pass, starts);
        for (uint32_t i = 0; i < count; i++)
            spare[starts[digit_of(ranks[i].key, pass)]++] = ranks[i];
        struct race_rank *was = ranks;
        ranks = spare;
        spare = was;
    }
    return ranks;
}

/* What a pick asks for, as far as the budget goes. */
static void pledge(struct race_pick *p, int64_t *budget, struct race_plan *plan)
{
    if (p->action != RACE_HOLD && p->action != RACE_STOP)
        return;
    if (*budget <= 0) {
        refuse(p, RACE_WHY_BUDGET);
        return;
    }
    if (p->amount > *budget) {
        p->gain = race_scale(p->gain, *budget, p->amount);
        p->amount = *budget;
        p->against = RACE_WHY_BUDGET;
    }
    *budget -= p->amount;
    plan->asks += p->amount;
    plan->expected += p->gain;
}

/* Curves first: most of what a ranking waits for is memory, and so it waits for many at once. */
static void weigh_all(struct race *r, int64_t now_ms)
{
    struct race_moment m = {.now_ms = now_ms, .hour = race_hour(r, now_ms)};
    for (uint32_t i = 0; i < r->count; i++)
        r->curves[i] = hazard_curve(r->hazard, r->cells[r->order[i]]);
    for (uint32_t i = 0; i < r->count; i++) {
        uint32_t ahead = i + AHEAD < r->count ? i + AHEAD : i;
        __builtin_prefetch(r->curves[ahead]);
        __builtin_prefetch(r->curves[ahead] + HAZARD_STEPS);
        __builtin_prefetch(&r->slots[r->order[ahead]]);
        m.curve = r->curves[i];
        weigh(r, &r->slots[r->order[i]], &m, &r->weighed[i]);
        r->ranks[i] = (struct race_rank){.key = key_of(&r->weighed[i]), .pick = i};
    }
}

err race_rank(struct race *r, int64_t now_ms, int64_t budget, struct arena *a,
              struct race_plan *ret_plan)
{
    struct race_plan plan = {.count = r->count};
    struct race_pick *picks = arena_make_array(a, r->count + 1, sizeof *picks);
    if (picks == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    r->rankings++;
    weigh_all(r, now_ms);
    const struct race_rank *ranks = sort(r->ranks, r->ranks + r->most, r->count);
    for (uint32_t i = 0; i < r->count; i++) {
        picks[i] = r->weighed[ranks[i].pick];
        pledge(&picks[i], &budget, &plan);
    }
    plan.picks = picks;
    *ret_plan = plan;
    return OK;
}
