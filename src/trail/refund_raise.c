/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All claims not yet done are raised together, each to `top` of its loss, until that is possible
 * no further for some of them. They are done, and the others go on.
 *
 * How far is found from above, as Newton finds a zero: begin with the whole losses; where some low
 * water is exceeded, go down to where the claims then standing on it would just fit; again, until
 * nothing is exceeded. The sums are convex in `top`, so this never goes too far down, and each turn
 * lets go of at least one deposit.
 */
#include "trail/refund_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DONE_NEVER = UINT32_MAX };

/* So much of every loss: total/of. */
struct ratio {
    int64_t total;
    int64_t of;
};

struct remainder {
    wide rest;
    uint32_t claim;
};

struct raise {
    struct refund_work *w;
    const int64_t *low;
    uint32_t claim_count;
    uint32_t moment_count;
    bool *is_done;
    wide *place;     /* of each moment: what stands on deposits of it */
    int64_t *weight; /* of each moment: the losses of claims whose oldest place is there */
    struct ratio top;
    uint32_t *stuck; /* claims of this step */
    uint32_t stuck_count;
    struct remainder *rests;
};

static struct refund_part *part_of(const struct raise *r, uint32_t claim)
{
    return &r->w->ret->parts[claim];
}

static bool is_less(struct ratio x, struct ratio y)
{
    return (wide)x.total * y.of < (wide)y.total * x.of;
}

/* ---- placing --------------------------------------------------------------------------------- */

/* What a claim has, in parts of 1/of. */
static wide has(const struct raise *r, uint32_t claim)
{
    if (r->is_done[claim])
        return (wide)part_of(r, claim)->amount_minor * r->top.of;
    return (wide)part_of(r, claim)->loss_minor * r->top.total;
}

/* Stands it on the claim's deposits, the newest first; the moment of the oldest it needs. */
static uint32_t place(const struct raise *r, uint32_t claim, wide amount, wide unit)
{
    const struct refund_work *w = r->w;
    uint32_t oldest = r->moment_count - 1;
    for (uint32_t i = w->first[claim + 1]; i-- > w->first[claim] && amount > 0;) {
        wide deposit = (wide)w->at[i].minor * unit;
        wide part = amount < deposit ? amount : deposit;
        r->place[w->at[i].moment] += part;
        oldest = w->at[i].moment;
        amount -= part;
    }
    assert(amount == 0);
    return oldest;
}

static void places_clear(const struct raise *r)
{
    memset(r->place, 0, r->moment_count * sizeof *r->place);
    memset(r->weight, 0, r->moment_count * sizeof *r->weight);
}

/* Never above what the claim deposited. */
static struct ratio top_by_deposits(const struct raise *r)
{
    struct ratio top = {.total = 1, .of = 1};
    for (uint32_t i = 0; i < r->claim_count; i++) {
        const struct refund_part *p = part_of(r, i);
        struct ratio mine = {.total = p->deposited_minor, .of = p->loss_minor};
        if (!r->is_done[i] && is_less(mine, top))
            top = mine;
    }
    return top;
}

/* What standing at r->top comes to; the lower top that the low waters ask for, if any. */
static bool top_lower(struct raise *r)
{
    struct ratio least = r->top;
    wide sum = 0;
    int64_t weight = 0;
    places_clear(r);
    for (uint32_t i = 0; i < r->claim_count; i++) {
        wide amount = has(r, i);
        if (amount == 0)
            continue;
        uint32_t oldest = place(r, i, amount, r->top.of);
        r->weight[oldest] += r->is_done[i] ? 0 : part_of(r, i)->loss_minor;
    }
    for (uint32_t m = 0; m < r->moment_count; m++) {
        sum += r->place[m];
        weight += r->weight[m];
        wide room = (wide)r->low[m] * r->top.of;
        if (sum <= room || weight == 0)
            continue;
        /* What is not in proportion is whole: amounts done, less deposits that came later. */
        int64_t other = (int64_t)((sum - (wide)weight * r->top.total) / r->top.of);
        struct ratio here = {.total = r->low[m] - other, .of = weight};
        assert(here.total >= 0);
        if (is_less(here, least))
            least = here;
    }
    bool is_lower = is_less(least, r->top);
    r->top = least;
    return is_lower;
}

/* ---- who is stuck ---------------------------------------------------------------------------- */

/* The moment on which the claim's next part would stand; DONE_NEVER when nothing is left. */
static uint32_t next_place(const struct raise *r, uint32_t claim)
{
    const struct refund_work *w = r->w;
    wide amount = has(r, claim);
    for (uint32_t i = w->first[claim + 1]; i-- > w->first[claim];) {
        wide deposit = (wide)w->at[i].minor * r->top.of;
        if (amount < deposit)
            return w->at[i].moment;
        amount -= deposit;
    }
    return DONE_NEVER;
}

/* The last moment up to which no more has room; moment_count when there is none. Stands on what
 * top_lower placed. */
static uint32_t last_tight(const struct raise *r)
{
    uint32_t tight = r->moment_count;
    wide sum = 0;
    for (uint32_t m = 0; m < r->moment_count; m++) {
        sum += r->place[m];
        assert(sum <= (wide)r->low[m] * r->top.of);
        if (sum == (wide)r->low[m] * r->top.of)
            tight = m;
    }
    return tight;
}

