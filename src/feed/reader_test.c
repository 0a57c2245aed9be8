/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever way a file is packed, encoded, ended or cut, its good rows come out and each bad
 * row refuses exactly itself, in bounded memory.
 * Method: what a reader says is written down as text (feed_test.h) and compared: by hand for the
 * cases that matter, with itself for every place at which the input can be cut, with the other
 * format for the same rows, and with the good rows alone for every bad row put among them.
 */
#include "feed/feed_test.h"
#include "feed/inlet.h"

#include <stdio.h>
#include <stdlib.h>

static struct record_book book;

#define HEAD  "kind,value,action,reason,basis,source,until\n"
#define ROW_A "domain,a.example,block,phishing,law,s,2027-01-01T00:00:00Z\n"
#define ROW_B "domain,b.example,warn,loan,law,s,1798761600000\n"
#define SAID_A(n)                                                                                  \
    "row " n ": kind=domain value=a.example action=block reason=phishing basis=law source=s "      \
    "until=2027-01-01T00:00:00Z\n"
#define SAID_B(n)                                                                                  \
    "row " n ": kind=domain value=b.example action=warn reason=loan basis=law source=s "           \
    "until=1798761600000\n"
#define JSON_A                                                                                     \
    "{\"kind\":\"domain\",\"value\":\"a.example\",\"action\":\"block\",\"reason\":\"phishing\","   \
    "\"basis\":\"law\",\"source\":\"s\",\"until\":\"2027-01-01T00:00:00Z\"}\n"
#define JSON_B                                                                                     \
    "{\"until\":1798761600000,\"value\":\"b.example\",\"action\":\"warn\",\"reason\":\"loan\","    \
    "\"basis\":\"law\",\"source\":\"s\",\"kind\":\"domain\"}\n"

/* The two rows above, ROW_A twice with b for a: gzip -n and zstd of the command line. */
static const char gzip_hex[] = "1f8b08000000000002ff9dcb410a83400c46e1bd67f995a99b82e770d55d660c1a2"
                               "666c438adc7570abd40e183b77a59"
                               "6cc29bb432281d520c3b93df89e4e2f052f7c4a87688365359490cd4f149eba68ca"
                               "825656c8bf8223643e903471ffa67"
                               "1b1eb73184e1ebf55be31feb0506b26b2aa2000000";
static const char zstd_hex[] = "28b52ffd24a205030022c6141980b76d88645e5ef6ffada8b526ef0cd61a38c9442"
                               "53125ed01a93030231c33c78c0019"
                               "7a1f717ac3a6d169243f146b3a6a825c0203f7cd43b800682ebb8e4a59dcefec4b5"
                               "fee43e5cbb9a83b2ebdc38bcd2303"
                               "000047bc7a072ab8334b230e10";
static const char packed_said[] = SAID_A(
    "1") "row 2: kind=domain value=b.example action=block reason=phishing basis=law source=s "
         "until=2027-01-01T00:00:00Z\n";

static str unhex(const char *hex, char room[512])
{
    size_t size = strlen(hex) / 2;
    assert_true(size <= 512 && !failed(hex_parse(str_from_c(hex), room, size)));
    return str_make(room, size);
}

static void columns_by_name(void **state)
{
    (void)state;
    assert_said(book_read_whole(&book, STR(HEAD ROW_A ROW_B)), SAID_A("1") SAID_B("2"));
    assert_said(
        book_read_whole(&book, STR("Until, colour ,SOURCE,basis,reason,action,value,Kind,taste\n"
                                   "2027-01-01T00:00:00Z,red,s, law ,phishing,block,a.example,"
                                   "\"domain\",sweet\n")),
        SAID_A("1") "warned column.unknown: colour taste\n");
    assert_said(book_read_whole(&book, STR(JSON_A JSON_B)), SAID_A("1") SAID_B("2"));
}

