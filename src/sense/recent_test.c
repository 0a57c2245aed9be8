/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: each part of a call is new once, within the window; memory is what it was given.
 * Method: calls by hand, then ten windows of them in a table half full, all sent again.
 */
#include "sense/sense_test.h"

enum { CALLS_MOST = 24000, HOURS = 260, AN_HOUR = CALLS_MOST / 2 / (BOOK_WINDOW_H + 1) };

static _Alignas(64) uint64_t room[CALLS_MOST + RECENT_LINE];

static void begin(struct recent *r, uint64_t calls_most)
{
    assert_true(recent_room(calls_most) <= sizeof room);
    memset(room, 0, sizeof room);
    recent_init(r, room, calls_most, BOOK_WINDOW_H);
}

static void each_part_once(void **state)
{
    (void)state;
    struct recent r;
    begin(&r, 100);
    assert_int_equal(recent_put(&r, 7, 1000, 1000, CALL_SETUP), CALL_SETUP);
    assert_int_equal(recent_put(&r, 7, 1000, 1000, CALL_SETUP), 0);
    assert_int_equal(recent_put(&r, 7, 1001, 1001, CALL_END | CALL_ANSWER), CALL_END | CALL_ANSWER);
    assert_int_equal(recent_put(&r, 7, 1000, 1001, CALL_SETUP | CALL_END), 0);
    assert_int_equal(recent_put(&r, 8, 1000, 1001, CALL_SETUP | CALL_END), CALL_SETUP | CALL_END);
    assert_int_equal(recent_put(&r, 0, 1000, 1001, CALL_SETUP), CALL_SETUP);
    assert_int_equal(recent_put(&r, 0, 1000, 1001, CALL_SETUP), 0);
}

static void the_last_part_keeps_it(void **state)
{
    (void)state;
    struct recent r;
    begin(&r, 100);
    uint32_t later = 1000 + BOOK_WINDOW_H;
    assert_int_equal(recent_put(&r, 7, 1000, 1000, CALL_SETUP), CALL_SETUP);
    assert_int_equal(recent_put(&r, 7, later, later, CALL_END), CALL_END);
    assert_int_equal(recent_put(&r, 7, later, later + 1, CALL_SETUP), 0);
    later += BOOK_WINDOW_H + 1;
    assert_int_equal(recent_put(&r, 7, later, later, CALL_SETUP), CALL_SETUP);
    assert_int_equal(recent_put(&r, 7, later, later, CALL_SETUP), 0);
}

static void half_full_forgets_nothing(void **state)
{
    (void)state;
    struct recent r;
    begin(&r, CALLS_MOST);
    for (uint32_t hour = 1000; hour < 1000 + HOURS; hour++) {
        for (uint32_t i = 0; i < AN_HOUR; i++)
            assert_int_equal(recent_put(&r, key_of(hour * 1000 + i), hour, hour, 1), 1);
        uint32_t first = hour - BOOK_WINDOW_H < 1000 ? 1000 : hour - BOOK_WINDOW_H;
        for (uint32_t i = 0; i < AN_HOUR; i++)
            assert_int_equal(recent_put(&r, key_of(first * 1000 + i), first, hour, 1), 0);
    }
    assert_true(r.forgotten == 0);
}

static void too_many_are_counted(void **state)
{
    (void)state;
    struct recent r;
    begin(&r, 80);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(recent_put(&r, key_of(i), 1000, 1000, 1), 1);
    assert_true(r.forgotten >= 1000 - 88 && r.forgotten < 1000);
    assert_int_equal(recent_put(&r, key_of(999), 1000, 1000, 1), 0); /* the newest is known */
}

/* Calls whose ids have all bits of a print in common are no repeats of each other: what is left of
 * an id, its high bits, leads each to lines of its own. */
static void a_print_is_no_id(void **state)
{
    (void)state;
    struct recent r;
    begin(&r, CALLS_MOST);
    for (uint32_t i = 0; i < CALLS_MOST / 3; i++) /* or all would stand in their first line */
        assert_int_equal(recent_put(&r, key_of(i), 1000, 1000, 1), 1);
    for (uint64_t i = 0; i < 40; i++)
        assert_int_equal(recent_put(&r, i * 1601 << 48 | 0x123456789abc, 1000, 1000, 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_once),
        cmocka_unit_test(the_last_part_keeps_it),
        cmocka_unit_test(half_full_forgets_nothing),
        cmocka_unit_test(too_many_are_counted),
        cmocka_unit_test(a_print_is_no_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
