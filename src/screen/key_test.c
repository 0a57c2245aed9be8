/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a number is told from its key and back; a suffix found by walking a longer name has the key
 * that it has alone; a filter knows every key it was built of, and few others.
 * Method: numbers of every length and their neighbours; names cut at every label; filters from one
 * key to a hundred thousand.
 */
#include "env/random.h"
#include "screen/filter.h"
#include "screen/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void numbers(void **state)
{
    (void)state;
    struct random_source random;
    random_init_seeded(&random, 1);
    for (int i = 0; i < 100000; i++) {
        struct key_seed s = {.seed = random_u64(&random)};
        uint64_t number = random_u64(&random) & KEY_MASK;
        assert_int_equal(key_unmix(&s, key_mix(&s, number)), number);
    }
    static const char *const different[] = {"1",   "+1",  "01",    "+01",    "001", "10",
                                            "+10", "0",   "+0",    "00",     "110", "+86110",
                                            "11",  "+11", "86110", "+861101"};
    for (size_t i = 0; i < COUNT_OF(different); i++)
        for (size_t k = 0; k < COUNT_OF(different); k++) {
            uint64_t a = 0;
            uint64_t b = 0;
            assert_true(key_number(str_from_c(different[i]), &a));
            assert_true(key_number(str_from_c(different[k]), &b));
            assert_int_equal(a == b, i == k);
        }
    uint64_t most = 0;
    assert_true(key_number(STR("+999999999999999"), &most));
    assert_true(most <= KEY_MASK);
    static const char *const none[] = {"", "+", "1234567890123456", "12a", "+1+", "1 2"};
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_false(key_number(str_from_c(none[i]), &most));
}

static void suffixes(void **state)
{
    (void)state;
    struct key_seed s = {.seed = 3};
    str name = STR("a.bb.cc-longer-than-8.dddddddd.e.com");
    struct key_suffix at[8];
    size_t labels = 0;
    for (size_t most = 1; most <= COUNT_OF(at); most++) {
        size_t count = key_suffixes(&s, name, most, at, &labels);
        assert_int_equal(labels, 6);
        assert_int_equal(count, most < labels ? most : labels);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(at[i].key, key_name(&s, str_from(name, at[i].at)));
        assert_int_equal(at[count - 1].at, 0);
    }
    /* what stands at another place in the name, or is cut elsewhere, is another name */
    static const char *const different[] = {"a.b", "b.a", "ab",  "a.b.", ".a.b",
                                            "a",   "b",   "a.a", "aa",   "aaaaaaaa.a"};
    for (size_t i = 0; i < COUNT_OF(different); i++)
        for (size_t k = 0; k < COUNT_OF(different); k++)
            assert_int_equal(key_name(&s, str_from_c(different[i])) ==
                                 key_name(&s, str_from_c(different[k])),
                             i == k);
    assert_true(key_bytes(&s, 1, STR("a")) != key_bytes(&s, 2, STR("a")));
}

static void filters(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 10, 100, 1000, 5000, 70000, 100000};
    struct random_source random;
    random_init_seeded(&random, 5);
    for (size_t n = 0; n < COUNT_OF(counts); n++) {
        struct arena scratch;
        arena_init(&scratch, (size_t)1 << 30);
        uint64_t *keys = arena_make_array(&scratch, counts[n], sizeof *keys);
        for (size_t i = 0; i < counts[n]; i++)
            keys[i] = random_u64(&random) & KEY_MASK;
        struct filter_shape f = filter_shape_for(counts[n]);
        uint8_t *bytes = malloc(filter_bytes(&f));
        assert_true(filter_build(&f, keys, counts[n], &scratch, bytes));
        for (size_t i = 0; i < counts[n]; i++)
            assert_true(filter_may_have(&f, bytes, keys[i]));
        size_t wrong = 0;
        for (size_t i = 0; i < 100000; i++)
            wrong += filter_may_have(&f, bytes, random_u64(&random) & KEY_MASK);
        assert_in_range(wrong, counts[n] > 100 ? 250 : 0, 600); /* 1 in 256 */
        if (counts[n] >= 70000)
            assert_true((double)filter_bytes(&f) * 8 / (double)counts[n] < 9.6);
        free(bytes);
        arena_done(&scratch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(suffixes),
        cmocka_unit_test(filters),
    };
    return cmocka_run_group_tests_name("screen/key", tests, NULL, NULL);
}