static void json_values_are_taken_as_text(void **state)
{
    (void)state;
    assert_said(
        book_read_whole(&book, STR("{\"kind\":\"account\",\"value\":6222020000000000005,"
                                   "\"action\":\"block\",\"reason\":true,\"basis\":false,"
                                   "\"source\":\"s\",\"until\":1798761600000,\"score\":87.5,"
                                   "\"evidence\":null,\"rpz\":-0.25,\"colour\":{\"r\":[1]}}\n")),
        "row 1: kind=account value=6222020000000000005 action=block reason=1 basis=0 source=s "
        "until=1798761600000 score=87.5 rpz=-0.25\nwarned column.unknown: colour\n");
}

/* Each reads as ROW_A and ROW_B, or says what is wrong with the file. */
/* clang-format off */
static const struct {
    str bytes;
    const char *said;
} files[] = {
    {STR(HEAD ROW_A ROW_B "\n\n"), SAID_A("1") SAID_B("2")},
    {STR("\n\n" HEAD "\n" ROW_A "\n" ROW_B), SAID_A("1") SAID_B("2")},
    {STR("\xEF\xBB\xBF" HEAD ROW_A), SAID_A("1")},
    {STR("\xEF\xBB\xBF" JSON_A), SAID_A("1")},
    {STR(" \r\n\t" JSON_A "  \n" JSON_B), SAID_A("1") SAID_B("2")},
    {STR("kind,value,action,reason,basis,source,until\r\n"
     "domain,a.example,block,phishing,law,s,2027-01-01T00:00:00Z\r\n"
     "domain,b.example,warn,loan,law,s,1798761600000"), SAID_A("1") SAID_B("2")},
    {STR("kind,value,action,reason,basis,source,until\r"
     "domain,a.example,block,phishing,law,s,2027-01-01T00:00:00Z\r"
     "domain,b.example,warn,loan,law,s,1798761600000\r"), SAID_A("1") SAID_B("2")},
    {STR(""), "warned feed.empty: \n"},
    {STR(" \n\n"), "warned feed.empty: \n"},
    {STR(HEAD), "warned feed.empty: \n"},
    {STR("kind,value,action,reason,basis,source\n" ROW_A), "refused 0 until: column.missing\n"},
    {STR("kind,value,action,reason,basis,source,until,KIND\n" ROW_A),
     "refused 0 kind: column.repeated\n"},
    {STR("kind,value,action,reason,basis,source,until,x,x\n"
     "domain,a.example,block,phishing,law,s,2027-01-01T00:00:00Z,1,2\n"), SAID_A("1")
     "warned column.unknown: x\n"},
    {STR("[" JSON_A "]"), "refused 0 : feed.not_lines\n"},
    {STR("kind,va\"lue,action,reason,basis,source,until\n" ROW_A), "refused 0 : csv.quote\n"},
    {STR("\xFF\xFEk\0i\0n\0d\0\n\0"), "refused 0 value: column.missing\n"},
    {STR("\xFE\xFF\0{\0}\0\n\0{\0}"),
     "refused 1 kind: value.missing\nrefused 2 kind: value.missing\n"},
};
/* clang-format on */

static void every_kind_of_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++)
        assert_said(book_read_whole(&book, files[i].bytes), files[i].said);
}

static void packed_files(void **state)
{
    (void)state;
    char room[512];
    assert_said(book_read_whole(&book, unhex(gzip_hex, room)), packed_said);
    assert_said(book_read_whole(&book, unhex(zstd_hex, room)), packed_said);
    /* A file cut short keeps the rows before the cut and says so, wherever the cut is. */
    str gzip = unhex(gzip_hex, room);
    for (size_t cut = 4; cut < gzip.size; cut++) {
        str said = book_read_whole(&book, str_until(gzip, cut));
        assert_true(str_ends(said, STR(": compressed.truncated\n")));
        assert_int_equal(book.refused, 1);
        assert_true(book.rows <= 2);
    }
    assert_true(book.rows == 2); /* only the checksum was missing */
    room[gzip.size - 6] ^= 1;    /* now it is wrong */
    assert_true(str_has(book_read_whole(&book, gzip), STR(": compressed.damaged\n")));
}