static enum refund_end find_stuck(struct raise *r, uint32_t *ret_moment)
{
    uint32_t tight = last_tight(r);
    bool is_whole = r->top.total == r->top.of;
    bool is_by_low_water = false;
    r->stuck_count = 0;
    for (uint32_t i = 0; i < r->claim_count; i++) {
        if (r->is_done[i])
            continue;
        uint32_t next = next_place(r, i);
        bool is_low = next != DONE_NEVER && tight != r->moment_count && next <= tight;
        if (is_whole || is_low || next == DONE_NEVER)
            r->stuck[r->stuck_count++] = i;
        is_by_low_water = is_by_low_water || is_low;
    }
    assert(r->stuck_count > 0);
    *ret_moment = tight;
    if (is_whole)
        return END_LOSS;
    if (!is_by_low_water)
        return END_DEPOSITS;
    return tight == r->moment_count - 1 ? END_FROZEN : END_LOW_WATER;
}

/* ---- rounding -------------------------------------------------------------------------------- */

static int larger_rest_first(const void *a, const void *b)
{
    const struct remainder *x = a;
    const struct remainder *y = b;
    if (x->rest != y->rest)
        return x->rest > y->rest ? -1 : 1;
    return x->claim < y->claim ? -1 : x->claim > y->claim;
}

/* Whether whole fen fit: what the stuck have, the others rounded down. */
static bool fits(const struct raise *r)
{
    wide sum = 0;
    places_clear(r);
    for (uint32_t i = 0; i < r->claim_count; i++)
        (void)place(r, i, has(r, i) / r->top.of, 1);
    for (uint32_t m = 0; m < r->moment_count; m++) {
        sum += r->place[m];
        if (sum > (wide)r->low[m])
            return false;
    }
    return true;
}

/* Whole fen down, and those then missing one by one to the largest remainders that have room. */
static void round_stuck(struct raise *r)
{
    wide missing = 0;
    for (uint32_t i = 0; i < r->stuck_count; i++) {
        wide amount = has(r, r->stuck[i]);
        r->rests[i] = (struct remainder){.rest = amount % r->top.of, .claim = r->stuck[i]};
        missing += r->rests[i].rest;
    }
    for (uint32_t i = 0; i < r->stuck_count; i++) {
        uint32_t claim = r->stuck[i];
        part_of(r, claim)->amount_minor = (int64_t)(has(r, claim) / r->top.of);
        r->is_done[claim] = true;
    }
    assert(missing % r->top.of == 0);
    missing /= r->top.of;
    qsort(r->rests, r->stuck_count, sizeof *r->rests, larger_rest_first);
    for (uint32_t i = 0; i < r->stuck_count && missing > 0 && r->rests[i].rest > 0; i++) {
        part_of(r, r->rests[i].claim)->amount_minor++;
        bool is_in = fits(r);
        part_of(r, r->rests[i].claim)->amount_minor -= !is_in;
        missing -= is_in;
    }
    assert(missing == 0);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static err step_put(struct raise *r, enum refund_end end, uint32_t moment)
{
    struct refund *refund = r->w->ret;
    struct refund_step *step = &refund->steps[refund->step_count++];
    *step = (struct refund_step){.total_minor = r->top.total,
                                 .of_minor = r->top.of,
                                 .end = end,
                                 .moment = moment,
                                 .claim_count = r->stuck_count};
    step->claims = arena_make_array(r->w->arena, r->stuck_count, sizeof *step->claims);
    if (step->claims == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    memcpy(step->claims, r->stuck, r->stuck_count * sizeof *step->claims);
    return OK;
}

/* A claim that lost nothing is done at once. */
static uint32_t begin(struct raise *r)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < r->claim_count; i++) {
        const struct refund_part *p = part_of(r, i);
        r->is_done[i] = p->basis != BASIS_PROPORTIONAL || p->loss_minor == 0;
        left += !r->is_done[i];
    }
    return left;
}

err refund_raise(struct refund_work *w, const int64_t *low)
{
    struct raise r = {.w = w,
                      .low = low,
                      .claim_count = work_case(w)->claim_count,
                      .moment_count = w->record->moment_count};
    size_t claims = (size_t)r.claim_count + 1;
    r.is_done = arena_make_array(w->arena, claims, sizeof *r.is_done);
    r.stuck = arena_make_array(w->arena, claims, sizeof *r.stuck);
    r.rests = arena_make_array(w->arena, claims, sizeof *r.rests);
    r.place = arena_make_array(w->arena, r.moment_count, sizeof *r.place);
    r.weight = arena_make_array(w->arena, r.moment_count, sizeof *r.weight);
    w->ret->steps = arena_make_array(w->arena, claims, sizeof *w->ret->steps);
    if (r.is_done == NULL || r.stuck == NULL || r.rests == NULL || r.place == NULL ||
        r.weight == NULL || w->ret->steps == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t left = begin(&r); left > 0; left -= r.stuck_count) {
        uint32_t moment = 0;
        r.top = top_by_deposits(&r);
        while (top_lower(&r))
            continue;
        enum refund_end end = find_stuck(&r, &moment);
        TRY(step_put(&r, end, moment));
        round_stuck(&r);
    }
    return OK;
}
