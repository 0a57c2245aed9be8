/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a score is the sum of the leaves a row comes to; its explanation is the Shapley value of
 * every feature and adds up to the score; a model has one file, and any other text is refused with
 * its line and why; a conduct's row is what the model names.
 * Method: models and rows made of chance, against a walk from the root and against the definition
 * (all subsets of features, each judged by a walk that goes both ways where nothing is known); bad
 * files, one fault each; every byte of a file changed.
 */
#include "sense/model_test.h"
#include "sense/model_row.h"

#include <stdlib.h>

enum { ARENA_BYTES = 64 << 20, SMALL_FEATURES = 7, FEATURES = 40, ROWS = 500 };

static struct arena arena;

static int boot(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    return failed(kit_boot()) ? -1 : 0;
}

static int done(void **state)
{
    (void)state;
    arena_done(&arena);
    kit_done();
    return 0;
}

/* ---- scores ---------------------------------------------------------------------------------- */

static bool is_left(const struct model_node *n, float value)
{
    return value < n->value || (isnan(value) && !n->misses_right);
}

static float walk(const struct model *m, const float *row)
{
    float sum = m->base;
    for (uint32_t t = 0; t < m->tree_count; t++) {
        uint32_t at = m->roots[t];
        while (m->nodes[at].left != 0)
            at = m->nodes[at].left + !is_left(&m->nodes[at], row[m->nodes[at].feature]);
        sum += m->nodes[at].value;
    }
    return sum;
}

static void scores_are_sums_of_leaves(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct model m = random_model(seed, 30, 1 + (uint32_t)seed % 6, FEATURES, &arena);
        struct chance c = {seed};
        float row[FEATURES];
        for (int i = 0; i < ROWS; i++) {
            random_row(&c, &m, row);
            float sum = walk(&m, row);
            float score = model_score(&m, row);
            assert_memory_equal(&score, &sum, sizeof score);
        }
        arena_reset(&arena);
    }
}

/* ---- explanations ---------------------------------------------------------------------------- */

/* What a tree is worth when only the features of `known` are known. */
static double worth(const struct model *m, uint32_t at, const float *row, unsigned known)
{
    const struct model_node *n = &m->nodes[at];
    if (n->left == 0)
        return (double)n->value;
    if ((known >> n->feature & 1) != 0)
        return worth(m, n->left + !is_left(n, row[n->feature]), row, known);
    double share = (double)m->shares[at];
    return share * worth(m, n->left, row, known) + (1 - share) * worth(m, n->left + 1, row, known);
}

static double worth_of_all(const struct model *m, const float *row, unsigned known)
{
    double sum = (double)m->base;
    for (uint32_t t = 0; t < m->tree_count; t++)
        sum += worth(m, m->roots[t], row, known);
    return sum;
}

/* By the definition: the mean gain over all orders, a set at a time. */
static double shapley(const double *worths, unsigned feature)
{
    double sum = 0;
    for (unsigned set = 0; set < 1U << SMALL_FEATURES; set++) {
        if ((set >> feature & 1) != 0)
            continue;
        double orders = 1; /* s! (n-1-s)! / n! */
        unsigned size = (unsigned)__builtin_popcount(set);
        for (unsigned i = 0; i < size; i++)
            orders *= (double)(i + 1) / (SMALL_FEATURES - i);
        sum += orders / (SMALL_FEATURES - size) * (worths[set | 1U << feature] - worths[set]);
    }
    return sum;
}

static void explanations_are_shapley_values(void **state)
{
    (void)state;
    static double worths[1U << SMALL_FEATURES];
    for (uint64_t seed = 0; seed < 12; seed++) {
        struct model m = random_model(seed, 10, 1 + (uint32_t)seed % 6, SMALL_FEATURES, &arena);
        struct chance c = {seed};
        for (int i = 0; i < 20; i++) {
            float row[SMALL_FEATURES];
            double parts[SMALL_FEATURES];
            random_row(&c, &m, row);
            for (unsigned set = 0; set < 1U << SMALL_FEATURES; set++)
                worths[set] = worth_of_all(&m, row, set);
            double sum = model_explain(&m, row, parts);
            assert_true(fabs(sum - worths[0]) < 1e-9);
            for (unsigned f = 0; f < SMALL_FEATURES; f++) {
                assert_true(fabs(parts[f] - shapley(worths, f)) < 1e-9);
                sum += parts[f];
            }
            assert_true(fabs(sum - (double)model_score(&m, row)) < 1e-5);
        }
        arena_reset(&arena);
    }
}

