/* SPDX-License-Identifier: Apache-2.0 */
#include "train/figures.h"

#include "env/random.h"
#include "train/points.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { DRAWS_LEAST = 100, DRAWS_MOST = 1000, PAIR_WORK = 200000000 };

struct work {
    const struct figures_of *of;
    struct arena *arena;
    uint32_t rows;    /* of the part */
    uint32_t *groups; /* those that have a row in it */
    uint32_t group_count;
    struct figures_row *sorted; /* rows a repeat, by rising margin */
    uint32_t *weights;          /* by row of the table */
    uint32_t *drawn;            /* by group of the table */
};

static err spent(void)
{
    return fail(ERR_LIMIT, "memory.spent", 0);
}

static bool is_in(const struct figures_of *of, uint32_t row)
{
    return of->part < 0 || of->table->parts[row] == of->part;
}

/* ---- one weighing ---------------------------------------------------------------------------- */

static double f1(uint64_t right, uint64_t wrong)
{
    return right + wrong == 0 ? 0 : 2.0 * (double)right / (double)(2 * right + wrong);
}

/* What rows of one margin weigh. */
struct tie {
    uint64_t bad;
    uint64_t good;
};

/* From row `at` on, until the margin rises; leaves `at` behind them. */
static struct tie weigh_tie(const struct figures_row *rows, uint32_t count, const uint8_t *labels,
                            const uint32_t *weights, uint32_t *at)
{
    float margin = rows[*at].margin;
    struct tie t = {0};
    for (; *at < count && !(rows[*at].margin > margin); (*at)++) {
        uint32_t row = rows[*at].row;
        *(labels[row] ? &t.bad : &t.good) += weights[row];
    }
    return t;
}

struct figures_pair figures_weigh(const struct figures_row *rows, uint32_t count,
                                  const uint8_t *labels, const uint32_t *weights)
{
    uint64_t bad = 0;
    uint64_t good = 0;
    uint64_t missed = 0; /* bad ones not above 0 */
    uint64_t passed = 0; /* good ones not above 0 */
    double won = 0;      /* pairs in which the bad one has more; an even pair is half won */
    for (uint32_t i = 0; i < count;) {
        bool says_bad = rows[i].margin > 0;
        struct tie t = weigh_tie(rows, count, labels, weights, &i);
        won += (double)t.bad * ((double)good + (double)t.good / 2);
        bad += t.bad;
        good += t.good;
        missed = says_bad ? missed : bad;
        passed = says_bad ? passed : good;
    }
    struct figures_pair p = {.has_both = bad > 0 && good > 0};
    if (!p.has_both)
        return p;
    uint64_t wrong = missed + (good - passed);
    p.auc = won / ((double)bad * (double)good);
    p.macro_f1 = (f1(bad - missed, wrong) + f1(passed, wrong)) / 2;
    return p;
}

static struct figures_pair weigh_repeat(const struct work *w, uint32_t repeat)
{
    return figures_weigh(w->sorted + (size_t)repeat * w->rows, w->rows, w->of->table->labels,
                         w->weights);
}

/* ---- shares and their bounds ----------------------------------------------------------------- */

static int32_t billionths(double share)
{
    assert(share >= 0 && share <= 1);
    return (int32_t)lround(share * MODEL_WHOLE);
}

struct spread {
    double sum;
    double least;
    double most;
    uint32_t count;
};

static void spread_add(struct spread *s, double value)
{
    s->least = s->count == 0 || value < s->least ? value : s->least;
    s->most = s->count == 0 || value > s->most ? value : s->most;
    s->sum += value;
    s->count++;
}

static struct model_share spread_share(const struct spread *s)
{
    struct model_share share = {0};
    if (s->count > 0)
        share = (struct model_share){.value = billionths(s->sum / s->count),
                                     .low = billionths(s->least),
                                     .high = billionths(s->most)};
    return share;
}

static void weigh_repeats(struct work *w, struct figures *f)
{
    struct spread macro_f1 = {0};
    struct spread auc = {0};
    for (uint32_t i = 0; i < w->of->table->rows; i++)
        w->weights[i] = 1;
    for (uint32_t r = 0; r < w->of->repeats; r++) {
        struct figures_pair p = weigh_repeat(w, r);
        f->has_both = p.has_both;
        spread_add(&macro_f1, p.macro_f1);
        spread_add(&auc, p.auc);
    }
    f->macro_f1_repeats = spread_share(&macro_f1);
    f->auc_repeats = spread_share(&auc);
}

/* A fold in which this part has only bad or only good rows says nothing. */
static void weigh_folds(struct work *w, struct figures *f)
{
    struct spread macro_f1 = {0};
    struct spread auc = {0};
    for (uint32_t r = 0; r < w->of->repeats; r++) {
        const uint8_t *fold_of = w->of->fold_of + (size_t)r * w->of->table->rows;
        for (uint32_t fold = 0; fold < w->of->folds; fold++) {
            for (uint32_t i = 0; i < w->of->table->rows; i++)
                w->weights[i] = fold_of[i] == fold;
            struct figures_pair p = weigh_repeat(w, r);
            if (!p.has_both)
                continue;
            spread_add(&macro_f1, p.macro_f1);
            spread_add(&auc, p.auc);
        }
    }
    f->macro_f1_folds = spread_share(&macro_f1);
    f->auc_folds = spread_share(&auc);
}

