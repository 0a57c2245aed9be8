/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a device's cards are found, with its channels, however it puts them in; who only lives,
 * works or drives in the same cell is not.
 * Method: days of a cell made by hand from a few rules, many seeds; the numbers found against those
 * put in. Honest ones are as busy as the device's, or nothing would be shown.
 */
#include "sense/box.h"
#include "sense/sense_test.h"

#include <math.h>

enum { DAY_S = 86400, DAYS = 3, CALLS_MOST = 60000, BEGIN_S = 20000 * DAY_S, SEEDS = 20 };

struct cell {
    struct chance chance;
    struct box_call calls[CALLS_MOST];
    size_t count;
    uint32_t load[BOX_DAY_HOURS];
};

static struct cell cell;
static struct arena arena;

enum { BOXES = 1000, HONEST = 5000, PEERS = 10000 }; /* where keys begin */

static double chance_of(struct chance *c)
{
    return ((double)(draw(c) >> 11) + 1) / 9007199254740993.0;
}

static uint32_t lasting(struct chance *c, double mean_s)
{
    return (uint32_t)(-mean_s * log(chance_of(c)));
}

static void begin(unsigned seed)
{
    cell = (struct cell){.chance = {(uint64_t)seed << 32}};
    for (unsigned h = 0; h < BOX_DAY_HOURS; h++)
        cell.load[h] = h < 16 ? 1000 + 100 * h : 100;
    arena_init(&arena, 64 << 20);
}

static void call_peer(uint64_t who, uint64_t peer, uint32_t start_s, uint32_t duration_s)
{
    assert_true(cell.count < CALLS_MOST);
    cell.calls[cell.count++] =
        (struct box_call){key_of(who), key_of(PEERS + peer), start_s, duration_s};
}

/* Each call to somebody else. */
static void call(uint64_t who, uint32_t start_s, uint32_t duration_s)
{
    call_peer(who, cell.count, start_s, duration_s);
}

/* Calls without regard to others, in the hours of the load; talk_s and pause_s in the mean. */
static void live(uint64_t who, uint32_t from_s, uint32_t until_s, double talk_s, double pause_s)
{
    uint32_t at = from_s + lasting(&cell.chance, pause_s);
    while (at < until_s) {
        uint32_t talks = 5 + lasting(&cell.chance, talk_s);
        if (at % DAY_S < 16 * 3600)
            call(who, at, talks);
        at += talks + 1 + lasting(&cell.chance, pause_s);
    }
}

enum manner { OWN_CARDS, ANY_CARD };

/* Channels that are always busy in the day. A card does its turn, then another is put in: one of
 * the channel's own, or whichever has been out for longest. */
struct device {
    uint32_t channels;
    uint32_t cards;
    uint32_t turn_s;
    double idle_s;
    enum manner manner;
};

struct rack {
    const struct device *device;
    uint32_t free_at[64];
    uint32_t holds[64];
    uint32_t turn_ends[64];
    uint32_t out[512];
    uint32_t waiting;
};

static void put_in_first_cards(struct rack *r)
{
    const struct device *d = r->device;
    assert_true(d->channels <= 64 && d->cards <= 512 && d->cards >= 2 * d->channels);
    for (uint32_t c = 0; c < d->channels; c++) {
        r->holds[c] = c;
        r->free_at[c] = BEGIN_S + draw_below(&cell.chance, 60);
        r->turn_ends[c] = r->free_at[c] + draw_below(&cell.chance, d->turn_s + 1);
    }
    for (uint32_t card = d->channels; card < d->cards; card++)
        r->out[r->waiting++] = card;
}

static uint32_t first_free(const struct rack *r)
{
    uint32_t first = 0;
    for (uint32_t c = 1; c < r->device->channels; c++)
        if (r->free_at[c] < r->free_at[first])
            first = c;
    return first;
}

