/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: folds are parted evenly and keep rows of one id together, and no figure knows of a row what
 * it should not: where labels are chance, the AUC is a coin's, also when every row has a twin.
 * An id counts once, by its largest margin.
 * Method: tables made of chance, with and without ids, through folds and the whole fit; the twins
 * once more without their ids, which must flatter: else the test could not fail.
 */
#include "train/fit.h"
#include "train/fold.h"
#include "train/train_test.h"

#include "sense/model_file.h"

enum { ROWS = 600, FEATURES = 3 };

struct made {
    struct table table;
    float values[ROWS * FEATURES];
    uint8_t labels[ROWS];
    uint32_t groups[ROWS];
};

static const str names[FEATURES] = {
    {"x", 1},
    {"y", 1},
    {"z", 1}
};

/* Rows in groups that are the same to the bit. */
static void make(struct made *m, uint64_t seed, uint32_t group_rows, bool has_groups)
{
    struct random_source r;
    random_init_seeded(&r, seed);
    m->table = (struct table){.name = STR("made"),
                              .rows = ROWS,
                              .feature_count = FEATURES,
                              .features = names,
                              .values = m->values,
                              .labels = m->labels,
                              .groups = m->groups};
    for (uint32_t i = 0; i < ROWS; i++) {
        bool is_again = i % group_rows > 0;
        m->groups[i] = has_groups ? i / group_rows : i;
        m->labels[i] = is_again ? m->labels[i - 1] : (uint8_t)random_below(&r, 2);
        m->table.positive += m->labels[i];
        for (uint32_t f = 0; f < FEATURES; f++)
            m->values[i * FEATURES + f] =
                is_again ? m->values[(i - 1) * FEATURES + f] : (float)draw_share(&r);
    }
    m->table.group_count = m->groups[ROWS - 1] + 1;
}

static void folds_are_even_and_whole(void **state)
{
    (void)state;
    static struct made m;
    uint8_t folds[ROWS];
    uint8_t again[ROWS];
    for (uint32_t count = FOLD_LEAST; count <= FOLD_MOST; count += 3) {
        uint32_t rows[FOLD_MOST] = {0};
        uint32_t bad[FOLD_MOST] = {0};
        make(&m, count, 3, true);
        works(fold_part(&m.table, count, 5, &arena, folds));
        works(fold_part(&m.table, count, 5, &arena, again));
        assert_memory_equal(folds, again, sizeof folds);
        for (uint32_t i = 0; i < ROWS; i++) {
            assert_true(folds[i] < count && (i % 3 == 0 || folds[i] == folds[i - 1]));
            rows[folds[i]]++;
            bad[folds[i]] += m.labels[i];
        }
        for (uint32_t f = 1; f < count; f++) /* one group more or less */
            assert_true(abs((int)rows[f] - (int)rows[0]) <= 3 &&
                        abs((int)bad[f] - (int)bad[0]) <= 3);
        works(fold_part(&m.table, count, 6, &arena, again));
        assert_true(memcmp(folds, again, sizeof folds) != 0);
        arena_reset(&arena);
    }
    make(&m, 1, ROWS / 10, true);
    fails(fold_part(&m.table, FOLD_MOST, 1, &arena, folds), "train.too_few");
    arena_reset(&arena);
}

static struct model_share figure(const struct model *m, const char *name)
{
    for (uint32_t i = 0; i < m->figure_count; i++)
        if (str_equal(m->figures[i].name, str_from_c(name)))
            return m->figures[i].share;
    fail_msg("no figure %s", name);
    return (struct model_share){0};
}

static struct model fit(const struct made *made)
{
    struct fit_order order = {.table = &made->table,
                              .settings = boost_usual(),
                              .folds = 5,
                              .repeats = 2,
                              .name = STR("chance")};
    struct model m;
    str file = STR("");
    works(boost_set(&order.settings, STR("rounds=40")));
    works(fit_model(&order, &arena, &m, &file));
    return m;
}

static void chance_is_not_learnt(void **state)
{
    (void)state;
    static struct made made;
    for (uint64_t seed = 0; seed < 3; seed++) {
        make(&made, seed, 2, true);
        struct model m = fit(&made);
        struct model_share auc = figure(&m, "auc");
        assert_true(auc.low < 560000000 && auc.high > 440000000);
        arena_reset(&arena);
    }
    make(&made, 0, 2, false);
    struct model m = fit(&made);
    assert_true(figure(&m, "auc").low > 600000000);
    arena_reset(&arena);
}

static void a_rule_is_learnt(void **state)
{
    (void)state;
    static struct made made;
    make(&made, 1, 1, false);
    for (uint32_t i = 0; i < ROWS; i++)
        made.labels[i] = made.values[i * FEATURES] > 0.6F;
    struct model m = fit(&made);
    assert_true(figure(&m, "macro_f1").low > 950000000);
    assert_true(figure(&m, "auc_folds").low > 950000000);
    float row[FEATURES] = {0.9F, 0.1F, 0.1F};
    double parts[FEATURES];
    struct model_reason why;
    (void)model_explain(&m, row, parts);
    assert_int_equal(model_reasons(&m, parts, &why, 1), 1);
    assert_true(why.feature == 0 && why.part > 0.5);
    arena_reset(&arena);
}

/* Of four rows of an id one tells, the others are all alike: judged one by one, three of four bad
 * rows are missed; judged by ids, none. */
static void ids_are_judged_by_their_largest(void **state)
{
    (void)state;
    static struct made made;
    make(&made, 2, 4, true);
    memset(made.values, 0, sizeof made.values);
    for (uint32_t i = 0; i < ROWS; i++)
        if (i % 4 == 2)
            made.values[i * FEATURES] = made.labels[i] ? 2 : 1;
    struct model m = fit(&made);
    assert_true(figure(&m, "auc").low > 990000000);
    for (uint32_t i = 0; i < ROWS; i++)
        made.groups[i] = i;
    made.table.group_count = ROWS;
    m = fit(&made);
    assert_true(figure(&m, "auc").high < 800000000);
    arena_reset(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_are_even_and_whole),
        cmocka_unit_test(chance_is_not_learnt),
        cmocka_unit_test(a_rule_is_learnt),
        cmocka_unit_test(ids_are_judged_by_their_largest),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
