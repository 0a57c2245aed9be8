/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: our reading of libxgboost's trees scores every row as the library does, to the bit, known
 * values or not, and explains it as the library does; the same rows and seed give the same trees.
 * Method: tables made of chance, of many settings; thousands of rows that the trees have not seen,
 * with values missing, on the thresholds, beyond all others and of no size; scores compared as
 * bits, explanations with the library's own exact ones.
 */
#include "sense/model_file.h"
#include "train/boost.h"
#include "train/train_test.h"

enum { FEATURES = 12, TRAINED = 1500, JUDGED = 4000, EXPLAINED = 300 };

static float values[TRAINED * FEATURES];
static float unseen[JUDGED * FEATURES];
static uint8_t labels[TRAINED];

/* Whole numbers, shares, and powers of ten; every ninth is not known. */
static float draw_value(struct random_source *r, uint32_t feature)
{
    if (random_below(r, 9) == 0)
        return NAN;
    if (feature % 3 == 0)
        return (float)random_below(r, 20);
    if (feature % 3 == 1)
        return (float)draw_share(r);
    return (float)(pow(10, 12 * draw_share(r) - 6) * (random_below(r, 2) == 0 ? -1 : 1));
}

static void draw_table(uint64_t seed)
{
    struct random_source r;
    random_init_seeded(&r, seed);
    for (uint32_t i = 0; i < TRAINED; i++) {
        float *row = values + (size_t)i * FEATURES;
        for (uint32_t f = 0; f < FEATURES; f++)
            row[f] = draw_value(&r, f);
        double sum =
            (isnan(row[0]) ? 8 : (double)row[0]) / 20 + 2 * (isnan(row[1]) ? 0 : (double)row[1]);
        labels[i] = sum + draw_share(&r) > 1.9;
    }
}

static const struct model_node *any_split(const struct model *m, struct random_source *r)
{
    const struct model_node *n = &m->nodes[random_below(r, m->node_count)];
    for (int i = 0; i < 100 && n->left == 0; i++)
        n = &m->nodes[random_below(r, m->node_count)];
    return n;
}

static void draw_unseen(const struct model *m, uint64_t seed)
{
    struct random_source r;
    random_init_seeded(&r, seed);
    for (uint32_t i = 0; i < JUDGED; i++) {
        float *row = unseen + (size_t)i * FEATURES;
        for (uint32_t f = 0; f < FEATURES; f++)
            row[f] = i % 50 == 0 ? NAN : draw_value(&r, f);
        for (int k = 0; k < 4; k++) { /* just on a threshold, and the float below it */
            const struct model_node *n = any_split(m, &r);
            if (n->left != 0 && i % 3 == 0)
                row[n->feature] = k % 2 == 0 ? n->value : nextafterf(n->value, -INFINITY);
        }
        if (i % 100 == 1)
            row[i % FEATURES] = i % 200 == 1 ? 3e38F : -3e38F;
        if (i % 100 == 2)
            row[i % FEATURES] = i % 200 == 2 ? -0.0F : 1e-45F;
    }
}

/* Settings with commas between them. */
static void train(const char *settings, struct boost *ret_boost, struct model *ret_model)
{
    static const str names[FEATURES] = {
        {"a", 1},
        {"b", 1},
        {"c", 1},
        {"d", 1},
        {"e", 1},
        {"f", 1},
        {"g", 1},
        {"h", 1},
        {"i", 1},
        {"j", 1},
        {"k", 1},
        {"l", 1},
    };
    struct boost_rows rows = {values, labels, TRAINED, FEATURES};
    struct boost_settings s = boost_usual();
    str rest = str_from_c(settings);
    str one = STR("");
    while (str_split(&rest, ',', &one))
        works(boost_set(&s, one));
    works(boost_train(&rows, &s, &arena, ret_boost));
    *ret_model = (struct model){.features = names,
                                .feature_count = FEATURES,
                                .name = STR("t"),
                                .trainer = STR("t"),
                                .data = STR("t")};
    works(boost_trees(ret_boost, &arena, ret_model));
}

static void scores_are_the_same_bits(const struct boost *b, const struct model *m)
{
    struct boost_rows rows = {unseen, NULL, JUDGED, FEATURES};
    float *theirs = arena_make_array(&arena, JUDGED, sizeof *theirs);
    works(boost_margins(b, &rows, theirs));
    for (uint32_t i = 0; i < JUDGED; i++) {
        float ours = model_score(m, unseen + (size_t)i * FEATURES);
        if (memcmp(&ours, &theirs[i], sizeof ours) != 0)
            fail_msg("row %u: %.9g, and theirs is %.9g", i, (double)ours, (double)theirs[i]);
    }
}