static void change_card(struct rack *r, uint32_t c)
{
    const struct device *d = r->device;
    uint32_t old = r->holds[c];
    if (d->manner == OWN_CARDS) {
        r->holds[c] = old + d->channels < d->cards ? old + d->channels : old % d->channels;
    } else {
        r->holds[c] = r->out[0];
        memmove(r->out, r->out + 1, (r->waiting - 1) * sizeof *r->out);
        r->out[r->waiting - 1] = old;
    }
    r->turn_ends[c] = r->free_at[c] + d->turn_s;
    r->free_at[c] += 8;
}

static void run_device(const struct device *d)
{
    struct rack r = {.device = d};
    put_in_first_cards(&r);
    for (uint32_t c = 0; r.free_at[c] <= BEGIN_S + DAYS * DAY_S; c = first_free(&r)) {
        if (r.free_at[c] % DAY_S > 16 * 3600) {
            r.free_at[c] += 8 * 3600;
            continue;
        }
        if (r.free_at[c] >= r.turn_ends[c])
            change_card(&r, c);
        uint32_t talks = 10 + lasting(&cell.chance, 110);
        call(BOXES + r.holds[c], r.free_at[c], talks);
        r.free_at[c] += talks + 4 + lasting(&cell.chance, d->idle_s);
    }
}

static err find(struct box *ret_box)
{
    struct box_cell seen = {.calls = cell.calls, .count = cell.count};
    memcpy(seen.load, cell.load, sizeof seen.load);
    return box_find(&box_rule_preset, &seen, &arena, ret_box);
}

static struct box look_at(void)
{
    struct box box;
    assert_false(failed(find(&box)));
    return box;
}

static uint32_t found(const struct box *box, uint64_t first, uint32_t cards)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < box->count; i++)
        for (uint32_t card = 0; card < cards; card++)
            n += box->members[i].key == key_of(first + card);
    return n;
}

static void honest_crowd(void)
{
    for (unsigned i = 0; i < 40; i++)
        live(HONEST + i, BEGIN_S, BEGIN_S + DAYS * DAY_S, 90, 600 + 60 * i);
}

static void device_of(const struct device *d, uint32_t least_found)
{
    uint32_t channels = d->channels;
    uint32_t cards = d->cards;
    uint32_t hits = 0;
    uint32_t strangers = 0;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        run_device(d);
        honest_crowd();
        struct box box = look_at();
        uint32_t of_device = found(&box, BOXES, cards);
        hits += of_device;
        strangers += box.count - of_device;
        if (least_found >= 900)
            assert_in_range(box.channels, channels - 1, channels + 2 + box.count - of_device);
        arena_done(&arena);
    }
    print_message("%u channels, %u cards, turns of %u s: %u of %u found, %u strangers\n", channels,
                  cards, d->turn_s, hits, cards * SEEDS, strangers);
    assert_true(hits >= cards * SEEDS / 1000.0 * least_found);
    assert_true(strangers <= SEEDS / 10);
}

static void a_card_after_each_call(void **state)
{
    (void)state;
    device_of(&(struct device){8, 32, 0, 6, OWN_CARDS}, 950);
    device_of(&(struct device){8, 32, 0, 6, ANY_CARD}, 950);
}

static void a_card_for_an_hour(void **state)
{
    (void)state;
    device_of(&(struct device){8, 32, 3600, 6, OWN_CARDS}, 950);
    device_of(&(struct device){8, 32, 3600, 6, ANY_CARD}, 950);
}

static void a_small_one(void **state)
{
    (void)state;
    device_of(&(struct device){4, 16, 1200, 6, OWN_CARDS}, 950);
    device_of(&(struct device){2, 8, 1200, 6, ANY_CARD}, 950);
}

/* Many cards that each have few turns; and many channels, where others' turns are always near. */
static void a_large_one(void **state)
{
    (void)state;
    device_of(&(struct device){8, 64, 3600, 6, ANY_CARD}, 800);
    device_of(&(struct device){16, 48, 7200, 6, ANY_CARD}, 850);
    device_of(&(struct device){32, 128, 3600, 6, ANY_CARD}, 400);
    device_of(&(struct device){32, 128, 600, 6, ANY_CARD}, 950);
}

/* What the test cannot see: a channel that is left idle for minutes hands over to nobody. */
static void an_idle_one(void **state)
{
    (void)state;
    device_of(&(struct device){8, 32, 1200, 60, ANY_CARD}, 0);
}

