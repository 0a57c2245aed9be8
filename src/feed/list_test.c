/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: each form a list comes in gives its values and nothing else; a bad line is refused by its
 * number and takes no other with it; what is no list, or not whole, is said to be so.
 * Method: a table of lines against what they say; whole files, cut at every byte, packed, damaged,
 * in other character sets; and one line without an end.
 */
#include "feed/list.h"

#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct book {
    struct arena reader_arena;
    struct arena text_arena;
    struct text said; /* "3 evil.example\n", "4! row.too_long\n" */
    int64_t lines;
    int64_t fail_at_line; /* the sink fails there; 0: never */
};

static err book_line(void *self, int64_t number, str value, const char *code)
{
    struct book *b = self;
    b->lines++;
    if (number == b->fail_at_line)
        return (err){.why = "test: disk full", .code = ERR_OS};
    assert_true(value.size <= LIST_LINE_BYTES);
    if (b->said.size > 1 << 16) /* of many only the count */
        return OK;
    if (code == NULL)
        text_printf(&b->said, "%lld %.*s\n", (long long)number, STR_ARGS(value));
    else
        text_printf(&b->said, "%lld! %s\n", (long long)number, code);
    return OK;
}

static int book_open(void **state)
{
    static struct book book;
    book = (struct book){0};
    assert_false(failed(kit_boot()));
    arena_init(&book.reader_arena, LIST_READER_BYTES);
    arena_init(&book.text_arena, 64 << 20);
    *state = &book;
    return 0;
}

static int book_close(void **state)
{
    struct book *b = *state;
    arena_done(&b->reader_arena);
    arena_done(&b->text_arena);
    return 0;
}

static struct list_reader *begin(struct book *b)
{
    arena_reset(&b->reader_arena);
    arena_reset(&b->text_arena);
    text_init(&b->said, &b->text_arena);
    b->lines = 0;
    struct list_reader *reader = arena_make(&b->reader_arena, sizeof *reader);
    assert_non_null(reader);
    struct list_sink sink = {.self = b, .line = book_line};
    assert_false(failed(list_init(&b->reader_arena, INDICATOR_DOMAIN, sink, reader)));
    return reader;
}

/* Ends the reading; the file's own fault, "" when it is to be believed. */
static const char *end(struct list_reader *reader)
{
    const char *fault = NULL;
    assert_false(failed(list_end(reader, &fault)));
    list_done(reader);
    return fault == NULL ? "" : fault;
}

static const char *read_cut(struct book *b, str bytes, size_t cut)
{
    struct list_reader *reader = begin(b);
    assert_false(failed(list_put(reader, str_until(bytes, cut))));
    assert_false(failed(list_put(reader, str_from(bytes, cut))));
    return end(reader);
}

static void assert_read(struct book *b, str bytes, const char *said, const char *fault)
{
    const char *found = read_cut(b, bytes, 0);
    assert_string_equal(found, fault);
    if (!str_equal(text_str(&b->said), str_from_c(said)))
        fail_msg("said:\n%.*swanted:\n%s", STR_ARGS(text_str(&b->said)), said);
}

static void what_a_line_says(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *value;
    } rows[] = {
        {"evil.example",                         "evil.example"     },
        {"  evil.example\t ",                    "evil.example"     },
        {"evil.example\t2024-01-02\tphishing",   "evil.example"     },
        {"evil.example # seen twice",            "evil.example"     },
        {"+8613800138000",                       "+8613800138000"   },
        {"evil.example,2024-01-02,phishing",     "evil.example"     },
        {"0.0.0.0 evil.example",                 "evil.example"     },
        {"127.0.0.1\tevil.example # hosts",      "evil.example"     },
        {"::1 evil.example",                     "evil.example"     },
        {":: evil.example",                      "evil.example"     },
        {"0.0.0.0",                              "0.0.0.0"          },
        {"192.0.2.1 evil.example",               "192.0.2.1"        },
        {"||evil.example^",                      "evil.example"     },
        {"||evil.example^$third-party",          "evil.example"     },
        {"||evil.example$important",             "evil.example"     },
        {"||evil.example",                       "evil.example"     },
        {"@@||good.example^",                    "@@||good.example^"}, /* no value */
        {"server=/evil.example/114.114.114.114", "evil.example"     },
        {"address=/evil.example/",               "evil.example"     },
        {"address=/evil.example",                "evil.example"     },
        {"",                                     ""                 },
        {"   ",                                  ""                 },
        {"# comment",                            ""                 },
        {"! comment",                            ""                 },
        {"; comment",                            ""                 },
        {"#",                                    ""                 },
        {"||",                                   ""                 },
        {"||^",                                  ""                 },
        {"server=/",                             ""                 },
        {"address=//127.0.0.1",                  ""                 },
        {"诈骗.example",                       "诈骗.example"   },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct list_form form = {.kind = INDICATOR_DOMAIN};
        str found = list_value(&form, str_from_c(rows[i].line));
        if (!str_equal(found, str_from_c(rows[i].value)))
            fail_msg("\"%s\" says \"%.*s\"", rows[i].line, STR_ARGS(found));
    }
}