/* Also with the deepest trees there may be, where a way has most features. */
static void explanations_add_up_to_the_score(void **state)
{
    (void)state;
    struct model m = random_model(1, 20, MODEL_DEPTH, FEATURES, &arena);
    struct chance c = {1};
    for (int i = 0; i < 50; i++) {
        float row[FEATURES];
        double parts[FEATURES];
        random_row(&c, &m, row);
        double sum = model_explain(&m, row, parts);
        for (uint32_t f = 0; f < FEATURES; f++)
            sum += parts[f];
        assert_true(fabs(sum - (double)model_score(&m, row)) < 1e-4);
    }
    arena_reset(&arena);
}

static void reasons_are_the_largest_parts(void **state)
{
    (void)state;
    static const double parts[] = {0.5, -2, 0, 0.5, 1, -0.25};
    struct model m = {.feature_count = COUNT_OF(parts)};
    struct model_reason reasons[COUNT_OF(parts)];
    static const uint32_t want[] = {1, 4, 0, 3, 5};
    for (size_t most = 0; most <= COUNT_OF(parts); most++) {
        size_t count = model_reasons(&m, parts, reasons, most);
        assert_int_equal(count, most < COUNT_OF(want) ? most : COUNT_OF(want));
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(reasons[i].feature, want[i]);
            assert_true(fabs(reasons[i].part - parts[want[i]]) < 1e-12);
        }
    }
}

/* ---- files ----------------------------------------------------------------------------------- */

static str written(const struct model *m)
{
    struct text t;
    text_init(&t, &arena);
    model_write(m, &t);
    assert_false(text_spent(&t));
    return text_str(&t);
}

static void a_model_has_one_file(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct model m = random_model(seed, 1 + (uint32_t)seed, 1 + (uint32_t)seed % 6, 30, &arena);
        struct model again;
        struct chance c = {seed};
        str file = written(&m);
        err e = model_read(file, &arena, &again);
        assert_string_equal(failed(e) ? e.why : "", "");
        assert_true(str_equal(written(&again), file));
        assert_true(str_equal(again.name, m.name) && again.made.us == m.made.us);
        assert_true(again.rows == m.rows && again.positive == m.positive && again.seed == m.seed);
        for (int i = 0; i < 50; i++) {
            float row[30];
            random_row(&c, &m, row);
            float one = model_score(&m, row);
            float other = model_score(&again, row);
            assert_memory_equal(&one, &other, sizeof one);
        }
        arena_reset(&arena);
    }
}

static const char small[] = "yumen-model 1\n"             /* 1 */
                            "name small\n"                /* 2 */
                            "made 2026-11-23T08:00:00Z\n" /* 3 */
                            "trainer a hand\n"            /* 4 */
                            "data none.csv\n"             /* 5 */
                            "rows 10\n"                   /* 6 */
                            "positive 3\n"                /* 7 */
                            "digest ffffffffffffffffffffffffffffffff"
                            "ffffffffffffffffffffffffffffffff\n"               /* 8 */
                            "seed 1\n"                                         /* 9 */
                            "parameter eta 0.1\n"                              /* 10 */
                            "figure auc 0.900000000 0.800000000 1.000000000\n" /* 11 */
                            "point 1.5 0.500000000 0.400000000 0.600000000 "
                            "0.000000000 0.000000000 0.001000000 "
                            "1.000000000 0.900000000 1.000000000 "
                            "1.000000000 0.200000000 1.000000000 "
                            "1.000000000 0.020000000 1.000000000\n" /* 12 */
                            "feature calls_a_callee\n"              /* 13 */
                            "feature night_share\n"                 /* 14 */
                            "base -0\n"                             /* 15 */
                            "trees 2\n"                             /* 16 */
                            "tree\n"                                /* 17 */
                            "split calls_a_callee 150 left 0.25\n"  /* 18 */
                            "leaf 0.5\n"                            /* 19 */
                            "split night_share 0.1 right 0.75\n"    /* 20 */
                            "leaf -0.125\n"                         /* 21 */
                            "leaf -0.25\n"                          /* 22 */
                            "tree\n"                                /* 23 */
                            "leaf 0.0625\n";                        /* 24 */

/* The small file with the first `from` in it made `to`, and its digest right. */
static str spoilt(const char *from, const char *to)
{
    const char *at = strstr(small, from);
    struct text t;
    assert_non_null(at);
    text_init(&t, &arena);
    text_put(&t, str_make(small, (size_t)(at - small)));
    text_put_c(&t, to);
    text_put_c(&t, at + strlen(from));
    model_stamp(&t);
    return text_str(&t);
}