static void none_found(const char *what)
{
    struct box box = look_at();
    if (box.count > 0)
        fail_msg("%s: %u numbers, %u channels, %u refused of %u", what, box.count, box.channels,
                 box.refused, box.starts);
    arena_done(&arena);
}

static void a_dormitory(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        for (unsigned i = 0; i < 200; i++)
            live(HONEST + i, BEGIN_S, BEGIN_S + DAYS * DAY_S, 120, 3000);
        none_found("dormitory");
    }
}

/* All begin at nine, have lunch at twelve, and are busy without a pause; nobody follows anybody. */
static void a_call_centre(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        for (unsigned i = 0; i < 30; i++)
            for (uint32_t day = 0; day < DAYS; day++) {
                uint32_t opens = BEGIN_S + day * DAY_S + 3600;
                live(HONEST + i, opens, opens + 3 * 3600, 150, 30);
                live(HONEST + i, opens + 4 * 3600, opens + 8 * 3600, 150, 30);
            }
        none_found("call centre");
    }
}

/* The second shift takes over from the first at once, but each has a desk and a line of its own. */
static void two_shifts(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        for (unsigned i = 0; i < 24; i++)
            for (uint32_t day = 0; day < DAYS; day++) {
                uint32_t opens = BEGIN_S + day * DAY_S + (i % 2) * 8 * 3600;
                live(HONEST + i, opens, opens + 8 * 3600, 150, 30);
            }
        none_found("shifts");
    }
}

/* In the depot in the morning, all on the telephone at once, short calls; then away. */
static void couriers(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        for (unsigned i = 0; i < 60; i++)
            for (uint32_t day = 0; day < DAYS; day++) {
                uint32_t opens = BEGIN_S + day * DAY_S + 2 * 3600;
                live(HONEST + i, opens, opens + 2 * 3600, 25, 45);
            }
        none_found("couriers");
    }
}

/* People of a park who ring one dispatcher, whose lines are always busy: as soon as one has done,
 * another gets through. */
static void ring_the_dispatcher(uint32_t lines, uint32_t people)
{
    uint32_t free_at[4];
    uint32_t busy_until[64] = {0};
    for (uint32_t l = 0; l < lines; l++)
        free_at[l] = BEGIN_S + l * 37;
    for (uint32_t l = 0; free_at[l] < BEGIN_S + DAYS * DAY_S; l = (l + 1) % lines) {
        uint32_t at = free_at[l] + 1 + lasting(&cell.chance, 8);
        uint32_t who = draw_below(&cell.chance, people);
        if (busy_until[who] > at)
            continue;
        uint32_t talks = 20 + lasting(&cell.chance, 120);
        if (at % DAY_S < 10 * 3600)
            call_peer(HONEST + who, 0, at, talks);
        busy_until[who] = free_at[l] = at + talks;
    }
}

static void a_busy_dispatcher(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        ring_the_dispatcher(1 + seed % 3, 12 + seed);
        none_found("dispatcher");
    }
}

/* Things that a server asks one after another look like a device with one channel. */
static void polled_alarms(void **state)
{
    (void)state;
    begin(1);
    for (uint32_t at = BEGIN_S; at < BEGIN_S + DAYS * DAY_S; at += 3600)
        for (uint32_t i = 0; i < 20; i++)
            call_peer(HONEST + i, 0, at + 15 * i, 10);
    none_found("alarms");
}

/* Six guards, one after the other, on three rounds an evening, each rings home: too few to say. */
static void a_small_rota(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        for (uint32_t round = 0; round < 3 * DAYS; round++) {
            uint32_t at = BEGIN_S + round / 3 * DAY_S + (2 + 4 * (round % 3)) * 3600;
            for (uint32_t who = 0; who < 6; who++) {
                uint32_t talks = 20 + lasting(&cell.chance, 30);
                call(HONEST + 900 + who, at, talks);
                at += talks + 4 + lasting(&cell.chance, 6);
            }
        }
        honest_crowd();
        none_found("rota");
    }
}

