/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a manual clock only goes forward, whoever sets it; a real one cannot be set; the seeded
 * random source repeats and is fair.
 * Method: set it by hand, then from many threads while readers watch it never step back.
 */
#include "env/clock.h"
#include "env/random.h"
#include "env/thread.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void manual_goes_forward_only(void **state)
{
    (void)state;
    struct clock c;
    clock_init_manual(&c, instant_from_us(5 * US_PER_S));
    assert_int_equal(clock_now(&c).us, 5 * US_PER_S);
    assert_false(failed(clock_set(&c, instant_from_us(9 * US_PER_S))));
    assert_false(failed(clock_set(&c, instant_from_us(9 * US_PER_S))));
    err e = clock_set(&c, instant_from_us(9 * US_PER_S - 1));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_string_equal(e.why, "clock.backwards");
    assert_int_equal(clock_now(&c).us, 9 * US_PER_S);
}

static void real_cannot_be_set(void **state)
{
    (void)state;
    struct clock c;
    clock_init_real(&c);
    assert_int_equal(clock_set(&c, instant_from_us(1)).code, ERR_DENIED);
    assert_true(clock_now(&c).us > INT64_C(1577836800) * US_PER_S); /* after 2020 */
    int64_t before = env_monotonic_us();
    assert_true(env_monotonic_us() >= before);
}

static void push(void *self)
{
    struct clock *c = self;
    for (int64_t t = 1; t < 3000; t++) {
        err e = clock_set(c, instant_from_us(t));
        (void)e; /* another thread may be ahead */
        assert(clock_now(c).us >= t);
    }
}

static void threads_never_see_it_step_back(void **state)
{
    (void)state;
    struct clock c;
    clock_init_manual(&c, instant_from_us(0));
    struct env_thread t[3] = {0};
    for (int i = 0; i < 3; i++)
        assert_false(failed(env_thread_start(&t[i], "push", push, &c)));
    for (int i = 0; i < 3; i++)
        env_thread_join(&t[i]);
    assert_int_equal(clock_now(&c).us, 2999);
}

static void a_seed_repeats_and_is_fair(void **state)
{
    (void)state;
    struct random_source a;
    struct random_source b;
    random_init_seeded(&a, 7);
    random_init_seeded(&b, 7);
    int seen[3] = {0};
    for (int i = 0; i < 3000; i++) {
        uint64_t n = random_below(&a, 3);
        assert_int_equal(n, random_below(&b, 3));
        seen[n]++;
    }
    for (int i = 0; i < 3; i++)
        assert_in_range(seen[i], 850, 1150);
    unsigned char x[13] = {0};
    unsigned char y[13] = {0};
    struct random_source s;
    random_init_secure(&s);
    random_fill(&s, x, sizeof x);
    random_fill(&s, y, sizeof y);
    assert_memory_not_equal(x, y, sizeof x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manual_goes_forward_only),
        cmocka_unit_test(real_cannot_be_set),
        cmocka_unit_test(threads_never_see_it_step_back),
        cmocka_unit_test(a_seed_repeats_and_is_fair),
    };
    return cmocka_run_group_tests_name("env/clock", tests, NULL, NULL);
}
