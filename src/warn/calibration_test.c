/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a fit is the isotonic one, a curve never falls, a file is read as it was written and
 * refused otherwise. Method: fits against the max-min formula, each byte of a file changed.
 */
#include "warn/calibration.h"

#include "kit/digest.h"
#include "kit/kit.h"
#include "warn/warn_test.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 1 << 24, CASES = 12, WORLDS = 3000, MANY = 20000 };

static struct arena arena;

/* --- the fit --- */

static int64_t count_of(const struct calibration_case *c, size_t count, int32_t low, int32_t high,
                        int64_t *ret_scams)
{
    int64_t cases = 0;
    *ret_scams = 0;
    for (size_t i = 0; i < count; i++)
        if (c[i].evidence_mn >= low && c[i].evidence_mn <= high) {
            cases++;
            *ret_scams += c[i].is_scam;
        }
    return cases;
}

/* Over all beginnings before it the most, over all ends behind it the least, of the mean. */
static int32_t max_min(const struct calibration_case *c, size_t count, int32_t at)
{
    int32_t most = -1;
    for (size_t j = 0; j < count; j++) {
        int32_t least = RULES_MICRO + 1;
        if (c[j].evidence_mn > at)
            continue;
        for (size_t k = 0; k < count; k++) {
            int64_t scams = 0;
            if (c[k].evidence_mn < at)
                continue;
            int64_t cases = count_of(c, count, c[j].evidence_mn, c[k].evidence_mn, &scams);
            int32_t mean = (int32_t)(RULES_MICRO * scams / cases);
            least = mean < least ? mean : least;
        }
        most = least > most ? least : most;
    }
    return most;
}

static void a_fit_is_isotonic(void **state)
{
    (void)state;
    uint64_t dice = 1;
    for (int world = 0; world < WORLDS; world++) {
        struct calibration_case cases[CASES];
        struct calibration c;
        size_t count = 1 + draw(&dice) % CASES;
        for (size_t i = 0; i < count; i++) {
            cases[i].evidence_mn = (int32_t)(draw(&dice) % 10) * 100 - 500;
            cases[i].is_scam = draw(&dice) % 10 < (uint64_t)(cases[i].evidence_mn + 500) / 100;
        }
        works(calibration_fit(cases, count, &arena, &c));
        for (size_t i = 0; i < count; i++)
            assert_int_equal(calibration_micro(&c, cases[i].evidence_mn),
                             max_min(cases, count, cases[i].evidence_mn));
    }
}

static void check_rises(const struct calibration *c)
{
    int32_t before = 0;
    for (int64_t at = -20000; at < 20000; at += 7) {
        int32_t micro = calibration_micro(c, at);
        assert_true(micro >= before && micro <= RULES_MICRO);
        before = micro;
    }
}

/* Many steps have to be joined, and stay near the truth. */
static void a_large_fit_is_joined_and_near(void **state)
{
    (void)state;
    uint64_t dice = 2;
    struct calibration truth;
    struct calibration c;
    struct calibration_case *cases = calloc(MANY, sizeof *cases);
    assert_non_null(cases);
    calibration_usual(0, &truth);
    for (size_t i = 0; i < MANY; i++) {
        cases[i].evidence_mn = (int32_t)(draw(&dice) % 12000) - 6000;
        int32_t micro = calibration_micro(&truth, cases[i].evidence_mn);
        cases[i].is_scam = (int32_t)(draw(&dice) % RULES_MICRO) < micro;
    }
    works(calibration_fit(cases, MANY, &arena, &c));
    check_rises(&c);
    int64_t off = 0;
    for (int32_t at = -6000; at < 6000; at += 10)
        off += labs((long)calibration_micro(&c, at) - calibration_micro(&truth, at));
    assert_true(off / 1200 < 20000); /* 0.02 */
    fails(calibration_fit(cases, 0, &arena, &c), "calibration.too_many");
    free(cases);
}

static void the_usual_curve_has_its_prior(void **state)
{
    (void)state;
    struct calibration c;
    calibration_usual(-7000, &c);
    check_rises(&c);
    assert_int_equal(calibration_micro(&c, 7000), 500000);
    assert_int_equal(calibration_micro(&c, 0) / 10, 91); /* e^-7 */
    assert_true(calibration_micro(&c, 10000) > 950000);
    assert_int_equal(calibration_micro(&c, INT32_MIN), calibration_micro(&c, -100000));
}

