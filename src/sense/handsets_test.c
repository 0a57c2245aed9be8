/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what a handset carried in its newest two weeks is the same in any order and with any number
 * of repeats; weeks are forgotten; made-up handsets never take more room, and push out none that
 * carries many; nothing is written outside. Method: random rows in several orders against sets kept
 * by hand; a flood; each edge of a term.
 */
#include "sense/sense_test.h"

enum { WEEK_S = HANDSET_TERM_S, BEGAN_S = 2900 * WEEK_S, ROOM_ROWS = 4096, GUARD = 64 };

static _Alignas(64) struct handset room[ROOM_ROWS + GUARD];

static uint32_t now_s; /* the newest time of all that were heard */

static void begin(struct handsets *h, uint32_t most)
{
    assert_true(handsets_room(most) <= ROOM_ROWS * sizeof *room);
    memset(room, 0, sizeof room);
    now_s = 0;
    handsets_init(h, room, most);
}

static void hear(struct handsets *h, uint32_t handset, uint64_t number, uint32_t time_s,
                 uint32_t calls)
{
    struct handset_told told = {handset, time_s, number, calls};
    now_s = time_s > now_s ? time_s : now_s;
    handsets_put(h, &told, now_s);
}

static bool has_guard(const struct handsets *h)
{
    const char *end = (const char *)(room + (size_t)h->lines * HANDSETS_LINE);
    for (const char *at = end; at < (const char *)room + sizeof room; at++)
        if (*at != 0)
            return false;
    return true;
}

/* --- any order --- */

enum { HANDSETS = 40, NUMBERS = 24, TOLD = 3000 };

struct told {
    uint32_t handset;
    uint32_t number;
    uint32_t time_s;
    uint32_t calls;
};

static struct told rows[TOLD];

static uint32_t handset_of(uint32_t n)
{
    return (uint32_t)key_of(n + 100000) | 1;
}

static void draw_rows(struct chance *c)
{
    for (size_t i = 0; i < TOLD; i++)
        rows[i] = (struct told){.handset = draw_below(c, HANDSETS),
                                .number = draw_below(c, NUMBERS) >> draw_below(c, 5),
                                .time_s = BEGAN_S + draw_below(c, 6 * WEEK_S),
                                .calls = draw_below(c, 2)};
    for (size_t i = 0; i < TOLD / 20; i++) /* some have been silent for weeks */
        rows[i].handset = HANDSETS + (uint32_t)i, rows[i].time_s = BEGAN_S;
}

/* A repeat is heard again, and counts no call. */
static void tell_all(struct handsets *h, struct chance *c)
{
    for (size_t i = TOLD; i > 1; i--) {
        size_t k = draw_below(c, (uint32_t)i);
        struct told was = rows[i - 1];
        rows[i - 1] = rows[k];
        rows[k] = was;
    }
    for (size_t i = 0; i < TOLD; i++) {
        const struct told *t = &rows[i];
        hear(h, handset_of(t->handset), key_of(t->number), t->time_s, t->calls);
        if (draw_below(c, 4) == 0)
            hear(h, handset_of(t->handset), key_of(t->number), t->time_s, 0);
    }
}

static struct handset_load expected(uint32_t handset)
{
    uint32_t newest = 0;
    uint32_t calls = 0;
    bool is_there[NUMBERS] = {false};
    struct handsets one;
    static struct handset line[HANDSETS_LINE];
    memset(line, 0, sizeof line);
    handsets_init(&one, line, 1);
    for (size_t i = 0; i < TOLD; i++)
        if (rows[i].handset == handset && rows[i].time_s / WEEK_S > newest)
            newest = rows[i].time_s / WEEK_S;
    for (size_t i = 0; i < TOLD; i++)
        if (rows[i].handset == handset && rows[i].time_s / WEEK_S + 1 >= newest) {
            is_there[rows[i].number] = true;
            calls += rows[i].calls;
        }
    for (uint32_t n = 0; n < NUMBERS; n++) /* the same places, each once */
        if (is_there[n])
            hear(&one, handset_of(handset), key_of(n), BEGAN_S, 0);
    return (struct handset_load){handsets_find(&one, handset_of(handset)).numbers, calls};
}

static void any_order_is_the_same(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct chance c = {seed << 30};
        draw_rows(&c);
        for (int order = 0; order < 3; order++) {
            struct handsets h;
            begin(&h, 1000);
            tell_all(&h, &c);
            assert_int_equal(h.forgotten, 0);
            for (uint32_t n = 0; n < HANDSETS; n++) {
                struct handset_load load = handsets_find(&h, handset_of(n));
                struct handset_load wanted = expected(n);
                assert_int_equal(load.numbers, wanted.numbers);
                assert_int_equal(load.calls, wanted.calls);
            }
            assert_true(has_guard(&h));
        }
    }
}

/* --- terms --- */

static uint32_t numbers_in(const struct handsets *h)
{
    return handsets_find(h, 77).numbers;
}

