/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what is learnt is what was seen; what was not seen is what all show; nothing seen, however
 * odd, breaks a curve.
 * Method: worlds with a known rate, asked afterwards; random lessons, and what must hold of every
 * curve after them.
 */
#include "trail/hazard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA_BYTES = 32 << 20, MINUTE = 60000, HOUR = 60 * MINUTE };

struct bed {
    struct arena arena;
    struct hazard *h;
    uint64_t draws;
};

static int set_up(void **state)
{
    static struct bed bed;
    bed = (struct bed){.draws = 7};
    arena_init(&bed.arena, ARENA_BYTES);
    assert_false(failed(hazard_make(&bed.arena, &bed.h)));
    *state = &bed;
    return 0;
}

static int tear_down(void **state)
{
    struct bed *bed = *state;
    arena_done(&bed->arena);
    return 0;
}

static uint64_t draw(struct bed *b)
{
    uint64_t x = b->draws++ + UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* A wait that has no memory: in each second it ends with a chance of one in `mean_s`. */
static int64_t wait_ms(struct bed *b, unsigned mean_s)
{
    int64_t seconds = 0;
    while (seconds < 200000 && draw(b) % mean_s != 0)
        seconds++;
    return seconds * 1000 + (int64_t)(draw(b) % 1000);
}

static unsigned percent(uint32_t part)
{
    return hazard_ppm(part) / 10000;
}

static struct hazard_cell cell(uint32_t bank)
{
    return (struct hazard_cell){.bank = bank, .kind = HAZARD_MONEY, .hour = 10};
}

static void nothing_seen_is_the_prior(void **state)
{
    struct bed *b = *state;
    unsigned quarter = percent(hazard_stays(b->h, cell(0), 0, 15 * MINUTE));
    assert_in_range(quarter, 30, 60);
    assert_int_equal(hazard_stays(b->h, cell(0), 0, 0), HAZARD_ONE);
    assert_int_equal(hazard_stays(b->h, cell(3), 0, HOUR), hazard_stays(b->h, cell(9), 0, HOUR));
    struct hazard_cell order = {.bank = 1, .kind = HAZARD_HOLD, .hour = 3};
    struct hazard_landing l = hazard_lands(b->h, order);
    assert_in_range(l.quantile_ms[1], MINUTE / 2, 10 * MINUTE);
    assert_int_equal(percent(l.done), 89);
}

/* Of a rate of one in 600 seconds, after 600 more seconds 37 of 100 stay, whatever the age. */
static void a_rate_is_learnt(void **state)
{
    struct bed *b = *state;
    for (int i = 0; i < 2000; i++)
        hazard_learn_left(b->h, cell(1), wait_ms(b, 600), HAZARD_ONE);
    assert_in_range(percent(hazard_stays(b->h, cell(1), 0, 600000)), 32, 42);
    assert_in_range(percent(hazard_stays(b->h, cell(1), 5 * MINUTE, 600000)), 29, 45);
    assert_in_range(percent(hazard_stays(b->h, cell(1), 0, 2 * HOUR)), 0, 3);
}

static void a_bank_nobody_saw_has_the_rate_of_all(void **state)
{
    struct bed *b = *state;
    for (int i = 0; i < 600; i++) {
        hazard_learn_left(b->h, cell(1), wait_ms(b, 60), HAZARD_ONE);
        hazard_learn_left(b->h, cell(2), wait_ms(b, 6000), HAZARD_ONE);
    }
    uint32_t fast = hazard_stays(b->h, cell(1), 0, 10 * MINUTE);
    uint32_t slow = hazard_stays(b->h, cell(2), 0, 10 * MINUTE);
    uint32_t unseen = hazard_stays(b->h, cell(3), 0, 10 * MINUTE);
    assert_true(percent(fast) < 15 && percent(slow) > 75);
    assert_true(fast < unseen && unseen < slow);
    assert_int_equal(unseen, hazard_stays(b->h, cell(HAZARD_BANKS + 77), 0, 10 * MINUTE));
}

/* Fast by day, slow by night; a bank seen by day alone is slow by night too, as the others. */
static void hours_differ_at_every_bank(void **state)
{
    struct bed *b = *state;
    struct hazard_cell night = {.bank = 1, .kind = HAZARD_MONEY, .hour = 3};
    for (int i = 0; i < 400; i++) {
        hazard_learn_left(b->h, cell(1), wait_ms(b, 300), HAZARD_ONE);
        hazard_learn_left(b->h, night, wait_ms(b, 6000), HAZARD_ONE);
        hazard_learn_left(b->h, cell(2), wait_ms(b, 300), HAZARD_ONE);
    }
    night.bank = 2;
    unsigned by_day = percent(hazard_stays(b->h, cell(2), 0, 10 * MINUTE));
    assert_true(percent(hazard_stays(b->h, night, 0, 10 * MINUTE)) > by_day + 25);
}

/* Half of each receipt leaves within seconds, the rest is seen to lie there for a day. */
static void what_stays_counts(void **state)
{
    struct bed *b = *state;
    for (int i = 0; i < 400; i++) {
        hazard_learn_left(b->h, cell(1), 10000, HAZARD_ONE / 2);
        hazard_learn_stayed(b->h, cell(1), 24 * HOUR, HAZARD_ONE / 2);
    }
    assert_in_range(percent(hazard_stays(b->h, cell(1), 0, HOUR)), 45, 55);
    assert_in_range(percent(hazard_stays(b->h, cell(1), MINUTE, 20 * HOUR)), 90, 100);
}

static void old_evidence_fades(void **state)
{
    struct bed *b = *state;
    for (int i = 0; i < 3000; i++)
        hazard_learn_left(b->h, cell(1), wait_ms(b, 6000), HAZARD_ONE);
    for (int i = 0; i < 3 * 512; i++)
        hazard_learn_left(b->h, cell(1), wait_ms(b, 60), HAZARD_ONE);
    assert_in_range(percent(hazard_stays(b->h, cell(1), 0, 10 * MINUTE)), 0, 20);
}

static void orders_are_learnt(void **state)
{
    struct bed *b = *state;
    struct hazard_cell order = {.bank = 4, .kind = HAZARD_STOP, .hour = 14};
    for (int i = 0; i < 400; i++)
        hazard_learn_receipt(b->h, order, 7 * MINUTE + (int64_t)(draw(b) % MINUTE), i % 4 != 0);
    struct hazard_landing l = hazard_lands(b->h, order);
    for (unsigned i = 0; i < HAZARD_QUANTILES; i++)
        assert_in_range(l.quantile_ms[i], 4 * MINUTE, 9 * MINUTE);
    assert_in_range(percent(l.done), 72, 78);
    order.bank = 5;
    assert_in_range(percent(hazard_lands(b->h, order).done), 72, 79);
    order.kind = HAZARD_HOLD;
    assert_int_equal(percent(hazard_lands(b->h, order).done), 89);
}

static void hold_for_every_curve(struct bed *b, struct hazard_cell c)
{
    const uint32_t *curve = hazard_curve(b->h, c);
    assert_int_equal(curve[0], HAZARD_ONE);
    for (unsigned i = 0; i < HAZARD_STEPS; i++)
        assert_true(curve[i + 1] > 0 && curve[i + 1] <= curve[i]);
    uint32_t before = HAZARD_ONE;
    for (int64_t age = 0; age < 2 * HAZARD_END; age = age * 9 / 8 + 500) {
        uint32_t now = hazard_alive(curve, age);
        assert_true(now > 0 && now <= before);
        assert_true(hazard_stays(b->h, c, age, (int64_t)(draw(b) % HAZARD_END)) <= HAZARD_ONE);
        before = now;
    }
    for (unsigned i = 1; i < HAZARD_STEPS; i++) {
        int64_t edge = INT64_C(1) << (HAZARD_FIRST_BIT + i - 1);
        assert_int_equal(hazard_alive(curve, edge), curve[i]);
        assert_true(hazard_alive(curve, edge - 1) >= curve[i]);
    }
}

static void curves_hold_whatever_is_seen(void **state)
{
    struct bed *b = *state;
    static const int64_t odd[] = {-5, 0, 1, 4095, 4096, HAZARD_END - 1, HAZARD_END, INT64_MAX};
    for (int i = 0; i < 20000; i++) {
        struct hazard_cell c = {.bank = (uint32_t)(draw(b) % 3 * 200),
                                .kind = (uint8_t)(draw(b) % HAZARD_KINDS),
                                .hour = (uint8_t)(draw(b) % 2)};
        int64_t ms = draw(b) % 4 == 0 ? odd[draw(b) % COUNT_OF(odd)] : (int64_t)(draw(b) >> 36);
        uint32_t weight = draw(b) % 3 == 0 ? HAZARD_ONE : (uint32_t)(draw(b) % HAZARD_ONE);
        if (draw(b) % 2 == 0)
            hazard_learn_left(b->h, c, ms, weight);
        else
            hazard_learn_stayed(b->h, c, ms, weight);
        if (i % 100 == 0)
            hold_for_every_curve(b, c);
    }
}

static void ratios_are_near(void **state)
{
    struct bed *b = *state;
    assert_int_equal(hazard_ratio(0, 1), 0);
    for (int i = 0; i < 100000; i++) {
        uint32_t all = 1 + (uint32_t)(draw(b) >> (34 + draw(b) % 30));
        uint32_t some = draw(b) % 8 == 0 ? all : (uint32_t)(draw(b) % ((uint64_t)all + 1));
        uint64_t exact = (uint64_t)some * HAZARD_ONE / all;
        uint64_t near = hazard_ratio(some, all);
        uint64_t apart = near > exact ? near - exact : exact - near;
        assert_true(near <= HAZARD_ONE && apart <= exact / (1 << 14) + (1 << 14));
    }
    assert_int_equal(hazard_ratio(HAZARD_ONE, HAZARD_ONE), HAZARD_ONE);
}

static void what_was_learnt_outlives_a_restart(void **state)
{
    struct bed *b = *state;
    struct hazard *again = NULL;
    for (int i = 0; i < 300; i++)
        hazard_learn_left(b->h, cell(1), wait_ms(b, 60), HAZARD_ONE);
    assert_false(failed(hazard_make(&b->arena, &again)));
    (void)hazard_stays(again, cell(1), 0, HOUR);
    assert_false(failed(hazard_load(again, hazard_saved(b->h))));
    for (uint32_t bank = 0; bank < 3; bank++)
        assert_int_equal(hazard_stays(again, cell(bank), MINUTE, HOUR),
                         hazard_stays(b->h, cell(bank), MINUTE, HOUR));
}

/* Cut short, or with a number that no lesson can make: refused, and nothing is left of it. */
static void bytes_that_are_no_lessons_are_refused(void **state)
{
    struct bed *b = *state;
    struct hazard *again = NULL;
    assert_false(failed(hazard_make(&b->arena, &again)));
    uint32_t prior = hazard_stays(again, cell(1), 0, HOUR);
    for (int i = 0; i < 300; i++)
        hazard_learn_left(b->h, cell(1), 1000, HAZARD_ONE);
    str saved = hazard_saved(b->h);
    char *bytes = arena_make(&b->arena, saved.size);
    assert_non_null(bytes);
    memcpy(bytes, saved.at, saved.size);
    assert_int_equal(hazard_load(again, str_make(bytes, saved.size - 1)).code, ERR_CORRUPT);
    for (size_t at = 0; at<saved.size; at += at> 64 ? 4099 : 1) {
        memset(bytes + at, 0xee, saved.size - at < 4 ? saved.size - at : 4);
        assert_int_equal(hazard_load(again, str_make(bytes, saved.size)).code, ERR_CORRUPT);
        assert_int_equal(hazard_stays(again, cell(1), 0, HOUR), prior);
        memcpy(bytes, saved.at, saved.size);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(nothing_seen_is_the_prior),
        TEST(a_rate_is_learnt),
        TEST(a_bank_nobody_saw_has_the_rate_of_all),
        TEST(hours_differ_at_every_bank),
        TEST(what_stays_counts),
        TEST(old_evidence_fades),
        TEST(orders_are_learnt),
        TEST(curves_hold_whatever_is_seen),
        TEST(ratios_are_near),
        TEST(what_was_learnt_outlives_a_restart),
        TEST(bytes_that_are_no_lessons_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