/* One calls the next, who calls the next at once; but any number of such chains go on at a time. */
static void telephone_trees(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        uint32_t at = BEGIN_S;
        while (at < BEGIN_S + DAYS * DAY_S) {
            uint32_t next_s = at;
            uint32_t who = draw_below(&cell.chance, 40);
            for (unsigned link = 0; link < 6 && at % DAY_S < 16 * 3600; link++) {
                uint32_t talks = 30 + lasting(&cell.chance, 60);
                call(HONEST + who, next_s, talks);
                next_s += talks + 5 + lasting(&cell.chance, 5);
                who = (who + 1 + draw_below(&cell.chance, 38)) % 40;
            }
            at += 1 + lasting(&cell.chance, 500);
        }
        none_found("trees");
    }
}

/* Two cards in each telephone never talk at once; that is no device. */
static void use_either_card(uint64_t first)
{
    uint32_t at = BEGIN_S;
    while (at < BEGIN_S + DAYS * DAY_S) {
        uint32_t talks = 5 + lasting(&cell.chance, 90);
        if (at % DAY_S < 16 * 3600)
            call(first + draw_below(&cell.chance, 2), at, talks);
        at += talks + 1 + lasting(&cell.chance, 1200);
    }
}

static void two_cards_a_telephone(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        for (unsigned i = 0; i < 30; i++)
            use_either_card(HONEST + 2 * i);
        none_found("two cards");
    }
}

static void bad_times(void **state)
{
    (void)state;
    begin(1);
    call(HONEST, 0, 0);
    call(HONEST, 0, UINT32_MAX);
    call(HONEST + 1, UINT32_MAX, UINT32_MAX);
    call(HONEST + 1, UINT32_MAX, 0);
    none_found("bad times");
    begin(1);
    memset(cell.load, 0, sizeof cell.load);
    none_found("nothing");
    begin(1);
    memset(cell.load, 0, sizeof cell.load);
    run_device(&(struct device){8, 32, 0, 6, OWN_CARDS});
    assert_int_equal(look_at().count, 32);
    arena_done(&arena);
}

static void the_order_of_rows_is_nothing(void **state)
{
    (void)state;
    begin(7);
    run_device(&(struct device){4, 16, 1200, 6, ANY_CARD});
    honest_crowd();
    struct box one = look_at();
    for (size_t i = cell.count - 1; i > 0; i--) {
        size_t j = draw_below(&cell.chance, (uint32_t)i + 1);
        struct box_call c = cell.calls[i];
        cell.calls[i] = cell.calls[j];
        cell.calls[j] = c;
    }
    struct box other = look_at();
    assert_int_equal(one.count, other.count);
    assert_int_equal(one.channels, other.channels);
    assert_memory_equal(one.members, other.members, one.count * sizeof *one.members);
    arena_done(&arena);
}

static void too_little_memory(void **state)
{
    (void)state;
    begin(1);
    arena_done(&arena);
    run_device(&(struct device){4, 16, 1200, 6, ANY_CARD});
    for (size_t budget = 1 << 12; budget < 1 << 22; budget *= 2) {
        struct box box;
        arena_init(&arena, budget);
        err e = find(&box);
        assert_true(!failed(e) || e.code == ERR_LIMIT);
        arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_after_each_call),
        cmocka_unit_test(a_card_for_an_hour),
        cmocka_unit_test(a_small_one),
        cmocka_unit_test(a_large_one),
        cmocka_unit_test(an_idle_one),
        cmocka_unit_test(a_dormitory),
        cmocka_unit_test(a_call_centre),
        cmocka_unit_test(two_shifts),
        cmocka_unit_test(couriers),
        cmocka_unit_test(telephone_trees),
        cmocka_unit_test(a_busy_dispatcher),
        cmocka_unit_test(polled_alarms),
        cmocka_unit_test(a_small_rota),
        cmocka_unit_test(two_cards_a_telephone),
        cmocka_unit_test(bad_times),
        cmocka_unit_test(the_order_of_rows_is_nothing),
        cmocka_unit_test(too_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
