/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: columns stand under each other whatever the script, and nobody's text commands a terminal.
 * Method: widths of known strings; a table printed into memory and compared; hostile cells.
 */
#include "app/cli/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena arena;
static struct command_line line;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    line = (struct command_line){.language = LANGUAGE_EN, .arena = &arena};
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void assert_text(str got, const char *wanted)
{
    assert_int_equal(got.size, strlen(wanted));
    assert_memory_equal(got.at, wanted, got.size);
}

static void widths(void **state)
{
    (void)state;
    assert_int_equal(table_width(STR("")), 0);
    assert_int_equal(table_width(STR("abc")), 3);
    assert_int_equal(table_width(STR("封堵")), 4);
    assert_int_equal(table_width(STR("a封b")), 4);
    assert_int_equal(table_width(STR("ａ：（")), 6); /* fullwidth forms */
    assert_int_equal(table_width(STR("e\xCC\x81t\xC3\xA9")),
                     3);                                       /* one accent apart, one built in */
    assert_int_equal(table_width(STR("\xF0\xA0\x80\x80")), 2); /* beyond the basic plane */
}

/* What a terminal would obey is gone; what people read is not. */
static void harmless(void **state)
{
    (void)state;
    assert_text(table_harmless(&arena, STR("玉门 ok")), "玉门 ok");
    assert_text(table_harmless(&arena, STR("a\tb\nc")), "a b c");
    assert_text(table_harmless(&arena, STR("\033[31mred")), "\xEF\xBF\xBD[31mred");
    assert_text(table_harmless(&arena, STR("\xC2\x9B"
                                           "31m")),
                "\xEF\xBF\xBD"
                "31m");
    assert_text(table_harmless(&arena, STR("moc\xE2\x80\xAE.evil")), "moc\xEF\xBF\xBD.evil");
    assert_text(table_harmless(&arena, STR("\xFF\xFE\033x")), "???x");
    assert_text(table_harmless(&arena, STR("cut \xE5\xB0")), "cut ??");
}

static void assert_printed(const struct table *t, const char *wanted)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    assert_non_null(out);
    table_print(t, out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(bytes, wanted);
    free(bytes);
}

static void columns(void **state)
{
    (void)state;
    static const struct table_column two[] = {
        {"heading a", true },
        {"b",         false}
    };
    struct table t;
    table_init(&t, &line, two, COUNT_OF(two));
    assert_printed(&t, ""); /* headings alone say nothing */
    table_put(&t, STR("封堵"));
    table_put_tone(&t, STR("refused"), TONE_ALARM);
    table_put(&t, STR("x"));
    table_put(&t, STR(""));
    assert_printed(&t, "heading a  b\n"
                       "封堵       refused\n" /* no colour into a file, no spaces at an end */
                       "x\n");
}

static void record(void **state)
{
    (void)state;
    struct table t;
    record_init(&t, &line);
    record_put(&t, "a label", STR("one"));
    record_put(&t, "absent", STR(""));
    record_put(&t, "标签", STR("two"));
    assert_printed(&t, "a label  one\n"
                       "标签     two\n");
}

static void many_cells(void **state)
{
    (void)state;
    static const struct table_column one[] = {
        {"n", false}
    };
    struct table t;
    table_init(&t, &line, one, 1);
    for (int i = 0; i < 1000; i++)
        table_put(&t, STR("cell"));
    assert_int_equal(t.count, 1000);
    assert_text(t.cells[999].text, "cell");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(widths, start, end),
        cmocka_unit_test_setup_teardown(harmless, start, end),
        cmocka_unit_test_setup_teardown(columns, start, end),
        cmocka_unit_test_setup_teardown(record, start, end),
        cmocka_unit_test_setup_teardown(many_cells, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
