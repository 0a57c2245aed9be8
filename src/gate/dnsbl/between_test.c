/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what has something listed below it is never denied; what has not is mostly told apart; and
 * as long as not everything is put, nothing is denied.
 * Method: all parents of names and all beginnings of numbers, made at random; the share of wrong
 * yeses among names that were not put, at the size the filter was made for.
 */
#include "gate/dnsbl/between.h"

#include "env/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct arena boot;
static struct between b;

static int open(void **state)
{
    (void)state;
    arena_init(&boot, 4 << 20);
    return failed(between_open(&b, &boot, 100000, 7)) ? 1 : 0;
}

static int done(void **state)
{
    (void)state;
    arena_done(&boot);
    return 0;
}

/* "a.b7.c3.example" */
static str name_make(char room[64], unsigned b_number, unsigned c_number)
{
    int size = snprintf(room, 64, "a.b%u.c%u.example", b_number, c_number);
    return str_make(room, (size_t)size);
}

static str parent(str name)
{
    return str_from(name, str_find_char(name, '.') + 1);
}

static void nothing_is_denied_before_all_is_known(void **state)
{
    (void)state;
    assert_true(between_has_domain(&b, STR("example.org")));
    assert_true(between_has_number(&b, STR("8613912345678")));
    between_settle(&b);
    assert_false(between_has_domain(&b, STR("example.org")));
    assert_false(between_has_number(&b, STR("8613912345678")));
}

static void parents_are_never_denied(void **state)
{
    (void)state;
    char room[64];
    between_settle(&b);
    for (unsigned i = 0; i < 50000; i++)
        between_put_domain(&b, name_make(room, i, i / 2));
    for (unsigned i = 0; i < 50000; i++) {
        str name = parent(name_make(room, i, i / 2));
        assert_true(between_has_domain(&b, name));
        assert_true(between_has_domain(&b, parent(name)));
    }
    assert_true(between_has_domain(&b, STR("example")));
    unsigned wrong = 0;
    for (unsigned i = 0; i < 100000; i++)
        wrong += between_has_domain(&b, parent(name_make(room, 50000 + i, 50000 + i)));
    assert_in_range(wrong, 0, 5000);
}

static void the_name_itself_is_not_below_itself(void **state)
{
    (void)state;
    between_settle(&b);
    between_put_domain(&b, STR("login.bank.example"));
    assert_true(between_has_domain(&b, STR("bank.example")));
    assert_false(between_has_domain(&b, STR("login.bank.example")));
    assert_false(between_has_domain(&b, STR("ank.example"))); /* parents end at a dot */
}

static void beginnings_of_numbers_are_never_denied(void **state)
{
    (void)state;
    struct random_source random;
    random_init_seeded(&random, 20261122);
    between_settle(&b);
    for (int i = 0; i < 20000; i++) {
        char digits[15];
        size_t size = 1 + (size_t)random_below(&random, sizeof digits);
        for (size_t k = 0; k < size; k++)
            digits[k] = (char)('0' + random_below(&random, 10));
        between_put_number(&b, str_make(digits, size));
        for (size_t k = 0; k < size; k++)
            assert_true(between_has_number(&b, str_make(digits, k)));
    }
}

static void a_whole_number_is_denied(void **state)
{
    (void)state;
    between_settle(&b);
    between_put_number(&b, STR("8613912345678"));
    between_put_number(&b, STR("8696110"));
    assert_true(between_has_number(&b, STR("86")));
    assert_true(between_has_number(&b, STR("861")));
    assert_true(between_has_number(&b, STR("861398765432"))); /* too short: one may follow */
    assert_false(between_has_number(&b, STR("8613987654321")));
    assert_false(between_has_number(&b, STR("8696110")));
    assert_true(between_has_number(&b, STR("869611")));
    assert_false(between_has_number(&b, STR("44")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_denied_before_all_is_known, open, done),
        cmocka_unit_test_setup_teardown(parents_are_never_denied, open, done),
        cmocka_unit_test_setup_teardown(the_name_itself_is_not_below_itself, open, done),
        cmocka_unit_test_setup_teardown(beginnings_of_numbers_are_never_denied, open, done),
        cmocka_unit_test_setup_teardown(a_whole_number_is_denied, open, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
