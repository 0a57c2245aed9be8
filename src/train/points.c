/* SPDX-License-Identifier: Apache-2.0 */
#include "train/points.h"

#include "tally/interval.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* All margins of a class, over all repeats, rising. */
struct margins {
    float *at;
    uint64_t count;
};

static int by_value(const void *a, const void *b)
{
    const float *one = a;
    const float *two = b;
    return (*one > *two) - (*one < *two);
}

static err collect(const struct points_of *of, uint8_t label, struct arena *a,
                   struct margins *ret_margins)
{
    size_t all = (size_t)of->rows * of->repeats;
    struct margins m = {.at = arena_make_array(a, all, sizeof *m.at)};
    if (m.at == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    for (size_t i = 0; i < all; i++)
        if (of->labels[of->sorted[i].row] == label)
            m.at[m.count++] = of->sorted[i].margin;
    qsort(m.at, m.count, sizeof *m.at, by_value);
    *ret_margins = m;
    return OK;
}

static uint64_t count_above(const struct margins *m, float threshold)
{
    uint64_t low = 0;
    uint64_t high = m->count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (m->at[middle] > threshold)
            high = middle;
        else
            low = middle + 1;
    }
    return m->count - low;
}

/* The highest threshold above which at least `share` of them lie. */
static float threshold_of_recall(const struct margins *bad, double share)
{
    uint64_t wanted = (uint64_t)ceil(share * (double)bad->count);
    wanted = wanted == 0 ? 1 : wanted;
    return nextafterf(bad->at[bad->count - wanted], -INFINITY);
}

/* The lowest of their own margins above which at most `share` of them lie. */
static float threshold_of_alarms(const struct margins *good, double share)
{
    uint64_t allowed = (uint64_t)floor(share * (double)good->count);
    return good->at[good->count - 1 - (allowed < good->count ? allowed : good->count - 1)];
}

/* ---- shares ---------------------------------------------------------------------------------- */

static double clip(double share)
{
    if (!(share > 0))
        return 0;
    return share < 1 ? share : 1;
}

/* Outwards: the bounds hold what was computed, and the share. */
static struct model_share make_share(double value, double low, double high)
{
    struct model_share s = {.value = (int32_t)lround(clip(value) * MODEL_WHOLE),
                            .low = (int32_t)floor(clip(low) * MODEL_WHOLE),
                            .high = (int32_t)ceil(clip(high) * MODEL_WHOLE)};
    s.low = s.low < s.value ? s.low : s.value;
    s.high = s.high > s.value ? s.high : s.value;
    return s;
}

/* Repeats are of the same rows, and rows of one group say the same: neither narrows bounds. */
static struct model_share share_above(const struct margins *m, float threshold,
                                      const struct points_of *of)
{
    double share = (double)count_above(m, threshold) / (double)m->count;
    double independent = (double)m->count / of->repeats * of->groups / of->rows;
    int64_t whole = (int64_t)fmax(1, round(independent));
    struct interval_bounds b = interval_wilson_bounds((int64_t)round(share * (double)whole), whole);
    return make_share(share, b.low, b.high);
}

static double precision(double recall, double alarms, double prevalence)
{
    double found = recall * prevalence;
    double wrong = alarms * (1 - prevalence);
    return found + wrong > 0 ? found / (found + wrong) : 0;
}

struct model_share points_precision(struct model_share recall, struct model_share alarms,
                                    double prevalence)
{
    return make_share(precision(recall.value, alarms.value, prevalence),
                      precision(recall.low, alarms.high, prevalence),
                      precision(recall.high, alarms.low, prevalence));
}

/* ---- points ---------------------------------------------------------------------------------- */

static int by_falling(const void *a, const void *b)
{
    return by_value(b, a);
}

static uint32_t choose(const struct margins *bad, const struct margins *good,
                       float ret_thresholds[POINTS_MOST])
{
    static const double recalls[] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95};
    static const double alarms[] = {0.01, 0.001, 0.0001, 0};
    uint32_t count = 0;
    ret_thresholds[count++] = 0;
    for (size_t i = 0; i < COUNT_OF(recalls); i++)
        ret_thresholds[count++] = threshold_of_recall(bad, recalls[i]);
    for (size_t i = 0; i < COUNT_OF(alarms); i++)
        ret_thresholds[count++] = threshold_of_alarms(good, alarms[i]);
    assert(count <= POINTS_MOST);
    qsort(ret_thresholds, count, sizeof *ret_thresholds, by_falling);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < count; i++)
        if (ret_thresholds[i] < ret_thresholds[kept - 1])
            ret_thresholds[kept++] = ret_thresholds[i];
    return kept;
}

err points_make(const struct points_of *of, struct arena *a, struct figures *f)
{
    struct margins bad;
    struct margins good;
    float thresholds[POINTS_MOST] = {0};
    TRY(collect(of, 1, a, &bad));
    TRY(collect(of, 0, a, &good));
    if (bad.count > 0)
        f->recall = share_above(&bad, 0, of);
    if (good.count > 0)
        f->alarms = share_above(&good, 0, of);
    if (bad.count == 0 || good.count == 0)
        return OK;
    uint32_t count = choose(&bad, &good, thresholds);
    f->points = arena_make_array(a, count, sizeof *f->points);
    if (f->points == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    double in_data = (double)bad.count / (double)(bad.count + good.count);
    for (uint32_t i = 0; i < count; i++) {
        struct model_point *p = &f->points[i];
        p->margin = thresholds[i];
        p->recall = share_above(&bad, thresholds[i], of);
        p->alarms = share_above(&good, thresholds[i], of);
        p->precision[0] = points_precision(p->recall, p->alarms, in_data);
        p->precision[1] = points_precision(p->recall, p->alarms, 1e-3);
        p->precision[2] = points_precision(p->recall, p->alarms, 1e-4);
    }
    f->point_count = count;
    return OK;
}
