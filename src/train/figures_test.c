/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: figures are what their definitions say, and their bounds hold the true ones about as often
 * as they promise.
 * Method: random scores with ties against counting every pair; cases worked out by hand; worlds of
 * which the true AUC and recall are known.
 */
#include "train/figures.h"
#include "train/points.h"
#include "train/train_test.h"

enum { ROWS = 400 };

static double auc_by_pairs(const struct figures_row *rows, uint32_t count, const uint8_t *bad,
                           const uint32_t *weights)
{
    double won = 0;
    double all = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < count; k++) {
            if (!bad[rows[i].row] || bad[rows[k].row])
                continue;
            double w = (double)weights[rows[i].row] * weights[rows[k].row];
            all += w;
            won += rows[i].margin > rows[k].margin ? w : 0;
            won += fabsf(rows[i].margin - rows[k].margin) < 1e-6F ? w / 2 : 0;
        }
    }
    return won / all;
}

static void auc_counts_pairs(void **state)
{
    (void)state;
    struct random_source r;
    random_init_seeded(&r, 1);
    for (int round = 0; round < 30; round++) {
        struct figures_row rows[ROWS];
        uint8_t bad[ROWS];
        uint32_t weights[ROWS];
        int margin = -40;
        for (uint32_t i = 0; i < ROWS; i++) {
            margin += random_below(&r, 4) == 0; /* many are even */
            rows[i] = (struct figures_row){(float)margin / 4, ROWS - 1 - i};
            bad[i] = random_below(&r, 3) == 0;
            weights[i] = (uint32_t)random_below(&r, 4);
        }
        struct figures_pair p = figures_weigh(rows, ROWS, bad, weights);
        assert_true(p.has_both);
        assert_true(fabs(p.auc - auc_by_pairs(rows, ROWS, bad, weights)) < 1e-9);
    }
}

/* 2 of 3 bad ones are found, and 1 of 5 good ones is alarmed: F1 of the bad 2*2/(3+3), of the good
 * 2*4/(5+5). Nothing at a margin of 0 is an alarm. */
static void macro_f1_is_the_mean_of_both(void **state)
{
    (void)state;
    static const struct figures_row rows[] = {
        {-2, 0},
        {-1, 1},
        {-1, 2},
        {0,  3},
        {0,  4},
        {1,  5},
        {2,  6},
        {3,  7}
    };
    static const uint8_t bad[] = {0, 0, 1, 0, 0, 1, 0, 1};
    static const uint32_t weights[] = {1, 1, 1, 1, 1, 1, 1, 1};
    struct figures_pair p = figures_weigh(rows, COUNT_OF(rows), bad, weights);
    assert_true(fabs(p.macro_f1 - (2.0 * 2 / 6 + 2.0 * 4 / 10) / 2) < 1e-12);
    static const uint8_t none[COUNT_OF(rows)] = {0};
    assert_false(figures_weigh(rows, COUNT_OF(rows), none, weights).has_both);
}

static bool holds(struct model_share s, double share)
{
    return s.low <= share * MODEL_WHOLE && share * MODEL_WHOLE <= s.high;
}

static void precision_follows_from_prevalence(void **state)
{
    (void)state;
    struct model_share recall = {800000000, 700000000, 900000000};
    struct model_share alarms = {10000000, 5000000, 20000000};
    struct model_share p = points_precision(recall, alarms, 1e-3);
    assert_true(holds(p, 0.0008 / (0.0008 + 0.01 * 0.999)));
    assert_true(fabs(p.low / 1e9 - 0.0007 / (0.0007 + 0.02 * 0.999)) < 1e-8);
    assert_true(fabs(p.high / 1e9 - 0.0009 / (0.0009 + 0.005 * 0.999)) < 1e-8);
    /* None of a million is alarmed: the precision is 1, and no more than that is known of it. */
    struct model_share none = {0, 0, 3842};
    p = points_precision((struct model_share){900000000, 850000000, 930000000}, none, 1e-4);
    assert_int_equal(p.value, MODEL_WHOLE);
    assert_true(p.low > 950000000 && p.low < 960000000);
}