static void weeks_are_forgotten(void **state)
{
    (void)state;
    struct handsets h;
    begin(&h, 100);
    assert_int_equal(numbers_in(&h), 0);
    for (uint32_t n = 0; n < 8; n++)
        hear(&h, 77, key_of(n), BEGAN_S, 1);
    uint32_t eight = numbers_in(&h);
    assert_in_range(eight, 6, 9);
    assert_int_equal(handsets_find(&h, 77).calls, 8);
    uint32_t next_s = BEGAN_S + WEEK_S;
    hear(&h, 77, key_of(0), next_s, 1);
    assert_int_equal(numbers_in(&h), eight); /* the week before is there still */
    assert_int_equal(handsets_find(&h, 77).calls, 9);
    hear(&h, 77, key_of(1), BEGAN_S, 0); /* and takes what is late */
    assert_int_equal(numbers_in(&h), eight);
    hear(&h, 77, key_of(0), next_s + WEEK_S, 1);
    assert_int_equal(numbers_in(&h), 1);
    assert_int_equal(handsets_find(&h, 77).calls, 2);
    hear(&h, 77, key_of(9), BEGAN_S, 1); /* too late */
    assert_int_equal(handsets_find(&h, 77).calls, 2);
    hear(&h, 77, key_of(0), next_s + 3 * WEEK_S, 1);
    assert_int_equal(handsets_find(&h, 77).calls, 1);
}

static void counts_stay_at_their_most(void **state)
{
    (void)state;
    struct handsets h;
    begin(&h, 100);
    for (uint32_t i = 0; i < 5000; i++)
        hear(&h, 77, key_of(i), BEGAN_S, 1);
    assert_int_equal(handsets_find(&h, 77).calls, 1023);
    assert_int_equal(numbers_in(&h), 133);
    assert_int_equal(handsets_find(&h, 0).numbers, 0);
}

/* --- room --- */

static void a_flood_pushes_out_none_that_carries_many(void **state)
{
    (void)state;
    struct handsets h;
    begin(&h, ROOM_ROWS);
    for (uint32_t n = 0; n < 100; n++)
        for (uint32_t i = 0; i < 12; i++)
            hear(&h, handset_of(n), key_of(n * 100 + i), BEGAN_S, 1);
    for (uint32_t i = 0; i < 200000; i++)
        hear(&h, (uint32_t)key_of(1000000 + i) | 1, key_of(i), BEGAN_S, 1);
    for (uint32_t n = 0; n < 100; n++)
        assert_in_range(handsets_find(&h, handset_of(n)).numbers, 8, 16);
    assert_true(h.forgotten > 190000);
    assert_true(has_guard(&h));
}

static void half_full_forgets_nothing(void **state)
{
    (void)state;
    struct handsets h;
    begin(&h, ROOM_ROWS);
    for (uint32_t n = 0; n < ROOM_ROWS / 5 * 4; n++) {
        hear(&h, handset_of(n), 7, BEGAN_S, 1);
        assert_true(n > ROOM_ROWS / 2 || h.forgotten == 0);
    }
    assert_in_range(h.forgotten, 1, ROOM_ROWS / 40);
    begin(&h, ROOM_ROWS); /* what is past makes room without being missed */
    for (uint32_t week = 0; week < 9; week += 3)
        for (uint32_t n = 0; n < ROOM_ROWS / 2; n++)
            hear(&h, handset_of(week * ROOM_ROWS + n), 7, BEGAN_S + week * WEEK_S, 1);
    assert_int_equal(h.forgotten, 0);
    begin(&h, 0);
    hear(&h, 77, 7, BEGAN_S, 1);
    assert_int_equal(numbers_in(&h), 0);
    assert_true(has_guard(&h));
}

/* --- in a book --- */

static void a_book_hears_whose_handset_it_is(void **state)
{
    (void)state;
    static _Alignas(64) uint8_t book_bytes[1 << 20];
    const struct book_settings settings = {.numbers_most = 100,
                                           .calls_most = 1000,
                                           .window_h = BOOK_WINDOW_H,
                                           .zone_s = 0,
                                           .handsets_most = 100};
    struct book b;
    struct book_due due;
    assert_true(book_room(&settings) <= sizeof book_bytes);
    book_init(&b, &settings, book_bytes);
    for (uint32_t i = 0; i < 10; i++) {
        struct sighting s = {.caller = key_of(i % 5),
                             .callee = key_of(50),
                             .handset = 9,
                             .id = key_of(900 + i),
                             .time_s = BEGAN_S + i * 60,
                             .parts = CALL_SETUP | CALL_END,
                             .is_text = i == 9,
                             .imei = PLACE_NONE,
                             .imsi = PLACE_NONE,
                             .cell = PLACE_NONE};
        (void)book_take(&b, &s, 1, &due);
        (void)book_take(&b, &s, 1, &due);
    }
    assert_in_range(handsets_find(&b.handsets, 9).numbers, 4, 6);
    assert_int_equal(handsets_find(&b.handsets, 9).calls, 9);
    /* 192 bytes a number are the bar. */
    const struct book_settings large = {.numbers_most = 30000000, .handsets_most = 30000000};
    assert_true(book_room(&large) - recent_room(0) <= UINT64_C(183) * 30000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_is_the_same),
        cmocka_unit_test(weeks_are_forgotten),
        cmocka_unit_test(counts_stay_at_their_most),
        cmocka_unit_test(a_flood_pushes_out_none_that_carries_many),
        cmocka_unit_test(half_full_forgets_nothing),
        cmocka_unit_test(a_book_hears_whose_handset_it_is),
    };
    return cmocka_run_group_tests_name("sense/handsets", tests, NULL, NULL);
}
