/* SPDX-License-Identifier: Apache-2.0 */
#include "train/speed.h"

#include "env/clock.h"

#include <assert.h>

enum { TURNS = 7, EXPLAINED = 500 };

struct work {
    const struct boost *boost;
    const struct model *model;
    struct boost_rows rows;
    float *margins;
    double parts[MODEL_FEATURES];
};

static const float *row_of(const struct work *w, uint32_t row)
{
    return w->rows.values + (size_t)row * w->rows.feature_count;
}

static err score_all(struct work *w)
{
    for (uint32_t i = 0; i < w->rows.rows; i++)
        w->margins[i] = model_score(w->model, row_of(w, i));
    return OK;
}

static err library_scores_all(struct work *w)
{
    return boost_margins(w->boost, &w->rows, w->margins);
}

static err explain_some(struct work *w)
{
    for (uint32_t i = 0; i < w->rows.rows && i < EXPLAINED; i++)
        w->margins[i] = (float)model_explain(w->model, row_of(w, i), w->parts);
    return OK;
}

/* Of the processor's time, the least of all turns so far, a row. */
static err measure(struct work *w, err (*run)(struct work *w), uint32_t rows, double *least_us)
{
    int64_t began_us = env_cpu_us();
    TRY(run(w));
    double us = (double)(env_cpu_us() - began_us) / rows;
    *least_us = *least_us > 0 && *least_us < us ? *least_us : us;
    return OK;
}

err speed_measure(const struct table *t, const struct boost_settings *s, struct arena *a,
                  struct speed *ret_speed)
{
    struct boost boost = {.handle = NULL};
    struct model m = {.features = t->features, .feature_count = t->feature_count};
    struct work w = {
        .boost = &boost,
        .model = &m,
        .rows = {t->values, t->labels, t->rows, t->feature_count},
        .margins = arena_make_array(a, t->rows, sizeof *w.margins)
    };
    struct speed speed = {.rows = t->rows};
    uint32_t explained = t->rows < EXPLAINED ? t->rows : EXPLAINED;
    if (w.margins == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    TRY(boost_train(&w.rows, s, a, &boost));
    err e = boost_trees(&boost, a, &m);
    for (int turn = 0; turn < TURNS && !failed(e); turn++) {
        e = measure(&w, score_all, t->rows, &speed.score_us);
        if (!failed(e))
            e = measure(&w, library_scores_all, t->rows, &speed.library_us);
        if (!failed(e))
            e = measure(&w, explain_some, explained, &speed.explain_us);
    }
    boost_done(&boost);
    TRY(e);
    speed.trees = m.tree_count;
    speed.nodes = m.node_count;
    *ret_speed = speed;
    return OK;
}
