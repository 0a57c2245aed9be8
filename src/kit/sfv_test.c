/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a field is read as RFC 8941 writes it, or not at all.
 * Method: whole fields with all they may have; a list of what is refused; every prefix of a good
 * field, which must not read past its end (the sanitizers look on).
 */
#include "kit/sfv.h"

#include "kit/kit_test.h"

/* Walks the whole field; true when all of it was right. */
static bool is_right(str field)
{
    struct sfv s = sfv_of(field);
    str key;
    while (sfv_member(&s, &key))
        sfv_skip(&s);
    return !s.is_bad && str_is_empty(str_trim(s.rest));
}

static void a_field_is_walked(void **state)
{
    (void)state;
    struct sfv s =
        sfv_of(STR("sig1=(\"a\" \"@b\");created=-12;n=\"x y\" ,\tsig-2=:AQI=:;q;t=tok/en"));
    struct sfv_item item;
    str key;
    assert_true(sfv_member(&s, &key));
    is_str(key, STR("sig1"));
    assert_true(sfv_inner_begin(&s));
    assert_true(sfv_inner_item(&s, &item));
    is_str(item.slice, STR("a"));
    assert_true(sfv_inner_item(&s, &item));
    is_str(item.slice, STR("@b"));
    assert_false(sfv_inner_item(&s, &item));
    assert_true(sfv_parameter(&s, &key, &item));
    is_str(key, STR("created"));
    assert_int_equal(item.number, -12);
    assert_true(sfv_parameter(&s, &key, &item));
    is_str(item.slice, STR("x y"));
    assert_false(sfv_parameter(&s, &key, &item));
    assert_true(sfv_member(&s, &key));
    is_str(key, STR("sig-2"));
    assert_false(sfv_inner_begin(&s));
    assert_true(sfv_item(&s, &item));
    assert_int_equal(item.kind, SFV_BYTES);
    is_str(item.slice, STR("AQI="));
    assert_true(sfv_parameter(&s, &key, &item));
    assert_int_equal(item.kind, SFV_BOOL);
    assert_true(sfv_parameter(&s, &key, &item));
    is_str(item.slice, STR("tok/en"));
    assert_false(sfv_member(&s, &key));
    assert_false(s.is_bad);
}

static void what_is_wrong_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "A=1",
        "=1",
        "a",
        "a=",
        "a=(",
        "a=(\"x\"",
        "a=(\"x\"\"y\")",
        "a=\"x",
        "a=\"\\\"x\"",
        "a=:AQ",
        "a=1.5",
        "a=1234567890123456",
        "a=--1",
        "a=1,",
        "a=1 b=2",
        "a=1,,b=2",
        "a=?2",
        "a=1;",
        "a=1;B",
        "a=1;b=",
        "a=@x",
        "a=\"\x80\"",
        "a=(\"x\",\"y\")",
        "a=(1.2)",
        "a=\x01",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (is_right(str_from_c(wrong[i])))
            fail_msg("taken: %s", wrong[i]);
    static const char *const right[] = {"",        "a=1",         "a=1 , b=2",
                                        "*a=(  )", "a=();x=?0;y", "a.b-c_*=-5"};
    for (size_t i = 0; i < COUNT_OF(right); i++)
        if (!is_right(str_from_c(right[i])))
            fail_msg("refused: %s", right[i]);
}

static void prefixes_end_where_they_end(void **state)
{
    (void)state;
    str whole = STR("sig1=(\"a\" \"@b\");created=12;n=\"x\", s=:AQI=:;t=?1;k=tok");
    for (size_t n = 0; n <= whole.size; n++) {
        char *exact = malloc(n + 1);
        memcpy(exact, whole.at, n);
        (void)is_right(str_make(exact, n));
        free(exact);
    }
    assert_true(is_right(whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_walked),
        cmocka_unit_test(what_is_wrong_is_refused),
        cmocka_unit_test(prefixes_end_where_they_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
