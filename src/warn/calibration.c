/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/calibration.h"

#include "warn/decay.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { STEP_MN = 500, AROUND_MN = 12000, MICRO = RULES_MICRO };

static_assert(2 * AROUND_MN / STEP_MN + 1 <= CALIBRATION_POINTS, "the usual curve has room");

void calibration_usual(int32_t prior_mn, struct calibration *ret_calibration)
{
    struct calibration *c = ret_calibration;
    *c = (struct calibration){0};
    for (int32_t z = -AROUND_MN; z <= AROUND_MN; z += STEP_MN)
        c->points[c->count++] =
            (struct calibration_point){z - prior_mn, (int32_t)decay_logistic(z)};
}

int32_t calibration_micro(const struct calibration *c, int64_t evidence_mn)
{
    assert(c->count > 0);
    const struct calibration_point *p = c->points;
    size_t low = 0;
    size_t high = c->count - 1;
    if (evidence_mn <= p[0].evidence_mn)
        return p[0].micro;
    if (evidence_mn >= p[high].evidence_mn)
        return p[high].micro;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (p[middle].evidence_mn <= evidence_mn)
            low = middle;
        else
            high = middle;
    }
    int64_t wide = (int64_t)p[high].evidence_mn - p[low].evidence_mn;
    int64_t rise = (int64_t)p[high].micro - p[low].micro;
    return p[low].micro + (int32_t)(rise * (evidence_mn - p[low].evidence_mn) / wide);
}

/* --- fitting --- */

/* Cases side by side that get one probability. */
struct step {
    int32_t low_mn;
    int32_t high_mn;
    int64_t scams;
    int64_t cases;
};

static int by_evidence(const void *a, const void *b)
{
    int32_t one = ((const struct calibration_case *)a)->evidence_mn;
    int32_t other = ((const struct calibration_case *)b)->evidence_mn;
    return (one > other) - (one < other);
}

static bool is_above(const struct step *a, const struct step *b)
{
    return a->scams * b->cases > b->scams * a->cases;
}

static void join(struct step *into, const struct step *next)
{
    into->high_mn = next->high_mn;
    into->scams += next->scams;
    into->cases += next->cases;
}

/* What joining two neighbours adds to the sum of squares. */
static double cost_of(const struct step *a, const struct step *b)
{
    double one = (double)a->scams / (double)a->cases;
    double other = (double)b->scams / (double)b->cases;
    double weight = (double)a->cases * (double)b->cases / (double)(a->cases + b->cases);
    return weight * (one - other) * (one - other);
}

/* Cases of equal evidence are one step; who stands above its successor is joined with it. */
static size_t pool(struct step *steps, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        steps[kept++] = steps[i];
        while (kept > 1 && !is_above(&steps[kept - 1], &steps[kept - 2])) {
            join(&steps[kept - 2], &steps[kept - 1]);
            kept--;
        }
    }
    return kept;
}

static size_t thin(struct step *steps, size_t count)
{
    while (count > CALIBRATION_POINTS / 2) {
        size_t best = 0;
        for (size_t i = 1; i + 1 < count; i++)
            if (cost_of(&steps[i], &steps[i + 1]) < cost_of(&steps[best], &steps[best + 1]))
                best = i;
        join(&steps[best], &steps[best + 1]);
        memmove(&steps[best + 1], &steps[best + 2], (count - best - 2) * sizeof *steps);
        count--;
    }
    return count;
}

static size_t begin_steps(struct calibration_case *cases, size_t count, struct step *ret_steps)
{
    size_t steps = 0;
    qsort(cases, count, sizeof *cases, by_evidence);
    for (size_t i = 0; i < count; i++) {
        const struct calibration_case *c = &cases[i];
        struct step one = {c->evidence_mn, c->evidence_mn, c->is_scam, 1};
        if (steps > 0 && ret_steps[steps - 1].high_mn == c->evidence_mn)
            join(&ret_steps[steps - 1], &one);
        else
            ret_steps[steps++] = one;
    }
    return steps;
}

static void put_point(struct calibration *c, int32_t evidence_mn, int32_t micro)
{
    c->points[c->count++] = (struct calibration_point){evidence_mn, micro};
}

err calibration_fit(struct calibration_case *cases, size_t count, struct arena *a,
                    struct calibration *ret_calibration)
{
    struct calibration fitted = {0};
    if (count == 0 || count > CALIBRATION_CASES)
        return fail(ERR_LIMIT, "calibration.too_many", 0);
    struct step *steps = arena_make_array(a, count, sizeof *steps);
    if (steps == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    size_t kept = thin(steps, pool(steps, begin_steps(cases, count, steps)));
    for (size_t i = 0; i < kept; i++) {
        int32_t micro = (int32_t)(MICRO * steps[i].scams / steps[i].cases);
        put_point(&fitted, steps[i].low_mn, micro);
        if (steps[i].high_mn > steps[i].low_mn)
            put_point(&fitted, steps[i].high_mn, micro);
    }
    *ret_calibration = fitted;
    return OK;
}