static void what_a_line_says_of_other_kinds(void **state)
{
    (void)state;
    static const struct {
        enum indicator_kind kind;
        const char *line;
        const char *value;
    } rows[] = {
        {INDICATOR_URL,    "https://evil.example/?a=1,2#top", "https://evil.example/?a=1,2#top"},
        {INDICATOR_NUMBER, "+86 21-28913888",                 "+86 21-28913888"                },
        {INDICATOR_NUMBER, "010 83461806\tbank",              "010 83461806"                   },
        {INDICATOR_NUMBER, "+56908985137,Scotia, dos",        "+56908985137"                   },
        {INDICATOR_NUMBER, "600 123 123  # twice",            "600 123 123"                    },
        {INDICATOR_NUMBER, "+4121560####",                    "+4121560####"                   },
        {INDICATOR_NUMBER, ",who",                            ""                               },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct list_form form = {.kind = rows[i].kind};
        str found = list_value(&form, str_from_c(rows[i].line));
        if (!str_equal(found, str_from_c(rows[i].value)))
            fail_msg("\"%s\" says \"%.*s\"", rows[i].line, STR_ARGS(found));
    }
}

/* What stands before a blank has to be a value; what follows one is a column, and nobody's. */
static void words_are_no_value(void **state)
{
    struct book *b = *state;
    static const struct {
        const char *line;
        enum indicator_kind kind;
        bool is_words;
    } rows[] = {
        {"not a name",                    INDICATOR_DOMAIN, true },
        {"  evil example ",               INDICATOR_DOMAIN, true },
        {"0.0.0.0 evil example",          INDICATOR_DOMAIN, true },
        {"这 不是 域名",             INDICATOR_DOMAIN, true },
        {"not a link",                    INDICATOR_URL,    true },
        {"evil.example 2024-01-02 phish", INDICATOR_DOMAIN, false},
        {"诈骗。example 2024-01-02",   INDICATOR_DOMAIN, false},
        {"0.0.0.0 evil.example # hosts",  INDICATOR_DOMAIN, false},
        {"com",                           INDICATOR_DOMAIN, false},
        {"com\t2024-01-02 10:00",         INDICATOR_DOMAIN, false},
        {"com,a b",                       INDICATOR_DOMAIN, false},
        {"localhost:80 here",             INDICATOR_DOMAIN, false},
        {"https://evil.example/a 2024",   INDICATOR_URL,    false},
        {"evil.example/a 2024",           INDICATOR_URL,    false},
        {"+86 21 2891 3888",              INDICATOR_NUMBER, false},
        {"",                              INDICATOR_DOMAIN, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct list_form form = {.kind = rows[i].kind};
        if (list_is_words(&form, str_from_c(rows[i].line)) != rows[i].is_words)
            fail_msg("\"%s\"", rows[i].line);
    }
    assert_read(b, STR("one.example\n not a name \ntwo.example 2024\n"),
                "1 one.example\n2! row.words\n3 two.example\n", "");
    assert_read(b, STR("domain,who\na b,not a name\n"), "2 a b\n", ""); /* cells may have blanks */
}

/* The first line that is no comment; never a value of the list's own kind. */
static void named_columns(void **state)
{
    struct book *b = *state;
    assert_read(b,
                STR("# kept by hand\ndate,Domain,who\n2024-01-02,evil.example,ann\n3,,\n4\n"
                    "\n5,\"two.example\",\"a, b\"\n\"6, or 7\",six.example\n"),
                "3 evil.example\n7 two.example\n8 six.example\n", "");
    assert_read(b, STR("value\none.example\n"), "2 one.example\n", "");
    assert_read(b, STR("who;domain\nann;one.example\n"), "2 one.example\n", "");
    assert_read(b, STR("who\tdomain\nann b\tone.example\n"), "2 one.example\n", "");
    assert_read(b, STR("one.example,domain\n"), "", ""); /* a name of a column all the same */
    assert_read(b, STR("one.example\ndomain\n"), "1 one.example\n2 domain\n", "");
    assert_read(b, STR("phone\n1\n"), "1 phone\n2 1\n", ""); /* of numbers only */
}

static void where_it_is_cut_changes_nothing(void **state)
{
    struct book *b = *state;
    str bytes = STR("\xEF\xBB\xBF# a list\r\n\r\none.example\r\n0.0.0.0 two.example\n"
                    "||three.example^\n诈骗.example\nlast.example");
    static const char want[] =
        "3 one.example\n4 two.example\n5 three.example\n6 诈骗.example\n7 last.example\n";
    for (size_t cut = 0; cut <= bytes.size; cut++) {
        assert_string_equal(read_cut(b, bytes, cut), "");
        if (!str_equal(text_str(&b->said), str_from_c(want)))
            fail_msg("cut at %zu:\n%.*s", cut, STR_ARGS(text_str(&b->said)));
    }
}

static void other_character_sets(void **state)
{
    struct book *b = *state;
    /* "诈骗.example" in GB 18030, behind a comment long enough to tell by */
    assert_read(
        b, STR("# \xD5\xE2\xCA\xC7\xD2\xBB\xB7\xDD\xC3\xFB\xB5\xA5\n\xD5\xA9\xC6\xAD.example\n"),
        "2 诈骗.example\n", "");
    assert_read(b,
                STR("\xFF\xFE"
                    "a\0.\0b\0\n\0"),
                "1 a.b\n", "");
    assert_read(b,
                STR("good.example\nb\xFF\xFF"
                    "d.example\nfine.example\n"),
                "1 good.example\n2! text.not_utf8\n3 fine.example\n", "");
}

static void no_list(void **state)
{
    struct book *b = *state;
    assert_read(b, STR("<!DOCTYPE html>\n<html>\nevil.example\n"), "", "feed.is_html");
    assert_read(b, STR("\r\n  <html><body>404</body></html>"), "", "feed.is_html");
    assert_read(b, STR("\xEF\xBB\xBF<html>"), "", "feed.is_html");
    assert_read(b, STR("[\n  {\"prefix\": \"+33162\"}\n]\n"), "", "feed.is_json");
    assert_read(b, STR("{\"a\": 1}"), "", "feed.is_json");
    assert_read(b, STR("[]"), "1 []\n", "");
    assert_read(b, STR("[Adblock Plus 2.0]\n||one.example^\n"), "1! row.words\n2 one.example\n",
                "");
    assert_read(b, STR(""), "", "");
    assert_read(b, STR("# nothing today\n\n"), "", "");
    assert_read(b, STR("evil.example\n<b>two.example</b>\n"),
                "1 evil.example\n2 <b>two.example</b>\n", "");
}

static void packed_and_broken(void **state)
{
    struct book *b = *state;
    static unsigned char room[] = {/* gzip of "one.example\ntwo.example\n" */
                                   0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
                                   0x03, 0xcb, 0xcf, 0x4b, 0xd5, 0x4b, 0xad, 0x48, 0xcc,
                                   0x2d, 0xc8, 0x49, 0xe5, 0x2a, 0x29, 0xcf, 0x87, 0xb3,
                                   0x01, 0x9d, 0x00, 0xd3, 0x64, 0x18, 0x00, 0x00, 0x00};
    str whole = str_make((const char *)room, sizeof room);
    assert_read(b, whole, "1 one.example\n2 two.example\n", "");
    for (size_t size = 3; size < whole.size; size++) { /* wherever it breaks off */
        const char *fault = read_cut(b, str_until(whole, size), 1);
        if (strcmp(fault, "compressed.truncated") != 0)
            fail_msg("%zu bytes of %zu: \"%s\"", size, whole.size, fault);
    }
    room[whole.size - 6] ^= 1; /* its checksum */
    assert_string_equal(read_cut(b, whole, 0), "compressed.damaged");
}

static void one_long_line(void **state)
{
    struct book *b = *state;
    static char block[1 << 20];
    memset(block, 'x', sizeof block);
    struct list_reader *reader = begin(b);
    assert_false(failed(list_put(reader, STR("one.example\n"))));
    for (int i = 0; i < 1024; i++) /* 1 GB */
        assert_false(failed(list_put(reader, str_make(block, sizeof block))));
    assert_false(failed(list_put(reader, STR("\ntwo.example\n"))));
    assert_string_equal(end(reader), "");
    assert_true(
        str_equal(text_str(&b->said), STR("1 one.example\n2! row.too_long\n3 two.example\n")));

    reader = begin(b); /* at the bound, and one byte over it */
    assert_false(failed(list_put(reader, str_make(block, LIST_LINE_BYTES))));
    assert_false(failed(list_put(reader, STR("\n"))));
    assert_false(failed(list_put(reader, str_make(block, LIST_LINE_BYTES + 1))));
    assert_string_equal(end(reader), "");
    assert_int_equal(b->lines, 2);
    assert_true(str_ends(text_str(&b->said), STR("x\n2! row.too_long\n")));
}

static void a_sink_that_fails(void **state)
{
    struct book *b = *state;
    b->fail_at_line = 2;
    struct list_reader *reader = begin(b);
    err e = list_put(reader, STR("one.example\ntwo.example\nthree.example\n"));
    const char *fault = NULL;
    if (!failed(e))
        e = list_end(reader, &fault);
    assert_string_equal(e.why, "test: disk full");
    list_done(reader);
    assert_int_equal(b->lines, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, book_open, book_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_line_says),
        TEST(what_a_line_says_of_other_kinds),
        TEST(words_are_no_value),
        TEST(named_columns),
        TEST(where_it_is_cut_changes_nothing),
        TEST(other_character_sets),
        TEST(no_list),
        TEST(packed_and_broken),
        TEST(one_long_line),
        TEST(a_sink_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