static int by_value(const void *a, const void *b)
{
    const double *one = a;
    const double *two = b;
    return (*one > *two) - (*one < *two);
}

/* `value` is the mean over repeats, the bounds are those of 95 in 100 draws. */
static struct model_share bounded(struct model_share repeats, double *draws, uint32_t count)
{
    struct model_share s = {.value = repeats.value, .low = repeats.value, .high = repeats.value};
    if (count == 0)
        return s;
    qsort(draws, count, sizeof *draws, by_value);
    int32_t low = billionths(draws[count / 40]);
    int32_t high = billionths(draws[count - 1 - count / 40]);
    s.low = low < s.low ? low : s.low;
    s.high = high > s.high ? high : s.high;
    return s;
}

/* As many groups as there are, each as often as chance takes it. */
static void draw_groups(struct work *w, struct random_source *random)
{
    const struct table *t = w->of->table;
    memset(w->drawn, 0, t->group_count * sizeof *w->drawn);
    for (uint32_t i = 0; i < w->group_count; i++)
        w->drawn[w->groups[random_below(random, w->group_count)]]++;
    for (uint32_t i = 0; i < t->rows; i++)
        w->weights[i] = w->drawn[t->groups[i]];
}

static err weigh_draws(struct work *w, struct figures *f)
{
    struct random_source random;
    uint64_t draws = PAIR_WORK / ((uint64_t)w->rows * w->of->repeats);
    draws = draws < DRAWS_LEAST ? DRAWS_LEAST : draws;
    draws = draws > DRAWS_MOST ? DRAWS_MOST : draws;
    double *macro_f1 = arena_make_array(w->arena, draws, sizeof *macro_f1);
    double *auc = arena_make_array(w->arena, draws, sizeof *auc);
    uint32_t count = 0;
    if (macro_f1 == NULL || auc == NULL)
        return spent();
    random_init_seeded(&random, w->of->seed);
    for (uint64_t d = 0; d < draws; d++) {
        draw_groups(w, &random);
        bool has_both = true;
        macro_f1[count] = 0;
        auc[count] = 0;
        for (uint32_t r = 0; r < w->of->repeats; r++) {
            struct figures_pair p = weigh_repeat(w, r);
            has_both = has_both && p.has_both;
            macro_f1[count] += p.macro_f1 / w->of->repeats;
            auc[count] += p.auc / w->of->repeats;
        }
        count += has_both;
    }
    f->macro_f1 = bounded(f->macro_f1_repeats, macro_f1, count);
    f->auc = bounded(f->auc_repeats, auc, count);
    return OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int by_margin(const void *a, const void *b)
{
    const struct figures_row *one = a;
    const struct figures_row *two = b;
    if (one->margin < two->margin || one->margin > two->margin)
        return one->margin < two->margin ? -1 : 1;
    return (one->row > two->row) - (one->row < two->row);
}

static void find_groups(struct work *w)
{
    const struct table *t = w->of->table;
    memset(w->drawn, 0, t->group_count * sizeof *w->drawn);
    for (uint32_t i = 0; i < t->rows; i++) {
        if (!is_in(w->of, i) || w->drawn[t->groups[i]]++ > 0)
            continue;
        w->groups[w->group_count++] = t->groups[i];
    }
}

static err begin(struct work *w)
{
    const struct table *t = w->of->table;
    for (uint32_t i = 0; i < t->rows; i++)
        w->rows += is_in(w->of, i);
    w->groups = arena_make_array(w->arena, t->group_count, sizeof *w->groups);
    w->drawn = arena_make_array(w->arena, t->group_count, sizeof *w->drawn);
    w->weights = arena_make_array(w->arena, t->rows, sizeof *w->weights);
    w->sorted = arena_make_array(w->arena, (size_t)w->rows * w->of->repeats, sizeof *w->sorted);
    if (w->groups == NULL || w->drawn == NULL || w->weights == NULL || w->sorted == NULL)
        return spent();
    find_groups(w);
    for (uint32_t r = 0; r < w->of->repeats; r++) {
        struct figures_row *rows = w->sorted + (size_t)r * w->rows;
        uint32_t count = 0;
        for (uint32_t i = 0; i < t->rows; i++)
            if (is_in(w->of, i))
                rows[count++] = (struct figures_row){w->of->margins[(size_t)r * t->rows + i], i};
        qsort(rows, count, sizeof *rows, by_margin);
    }
    return OK;
}

err figures_make(const struct figures_of *of, struct arena *a, struct figures *ret_figures)
{
    struct work w = {.of = of, .arena = a};
    struct figures f = {.rows = 0};
    assert(of->repeats > 0 && (of->part < 0 || of->table->parts != NULL));
    TRY(begin(&w));
    f.rows = w.rows;
    for (uint32_t i = 0; i < of->table->rows; i++)
        f.positive += is_in(of, i) && of->table->labels[i];
    weigh_repeats(&w, &f);
    if (f.has_both) {
        weigh_folds(&w, &f);
        TRY(weigh_draws(&w, &f));
    }
    struct points_of points = {.sorted = w.sorted,
                               .rows = w.rows,
                               .repeats = of->repeats,
                               .labels = of->table->labels,
                               .groups = w.group_count};
    TRY(points_make(&points, a, &f));
    *ret_figures = f;
    return OK;
}
