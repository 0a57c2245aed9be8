/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the agenda gives back everything, by time, and at the same time in the order it was put;
 * a shelf's pieces keep their numbers and are used again. Method: events at few times in a
 * scattered order, some taken in between; pieces taken, dropped and taken again, past growing.
 */
#include "drill/agenda.h"
#include "drill/dice.h"
#include "drill/drill_test.h"
#include "drill/shelf.h"

enum { EVENTS = 5000, TIMES = 40 };

static void comes_by_time_then_order(void **state)
{
    (void)state;
    struct arena arena;
    struct agenda a;
    struct dice d;
    struct event e;
    arena_init(&arena, 1 << 22);
    agenda_init(&a, &arena);
    dice_fork(&d, 1, STR("agenda"));
    assert_null(agenda_first(&a));
    assert_false(agenda_take(&a, &e));
    for (uint32_t i = 0; i < EVENTS; i++)
        works(agenda_put(&a, &(struct event){.at_us = (int64_t)dice_below(&d, TIMES), .which = i}));
    struct event last = {.at_us = -1};
    size_t taken = 0;
    for (; agenda_take(&a, &e); taken++) {
        assert_true(e.at_us > last.at_us || (e.at_us == last.at_us && e.which > last.which));
        last = e;
        if (taken % 10 == 0)
            works(
                agenda_put(&a, &(struct event){.at_us = TIMES, .which = EVENTS + (uint32_t)taken}));
    }
    assert_true(taken > EVENTS + EVENTS / 10);
    arena_done(&arena);
}

static void spent_agenda_says_so(void **state)
{
    (void)state;
    struct arena arena;
    struct agenda a;
    arena_init(&arena, 40000);
    agenda_init(&a, &arena);
    err e = OK;
    for (int i = 0; i < EVENTS && !failed(e); i++)
        e = agenda_put(&a, &(struct event){.at_us = i});
    fails(e, "limit.memory");
    assert_int_equal(agenda_first(&a)->at_us, 0);
    arena_done(&arena);
}

static void pieces_are_used_again(void **state)
{
    (void)state;
    struct arena arena;
    struct shelf s;
    uint32_t number = 0;
    arena_init(&arena, 1 << 20);
    shelf_init(&s, &arena, sizeof(uint64_t));
    for (uint32_t i = 1; i <= 1000; i++) {
        works(shelf_take(&s, &number));
        assert_int_equal(number, i);
        *(uint64_t *)shelf_at(&s, number) = i * 7;
    }
    for (uint32_t i = 1; i <= 1000; i++)
        assert_int_equal(*(uint64_t *)shelf_at(&s, i), i * 7);
    shelf_drop(&s, 12);
    shelf_drop(&s, 900);
    works(shelf_take(&s, &number));
    assert_int_equal(number, 900);
    assert_int_equal(*(uint64_t *)shelf_at(&s, number), 0);
    works(shelf_take(&s, &number));
    assert_int_equal(number, 12);
    works(shelf_take(&s, &number));
    assert_int_equal(number, 1001);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_by_time_then_order),
        cmocka_unit_test(spent_agenda_says_so),
        cmocka_unit_test(pieces_are_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
