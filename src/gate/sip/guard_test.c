/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the guard lets through exactly as many calls as it says, however they come, for ever; what
 * is refused or asked again costs nothing; its memory is one table, and a flood of numbers in it
 * neither holds up somebody else nor sets free who calls too much.
 * Method: beside it a model that keeps every bucket as a count of calls in exact fractions; seeded
 * worlds of many steps; a flood of a million numbers.
 */
#include "env/random.h"
#include "gate/sip/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NUMBERS = 50, STEPS = 200000 };

static struct guard_line *lines;

static struct guard guard_new(int64_t most, int64_t period_us)
{
    lines = calloc(GUARD_LINES, sizeof *lines);
    assert_non_null(lines);
    return (struct guard){.lines = lines, .seed = 11, .rate = guard_rate_of(most, period_us)};
}

static struct guard_key key_of(uint64_t i, char room[32])
{
    int size = snprintf(room, 32, "+861%010llu", (unsigned long long)i);
    return (struct guard_key){.trunk = 3, .number = str_make(room, (size_t)size)};
}

/* Of a bucket: what is missing in it, in microseconds of filling; and all calls since it was full,
 * with what each was told. */
struct told {
    uint32_t call;
    bool is_taken;
};

struct model {
    int64_t missing_us[NUMBERS];
    struct told told[NUMBERS][STEPS];
    size_t count[NUMBERS];
};

static bool model_take(struct model *m, const struct guard_rate *rate, size_t number, uint32_t call)
{
    struct told *told = m->told[number];
    if (m->missing_us[number] == 0)
        m->count[number] = 0;
    size_t count = m->count[number];
    for (size_t back = 1; back <= GUARD_CALLS && back <= count; back++)
        if (told[count - back].call == call)
            return told[count - back].is_taken;
    bool is_taken = m->missing_us[number] + rate->cost_us <= rate->burst_us;
    m->missing_us[number] += is_taken ? rate->cost_us : 0;
    told[count] = (struct told){call, is_taken};
    m->count[number]++;
    return is_taken;
}

static void model_wait(struct model *m, int64_t us)
{
    for (size_t i = 0; i < NUMBERS; i++)
        m->missing_us[i] = m->missing_us[i] > us ? m->missing_us[i] - us : 0;
}

static void a_world_agrees_with_its_model(uint64_t seed, int64_t most, int64_t period_us)
{
    struct random_source random;
    struct model *m = calloc(1, sizeof *m);
    assert_non_null(m);
    struct guard g = guard_new(most, period_us);
    int64_t now_us = 1;
    random_init_seeded(&random, seed);
    for (int step = 0; step < STEPS; step++) {
        char room[32];
        size_t number = random_below(&random, NUMBERS);
        uint32_t call = (uint32_t)random_below(&random, 24); /* often the same again */
        int64_t wait_us = (int64_t)random_below(&random, (uint64_t)(2 * period_us / most) + 1);
        wait_us = random_below(&random, 3) == 0 ? wait_us : 0;
        now_us += wait_us;
        model_wait(m, wait_us);
        bool is_taken = guard_take(&g, key_of(number, room), call, now_us);
        if (is_taken != model_take(m, &g.rate, number, call))
            fail_msg("seed %llu, step %d", (unsigned long long)seed, step);
    }
    free(m);
    free(lines);
}

static void it_lets_through_what_it_says(void **state)
{
    (void)state;
    a_world_agrees_with_its_model(1, 1, 60000000);
    a_world_agrees_with_its_model(2, 7, 60000000);
    a_world_agrees_with_its_model(3, 30, 1000000);
    a_world_agrees_with_its_model(4, 1000, 1000000);
}

/* After any past whatever, a time of silence makes everything as it was in the beginning. */
static void nothing_is_left_of_what_was(void **state)
{
    struct guard g = guard_new(10, 60000000);
    char room[32];
    int64_t now_us = 1;
    (void)state;
    for (int round = 0; round < 1000; round++) {
        int taken = 0;
        for (uint32_t call = 1; call <= 25; call++)
            taken += guard_take(&g, key_of(7, room), call, now_us);
        assert_int_equal(taken, 10);
        now_us += 60000000;
    }
    free(lines);
}

static void a_flood_of_numbers_frees_nobody(void **state)
{
    struct guard g = guard_new(10, 60000000);
    char room[32];
    uint32_t call = 0;
    (void)state;
    for (uint64_t much = 0; much < 100; much++)
        for (int i = 0; i < 10; i++)
            assert_true(guard_take(&g, key_of(much, room), ++call, 1));
    for (uint64_t i = 0; i < 1000000; i++)
        assert_true(guard_take(&g, key_of(1000 + i, room), ++call, 2));
    int freed = 0;
    for (uint64_t much = 0; much < 100; much++)
        freed += guard_take(&g, key_of(much, room), ++call, 3);
    assert_int_equal(freed, 0);
    free(lines);
}

/* Who borrows a number on one trunk uses up nothing of its owner's on another. */
static void a_number_is_its_own_on_each_trunk(void **state)
{
    struct guard g = guard_new(5, 60000000);
    const struct guard_key owner = {0, STR("+8613912345678")};
    const struct guard_key thief = {1, STR("+8613912345678")};
    int taken = 0;
    (void)state;
    for (uint32_t call = 1; call <= 100; call++)
        taken += guard_take(&g, thief, call, 1);
    assert_int_equal(taken, 5);
    for (uint32_t call = 101; call <= 105; call++)
        assert_true(guard_take(&g, owner, call, 1));
    free(lines);
}

/* Answers of several calls may be lost at once; a refusal is no less an answer. */
static void what_was_said_is_said_again(void **state)
{
    struct guard g = guard_new(4, 60000000);
    const struct guard_key key = {0, STR("+8613912345678")};
    (void)state;
    for (int again = 0; again < 4; again++)
        for (uint32_t call = 1; call <= GUARD_CALLS; call++)
            assert_int_equal(guard_take(&g, key, call, 1 + again * 1000000), call <= 4);
    assert_false(guard_take(&g, key, 5, 1 + 16000000)); /* there would be room for one again */
    assert_true(guard_take(&g, key, 99, 1 + 16000000));
    free(lines);
}

static void without_a_limit_there_is_none(void **state)
{
    struct guard g = {0};
    struct guard_bucket b = {0};
    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(guard_take(&g, (struct guard_key){0, STR("1")}, i, 0));
        assert_true(guard_bucket_take(&b, &g.rate, i, 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lets_through_what_it_says),
        cmocka_unit_test(nothing_is_left_of_what_was),
        cmocka_unit_test(a_flood_of_numbers_frees_nobody),
        cmocka_unit_test(a_number_is_its_own_on_each_trunk),
        cmocka_unit_test(what_was_said_is_said_again),
        cmocka_unit_test(without_a_limit_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