/* Two normal distributions, 1.5 apart: the AUC is Phi(1.5 / sqrt 2). */
static float draw_normal(struct random_source *r, double mean)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += draw_share(r);
    return (float)(sum + mean);
}

struct world {
    struct table table;
    uint8_t labels[ROWS];
    uint32_t groups[ROWS];
    uint8_t folds[ROWS];
    float margins[ROWS];
};

static void make_world(struct world *w, struct random_source *r, uint32_t group_rows)
{
    w->table = (struct table){.rows = ROWS, .labels = w->labels, .groups = w->groups};
    for (uint32_t i = 0; i < ROWS; i++) {
        w->groups[i] = i / group_rows;
        w->labels[i] = w->groups[i] % 4 == 0;
        w->folds[i] = (uint8_t)(w->groups[i] % 5);
        bool is_again = i % group_rows > 0;
        w->margins[i] = is_again ? w->margins[i - 1] : draw_normal(r, w->labels[i] ? 1.5 : 0);
        w->table.positive += w->labels[i];
    }
    w->table.group_count = ROWS / group_rows;
}

/* Also where rows come in groups that say the same: as many rows tell less. */
static void bounds_hold_as_often_as_they_say(void **state)
{
    (void)state;
    enum { WORLDS = 60 };
    static struct world w;
    for (uint32_t group_rows = 1; group_rows <= 4; group_rows += 3) {
        struct random_source r;
        int auc_held = 0;
        int recall_held = 0;
        random_init_seeded(&r, group_rows);
        for (int i = 0; i < WORLDS; i++) {
            make_world(&w, &r, group_rows);
            struct figures_of of = {.table = &w.table,
                                    .repeats = 1,
                                    .folds = 5,
                                    .margins = w.margins,
                                    .fold_of = w.folds,
                                    .seed = 1,
                                    .part = -1};
            struct figures f;
            works(figures_make(&of, &arena, &f));
            assert_true(f.has_both && f.rows == ROWS && f.positive == ROWS / 4);
            auc_held += holds(f.auc, 0.5 * erfc(-1.5 / 2));
            recall_held += holds(f.recall, 0.5 * erfc(-1.5 / sqrt(2)));
            assert_true(f.auc.low < f.auc.value && f.auc.value < f.auc.high);
            assert_true(f.auc_folds.low <= f.auc_folds.value);
            for (uint32_t k = 1; k < f.point_count; k++)
                assert_true(f.points[k].margin < f.points[k - 1].margin &&
                            f.points[k].recall.value >= f.points[k - 1].recall.value);
            arena_reset(&arena);
        }
        assert_true(auc_held >= WORLDS * 85 / 100);
        assert_true(recall_held >= WORLDS * 85 / 100);
    }
}

static void points_find_what_they_promise(void **state)
{
    (void)state;
    static struct world w;
    struct random_source r;
    random_init_seeded(&r, 9);
    make_world(&w, &r, 1);
    struct figures_of of = {.table = &w.table,
                            .repeats = 1,
                            .folds = 5,
                            .margins = w.margins,
                            .fold_of = w.folds,
                            .seed = 1,
                            .part = -1};
    struct figures f;
    works(figures_make(&of, &arena, &f));
    static const double recalls[] = {0.5, 0.6, 0.7, 0.8, 0.9, 0.95};
    for (size_t i = 0; i < COUNT_OF(recalls); i++) {
        bool is_there = false;
        for (uint32_t k = 0; k < f.point_count; k++)
            is_there = is_there || fabs(f.points[k].recall.value / 1e9 - recalls[i]) < 0.011;
        assert_true(is_there);
    }
    assert_int_equal(f.points[0].alarms.value, 0);
    assert_true(f.points[0].alarms.high > 0);
    arena_reset(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auc_counts_pairs),
        cmocka_unit_test(macro_f1_is_the_mean_of_both),
        cmocka_unit_test(precision_follows_from_prevalence),
        cmocka_unit_test(bounds_hold_as_often_as_they_say),
        cmocka_unit_test(points_find_what_they_promise),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
