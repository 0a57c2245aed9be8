/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an arena never hands out more than its budget, zeroes what it hands out, and survives
 * reuse. Method: carve until it refuses; reset; carve again.
 */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void budget_is_kept(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 100000);
    size_t got = 0;
    while (arena_make(&a, 1000) != NULL)
        got += 1000;
    assert_in_range(got, 50000, 100000);
    assert_true(a.used_bytes <= a.budget_bytes);
    arena_reset(&a);
    assert_non_null(arena_make(&a, 1000));
    arena_done(&a);
}

static void memory_is_zero_after_reset(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    memset(arena_make(&a, 5000), 'x', 5000);
    arena_reset(&a);
    const char *again = arena_make(&a, 5000);
    for (size_t i = 0; i < 5000; i++)
        assert_int_equal(again[i], 0);
    arena_done(&a);
}

static void growing_keeps_what_was_there(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    char *at = NULL;
    size_t room = 0;
    for (size_t want = 1; want < 100000; want = want * 3 + 1) {
        at = arena_grow(&a, at, room, want);
        assert_non_null(at);
        assert_true(room == 0 || at[room - 1] == 'y');
        for (size_t i = room; i < want; i++)
            assert_int_equal(at[i], 0);
        memset(at, 'y', want);
        room = want;
        if (want % 2 == 0)
            assert_non_null(arena_make(&a, 3)); /* something in the way */
    }
    assert_null(arena_make_array(&a, SIZE_MAX / 2, 4));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(budget_is_kept),
        cmocka_unit_test(memory_is_zero_after_reset),
        cmocka_unit_test(growing_keeps_what_was_there),
    };
    return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
