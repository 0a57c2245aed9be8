/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: RFC 4180 in, rows out, with the right numbers; a bad row costs itself and no other.
 * Method: each case is a file and the rows it must give, written in one line; every file is read in
 * blocks of every size, so that no answer depends on where the network cut, and by both judges.
 */
#include "kit/csvline.h"

#include "kit/kit_test.h"

static const struct csvline_limits small = {.row_bytes = 64, .columns = 4};
static const struct csvline_limits careful = {.row_bytes = 64, .columns = 4, .is_all_libcsv = true};

static void describe(struct text *t, const struct csvline_row *row)
{
    text_printf(t, "%u/%u:", (unsigned)row->row, (unsigned)row->line);
    if (failed(row->fault)) {
        assert_int_equal(row->fault.at, row->row);
        assert_int_equal(row->field_count, 0);
        text_printf(t, "%s", row->fault.why);
    }
    for (size_t i = 0; i < row->field_count; i++)
        text_printf(t, "[%.*s]", STR_ARGS(row->fields[i]));
    text_put_char(t, ' ');
}

static str read_all(struct arena *a, str file, struct csvline_limits limits, size_t block)
{
    struct text t;
    struct csvline *c = NULL;
    struct csvline_row row;
    text_init(&t, a);
    works(csvline_init(a, limits, &c));
    while (file.size > 0) {
        str in = str_until(file, block);
        file = str_from(file, in.size);
        while (csvline_step(c, &in, &row))
            describe(&t, &row);
        assert_int_equal(in.size, 0);
    }
    while (csvline_end(c, &row))
        describe(&t, &row);
    csvline_done(c);
    return str_trim(text_str(&t));
}

static void gives(str file, const char *want)
{
    struct arena a;
    arena_init(&a, 4 << 20);
    for (size_t block = 1; block <= file.size + 1; block++) {
        arena_reset(&a);
        is_str(read_all(&a, file, small, block), str_from_c(want));
        arena_reset(&a);
        is_str(read_all(&a, file, careful, block), str_from_c(want));
    }
    arena_done(&a);
}

static void as_the_rfc_says(void **state)
{
    (void)state;
    gives(STR(""), "");
    gives(STR("a,b\nc,d\n"), "1/1:[a][b] 2/2:[c][d]");
    gives(STR("a,b\r\nc,d\r\n"), "1/1:[a][b] 2/2:[c][d]");
    gives(STR("a,b\nc,d"), "1/1:[a][b] 2/2:[c][d]");
    gives(STR("a,b\r"), "1/1:[a][b]");
    gives(STR(",\n,,\n"), "1/1:[][] 2/2:[][][]");
    gives(STR("\"\"\n"), "1/1:[]");
    gives(STR("\"a,b\",\"c \"\"d\"\"\"\n"), "1/1:[a,b][c \"d\"]");
    gives(STR("\"a\nb\r\nc\",d\ne\n"), "1/1:[a\nb\r\nc][d] 2/4:[e]");
    gives(STR(" a , b \n"), "1/1:[ a ][ b ]");
    gives(STR("\n\na\n\r\nb\n"), "3/3:[a] 5/5:[b]");
    gives(STR("a,\xE8\xAF\x88\n"), "1/1:[a][\xE8\xAF\x88]");
    gives(STR("a\rb,c\n"), "1/1:[a\rb][c]");
}

static void a_bad_quote_costs_its_line(void **state)
{
    (void)state;
    gives(STR("a,b\nx\"y,z\nc,d\n"), "1/1:[a][b] 2/2:csv.quote 3/3:[c][d]");
    gives(STR("x\"y\"z\nc\n"), "1/1:csv.quote 2/2:[c]");
    gives(STR("\"x\"y,z\nc\n"), "1/1:csv.quote 2/2:[c]");
    gives(STR("a, \"b\"\nc\n"), "1/1:csv.quote 2/2:[c]");
    /* Opened and never closed on its line: the next quote closes it, out of place. */
    gives(STR("a,\"b\nc,d\n\"e\",f\ng\n"), "1/1:csv.quote 2/2:[c][d] 3/3:[e][f] 4/4:[g]");
    gives(STR("x\"\ny\"\nz\n"), "1/1:csv.quote 2/2:csv.quote 3/3:[z]");
    gives(STR("x\"y\nc\nd\ne"), "1/1:csv.quote 2/2:[c] 3/3:[d] 4/4:[e]");
    gives(STR("\"a\nb\" x\nc\n"), "1/1:csv.quote 2/2:csv.quote 3/3:[c]");
}

