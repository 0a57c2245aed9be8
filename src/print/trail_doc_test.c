/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a trail is read whole or refused with the place that is wrong; hostile texts become
 * visible; claims that do not add up are found, all of them.
 * Method: one good document, spoilt in one way after the other.
 */
#include "print/trail_doc.h"

#include "print/safe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ARENA_BYTES = 16 << 20 };

#define GRAVE "\314\200" /* an accent for the letter before it */

/* A quote is written ' below. */
static const char good[] =
    "{'incident':'i','method':'fifo','as_of':'2026-11-22T20:18:00+08:00','currency':'CNY',"
    "'sources':[{'transfer':'S','from':'v','to':'a','amount':100,'time':'t'}],"
    "'nodes':[{'account':'a','layer':1,'received':120,'attributed':100,'present':60,'held':20}],"
    "'edges':[{'transfer':'T','from':'a','to':'b','time':'t','amount':50,'attributed':40,"
    "'layer':2}],'exits':[{'account':'a','kind':'atm','amount':30}],"
    "'ambiguities':[{'account':'a','transfers':['S','T'],'reason':'why'}],"
    "'totals':{'stolen':100,'present':60,'held':20,'exited':30,'unknown':10}}";

static struct arena arena;

/* The good document with `old` replaced. */
static str spoilt(const char *old, const char *new)
{
    struct text t;
    text_init(&t, &arena);
    const char *at = strstr(good, old);
    assert_non_null(at);
    text_put(&t, str_make(good, (size_t)(at - good)));
    text_put_c(&t, new);
    text_put_c(&t, at + strlen(old));
    str made = text_str(&t);
    for (size_t i = 0; i < made.size; i++)
        if (t.at[i] == '\'')
            t.at[i] = '"';
    return made;
}

static struct trail read_good(const char *old, const char *new)
{
    struct trail t = {0};
    char place[TRAIL_PLACE_BYTES];
    assert_false(failed(trail_read(spoilt(old, new), &arena, &t, place)));
    return t;
}

static void a_trail_is_read(void **state)
{
    (void)state;
    struct trail t = read_good("'i'", "'i'");
    assert_true(t.has_amounts);
    assert_int_equal(t.node_count, 1);
    assert_true(str_equal(t.nodes[0].display, STR("a")));
    assert_int_equal(t.nodes[0].held, 20);
    assert_int_equal(t.edges[0].attributed, 40);
    assert_int_equal(t.ambiguities[0].transfer_count, 2);
    assert_int_equal(t.totals.unknown, 10);
    struct trail_doubts doubts;
    assert_false(failed(trail_check(&t, &doubts)));
    assert_int_equal(doubts.count, 0);
}

static void reach_has_no_amounts(void **state)
{
    (void)state;
    struct trail t = read_good("'fifo'", "'reach'");
    assert_false(t.has_amounts);
    assert_int_equal(t.nodes[0].attributed, 0);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *old;
        const char *new;
        const char *why;
        const char *place;
    } cases[] = {
        {"'fifo'",           "'guess'",        "print.wrong",       "method"                  },
        {"'CNY'",            "'yuan'",         "print.wrong",       "currency"                },
        {"2026-11",          "2026-13",        "print.wrong",       "as_of"                   },
        {"'layer':1",        "'layer':-1",     "print.wrong",       "nodes[0].layer"          },
        {"'layer':1",        "'layer':1001",   "print.wrong",       "nodes[0].layer"          },
        {"'received':120",   "'received':1.5", "print.wrong",       "nodes[0].received"       },
        {"'received':120",   "'received':-1",  "print.wrong",       "nodes[0].received"       },
        {"'attributed':40,", "",               "print.missing",     "edges[0].attributed"     },
        {"'kind':'atm'",     "'kind':7",       "print.wrong",       "exits[0].kind"           },
        {"['S','T']",        "['S',9]",        "print.wrong",       "ambiguities[0].transfers"},
        {"'nodes':[{",       "'nodes':[5,{",   "print.wrong",       "nodes[0]"                },
        {"'exited':30",      "'exit':30",      "print.missing",     "totals.exited"           },
        {"'totals'",         "'total'",        "print.not_a_trail", ""                        },
        {"'incident'",       "incident",       "json.malformed",    ""                        },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct trail t = {0};
        char place[TRAIL_PLACE_BYTES];
        err e = trail_read(spoilt(cases[i].old, cases[i].new), &arena, &t, place);
        assert_true(failed(e));
        assert_string_equal(e.why, cases[i].why);
        assert_string_equal(place, cases[i].place);
    }
}

static void doubts_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *old;
        const char *new;
        const char *why;
    } cases[] = {
        {"'unknown':10",             "'unknown':11",             "print.doubt.stolen"   },
        {"'amount':100",             "'amount':99",              "print.doubt.sources"  },
        {"'present':60,'held':20}]", "'present':59,'held':20}]", "print.doubt.present"  },
        {"'present':60,'held':20}]", "'present':60,'held':19}]", "print.doubt.held_rows"},
        {"'amount':30",              "'amount':31",              "print.doubt.exited"   },
    };
    struct trail_doubts doubts;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct trail t = read_good(cases[i].old, cases[i].new);
        assert_false(failed(trail_check(&t, &doubts)));
        assert_int_equal(doubts.count, 1);
        assert_string_equal(doubts.at[0].why, cases[i].why);
    }
    struct trail t = read_good("'amount':100", "'amount':9223372036854775807");
    t.source_count = 1;
    t.totals.present = INT64_MAX;
    assert_int_equal(trail_check(&t, &doubts).code, ERR_LIMIT);
}

static void hostile_texts_become_visible(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        const char *shown;
    } cases[] = {
        {"6222 0212",          "6222 0212"                              },
        {"工商银行 café", "工商银行 café"                     },
        {"a\nb\tc\x7f",        "a‹U+000A›b‹U+0009›c‹U+007F›"},
        {"1\342\200\25623",    "1‹U+202E›23"                        }, /* right-to-left override */
        {"1\342\200\21323",    "1‹U+200B›23"                        }, /* no width */
        {"1\327\22023",        "1‹U+05D0›23"                        }, /* Hebrew alef */
        {"\356\200\200",       "‹U+E000›"                           }, /* private use */
        {GRAVE GRAVE GRAVE,    GRAVE GRAVE "‹U+0300›"               },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        str shown = STR("");
        assert_false(failed(safe_text(str_from_c(cases[i].given), &arena, &shown)));
        assert_true(str_equal(shown, str_from_c(cases[i].shown)));
    }
}

static void long_texts_are_refused(void **state)
{
    (void)state;
    char text[TRAIL_TEXT_BYTES + 8] = "'";
    memset(text + 1, 'x', TRAIL_TEXT_BYTES + 1);
    text[TRAIL_TEXT_BYTES + 2] = '\'';
    struct trail t = {0};
    char place[TRAIL_PLACE_BYTES];
    err e = trail_read(spoilt("'i'", text), &arena, &t, place);
    assert_string_equal(e.why, "print.text_too_long");
    assert_string_equal(place, "incident");
}

static int done(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_trail_is_read, done),
        cmocka_unit_test_teardown(reach_has_no_amounts, done),
        cmocka_unit_test_teardown(what_is_wrong_is_named, done),
        cmocka_unit_test_teardown(doubts_are_found, done),
        cmocka_unit_test_teardown(hostile_texts_become_visible, done),
        cmocka_unit_test_teardown(long_texts_are_refused, done),
    };
    arena_init(&arena, ARENA_BYTES);
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return rc;
}
