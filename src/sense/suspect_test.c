/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the first look lets through who calls many strangers, and cards that call them all day from
 * where they are; it holds back who is called, who drives about and who calls his own. What is kept
 * of cards is as much as there is room for, and of three days.
 * Method: conducts made by hand at each edge; a small room filled beyond itself.
 */
#include "sense/cards.h"
#include "sense/sense_test.h"
#include "sense/suspect.h"

enum { NOW_S = 20000 * 86400 };

/* calls, each to another; in: answered. */
static struct conduct conduct_of(unsigned calls, unsigned peers, unsigned in)
{
    struct chance chance = {0};
    struct conduct c = {.key = 1, .out_calls = calls, .in_calls = in, .cells = 3};
    for (unsigned i = 0; i < peers; i++)
        sketch_put(c.out_peers, 64, draw(&chance));
    c.hours[9] = (uint8_t)calls;
    return c;
}

static void callers(void **state)
{
    (void)state;
    struct handset_load load = {0};
    struct conduct c = conduct_of(SUSPECT_CALLS - 1, 3, 0);
    assert_int_equal(suspect_look(&c, load), 0);
    c = conduct_of(SUSPECT_CALLS, SUSPECT_CALLS, 0);
    assert_int_equal(suspect_look(&c, load), SUSPECT_CALLER);
    c = conduct_of(SUSPECT_CALLS, SUSPECT_CALLS, SUSPECT_CALLS + 1); /* who is called more */
    assert_int_equal(suspect_look(&c, load), 0);
    c = conduct_of(60, 6, 0); /* one's own */
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CALLER, 0);
    load.numbers = SUSPECT_CARRIED; /* in a handset with many others */
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CALLER, SUSPECT_CALLER);
    load.numbers--;
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CALLER, 0);
    c = conduct_of(60, 40, 30);
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CALLER, SUSPECT_CALLER);
}

static void borrowed(void **state)
{
    (void)state;
    struct conduct c = conduct_of(60, 40, 0);
    assert_false(suspect_is_borrowed(&c));
    c.from_abroad = 60; /* nobody hears it here: it is theirs */
    assert_false(suspect_is_borrowed(&c));
    c.in_calls = 1; /* but somebody answers here */
    assert_true(suspect_is_borrowed(&c));
    c.in_calls = 0;
    c.from_abroad = 59;
    assert_true(suspect_is_borrowed(&c));
    c.from_abroad = 30;
    assert_true(suspect_is_borrowed(&c));
    c.from_abroad = 29; /* some calls from abroad hide no rack */
    assert_false(suspect_is_borrowed(&c));
    c = conduct_of(0, 0, 5);
    assert_false(suspect_is_borrowed(&c));
}

static void cards(void **state)
{
    (void)state;
    struct handset_load load = {0};
    struct conduct c = conduct_of(SUSPECT_CARD_DAY, SUSPECT_CARD_DAY, 0);
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CARD, SUSPECT_CARD);
    c.hours[9]--;
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CARD, 0);
    c = conduct_of(40, 40, 10);
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CARD, SUSPECT_CARD);
    c.in_calls++; /* who is called back */
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CARD, 0);
    c = conduct_of(40, 5, 0); /* who calls the same all day */
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CARD, 0);
    c = conduct_of(40, 40, 0);
    c.cells = (UINT64_C(1) << SUSPECT_CARD_CELLS) - 1;
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CARD, SUSPECT_CARD);
    c.cells = c.cells << 1 | 1; /* a driver */
    assert_int_equal(suspect_look(&c, load) & SUSPECT_CARD, 0);
}

/* --- what is kept of them --- */

static uint64_t room[1 << 16];

static struct card_told told_of(uint64_t who, uint32_t start_s)
{
    return (struct card_told){
        .call = {.key = key_of(who), .peer = 7, .start_s = start_s, .duration_s = 60},
        .number = STR("+8613912345678"),
        .cell = key_of(1000000),
        .cell_name = STR("460-00-1-2"),
        .carrier = STR("carrier-a"),
    };
}

static size_t calls_in(const struct cards *c)
{
    size_t count = 0;
    for (uint32_t i = 0; i < c->settings.calls_most; i++)
        count += c->calls[i].call.key != 0;
    return count;
}

static void as_much_as_there_is_room(void **state)
{
    (void)state;
    const struct cards_settings settings = {
        .cards_most = 64, .calls_most = 100, .cells_most = CARDS_LOOK};
    struct cards c;
    assert_true(cards_room(&settings) <= sizeof room);
    memset(room, 0, sizeof room);
    cards_init(&c, &settings, room);
    for (uint32_t i = 0; i < 1000; i++) {
        struct card_told told = told_of(i, NOW_S + i);
        cards_hear(&c, told.cell, NOW_S + i);
        cards_put(&c, &told);
    }
    size_t known = 0;
    for (uint32_t i = 0; i < 1000; i++)
        known += cards_find(&c, key_of(i)) != NULL;
    assert_true(known > 32 && known <= 64);
    assert_true(c.refused >= 1000 - 64);
    assert_true(calls_in(&c) <= 100);
    for (uint32_t i = 0; i < 100; i++) /* cells beyond the room */
        cards_hear(&c, key_of(2000000 + i), NOW_S);
    const char *end = (const char *)(c.calls + settings.calls_most);
    for (const char *at = end; at < (const char *)room + sizeof room; at++)
        assert_int_equal(*at, 0);
}

static void three_days(void **state)
{
    (void)state;
    const struct cards_settings settings = {
        .cards_most = 64, .calls_most = 100, .cells_most = CARDS_LOOK};
    struct cards c;
    memset(room, 0, sizeof room);
    cards_init(&c, &settings, room);
    struct card_told told = told_of(1, NOW_S);
    cards_hear(&c, told.cell, NOW_S);
    cards_put(&c, &told);
    told = told_of(2, NOW_S + 86400);
    cards_put(&c, &told);
    cards_hear(&c, told.cell, NOW_S + CARDS_KEPT_S);
    cards_sweep(&c);
    assert_int_equal(calls_in(&c), 2);
    cards_hear(&c, told.cell, NOW_S + CARDS_KEPT_S + 1);
    cards_sweep(&c);
    assert_int_equal(calls_in(&c), 1);
    assert_null(cards_find(&c, key_of(1)));
    assert_memory_equal(cards_find(&c, key_of(2))->number, "+8613912345678", 15);
    cards_put(&c, &(struct card_told){
                      .call = {.key = key_of(3), .start_s = NOW_S},
                        .cell = told.cell
    });
    assert_null(cards_find(&c, key_of(3))); /* too old to begin with */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(callers),    cmocka_unit_test(borrowed),
        cmocka_unit_test(cards),      cmocka_unit_test(as_much_as_there_is_room),
        cmocka_unit_test(three_days),
    };
    return cmocka_run_group_tests_name("sense/suspect", tests, NULL, NULL);
}