static void a_file_reads_as_it_says(void **state)
{
    (void)state;
    struct model m;
    assert_false(failed(model_read(spoilt("", ""), &arena, &m)));
    assert_true(str_equal(m.name, STR("small")) && str_equal(m.trainer, STR("a hand")));
    assert_true(m.rows == 10 && m.positive == 3 && m.tree_count == 2 && m.node_count == 6);
    assert_int_equal(m.figures[0].share.low, 800000000);
    assert_int_equal(m.points[0].precision[2].low, 20000000);
    static const struct {
        float calls;
        float night;
        float want;
    } rows[] = {
        {149,      0,         0.5625F },
        {150,      0,         -0.0625F},
        {150,      0.1F,      -0.1875F},
        {NAN,      1,         0.5625F },
        {151,      NAN,       -0.1875F},
        {INFINITY, -INFINITY, -0.0625F},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        float row[] = {rows[i].calls, rows[i].night};
        assert_true(fabsf(model_score(&m, row) - rows[i].want) < 1e-9F);
    }
    arena_reset(&arena);
}

static const struct {
    const char *from;
    const char *to;
    uint32_t line;
    const char *why;
} spoils[] = {
  /* clang-format off */
    {"yumen-model 1", "yumen-model 2", 1, "model.version"},
    {"name small", "nam small", 2, "model.line"},
    {"name small", "name ", 2, "model.text"},
    {"name small", "name small ", 2, "model.text"},
    {"name small", "name a\x1B[2J", 2, "model.text"},
    {"name small", "name \xFF", 2, "model.text"},
    {"08:00:00Z", "08:00:00+00:00", 3, "model.time"},
    {"08:00:00Z", "08:00", 3, "model.time"},
    {"rows 10", "rows 010", 6, "model.number"},
    {"rows 10", "rows -1", 6, "model.number"},
    {"rows 10", "rows 10 11", 6, "model.line"},
    {"positive 3", "positive 11", 7, "model.number"},
    {"digest ffff", "digest FFFF", 8, "model.text"},
    {"digest ffff", "digest fff", 8, "model.text"},
    {"seed 1\n", "", 9, "model.line"},
    {"parameter eta 0.1", "parameter Eta 0.1", 10, "model.text"},
    {"parameter eta 0.1", "parameter eta ", 10, "model.text"},
    {"auc 0.900000000", "auc 0.9", 11, "model.share"},
    {"auc 0.900000000", "auc 1.900000000", 11, "model.share"},
    {"0.900000000 0.800000000", "0.800000000 0.900000000", 11, "model.share"},
    {" 0.020000000 1.000000000\n", " 0.020000000\n", 12, "model.share"},
    {"point 1.5", "point 1.50", 12, "model.number"},
    {"feature night_share", "feature calls_a_callee", 14, "model.repeated"},
    {"feature night_share", "feature Night", 14, "model.text"},
    {"feature night_share\n", "", 19, "model.feature"},
    {"feature calls_a_callee\nfeature night_share\n", "", 13, "model.line"},
    {"base -0", "base", 15, "model.line"},
    {"base -0", "base nan", 15, "model.number"},
    {"base -0", "base 0x1p3", 15, "model.number"},
    {"base -0", "base 1e99", 15, "model.number"},
    {"trees 2", "trees 0", 16, "model.too_many"},
    {"trees 2", "trees 4097", 16, "model.too_many"},
    {"trees 2", "trees 1", 23, "model.line"},
    {"trees 2", "trees 3", 25, "model.line"},
    {"split calls", "split call", 18, "model.feature"},
    {"150 left", "150 up", 18, "model.line"},
    {"left 0.25", "left 0", 18, "model.number"},
    {"left 0.25", "left 1", 18, "model.number"},
    {"leaf 0.5", "leaf .5", 19, "model.number"},
    {"leaf 0.5", "leaf 1000.01", 19, "model.number"},
    {"base -0", "base -1e+30", 15, "model.number"},
    {"leaf 0.5", "leaf 0.5 ", 19, "model.number"},
    {"leaf -0.25\n", "", 22, "model.tree"},
    {"leaf -0.25\n", "leaf -0.25\nleaf 1\n", 23, "model.line"},
    {"leaf 0.0625\n", "", 24, "model.tree"},
    {"leaf 0.0625\n", "leaf 0.0625\n\n", 25, "model.line"},
    {"leaf 0.0625\n", "leaf 0.0625", 24, "model.damaged"},
    {"leaf 0.0625\n", "split night_share 1 left 0.5\n", 25, "model.tree"},
  /* clang-format on */
};