static void explanations_are_the_same(const struct boost *b, const struct model *m)
{
    struct boost_rows rows = {unseen, NULL, EXPLAINED, FEATURES};
    float *theirs = arena_make_array(&arena, (size_t)EXPLAINED * (FEATURES + 1), sizeof *theirs);
    works(boost_parts(b, &rows, theirs));
    for (uint32_t i = 0; i < EXPLAINED; i++) {
        double parts[FEATURES];
        const float *row = unseen + (size_t)i * FEATURES;
        const float *want = theirs + (size_t)i * (FEATURES + 1);
        double sum = model_explain(m, row, parts);
        assert_true(fabs(sum - (double)want[FEATURES]) < 2e-3);
        for (uint32_t f = 0; f < FEATURES; f++) {
            if (fabs(parts[f] - (double)want[f]) >= 2e-3)
                fail_msg("row %u, feature %u: %g, and theirs is %g", i, f, parts[f],
                         (double)want[f]);
            sum += parts[f];
        }
        assert_true(fabs(sum - (double)model_score(m, row)) < 1e-4);
    }
}

static void our_reading_is_the_librarys(void **state)
{
    (void)state;
    static const char *const settings[] = {
        "rounds=200",
        "rounds=1,max_depth=1",
        "rounds=40,max_depth=12,min_child_weight=0.1,lambda=0",
        "rounds=60,gamma=2,eta=0.5",
        "rounds=30,eta=1,subsample=0.5,colsample_bytree=0.2",
    };
    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        struct boost b;
        struct model m;
        struct model again;
        struct text file;
        draw_table(i);
        train(settings[i], &b, &m);
        draw_unseen(&m, 100 + i);
        scores_are_the_same_bits(&b, &m);
        explanations_are_the_same(&b, &m);
        text_init(&file, &arena);
        model_write(&m, &file);
        works(model_read(text_str(&file), &arena, &again));
        scores_are_the_same_bits(&b, &again);
        boost_done(&b);
        arena_reset(&arena);
    }
}

/* No row is of one kind only: leaves of nothing, and a base of minus nothing. */
static void nothing_to_learn_is_the_same_bits_too(void **state)
{
    (void)state;
    struct boost b;
    struct model m;
    draw_table(7);
    for (uint32_t i = 0; i < TRAINED; i++) {
        labels[i] = i % 2;
        for (uint32_t f = 0; f < FEATURES; f++)
            values[(size_t)i * FEATURES + f] = 1;
    }
    train("rounds=3,subsample=1", &b, &m);
    draw_unseen(&m, 7);
    scores_are_the_same_bits(&b, &m);
    boost_done(&b);
    arena_reset(&arena);
}

static str file_of(const struct model *m)
{
    struct text file;
    text_init(&file, &arena);
    model_write(m, &file);
    return text_str(&file);
}

static void a_seed_gives_the_same_trees(void **state)
{
    (void)state;
    struct model models[2];
    struct boost b;
    draw_table(3);
    for (size_t i = 0; i < COUNT_OF(models); i++) {
        train("rounds=50", &b, &models[i]);
        boost_done(&b);
    }
    assert_true(str_equal(file_of(&models[0]), file_of(&models[1])));
    arena_reset(&arena);
}

static void settings_have_bounds(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "eta",
                                      "eta=",
                                      "eta=x",
                                      "eta=0",
                                      "eta=2",
                                      "eta=0.1x",
                                      "rounds=0",
                                      "rounds=5000",
                                      "max_depth=13",
                                      "max_depth=2.5",
                                      "nthread=4",
                                      "objective=1",
                                      "eta=nan"};
    struct boost_settings s = boost_usual();
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        fails(boost_set(&s, str_from_c(bad[i])), "train.parameter");
    works(boost_set(&s, STR("eta=0.25")));
    assert_true(fabs(s.values[BOOST_ETA] - 0.25) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_reading_is_the_librarys),
        cmocka_unit_test(nothing_to_learn_is_the_same_bits_too),
        cmocka_unit_test(a_seed_gives_the_same_trees),
        cmocka_unit_test(settings_have_bounds),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