static void an_open_quote_at_the_end(void **state)
{
    (void)state;
    gives(STR("a\n\"b\nc,d\ne\n"), "1/1:[a] 2/2:csv.quote_open 3/3:[c][d] 4/4:[e]");
    gives(STR("a\n\"b"), "1/1:[a] 2/2:csv.quote_open");
    gives(STR("a\n\"b\n"), "1/1:[a] 2/2:csv.quote_open");
    gives(STR("\"b\n\"c\"\n\"d\n"), "1/1:csv.quote 2/2:[c] 3/3:csv.quote_open");
    gives(STR("\""), "1/1:csv.quote_open");
}

#define TEN   "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void too_long(void **state)
{
    (void)state;
    gives(STR(SIXTY "0123\nb\n"), "1/1:[" SIXTY "0123] 2/2:[b]");
    gives(STR(SIXTY "0123\r\nb\n"), "1/1:[" SIXTY "0123] 2/2:[b]");
    gives(STR(SIXTY "01234\nb\n"), "1/1:row.too_long 2/2:[b]");
    gives(STR(SIXTY SIXTY SIXTY "\nb\n"), "1/1:row.too_long 2/2:[b]");
    gives(STR("a\n" SIXTY SIXTY), "1/1:[a] 2/2:row.too_long");
    /* Within quotes lies somebody's text: it must not become rows because it is long. */
    gives(STR("a,\"" SIXTY "\nevil,row\n" SIXTY "\",b\nc\n"), "1/1:row.too_long 2/4:[c]");
    gives(STR("a,\"" SIXTY "\nevil,row\n" SIXTY), "1/1:csv.quote_open");
    /* Broken before it was long: then its first line is what is broken. */
    gives(STR("x\"y\n" SIXTY "\n" SIXTY "\nb\n"),
          "1/1:csv.quote 2/2:[" SIXTY "] 3/3:[" SIXTY "] 4/4:[b]");
    gives(STR("x\"y" SIXTY SIXTY "\nb\n"), "1/1:csv.quote 2/2:[b]");
    gives(STR("x\"y" SIXTY SIXTY), "1/1:csv.quote");
}

static void too_many_columns(void **state)
{
    (void)state;
    gives(STR("1,2,3,4\n1,2,3,4,5\n1,2,3,4,\n\"1\n\",,,,,\n1\n"),
          "1/1:[1][2][3][4] 2/2:row.too_many_columns 3/3:row.too_many_columns "
          "4/4:row.too_many_columns 5/6:[1]");
}

static void raw_is_the_row_itself(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 4 << 20);
    struct csvline *c = NULL;
    struct csvline_row row;
    str in = STR("a,\"b\nc\"\r\nx\"y\r\n" SIXTY SIXTY "\n");
    works(csvline_init(&a, small, &c));
    assert_true(csvline_step(c, &in, &row));
    is_str(row.raw, STR("a,\"b\nc\""));
    assert_true(csvline_step(c, &in, &row));
    is_str(row.raw, STR("x\"y"));
    assert_true(csvline_step(c, &in, &row));
    is_str(row.raw, STR(SIXTY "0123")); /* its beginning */
    assert_false(csvline_step(c, &in, &row));
    assert_false(csvline_end(c, &row));
    csvline_done(c);
    arena_done(&a);
}

/* Every line opens a quote that the next one closes out of place: none may be lost, and it must not
 * take longer than the square root of for ever. */
static void every_line_broken(void **state)
{
    (void)state;
    enum { LINES = 50000 };
    struct arena a;
    arena_init(&a, 32 << 20);
    struct text t;
    struct csvline *c = NULL;
    struct csvline_row row;
    uint64_t count = 0;
    text_init(&t, &a);
    for (int i = 0; i < LINES; i++)
        text_put(&t, STR("a,b\"c\n"));
    works(csvline_init(&a, (struct csvline_limits){0}, &c));
    str in = text_str(&t);
    while (csvline_step(c, &in, &row))
        count += failed(row.fault);
    while (csvline_end(c, &row))
        count += failed(row.fault);
    assert_int_equal(count, LINES);
    csvline_done(c);

    struct arena little;
    arena_init(&little, 1 << 20);
    assert_int_equal(csvline_init(&little, (struct csvline_limits){0}, &c).code, ERR_LIMIT);
    arena_done(&little);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_the_rfc_says),          cmocka_unit_test(a_bad_quote_costs_its_line),
        cmocka_unit_test(an_open_quote_at_the_end), cmocka_unit_test(too_long),
        cmocka_unit_test(too_many_columns),         cmocka_unit_test(raw_is_the_row_itself),
        cmocka_unit_test(every_line_broken),
    };
    return cmocka_run_group_tests_name("kit/csvline", tests, boot, done);
}
