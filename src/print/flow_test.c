/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a table goes over pages without losing or tearing a row, both times it is laid out alike;
 * a row higher than a page does no harm.
 * Method: tables of many lengths, whose cells note that they were asked for; the cursor stays on
 * the page; the PDF is whole and the same again.
 */
#include "print/flow.h"
#include "print/sanitize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ARENA_BYTES = 64 << 20, ROW_BYTES = 1 << 20 };

struct rows {
    const struct flow *flow;
    size_t *asked; /* the next row */
    size_t high;   /* this one is higher than a page */
};

static void put(const void *self, size_t row, size_t column, struct text *cell)
{
    const struct rows *rows = self;
    assert_true(row == *rows->asked);
    assert_true(rows->flow->y <= PAPER_BOTTOM + 0.01);
    *rows->asked += column == 1 ? 1 : 0;
    for (size_t i = 0; i < (row == rows->high ? 4000 : 3); i++)
        text_printf(cell, "%zu ", row);
    text_put_c(cell, row % 7 == 0 ? "\n中文" : "");
}

static size_t lay_out(struct paper *paper, struct arena *row, size_t count, size_t high)
{
    const struct flow_column columns[] = {
        {STR("One"), 60,  PAPER_START},
        {STR("Two"), 200, PAPER_END  },
    };
    struct flow f;
    size_t asked = 0;
    flow_init(&f, paper, row);
    struct rows rows = {.flow = &f, .asked = &asked, .high = high};
    struct flow_table table = {.columns = columns,
                               .column_count = 2,
                               .row_count = count,
                               .has_sum = count > 0,
                               .self = &rows,
                               .put = put};
    flow_heading(&f, STR("A table"));
    flow_table(&f, &table);
    flow_paragraph(&f, PAPER_BODY, STR("after it"));
    assert_int_equal(asked, count);
    assert_true(f.y <= PAPER_BOTTOM + 0.01);
    return paper_page(paper);
}

static size_t print(struct arena *a, size_t count, size_t high, str *ret_pdf)
{
    struct arena row;
    arena_init(&row, ROW_BYTES);
    struct paper_about about = {.title = STR("Test"),
                                .subject = STR("Test"),
                                .foot = STR("foot"),
                                .made_at = instant_from_us(1795000000 * US_PER_S),
                                .language = LANGUAGE_ZH};
    struct paper *paper = NULL;
    assert_false(failed(paper_open(&about, a, &paper)));
    size_t pages = lay_out(paper, &row, count, high);
    paper_begin_drawing(paper);
    assert_int_equal(lay_out(paper, &row, count, high), pages);
    assert_false(failed(paper_close(paper, ret_pdf)));
    paper_end(paper);
    arena_done(&row);
    return pages;
}

static void tables_go_over_pages(void **state)
{
    (void)state;
    size_t before = 0;
    for (size_t count = 0; count < 400; count = count * 2 + 1) {
        struct arena a;
        arena_init(&a, ARENA_BYTES);
        str pdf = STR("");
        str again = STR("");
        size_t pages = print(&a, count, SIZE_MAX, &pdf);
        assert_int_equal(print(&a, count, SIZE_MAX, &again), pages);
        assert_true(pages >= before && pages >= 1 + count / 80);
        assert_true(str_starts(pdf, STR("%PDF-")) && str_has(pdf, STR("%%EOF")));
        assert_true(str_equal(pdf, again));
        before = pages;
        arena_done(&a);
    }
    assert_true(before > 2);
}

static void a_row_higher_than_a_page_is_cut(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_BYTES);
    str pdf = STR("");
    assert_in_range(print(&a, 5, 2, &pdf), 3, 4);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_go_over_pages),
        cmocka_unit_test(a_row_higher_than_a_page_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