/* The same Chinese row in three encodings. */
#define ZH_UTF8 "domain,a.example,block,\xE9\x92\x93\xE9\xB1\xBC,law,s,2027-01-01T00:00:00Z\n"
#define ZH_GB   "domain,a.example,block,\xB5\xF6\xD3\xE3,law,s,2027-01-01T00:00:00Z\n"
#define SAID_ZH(n)                                                                                 \
    "row " n ": kind=domain value=a.example action=block reason=\xE9\x92\x93\xE9\xB1\xBC "         \
    "basis=law source=s until=2027-01-01T00:00:00Z\n"
/* One character cut in half, and one byte of Latin-1. */
#define CUT_UTF8 "domain,a.example,block,\xE9\x92,law,s,2027-01-01T00:00:00Z\n"
#define LATIN    "domain,a.example,block,caf\xE9,law,s,2027-01-01T00:00:00Z\n"

static void charsets(void **state)
{
    (void)state;
    assert_said(book_read_whole(&book, STR(HEAD ZH_UTF8 ROW_B)), SAID_ZH("1") SAID_B("2"));
    assert_said(book_read_whole(&book, STR(HEAD ZH_GB ROW_B)), SAID_ZH("1") SAID_B("2"));
    assert_said(book_read_whole(&book, STR(HEAD ROW_B LATIN ROW_A)),
                SAID_B("1") "refused 2 reason: text.not_utf8\n" SAID_A("3"));
    assert_said(book_read_whole(&book, STR(HEAD ZH_UTF8 CUT_UTF8 ZH_UTF8)),
                SAID_ZH("1") "refused 2 reason: text.not_utf8\n" SAID_ZH("3"));
    /* A row of GB 18030 in a file of UTF-8 is one bad row. */
    assert_said(book_read_whole(&book, STR(HEAD ZH_UTF8 ZH_UTF8 ZH_GB ZH_UTF8)),
                SAID_ZH("1") SAID_ZH("2") "refused 3 reason: text.not_utf8\n" SAID_ZH("4"));
}

/* Goal: a file of many blocks is one file: characters across their edges, and a charset that shows
 * only late. Method: rows of odd lengths, thousands of them, read whole and in awkward pieces. */
static void many_blocks(void **state)
{
    (void)state;
    static const struct {
        const char *first;
        const char *then;
        int first_count;
        int then_count;
    } shapes[] = {
        {ZH_UTF8, ROW_B,   3000, 2   },
        {ROW_B,   ZH_GB,   4000, 3000},
        {ROW_B,   ZH_UTF8, 3000, 1   }
    };
    struct arena a;
    arena_init(&a, 16 << 20);
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        struct text file;
        text_init(&file, &a);
        text_put_c(&file, HEAD);
        for (int k = 0; k < shapes[i].first_count; k++)
            text_put_c(&file, shapes[i].first);
        for (int k = 0; k < shapes[i].then_count; k++)
            text_put_c(&file, shapes[i].then);
        assert_true(text_str(&file).size > INLET_BLOCK_BYTES * 2);
        str want = str_copy(&a, book_read_whole(&book, text_str(&file)));
        assert_int_equal(book.rows, shapes[i].first_count + shapes[i].then_count);
        assert_int_equal(book.refused, 0);
        assert_true(str_has(want, STR("\xE9\x92\x93")));
        for (size_t step = 4093; step < 200000; step *= 3)
            assert_true(str_equal(book_read(&book, text_str(&file), step / 2, step), want));
    }
    arena_done(&a);
}

/* Goal: damage in a column nobody asked for spoils its row too: who knows what else was lost. */
static void damage_in_an_unknown_column(void **state)
{
    (void)state;
    assert_said(book_read_whole(&book, STR("kind,value,action,reason,basis,source,until,x\n"
                                           "domain,a.example,block,phishing,law,s,"
                                           "2027-01-01T00:00:00Z,\xE9\n")),
                "refused 1 : text.not_utf8\nwarned column.unknown: x\n");
}

static char wide_row[10001];

