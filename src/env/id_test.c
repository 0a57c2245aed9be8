/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: ids sort by the time and order they were made in, even when the clock stands still or steps
 * back; references survive being read out over a telephone.
 * Method: compare neighbours over many; encode known bits; mistype a reference on purpose.
 */
#include "env/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void ids_rise(void **state)
{
    (void)state;
    struct random_source r;
    struct id_source s;
    random_init_seeded(&r, 1);
    id_source_init(&s, &r);
    char before[ID_ROOM] = "";
    char now[ID_ROOM];
    int64_t us = INT64_C(1795000000) * US_PER_S;
    for (int i = 0; i < 20000; i++) {
        us += i % 7 == 0 ? -US_PER_S : (int64_t)random_below(&r, 3000); /* steps back, too */
        id_make(&s, instant_from_us(us), now);
        assert_true(strcmp(before, now) < 0);
        assert_true(id_is_wellformed(str_from_c(now)));
        memcpy(before, now, sizeof now);
    }
}

static void the_last_random_part_carries_into_the_time(void **state)
{
    (void)state;
    struct random_source r;
    struct id_source s;
    random_init_seeded(&r, 1);
    id_source_init(&s, &r);
    char id[ID_ROOM];
    id_make(&s, instant_from_us(US_PER_MS), id);
    memset(s.last, 0xFF, sizeof s.last);
    id_make(&s, instant_from_us(US_PER_MS), id);
    assert_string_equal(id, "00000000020000000000000000");
}

static void a_number_is_its_letters(void **state)
{
    (void)state;
    struct random_source r;
    char letters[ID_ROOM] = "";
    uint64_t back[2];
    random_init_seeded(&r, 3);
    for (int i = 0; i < 2000; i++) {
        uint64_t number[2] = {random_u64(&r), i % 3 == 0 ? 0 : random_u64(&r)};
        id_letters(number, letters);
        assert_true(id_is_wellformed(str_from_c(letters)) && id_number(str_from_c(letters), back));
        assert_memory_equal(number, back, sizeof back);
        letters[i % 26] = "IL OUu-"[i % 7]; /* no letters of ids */
        assert_false(id_number(str_from_c(letters), back));
    }
    assert_false(id_number(STR("80000000000000000000000000"), back));
    assert_false(id_number(STR("0000000000000000000000000"), back));
    assert_false(id_number(STR(""), back));
}

static void letters_are_the_bits(void **state)
{
    (void)state;
    struct random_source r;
    struct id_source s;
    random_init_seeded(&r, 1);
    id_source_init(&s, &r);
    char id[ID_ROOM];
    s.last_ms = UINT64_C(0xFFFFFFFFFFFF);
    memset(s.last, 0xFF, sizeof s.last - 1);
    s.last[9] = 0xFE;
    id_make(&s, instant_from_us(0), id);
    assert_string_equal(id, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    assert_false(id_is_wellformed(STR("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")));
    assert_false(id_is_wellformed(STR("7ZZZZZZZZZZZZZZZZZZZZZZZZU")));
    assert_false(id_is_wellformed(STR("")));
}

static void a_reference_is_forgiving(void **state)
{
    (void)state;
    char ref[REF_ROOM];
    assert_false(failed(ref_parse(STR("7k3m 2q9d xw4r 8otl"), ref)));
    assert_string_equal(ref, "7K3M-2Q9D-XW4R-80T1");
    assert_int_equal(ref_parse(STR("7K3M-2Q9D-XW4R-80T"), ref).code, ERR_MALFORMED);
    assert_int_equal(ref_parse(STR("7K3M-2Q9D-XW4R-80TUU"), ref).code, ERR_MALFORMED);
    assert_int_equal(ref_parse(STR("7K3M-2Q9D-XW4R-80TN1"), ref).code, ERR_MALFORMED);
    assert_int_equal(ref_parse(STR("7K3M\0002Q9DXW4R80TN"), ref).code, ERR_MALFORMED);
}

static void references_differ_and_parse_to_themselves(void **state)
{
    (void)state;
    struct random_source r;
    random_init_secure(&r);
    char before[REF_ROOM] = "";
    for (int i = 0; i < 100; i++) {
        char ref[REF_ROOM];
        char again[REF_ROOM];
        ref_make(&r, ref);
        assert_false(failed(ref_parse(str_from_c(ref), again)));
        assert_string_equal(ref, again);
        assert_string_not_equal(ref, before);
        memcpy(before, ref, sizeof ref);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_rise),
        cmocka_unit_test(the_last_random_part_carries_into_the_time),
        cmocka_unit_test(a_number_is_its_letters),
        cmocka_unit_test(letters_are_the_bits),
        cmocka_unit_test(a_reference_is_forgiving),
        cmocka_unit_test(references_differ_and_parse_to_themselves),
    };
    return cmocka_run_group_tests_name("env/id", tests, NULL, NULL);
}