/* --- the file --- */

static str file_of(const struct calibration *c)
{
    struct text t;
    text_init(&t, &arena);
    calibration_write(c, &t);
    assert_false(text_spent(&t));
    return text_str(&t);
}

static void a_file_is_read_as_it_was_written(void **state)
{
    (void)state;
    uint64_t dice = 3;
    for (int world = 0; world < 200; world++) {
        struct calibration c = {.count = 1 + (uint32_t)(draw(&dice) % CALIBRATION_POINTS)};
        struct calibration again;
        int32_t evidence = -CALIBRATION_MOST_MN;
        int32_t micro = 0;
        for (uint32_t i = 0; i < c.count; i++) {
            c.points[i] = (struct calibration_point){evidence, micro};
            evidence += 1 + (int32_t)(draw(&dice) % 5000);
            micro += (int32_t)(draw(&dice) % 3000);
        }
        str bytes = file_of(&c);
        works(calibration_read(bytes, &again));
        assert_int_equal(again.count, c.count);
        assert_memory_equal(again.points, c.points, c.count * sizeof *c.points);
        str twice = file_of(&again);
        assert_int_equal(twice.size, bytes.size);
        assert_memory_equal(twice.at, bytes.at, bytes.size);
    }
}

static void no_byte_may_change(void **state)
{
    (void)state;
    struct calibration c;
    calibration_usual(-7000, &c);
    str bytes = file_of(&c);
    char *changed = arena_make(&arena, bytes.size);
    for (size_t i = 0; i < bytes.size; i++) {
        struct calibration got = {.count = 77};
        memcpy(changed, bytes.at, bytes.size);
        changed[i] ^= 1;
        assert_true(failed(calibration_read(str_make(changed, bytes.size), &got)));
        assert_true(failed(calibration_read(str_until(bytes, i), &got)));
        assert_int_equal(got.count, 77);
    }
}

/* The digest is right and the words are wrong. */
static void wrong_words_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        const char *why;
        uint32_t line;
    } cases[] = {
        {"",                                "calibration.line",  2},
        {"point 1\n",                       "calibration.line",  2},
        {"point 1 2 3\n",                   "calibration.line",  2},
        {"point 1  2\n",                    "calibration.line",  2},
        {"point +1 2\n",                    "calibration.line",  2},
        {"point -0 2\n",                    "calibration.line",  2},
        {"point 01 2\n",                    "calibration.line",  2},
        {"point 1 -1\n",                    "calibration.line",  2},
        {"point 1 1000001\n",               "calibration.line",  2},
        {"point 1000001 1\n",               "calibration.line",  2},
        {"point -99999999999999999999 1\n", "calibration.line",  2},
        {"point 1 2\nline 3 4\n",           "calibration.line",  3},
        {"point 1 2\n\n",                   "calibration.line",  3},
        {"point 1 2\npoint 1 3\n",          "calibration.order", 3},
        {"point 1 2\npoint 2 1\n",          "calibration.order", 3},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct calibration got;
        struct text t;
        text_init(&t, &arena);
        text_put_c(&t, "yumen-calibration 1\n");
        text_put_c(&t, cases[i].body);
        struct digest d = digest_of(text_str(&t));
        text_put_c(&t, "sha256 ");
        text_put_hex(&t, d.bytes, DIGEST_BYTES);
        text_put_char(&t, '\n');
        err e = calibration_read(text_str(&t), &got);
        fails(e, cases[i].why);
        assert_int_equal(e.at, cases[i].line);
    }
    struct calibration got;
    fails(calibration_read(STR(""), &got), "calibration.version");
    fails(calibration_read(STR("yumen-calibration 2\n"), &got), "calibration.version");
    fails(calibration_read(STR("yumen-calibration 1\n"), &got), "calibration.damaged");
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)ARENA_BYTES * 4);
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
        cmocka_unit_test(a_fit_is_isotonic),
        cmocka_unit_test(a_large_fit_is_joined_and_near),
        cmocka_unit_test(the_usual_curve_has_its_prior),
        cmocka_unit_test(a_file_is_read_as_it_was_written),
        cmocka_unit_test(no_byte_may_change),
        cmocka_unit_test(wrong_words_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