/* Bad rows, as CSV under HEAD. Each must refuse itself and nothing else. */
/* clang-format off */
static const struct {
    str bytes;
    const char *column;
    const char *code;
} bad_rows[] = {
    {STR("domain,,block,r,b,s,2027-01-01T00:00:00Z\n"), "value", "value.missing"},
    {STR("domain,x.example,block,r,b,s\n"), "", "row.fields_few"},
    {STR("domain,x.example,block,r,b,s,2027-01-01T00:00:00Z,more\n"), "", "row.fields_many"},
    {STR("domain,x.ex\"ample,block,r,b,s,2027-01-01T00:00:00Z\n"), "", "csv.quote"},
    {STR("domain,\"x\"y,block,r,b,s,2027-01-01T00:00:00Z\n"), "", "csv.quote"},
    {STR("domain,x.example,block,r\x01,b,s,2027-01-01T00:00:00Z\n"), "reason", "text.control"},
    {STR("domain,x.exa\0mple,block,r,b,s,2027-01-01T00:00:00Z\n"), "value", "text.control"},
    {STR("domain,x.example,block,r,b,\xE2\x80\xAEs,2027-01-01T00:00:00Z\n"), "source",
     "text.control"},
    {STR("domain,x.example,block,r,\xFF\xFE,s,2027-01-01T00:00:00Z\n"), "basis", "text.not_utf8"},
    {STR("domain,x.example,block,r,b,s,2027-01-01T00:00:00Z-and-much-more-than-a-time-has\n"),
     "until", "value.too_long"},
    {STR("domain,x.example,\"blo\nck\",r,b,s,2027-01-01T00:00:00Z\n"), "action", "text.control"},
    {{wide_row, 10001}, "", "row.too_many_columns"},
};
/* clang-format on */

static const struct {
    const char *line;
    const char *column;
    const char *code;
} bad_lines[] = {
    {"{\"kind\":\"domain\"\n",                      "",      "json.malformed"   },
    {"{\"kind\":\"domain\",\"kind\":\"domain\"}\n", "",      "json.malformed"   },
    {"{\"kind\":\"domain\",\"Kind\":\"domain\"}\n", "kind",  "json.key_repeated"},
    {"{\"kind\":[\"domain\"]}\n",                   "kind",  "json.nested"      },
    {"{\"kind\":{}}\n",                             "kind",  "json.nested"      },
    {"[]\n",                                        "",      "json.not_object"  },
    {"\"x\"\n",                                     "",      "json.not_object"  },
    {"null\n",                                      "",      "json.not_object"  },
    {"{} {}\n",                                     "",      "json.malformed"   },
    {"kind,value\n",                                "",      "json.malformed"   },
    {"{\"score\":0.0001}\n",                        "score", "json.precision"   },
    {"{\"value\":99999999999999999999}\n",          "",      "json.malformed"   },
    {"{\"kind\":\"a\\u0000b\"}\n",                  "",      "json.malformed"   },
    {"{\"kind\":\"a\\ud800b\"}\n",                  "",      "json.malformed"   },
    {"{\"kind\":\"a\xFF\"}\n",                      "kind",  "text.not_utf8"    },
    {"{}\n",                                        "kind",  "value.missing"    },
};

static void bad_row_among(bool is_csv, int first_place, str bad, const char *wanted)
{
    static char room[256 << 10];
    for (int place = first_place; place < 3; place++) {
        struct arena a;
        arena_init(&a, 1 << 20);
        struct text file;
        struct text want;
        text_init(&file, &a);
        text_init(&want, &a);
        text_put_c(&file, is_csv ? HEAD : "");
        for (int i = 0; i < 3; i++) {
            if (i == place) {
                text_put(&file, bad);
                text_printf(&want, "refused %d %s\n", i + 1, wanted);
                continue;
            }
            text_put_c(&file, is_csv ? ROW_A : JSON_A);
            text_put_c(&want, i == 0 ? SAID_A("1") : i == 1 ? SAID_A("2") : SAID_A("3"));
        }
        assert_true(text_str(&want).size < sizeof(room));
        memcpy(room, text_str(&want).at, text_str(&want).size + 1);
        assert_said(book_read_whole(&book, text_str(&file)), room);
        arena_done(&a);
    }
}