static void bad_files_are_refused_with_their_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(spoils); i++) {
        struct model m;
        err e = model_read(spoilt(spoils[i].from, spoils[i].to), &arena, &m);
        if (!failed(e) || strcmp(e.why, spoils[i].why) != 0 || e.at != spoils[i].line)
            fail_msg("\"%s\" for \"%s\": %s at %u", spoils[i].to, spoils[i].from,
                     failed(e) ? e.why : "fine", e.at);
        arena_reset(&arena);
    }
}

static void too_much_is_refused(void **state)
{
    (void)state;
    struct text t;
    struct model m;
    text_init(&t, &arena);
    text_put(&t, str_make(small, (size_t)(strstr(small, "feature") - small)));
    for (int i = 0; i <= MODEL_FEATURES; i++)
        text_printf(&t, "feature f%d\n", i);
    model_stamp(&t);
    err e = model_read(text_str(&t), &arena, &m);
    assert_string_equal(e.why, "model.too_many");
    assert_int_equal(e.at, 12 + MODEL_FEATURES + 1);

    const char *trees = strstr(small, "trees 2");
    text_init(&t, &arena);
    text_put(&t, str_make(small, (size_t)(trees - small)));
    text_put_c(&t, "trees 1\ntree\n");
    for (int i = 0; i <= MODEL_DEPTH; i++) /* always the left one goes on */
        text_put_c(&t, i == 0 ? "split night_share 1 left 0.5\n"
                              : "split night_share 1 left 0.5\nleaf 1\n");
    text_put_c(&t, "leaf 1\nleaf 1\n");
    model_stamp(&t);
    e = model_read(text_str(&t), &arena, &m);
    assert_string_equal(e.why, "model.too_deep");

    char *large = must_make(&arena, MODEL_FILE_BYTES / 2 + 1, 1);
    e = model_read(str_make(large, (size_t)MODEL_FILE_BYTES + 1), &arena, &m);
    assert_string_equal(e.why, "model.too_large");
    arena_reset(&arena);
}

static void every_changed_byte_is_noticed(void **state)
{
    (void)state;
    str good = spoilt("", "");
    char *copy = str_to_c(&arena, good);
    for (size_t i = 0; i < good.size; i++) {
        struct model m;
        copy[i] ^= 4;
        assert_true(failed(model_read(str_make(copy, good.size), &arena, &m)));
        copy[i] ^= 4;
        assert_true(failed(model_read(str_until(good, i), &arena, &m)));
    }
    arena_reset(&arena);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void a_row_is_what_the_model_names(void **state)
{
    (void)state;
    struct model m;
    struct model_binding b;
    uint32_t values[FEATURE_COUNT];
    float row[FEATURE_COUNT];
    for (uint32_t f = 0; f < FEATURE_COUNT; f++)
        values[f] = 100 + f;
    assert_false(failed(model_read(spoilt("", ""), &arena, &m)));
    assert_false(failed(model_bind(&m, &b)));
    model_row(&b, values, row);
    assert_int_equal(b.count, 2);
    assert_true(fabsf(row[0] - (100.0F + FEATURE_PER_CALLEE)) < 1e-6F);
    assert_true(fabsf(row[1] - (100.0F + FEATURE_NIGHT)) < 1e-6F);

    str names[FEATURE_COUNT];
    for (uint32_t f = 0; f < FEATURE_COUNT; f++) /* all of them, from the last */
        names[f] = str_from_c(feature_name(FEATURE_COUNT - 1 - f));
    m.features = names;
    m.feature_count = FEATURE_COUNT;
    assert_false(failed(model_bind(&m, &b)));
    model_row(&b, values, row);
    for (uint32_t f = 0; f < FEATURE_COUNT; f++)
        assert_true(fabsf(row[f] - (float)(100 + FEATURE_COUNT - 1 - f)) < 1e-6F);

    names[3] = STR("holders_age");
    err e = model_bind(&m, &b);
    assert_string_equal(e.why, "model.unknown_feature");
    assert_int_equal(e.at, 3);
    arena_reset(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_sums_of_leaves),
        cmocka_unit_test(explanations_are_shapley_values),
        cmocka_unit_test(explanations_add_up_to_the_score),
        cmocka_unit_test(reasons_are_the_largest_parts),
        cmocka_unit_test(a_model_has_one_file),
        cmocka_unit_test(a_file_reads_as_it_says),
        cmocka_unit_test(bad_files_are_refused_with_their_line),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(a_row_is_what_the_model_names),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
