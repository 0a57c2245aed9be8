/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a class's burst and rate hold for each address alone; a flood of addresses stays within the
 * table; neighbours within a /64 count as one.
 * Method: a clock in a variable.
 */
#include "gate/http/limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const struct http_limit_class classes[] = {
    {5, 60},
    {2, 1 }
};
static struct arena arena;
static struct http_limit limit;

static int before(void **state)
{
    (void)state;
    struct random_source r;
    random_init_seeded(&r, 3);
    arena_init(&arena, 1 << 20);
    struct http_limit_options o = {classes, COUNT_OF(classes), 1000};
    return failed(http_limit_open(&limit, &arena, &r, &o));
}

static int after(void **state)
{
    (void)state;
    http_limit_close(&limit);
    http_limit_close(&limit);
    arena_done(&arena);
    return 0;
}

static int take_many(str peer, size_t class_index, int64_t at_s)
{
    int taken = 0;
    int64_t wait = 0;
    while (taken < 100 && http_limit_take(&limit, peer, class_index, at_s * 1000000, &wait))
        taken++;
    return taken;
}

static void burst_then_rate(void **state)
{
    (void)state;
    int64_t wait = 0;
    assert_int_equal(take_many(STR("192.0.2.1"), 0, 100), 5);
    assert_false(http_limit_take(&limit, STR("192.0.2.1"), 0, 100 * 1000000, &wait));
    assert_in_range(wait, 60, 61);
    assert_int_equal(take_many(STR("192.0.2.1"), 0, 159), 0);
    assert_int_equal(take_many(STR("192.0.2.1"), 0, 161), 1);
    assert_int_equal(take_many(STR("192.0.2.1"), 0, 281), 2);
    assert_int_equal(take_many(STR("192.0.2.1"), 0, 100000), 5);
    assert_int_equal(take_many(STR("192.0.2.1"), 0, INT64_C(100000000)), 5);
    assert_int_equal(take_many(STR("192.0.2.1"), 0, 5),
                     0); /* a clock stepping back gives nothing */
}

static void asking_while_empty_does_not_slow_the_refill(void **state)
{
    (void)state;
    assert_int_equal(take_many(STR("192.0.2.9"), 0, 0), 5);
    int taken = 0;
    int64_t wait = 0;
    for (int64_t ms = 0; ms < 600500; ms += 100)
        taken += http_limit_take(&limit, STR("192.0.2.9"), 0, ms * 1000, &wait);
    assert_in_range(taken, 9, 10);
}

static void what_is_given_back_may_be_taken_again(void **state)
{
    (void)state;
    int64_t wait = 0;
    for (int i = 0; i < 50; i++) {
        assert_true(http_limit_take(&limit, STR("192.0.2.1"), 0, 100 * 1000000, &wait));
        http_limit_give(&limit, STR("192.0.2.1"), 0, 100 * 1000000);
    }
    for (int i = 0; i < 50; i++) /* never more than the burst */
        http_limit_give(&limit, STR("192.0.2.1"), 0, 100 * 1000000);
    http_limit_give(&limit, STR("192.0.2.2"), 0, 100 * 1000000);
    assert_int_equal(take_many(STR("192.0.2.1"), 0, 100), 5);
    http_limit_give(&limit, STR("192.0.2.1"), 0, 100 * 1000000);
    assert_int_equal(take_many(STR("192.0.2.1"), 0, 100), 1);
    assert_int_equal(take_many(STR("192.0.2.2"), 0, 100), 5);
}

static void addresses_and_classes_are_apart(void **state)
{
    (void)state;
    assert_int_equal(take_many(STR("192.0.2.1"), 0, 1), 5);
    assert_int_equal(take_many(STR("192.0.2.2"), 0, 1), 5);
    assert_int_equal(take_many(STR("192.0.2.1"), 1, 1), 2);
    assert_int_equal(take_many(STR("::ffff:192.0.2.1"), 1, 1), 0);
    assert_int_equal(take_many(STR("2001:db8:1:2::1"), 1, 1), 2);
    assert_int_equal(take_many(STR("2001:db8:1:2:ffff::1"), 1, 1), 0);
    assert_int_equal(take_many(STR("2001:db8:1:3::1"), 1, 1), 2);
    assert_int_equal(take_many(STR("nonsense"), 1, 1), 2);
    assert_int_equal(take_many(STR("other nonsense"), 1, 1), 0);
}

static void a_flood_does_not_free_the_busy(void **state)
{
    (void)state;
    int64_t wait = 0;
    int free_again = 0;
    for (int i = 0; i < 500; i++) {
        char peer[32];
        (void)snprintf(peer, sizeof peer, "10.1.%d.%d", i / 250, i % 250);
        assert_int_equal(take_many(str_from_c(peer), 1, 1), 2);
    }
    for (int i = 0; i < 500; i++) {
        char peer[32];
        (void)snprintf(peer, sizeof peer, "10.1.%d.%d", i / 250, i % 250);
        free_again += http_limit_take(&limit, str_from_c(peer), 1, 1000000, &wait);
    }
    assert_in_range(free_again, 0, 20); /* 4,096 places for 500 addresses */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(burst_then_rate, before, after),
        cmocka_unit_test_setup_teardown(asking_while_empty_does_not_slow_the_refill, before, after),
        cmocka_unit_test_setup_teardown(what_is_given_back_may_be_taken_again, before, after),
        cmocka_unit_test_setup_teardown(addresses_and_classes_are_apart, before, after),
        cmocka_unit_test_setup_teardown(a_flood_does_not_free_the_busy, before, after),
    };
    return cmocka_run_group_tests_name("gate/http/limit", tests, NULL, NULL);
}