static void a_bad_row_refuses_itself(void **state)
{
    (void)state;
    memset(wide_row, ',', sizeof(wide_row) - 1);
    wide_row[10000] = '\n';
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        str bad = bad_rows[i].bytes;
        char wanted[64];
        snprintf(wanted, sizeof(wanted), "%s: %s", bad_rows[i].column, bad_rows[i].code);
        bad_row_among(true, 0, bad, wanted);
    }
    for (size_t i = 0; i < COUNT_OF(bad_lines); i++) {
        char wanted[64];
        snprintf(wanted, sizeof(wanted), "%s: %s", bad_lines[i].column, bad_lines[i].code);
        /* the first line also tells the format */
        bad_row_among(false, bad_lines[i].line[0] != '{', str_from_c(bad_lines[i].line), wanted);
    }
}

static void an_open_quote_takes_no_neighbours(void **state)
{
    (void)state;
    assert_said(
        book_read_whole(&book, STR(HEAD ROW_A "domain,\"x.example,block,r,b,s,0\n" ROW_B ROW_A)),
        SAID_A("1") "refused 2 : csv.quote_open\n" SAID_B("3") SAID_A("4"));
}

static void check_cuts(str bytes)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    str want = str_copy(&a, book_read_whole(&book, bytes));
    assert_true(want.size > 0);
    for (size_t cut = 0; cut <= bytes.size; cut++) {
        str said = book_read(&book, bytes, cut, bytes.size + 1);
        if (!str_equal(said, want))
            fail_msg("cut at %zu, said:\n%.*swhole:\n%.*s", cut, STR_ARGS(said), STR_ARGS(want));
    }
    for (size_t step = 1; step < 9; step++)
        assert_true(str_equal(book_read(&book, bytes, 0, step), want));
    arena_done(&a);
}

/* Goal: how the network cuts a file changes nothing. Method: cut it everywhere. */
static void cuts_change_nothing(void **state)
{
    (void)state;
    char room[512];
    for (size_t i = 0; i < COUNT_OF(files); i++)
        check_cuts(files[i].bytes);
    check_cuts(STR(HEAD ZH_UTF8 CUT_UTF8 "domain,\"x\"\"\n\",block,r,b,s,0\r\n" ROW_B LATIN));
    check_cuts(STR(HEAD ZH_GB "domain,\"x.example,block,r,b,s,0\r\n" ZH_GB ROW_B));
    check_cuts(STR(JSON_A "{\"kind\":\"a\xFF\"}\r\n\r\n{\"x\":1}\r" JSON_B "{"));
    check_cuts(unhex(gzip_hex, room));
    check_cuts(unhex(zstd_hex, room));
    check_cuts(str_until(unhex(gzip_hex, room), 100));
}

/* Rows with every awkward character a value may have, written in both formats. */
static const char *const awkward[] = {
    "a",
    "a b",
    "\"quoted\"",
    "comma,comma",
    "semi;colon",
    "back\\slash",
    "\xE9\x92\x93",
    "\xF0\x9F\x90\x9F",
    "tab\tand\nnewline",
    "'",
    "{\"a\":1}",
    "<b>&amp;",
    "=1+1",
    "null",
    "true",
    "0012",
    "1e5",
    "-",
    "\xC3\xA9",
};

static void csv_put(struct text *t, const char *value)
{
    text_put_char(t, '"');
    for (; *value != '\0'; value++) {
        if (*value == '"')
            text_put_char(t, '"');
        text_put_char(t, *value);
    }
    text_put_char(t, '"');
}

static void json_put(struct text *t, const char *value)
{
    text_put_char(t, '"');
    for (; *value != '\0'; value++)
        switch (*value) {
        case '"':
        case '\\':
            text_put_char(t, '\\');
            text_put_char(t, *value);
            break;
        case '\n':
            text_put_c(t, "\\n");
            break;
        case '\t':
            text_put_c(t, "\\u0009");
            break;
        default:
            text_put_char(t, *value);
        }
    text_put_char(t, '"');
}

