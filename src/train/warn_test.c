/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: weights are found again that outcomes were drawn by, also where scams were made commoner
 * than they are; what no outcome hangs on weighs next to nothing; nothing weighs less than nothing;
 * the curve says what comes true. Method: histories drawn by known odds, learnt from.
 */
#include "train/warn.h"

#include "kit/kit.h"
#include "train/train_test.h"

#include <math.h>

enum { NUMBERS = 60000, DAY_S = 86400, FROM_S = 1800000000, TIMES = 4 };
#define ARENA_BYTES ((size_t)1 << 31)

static struct arena arena;
static struct warn_model model;

static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static bool hits(uint64_t *dice, double share)
{
    return (double)(draw(dice) >> 11) / (double)(UINT64_C(1) << 53) < share;
}

/* How often each kind is seen with a scam, and without one; and the first two together more often
 * than each for itself would say. */
static const double with[3] = {0.30, 0.40, 0.20};
static const double others[3] = {0.03, 0.10, 0.20};
static const uint8_t kinds[3] = {SIGNAL_CALLED, SIGNAL_VISIT, SIGNAL_MESSAGE};

static void put(struct history *h, uint32_t about, uint8_t kind)
{
    struct history_signal *s = &h->signals[h->signal_count++];
    s->at_s = FROM_S + 60;
    s->signal = (struct signal){.about = about,
                                .id = h->signal_count,
                                .time_s = FROM_S + 60,
                                .strength = SIGNAL_WHOLE,
                                .kind = kind};
}

/* One in twenty is a scam's where they are as common as they are. */
static struct history some_history(uint64_t seed)
{
    struct history h = {.times = TIMES, .numbers = NUMBERS, .days = 1};
    h.signals = arena_make_array(&arena, (size_t)NUMBERS * 4, sizeof *h.signals);
    h.outcomes = arena_make_array(&arena, NUMBERS, sizeof *h.outcomes);
    for (uint32_t about = 1; about <= NUMBERS; about++) {
        bool is_scam = hits(&seed, 0.05 * TIMES / (0.05 * TIMES + 0.95));
        put(&h, about, SIGNAL_AMOUNT); /* everybody's: it tells nothing */
        for (size_t i = 0; i < 3; i++)
            if (hits(&seed, is_scam ? with[i] : others[i]))
                put(&h, about, kinds[i]);
        if (is_scam)
            h.outcomes[h.outcome_count++] = (struct history_outcome){
                .about = about, .from_s = FROM_S, .until_s = FROM_S + DAY_S, .is_scam = true};
    }
    history_sort(&h);
    return h;
}

static void weights_are_found_again(void **state)
{
    (void)state;
    const struct history histories[] = {some_history(1), some_history(2)};
    const struct warn_order order = {histories, COUNT_OF(histories), false};
    works(warn_train(&order, &arena, &model));
    const int32_t *w = model.rules.weight_mn;
    /* What each says by itself, at the last moment; the first moments know less: so roughly. */
    assert_true(fabs(w[SIGNAL_CALLED] - 1000 * log(0.30 / 0.03)) < 500);
    assert_true(fabs(w[SIGNAL_VISIT] - 1000 * log(0.40 / 0.10)) < 500);
    assert_true(w[SIGNAL_MESSAGE] < 400);
    assert_true(w[SIGNAL_AMOUNT] >= 1);
    assert_true(model.is_learnt[SIGNAL_VISIT] && !model.is_learnt[SIGNAL_CALM]);
    assert_int_equal(w[SIGNAL_CALM], -6000);
    for (uint32_t i = 0; i < model.rules.pair_count; i++)
        assert_true(model.rules.pairs[i].weight_mn >= 0);
}

/* Where scams are as common as they are, one in twenty of those with nothing else is one. */
static void the_curve_is_put_right(void **state)
{
    (void)state;
    int32_t alone = calibration_micro(&model.curve, model.rules.weight_mn[SIGNAL_AMOUNT]);
    assert_true(alone > 30000 && alone < 70000);
    int64_t both = model.rules.weight_mn[SIGNAL_AMOUNT] + model.rules.weight_mn[SIGNAL_CALLED] +
                   model.rules.weight_mn[SIGNAL_VISIT];
    for (uint32_t i = 0; i < model.rules.pair_count; i++)
        both += model.rules.pairs[i].weight_mn;
    double odds = 0.05 / 0.95 * (0.30 / 0.03) * (0.40 / 0.10);
    assert_true(fabs(calibration_micro(&model.curve, both) - 1e6 * odds / (1 + odds)) < 100000);
    for (uint32_t i = 1; i < model.curve.count; i++)
        assert_true(model.curve.points[i].micro >= model.curve.points[i - 1].micro);
}

static void nothing_to_learn_from_is_said(void **state)
{
    (void)state;
    struct history h = some_history(3);
    const struct warn_order order = {&h, 1, false};
    h.outcome_count = 0;
    fails(warn_train(&order, &arena, &model), "train.empty");
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    works(kit_boot());
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    kit_done();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_found_again),
        cmocka_unit_test(the_curve_is_put_right),
        cmocka_unit_test(nothing_to_learn_from_is_said),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
