/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: slices, numbers, hex and base64 do what their names say at every edge.
 * Method: tables of edges; base64 both ways for every length up to 300.
 */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void blanks(void **state)
{
    (void)state;
    static const char *const blank[] = {
        "", " \t\r\n", "\u3000", " \u3000\u00a0 ", "\u200b\u2003", "\ufeff"};
    static const char *const seen[] = {"a",      "\u3000a",  " \u00e9", "\u3001",
                                       "\u2014", "\xe3\x80", "0"};
    for (size_t i = 0; i < COUNT_OF(blank); i++)
        assert_true(str_is_blank(str_from_c(blank[i])));
    for (size_t i = 0; i < COUNT_OF(seen); i++)
        assert_false(str_is_blank(str_from_c(seen[i])));
}

/* Every byte at every place of a text that is longer than a word. */
static void plain_texts(void **state)
{
    (void)state;
    char room[19];
    for (size_t size = 0; size <= sizeof room; size++)
        for (size_t at = 0; at < size; at++)
            for (int byte = 0; byte < 256; byte++) {
                memset(room, '~', sizeof room);
                room[at] = (char)byte;
                assert_true(str_is_plain(str_make(room, size)) == (byte >= ' ' && byte <= '~'));
                assert_true(str_is_ascii(str_make(room, size)) == (byte < 0x80));
            }
    assert_true(str_is_plain(STR("")) && str_is_ascii((str){0}));
}

static void slices(void **state)
{
    (void)state;
    assert_true(str_equal(str_from(STR("abc"), 9), STR("")));
    assert_true(str_equal(str_until(STR("abc"), 9), STR("abc")));
    assert_true(str_equal(str_trim(STR(" \t a b \r\n")), STR("a b")));
    assert_true(str_starts(STR("abc"), STR("ab")) && !str_starts(STR("a"), STR("ab")));
    assert_true(str_ends(STR("abc"), STR("bc")) && !str_ends(STR("c"), STR("bc")));
    assert_true(str_compare(STR("a"), STR("ab")) < 0 && str_compare(STR("b"), STR("ab")) > 0);
    str rest = STR("a,,b");
    str part = {0};
    int count = 0;
    while (str_split(&rest, ',', &part))
        count++;
    assert_int_equal(count, 3);
}

static void integers(void **state)
{
    (void)state;
    int64_t v = 5;
    assert_false(failed(str_parse_i64(STR("9223372036854775807"), &v)));
    assert_true(v == INT64_MAX);
    assert_true(failed(str_parse_i64(STR("9223372036854775808"), &v)));
    assert_false(failed(str_parse_i64(STR("-12"), &v)));
    assert_int_equal(v, -12);
    assert_true(failed(str_parse_i64(STR("-"), &v)));
    assert_true(failed(str_parse_i64(STR("1.0"), &v)));
    assert_true(failed(str_parse_i64(STR(""), &v)));
}

static void utf8(void **state)
{
    (void)state;
    assert_true(str_is_utf8(STR("玉门 yumen \xF0\x9F\x98\x80")));
    assert_int_equal(str_runes(STR("玉门")), 2);
    assert_false(str_is_utf8(STR("\xC0\xAF")));         /* overlong */
    assert_false(str_is_utf8(STR("\xED\xA0\x80")));     /* surrogate */
    assert_false(str_is_utf8(STR("\xF4\x90\x80\x80"))); /* above 10FFFF */
    assert_false(str_is_utf8(STR("\xE7\x8E")));         /* cut */
}

static void base64_both_ways(void **state)
{
    (void)state;
    unsigned char bytes[300];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7 + 1);
    struct arena a;
    arena_init(&a, 1 << 20);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        struct text t;
        text_init(&t, &a);
        text_put_base64(&t, bytes, size);
        unsigned char back[300];
        size_t got = 0;
        assert_false(failed(base64_parse(text_str(&t), back, sizeof back, &got)));
        assert_int_equal(got, size);
        assert_memory_equal(back, bytes, size);
        text_init(&t, &a);
        text_put_hex(&t, bytes, size);
        assert_false(failed(hex_parse(text_str(&t), back, size)));
        assert_memory_equal(back, bytes, size);
        arena_reset(&a);
    }
    unsigned char one[1];
    size_t got = 0;
    assert_true(failed(base64_parse(STR("A"), one, 1, &got)));
    assert_true(failed(base64_parse(STR("AA*="), one, 1, &got)));
    assert_true(failed(hex_parse(STR("0g"), one, 1)));
    arena_done(&a);
}

static void spent_text_stays_spent(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 20000);
    struct text t;
    text_init(&t, &a);
    for (int i = 0; i < 3000; i++)
        text_put_c(&t, "0123456789");
    assert_true(text_spent(&t));
    arena_done(&a);
}

static void parts_are_put_all_or_none(void **state)
{
    (void)state;
    struct arena a;
    struct text t;
    char long_part[200];
    memset(long_part, 'z', sizeof long_part);
    str parts[] = {STR("one"), STR(""), str_make(long_part, sizeof long_part), STR("end")};
    arena_init(&a, 4096);
    text_init(&t, &a);
    text_put_c(&t, "0 ");
    text_put_all(&t, parts, 2);
    assert_true(str_equal(text_str(&t), STR("0 one")));
    text_put_all(&t, parts, 4);
    assert_int_equal(text_str(&t).size, 5 + 3 + sizeof long_part + 3);
    assert_true(str_equal(str_from(text_str(&t), 5 + 3 + sizeof long_part), STR("end")));
    assert_int_equal(t.at[t.size], '\0');
    size_t before = t.size;
    for (size_t i = 0; i < 100 && !text_spent(&t); i++, before = text_spent(&t) ? before : t.size)
        text_put_all(&t, parts, 4);
    assert_true(text_spent(&t));
    assert_int_equal(t.size, before);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_put_all_or_none),
        cmocka_unit_test(plain_texts),
        cmocka_unit_test(slices),
        cmocka_unit_test(blanks),
        cmocka_unit_test(integers),
        cmocka_unit_test(utf8),
        cmocka_unit_test(base64_both_ways),
        cmocka_unit_test(spent_text_stays_spent),
    };
    return cmocka_run_group_tests_name("base/str", tests, NULL, NULL);
}
