/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no line, pooled or not, stands for fewer instruments or people than it may; nothing is lost
 * or counted twice; and nobody is ranked.
 * Method: a bank drawn by hand; then seeded towns of banks and outlets, whose lines must hold what
 * outlet.h says, whatever came in and in whatever order.
 */
#include "tally/outlet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { COUNTS_MOST = 200 };

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static struct outlet_lines tally(struct outlet_count *counts, size_t count)
{
    struct outlet_lines lines = {0};
    assert_false(failed(outlet_tally(counts, count, &arena, &lines)));
    return lines;
}

static void is_line(const struct outlet_line *l, const char *bank, const char *outlet,
                    int64_t issued)
{
    assert_true(str_equal(l->bank, str_from_c(bank)));
    assert_true(str_equal(l->outlet, str_from_c(outlet)));
    assert_int_equal(l->issued, issued);
}

static void small_outlets_are_pooled_by_bank(void **state)
{
    struct outlet_count counts[] = {
        {STR("B"), STR("02"), 2026, 900, 90, 30                  },
        {STR("B"), STR("01"), 2026, 200, 4,  5                   }, /* just large enough; few */
        {STR("B"), STR("03"), 2026, 199, 60, 40                  }, /* too few instruments */
        {STR("B"), STR("04"), 2026, 700, 70, 4                   }, /* too few people */
        {STR("B"), STR("05"), 2026, 800, 80, OUTLET_STAFF_UNKNOWN},
        {STR("A"), STR("09"), 2026, 300, 30, OUTLET_STAFF_UNKNOWN}, /* alone: of no pool's size */
    };
    (void)state;
    struct outlet_lines lines = tally(counts, 6);
    assert_int_equal(lines.count, 3);
    is_line(&lines.at[0], "B", "01", 200);
    assert_true(lines.at[0].is_few);
    is_line(&lines.at[1], "B", "02", 900); /* by name: not by its share */
    assert_false(lines.at[1].is_few);
    is_line(&lines.at[2], "B", "", 199 + 700 + 800);
    assert_int_equal(lines.at[2].bad, 60 + 70 + 80);
    assert_int_equal(lines.at[2].outlets, 3);
    assert_int_equal(lines.withheld_outlets, 1);
    assert_int_equal(lines.withheld_issued, 300);
}

static void small_banks_are_pooled_together(void **state)
{
    struct outlet_count counts[] = {
        {STR("A"), STR("1"), 2026, 100, 9, 3 },
        {STR("B"), STR("1"), 2026, 50,  9, 1 },
        {STR("C"), STR("1"), 2026, 70,  9, 80},
        {STR("C"), STR("1"), 2025, 199, 9, 80}, /* another year is another line */
        {STR("D"), STR(""),  2026, 5,   0, 0 }, /* of no outlet: nobody is known to work there */
    };
    (void)state;
    struct outlet_lines lines = tally(counts, 5);
    assert_int_equal(lines.count, 1);
    is_line(&lines.at[0], "", "", 225);
    assert_int_equal(lines.at[0].year, 2026);
    assert_int_equal(lines.at[0].outlets, 3);
    assert_int_equal(lines.withheld_issued, 199);
}

static void nothing_gives_nothing(void **state)
{
    (void)state;
    struct outlet_lines lines = tally(NULL, 0);
    assert_int_equal(lines.count + (size_t)lines.withheld_issued, 0);
}

/* --- towns --- */

static uint64_t draws;

static int64_t draw(int64_t below)
{
    draws = draws * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)(draws >> 33) % below;
}

static struct outlet_count draw_count(str bank, str outlet, int64_t year)
{
    int64_t issued = 1 + draw(draw(2) == 0 ? 1000 : 150);
    return (struct outlet_count){.bank = bank,
                                 .outlet = outlet,
                                 .year = year,
                                 .issued = issued,
                                 .bad = draw(issued + 1),
                                 .staff = draw(12) - 1};
}

static void mix(struct outlet_count *counts, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)draw((int64_t)i);
        struct outlet_count kept = counts[i - 1];
        counts[i - 1] = counts[other];
        counts[other] = kept;
    }
}

static size_t make_town(struct outlet_count counts[COUNTS_MOST])
{
    static const char *const names[] = {"", "01", "02", "03", "04", "05", "06", "07"};
    static const char *const banks[] = {"A", "B", "C", "D", "E"};
    size_t count = 0;
    int64_t bank_count = 1 + draw(5);
    int64_t outlet_count = 1 + draw(8);
    for (int64_t i = 0; i < 3 * bank_count * outlet_count; i++)
        if (draw(3) != 0)
            counts[count++] = draw_count(str_from_c(banks[i / 3 % bank_count]),
                                         str_from_c(names[i / 3 / bank_count]), 2024 + i % 3);
    mix(counts, count);
    return count;
}

static int64_t order_of(const struct outlet_line *a, const struct outlet_line *b)
{
    bool is_last = str_is_empty(a->bank);
    if (is_last != str_is_empty(b->bank))
        return is_last ? 1 : -1;
    int order = str_compare(a->bank, b->bank);
    bool is_pool = str_is_empty(a->outlet);
    if (order == 0 && is_pool != str_is_empty(b->outlet))
        return is_pool ? 1 : -1;
    order = order != 0 ? order : str_compare(a->outlet, b->outlet);
    return order != 0 ? order : a->year - b->year;
}

/* Of the town itself: whether this line may be shown, staff of its outlets as far as known. */
static void line_is_of_enough(const struct outlet_line *l)
{
    assert_true(l->issued >= OUTLET_ISSUED);
    assert_true(l->outlets >= 1 && l->bad >= 0 && l->bad <= l->issued);
    assert_int_equal(l->is_few, l->bad < OUTLET_BAD);
}

static void a_single_line_is_of_a_known_outlet(const struct outlet_line *l,
                                               const struct outlet_count *counts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(counts[i].bank, l->bank) && str_equal(counts[i].outlet, l->outlet) &&
            counts[i].year == l->year) {
            assert_true(counts[i].staff >= OUTLET_STAFF);
            assert_int_equal(counts[i].issued, l->issued);
            assert_int_equal(counts[i].bad, l->bad);
            return;
        }
    fail_msg("a line of an outlet that there is not");
}

static void towns(void **state)
{
    static struct outlet_count counts[COUNTS_MOST];
    (void)state;
    for (int round = 0; round < 500; round++) {
        int64_t issued = 0;
        size_t count = make_town(counts);
        for (size_t i = 0; i < count; i++)
            issued += counts[i].issued;
        struct outlet_lines lines = tally(counts, count);
        for (size_t i = 0; i < lines.count; i++) {
            line_is_of_enough(&lines.at[i]);
            if (!str_is_empty(lines.at[i].outlet))
                a_single_line_is_of_a_known_outlet(&lines.at[i], counts, count);
            else
                assert_true(lines.at[i].outlets >= 2); /* one alone would be named by its pool */
            if (i > 0)
                assert_true(order_of(&lines.at[i - 1], &lines.at[i]) < 0);
            issued -= lines.at[i].issued;
        }
        assert_int_equal(issued, lines.withheld_issued);
        arena_reset(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(small_outlets_are_pooled_by_bank, set_up, tear_down),
        cmocka_unit_test_setup_teardown(small_banks_are_pooled_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_gives_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(towns, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