static void both_formats_say_the_same(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 8 << 20);
    struct text csv;
    struct text json;
    text_init(&csv, &a);
    text_init(&json, &a);
    text_put_c(&csv, "kind,value,action,reason,basis,source,until,evidence\n");
    for (size_t i = 0; i < COUNT_OF(awkward); i++)
        for (size_t k = 0; k < COUNT_OF(awkward); k++) {
            text_put_c(&csv, "domain,v,block,r,b,");
            csv_put(&csv, awkward[i]);
            text_put_c(&csv, ",u,");
            csv_put(&csv, awkward[k]);
            text_put_char(&csv, '\n');
            text_put_c(&json, "{\"evidence\":");
            json_put(&json, awkward[k]);
            text_put_c(&json, ",\"source\":");
            json_put(&json, awkward[i]);
            text_put_c(&json, ",\"kind\":\"domain\",\"value\":\"v\",\"action\":\"block\","
                              "\"reason\":\"r\",\"basis\":\"b\",\"until\":\"u\"}\n");
        }
    str first = str_copy(&a, book_read_whole(&book, text_str(&csv)));
    assert_int_equal(book.rows + book.refused, COUNT_OF(awkward) * COUNT_OF(awkward));
    assert_int_equal(book.refused, COUNT_OF(awkward)); /* a source with a newline in it */
    str second = book_read_whole(&book, text_str(&json));
    assert_true(str_equal(first, second));
    arena_done(&a);
}

/* A line of YUMEN_TEST_LINE_MIB (256) between two good rows, never held as a whole. */
static void long_line(const char *head, const char *first, const char *last, char filler)
{
    static char block[1 << 20];
    const char *wish = getenv("YUMEN_TEST_LINE_MIB");
    int64_t mib = 0;
    if (wish == NULL || failed(str_parse_i64(str_from_c(wish), &mib)))
        mib = 256;
    memset(block, filler, sizeof(block));
    arena_reset(&book.reader_arena);
    arena_reset(&book.text_arena);
    text_init(&book.said, &book.text_arena);
    struct feed_reader *reader = book_reader(&book, FEED_GUESS);
    assert_false(failed(feed_reader_put(reader, str_from_c(head))));
    assert_false(failed(feed_reader_put(reader, str_from_c(first))));
    for (int64_t i = 0; i < mib; i++)
        assert_false(failed(feed_reader_put(reader, str_make(block, sizeof(block)))));
    assert_false(failed(feed_reader_put(reader, STR("\n"))));
    assert_false(failed(feed_reader_put(reader, str_from_c(last))));
    assert_false(failed(feed_reader_end(reader)));
    feed_reader_done(reader);
    assert_true(book.reader_arena.used_bytes <= FEED_READER_BYTES);
}

static void a_line_without_end(void **state)
{
    (void)state;
    long_line(HEAD, ROW_A, ROW_B, 'x');
    assert_said(text_str(&book.said), SAID_A("1") "refused 2 : row.too_long\n" SAID_B("3"));
    long_line("", JSON_A, JSON_B, 'x');
    assert_said(text_str(&book.said), SAID_A("1") "refused 2 : row.too_long\n" SAID_B("3"));
}

static void commas_without_end(void **state)
{
    (void)state;
    long_line(HEAD, ROW_A, ROW_B, ',');
    assert_true(str_starts(text_str(&book.said), STR(SAID_A("1") "refused 2 : row.too_")));
    assert_true(str_ends(text_str(&book.said), STR(SAID_B("3"))));
}

