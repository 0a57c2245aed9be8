/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the small notations of HTTP are read as their RFCs write them, and nonsense does no harm.
 * Method: tables of what comes in and what must come out.
 */
#include "gate/http/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static int before(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int after(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void percent_encoding(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        const char *out; /* NULL: refused */
    } cases[] = {
        {"a%20b",              "a b"   },
        {"%E7%8E%89%e9%97%a8", "玉门"},
        {"a+b",                "a+b"   },
        {"",                   ""      },
        {"%2F%25",             "/%"    },
        {"a%00b",              NULL    },
        {"%4",                 NULL    },
        {"%",                  NULL    },
        {"%GG",                NULL    },
        {"%FF",                NULL    },
        {"%C0%AF",             NULL    },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        str got;
        err e = http_decode(&arena, str_from_c(cases[i].in), &got);
        if (failed(e) != (cases[i].out == NULL))
            fail_msg("%s", cases[i].in);
        if (!failed(e))
            assert_true(str_equal(got, str_from_c(cases[i].out)));
    }
    struct text t;
    str got;
    text_init(&t, &arena);
    http_encode_put(&t, STR("玉门 a/b?&=%~"));
    assert_false(failed(http_decode(&arena, text_str(&t), &got)));
    assert_true(str_equal(got, STR("玉门 a/b?&=%~")));
    assert_false(str_has(text_str(&t), STR("/")));
}

static void queries(void **state)
{
    (void)state;
    str q = STR("kind=domain&value=a%26b.cn+x&empty&kind=second&n%61me=3");
    str got;
    assert_false(failed(http_query_find(&arena, q, STR("value"), &got)));
    assert_true(str_equal(got, STR("a&b.cn x")));
    assert_false(failed(http_query_find(&arena, q, STR("kind"), &got)));
    assert_true(str_equal(got, STR("domain")));
    assert_false(failed(http_query_find(&arena, q, STR("name"), &got)));
    assert_true(str_equal(got, STR("3")));
    assert_false(failed(http_query_find(&arena, q, STR("empty"), &got)));
    assert_int_equal(got.size, 0);
    assert_false(failed(http_query_find(&arena, q, STR("absent"), &got)));
    assert_int_equal(got.size, 0);
    assert_true(failed(http_query_find(&arena, STR("a=%zz"), STR("a"), &got)));
}

static void cookies_tags_and_words(void **state)
{
    (void)state;
    str c = STR("a=1; yumen_session=x=y; yumen_sessions=z");
    assert_true(str_equal(http_cookie_find(c, STR("yumen_session")), STR("x=y")));
    assert_int_equal(http_cookie_find(c, STR("session")).size, 0);
    assert_true(http_etag_matches(STR("\"a\", W/\"b\""), STR("\"b\"")));
    assert_true(http_etag_matches(STR("*"), STR("\"b\"")));
    assert_false(http_etag_matches(STR("\"ab\""), STR("\"b\"")));
    assert_false(http_etag_matches(STR(""), STR("\"b\"")));
    assert_true(str_equal(http_language_first(STR("fr;q=0.3, zh-CN;q=0.9,en;q=0.8")), STR("zh")));
    assert_true(str_equal(http_language_first(STR("en, zh")), STR("en")));
    assert_int_equal(http_language_first(STR("*, zh;q=0, x;q=a")).size, 0);
    assert_true(http_accepts(STR("br, GZIP;q=0.001"), STR("gzip")));
    assert_false(http_accepts(STR("br, gzip;q=0.0"), STR("gzip")));
    assert_false(http_accepts(STR("xgzip"), STR("gzip")));
}

static void dates(void **state)
{
    (void)state;
    char room[HTTP_DATE_ROOM];
    assert_true(str_equal(http_date(instant_from_us(INT64_C(784111777) * US_PER_S), room),
                          STR("Sun, 06 Nov 1994 08:49:37 GMT"))); /* RFC 9110 5.6.7 */
    assert_true(
        str_equal(http_date(instant_from_us(0), room), STR("Thu, 01 Jan 1970 00:00:00 GMT")));
    assert_string_equal(http_status_text(404), "Not Found");
    assert_string_equal(http_status_text(299), "Status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(percent_encoding, before, after),
        cmocka_unit_test_setup_teardown(queries, before, after),
        cmocka_unit_test(cookies_tags_and_words),
        cmocka_unit_test(dates),
    };
    return cmocka_run_group_tests_name("gate/http/wire", tests, NULL, NULL);
}
