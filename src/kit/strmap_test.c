/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: every text keeps its number through every doubling, and no other text has it.
 * Method: many near-alike texts beside an array that knows their numbers.
 */
#include "kit/kit_test.h"
#include "kit/strmap.h"

#include <stdio.h>

enum { TEXTS = 20000 };

static void numbers_stay(void **state)
{
    (void)state;
    struct arena a;
    struct strmap m;
    const uint8_t key[SIPHASH_KEY_BYTES] = {1, 2, 3};
    arena_init(&a, 64 << 20);
    strmap_init(&m, key, &a);
    assert_int_equal(strmap_get(&m, STR("x0")), 0);
    for (uint32_t i = 0; i < TEXTS; i++) {
        char *text = arena_make(&a, 16);
        uint32_t *number = NULL;
        snprintf(text, 16, "x%u", i);
        assert_false(failed(strmap_at(&m, str_from_c(text), &number)));
        assert_int_equal(*number, 0);
        *number = i + 1;
    }
    assert_int_equal(m.count, TEXTS);
    for (uint32_t i = 0; i < TEXTS; i++) {
        char text[16];
        uint32_t *number = NULL;
        snprintf(text, sizeof text, "x%u", i);
        assert_int_equal(strmap_get(&m, str_from_c(text)), i + 1);
        assert_int_equal(strmap_get(&m, str_until(str_from_c(text), strlen(text) - 1)),
                         i < 10 ? 0 : i / 10 + 1);
        assert_false(failed(strmap_at(&m, str_from_c(text), &number)));
        assert_int_equal(*number, i + 1);
    }
    assert_int_equal(m.count, TEXTS);
    assert_int_equal(strmap_get(&m, STR("")), 0);
    arena_done(&a);
}

static void memory_that_is_spent_is_said(void **state)
{
    (void)state;
    struct arena a;
    struct strmap m;
    const uint8_t key[SIPHASH_KEY_BYTES] = {0};
    uint32_t *number = NULL;
    arena_init(&a, 1024);
    strmap_init(&m, key, &a);
    assert_int_equal(strmap_at(&m, STR("a"), &number).code, ERR_LIMIT);
    assert_int_equal(strmap_get(&m, STR("a")), 0);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stay),
        cmocka_unit_test(memory_that_is_spent_is_said),
    };
    return cmocka_run_group_tests_name("kit/strmap", tests, boot, done);
}