/* Goal: a failing disk is not bad input. */
static void a_failing_sink_stops_the_reading(void **state)
{
    (void)state;
    book.fail_at_row = 2;
    struct feed_reader *reader = book_reader(&book, FEED_CSV);
    err e = feed_reader_put(reader, STR(HEAD ROW_A ROW_B ROW_A));
    if (!failed(e))
        e = feed_reader_end(reader);
    assert_int_equal(e.code, ERR_OS);
    assert_true(feed_reader_is_stopped(reader));
    assert_int_equal(feed_reader_put(reader, STR(ROW_A)).code, ERR_OS);
    assert_int_equal(feed_reader_end(reader).code, ERR_OS);
    assert_int_equal(book.rows, 1);
    feed_reader_done(reader);
}

static void a_small_arena_is_a_limit(void **state)
{
    (void)state;
    for (size_t budget = 1 << 10; budget <= 4 << 20; budget *= 2) {
        struct arena a;
        arena_init(&a, budget);
        struct feed_options options = {.format = FEED_NDJSON};
        assert_false(failed(feed_find(STR("listings"), &options.shape)));
        struct feed_sink sink = {&book, book_row, book_refused, NULL};
        struct feed_reader *reader = NULL;
        err e = feed_reader_init(&a, options, sink, &reader);
        assert_true(!failed(e) || (e.code == ERR_LIMIT && reader == NULL));
        if (!failed(e))
            e = feed_reader_put(reader, STR(JSON_A));
        assert_true(!failed(e) || e.code == ERR_LIMIT);
        feed_reader_done(reader);
        arena_done(&a);
    }
}

static void content_types(void **state)
{
    (void)state;
    enum feed_format format = FEED_GUESS;
    enum charset charset = CHARSET_UNKNOWN;
    assert_false(failed(feed_format_find(STR("Text/CSV ; Charset=\"GBK\""), &format, &charset)));
    assert_int_equal(format, FEED_CSV);
    assert_int_equal(charset, CHARSET_GB18030);
    assert_false(failed(feed_format_find(STR("application/x-ndjson"), &format, &charset)));
    assert_int_equal(format, FEED_NDJSON);
    assert_int_equal(charset, CHARSET_UNKNOWN);
    assert_false(failed(feed_format_find(STR(""), &format, &charset)));
    assert_int_equal(format, FEED_GUESS);
    assert_true(failed(feed_format_find(STR("application/json"), &format, &charset)));
    assert_true(failed(feed_format_find(STR("text/csv; charset=klingon"), &format, &charset)));
}

static void only_known_feeds(void **state)
{
    (void)state;
    const struct feed_shape *shape = NULL;
    assert_int_equal(feed_find(STR("weather"), &shape).code, ERR_ABSENT);
    assert_null(shape);
    assert_false(failed(feed_find(STR("listings"), &shape)));
    assert_int_equal(feed_column_find(shape, STR(" UNTIL\t")), LISTINGS_UNTIL);
    assert_int_equal(feed_column_find(shape, STR("untill")), shape->column_count);
}

static int open_all(void **state)
{
    (void)state;
    book_open(&book);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    book_close(&book);
    return 0;
}

#define WITH_BOOK(test) cmocka_unit_test_setup_teardown(test, open_all, close_all)

int main(void)
{
    if (failed(kit_boot()))
        return 1;
    const struct CMUnitTest tests[] = {
        WITH_BOOK(columns_by_name),
        WITH_BOOK(json_values_are_taken_as_text),
        WITH_BOOK(every_kind_of_file),
        WITH_BOOK(packed_files),
        WITH_BOOK(charsets),
        WITH_BOOK(many_blocks),
        WITH_BOOK(damage_in_an_unknown_column),
        WITH_BOOK(a_bad_row_refuses_itself),
        WITH_BOOK(an_open_quote_takes_no_neighbours),
        WITH_BOOK(cuts_change_nothing),
        WITH_BOOK(both_formats_say_the_same),
        WITH_BOOK(a_line_without_end),
        WITH_BOOK(commas_without_end),
        WITH_BOOK(a_failing_sink_stops_the_reading),
        WITH_BOOK(a_small_arena_is_a_limit),
        WITH_BOOK(content_types),
        WITH_BOOK(only_known_feeds),
    };
    int failures = cmocka_run_group_tests_name("feed/reader", tests, NULL, NULL);
    kit_done();
    return failures;
}
