/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a table says of every number what its signals say, in bounded memory, and leaves nothing of
 * what has faded; nobody is told twice. Method: random feeds against an array of episodes; every
 * byte of the room looked at when all is over.
 */
#include "warn/live.h"

#include "warn/warn_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FROM_S = 1800000000, NUMBERS = 300, ROOM = 512, BATCH = 50, DAY_S = 86400 };

static struct warn_rules rules;
static struct calibration curve;

struct fixture {
    struct live table;
    struct warn_budget budget;
    void *room;
    size_t room_bytes;
};

static void open_table(struct fixture *f, uint32_t numbers_most)
{
    *f = (struct fixture){.room_bytes = live_room(numbers_most)};
    f->budget = (struct warn_budget){.a_number = 1};
    for (size_t i = 0; i < TIER_COUNT; i++)
        f->budget.a_day[i] = BUDGET_NO_LIMIT;
    f->room = aligned_alloc(64, (f->room_bytes + 63) / 64 * 64);
    assert_non_null(f->room);
    memset(f->room, 0, f->room_bytes);
    struct live_settings s = {numbers_most, &rules, &curve, &f->budget};
    live_init(&f->table, &s, f->room);
}

static void close_table(struct fixture *f)
{
    free(f->room);
}

static struct signal signal_at(uint64_t about, enum signal_kind kind, uint32_t time_s)
{
    return (struct signal){.about = about,
                           .id = time_s * UINT64_C(64) + kind,
                           .time_s = time_s,
                           .strength = SIGNAL_WHOLE,
                           .kind = (uint8_t)kind};
}

static size_t put_one(struct fixture *f, struct signal s, uint32_t now_s,
                      struct warn_turn *ret_turn)
{
    return live_take(&f->table, &s, 1, now_s, ret_turn);
}

static void sweep_all(struct fixture *f, uint32_t now_s)
{
    static struct warn_turn turns[ROOM];
    (void)live_sweep(&f->table, f->table.numbers_most, now_s, turns);
}

static struct signal some_signal(uint64_t *dice, uint32_t now_s)
{
    struct signal s = {.about = 1 + draw(dice) % NUMBERS,
                       .id = draw(dice) % 1000,
                       .time_s = now_s - (uint32_t)(draw(dice) % 7200),
                       .strength = (uint16_t)(1 + draw(dice) % SIGNAL_WHOLE),
                       .kind = (uint8_t)(draw(dice) % SIGNAL_KINDS)};
    s.about *= UINT64_C(0x0123456789ABCDEF); /* as scattered as pseudonyms are */
    return s;
}

/* Nothing but which place is free next. */
static void check_is_empty(const struct fixture *f)
{
    const unsigned char *at = f->room;
    assert_int_equal(f->table.held, 0);
    for (uint32_t slot = 0; slot < f->table.numbers_most; slot++) {
        struct episode e = f->table.episodes[slot];
        struct episode nothing = {.next = e.next};
        assert_memory_equal(&e, &nothing, sizeof e);
    }
    for (size_t i = f->table.numbers_most * sizeof(struct episode); i < f->room_bytes; i++)
        assert_int_equal(at[i], 0);
}

static void check_model(const struct fixture *f, const struct episode *model, uint32_t now_s)
{
    for (uint64_t i = 1; i <= NUMBERS; i++) {
        const struct episode *e = live_find(&f->table, i * UINT64_C(0x0123456789ABCDEF));
        int64_t got = e == NULL ? 0 : episode_evidence(e, &rules, now_s);
        assert_int_equal(got, episode_evidence(&model[i], &rules, now_s));
        assert_true(e != NULL || episode_is_gone(&model[i], &rules, now_s));
    }
}

static void every_number_has_its_own(void **state)
{
    (void)state;
    struct fixture f;
    static struct episode model[NUMBERS + 1];
    struct signal batch[BATCH];
    struct warn_turn turns[BATCH];
    uint64_t dice = 1;
    open_table(&f, ROOM);
    for (uint32_t step = 0; step < 2000; step++) {
        uint32_t now_s = FROM_S + step * 120;
        for (size_t i = 0; i < BATCH; i++) {
            batch[i] = some_signal(&dice, now_s);
            uint64_t which = 1;
            while (which * UINT64_C(0x0123456789ABCDEF) != batch[i].about)
                which++;
            (void)episode_put(&model[which], &rules, &batch[i], now_s);
        }
        (void)live_take(&f.table, batch, draw(&dice) % 8 == 0 ? 0 : BATCH, now_s, turns);
        (void)live_take(&f.table, batch, BATCH, now_s, turns);
        (void)live_sweep(&f.table, BATCH, now_s, turns);
        if (step % 100 == 0)
            check_model(&f, model, now_s);
    }
    const struct live_counts *c = &f.table.counts;
    assert_int_equal(c->taken, c->news + c->again + c->weaker + c->late + c->ahead);
    assert_true(c->again > 1000 && c->news > 1000 && c->weaker > 1000 && c->dropped == 0);
    sweep_all(&f, FROM_S + 40 * DAY_S);
    check_is_empty(&f);
    close_table(&f);
}

static void a_feed_that_is_played_again_is_late(void **state)
{
    (void)state;
    struct fixture f;
    struct warn_turn turn;
    open_table(&f, ROOM);
    for (uint64_t i = 1; i <= NUMBERS; i++)
        (void)put_one(&f, signal_at(i, SIGNAL_VISIT, FROM_S), FROM_S + 10, &turn);
    for (uint64_t i = 1; i <= NUMBERS; i++)
        assert_int_equal(put_one(&f, signal_at(i, SIGNAL_VISIT, FROM_S), FROM_S + 20, &turn), 0);
    assert_int_equal(f.table.counts.again, NUMBERS);
    sweep_all(&f, FROM_S + 3 * DAY_S);
    check_is_empty(&f);
    for (uint64_t i = 1; i <= NUMBERS; i++)
        assert_int_equal(put_one(&f, signal_at(i, SIGNAL_VISIT, FROM_S), FROM_S, &turn), 0);
    assert_int_equal(f.table.counts.late, NUMBERS);
    assert_int_equal(f.table.counts.made, NUMBERS);
    check_is_empty(&f);
    close_table(&f);
}

static void a_clock_a_day_ahead_makes_nothing(void **state)
{
    (void)state;
    struct fixture f;
    struct warn_turn turn;
    open_table(&f, ROOM);
    for (uint64_t i = 1; i <= NUMBERS; i++)
        (void)put_one(&f, signal_at(i, SIGNAL_CALL, FROM_S + DAY_S), FROM_S, &turn);
    assert_int_equal(f.table.counts.ahead, NUMBERS);
    check_is_empty(&f);
    close_table(&f);
}

/* One kind, however often, is worth what EPISODE_KEEPS of it are; others stay what they were. */
static void a_million_about_one_number(void **state)
{
    (void)state;
    struct fixture f;
    struct warn_turn turn;
    size_t turns = 0;
    open_table(&f, ROOM);
    for (uint64_t id = 1; id <= 1000000; id++) {
        struct signal s = signal_at(1, SIGNAL_MESSAGE, FROM_S);
        s.id = id;
        turns += put_one(&f, s, FROM_S, &turn);
    }
    assert_int_equal(f.table.held, 1);
    assert_int_equal(f.table.counts.news + f.table.counts.again + f.table.counts.weaker, 1000000);
    assert_true(turns <= 1);
    (void)put_one(&f, signal_at(2, SIGNAL_MESSAGE, FROM_S), FROM_S, &turn);
    assert_int_equal(f.table.held, 2);
    sweep_all(&f, FROM_S + 3 * DAY_S);
    check_is_empty(&f);
    close_table(&f);
}

static void a_full_table_keeps_the_strong(void **state)
{
    (void)state;
    struct fixture f;
    struct warn_turn turn;
    open_table(&f, 64);
    for (uint64_t i = 1; i <= 16; i++) { /* alerts */
        (void)put_one(&f, signal_at(i, SIGNAL_VISIT, FROM_S), FROM_S, &turn);
        (void)put_one(&f, signal_at(i, SIGNAL_CALL, FROM_S), FROM_S, &turn);
        assert_int_equal(turn.about, i);
        (void)put_one(&f, signal_at(i, SIGNAL_PENDING, FROM_S), FROM_S, &turn);
        assert_true(live_find(&f.table, i)->tier >= TIER_HIGH);
    }
    for (uint64_t i = 100; i < 100000; i++) /* whoever makes up numbers */
        (void)put_one(&f, signal_at(i, SIGNAL_MESSAGE, FROM_S), FROM_S, &turn);
    assert_int_equal(f.table.held, 64);
    assert_true(f.table.counts.dropped > 90000);
    for (uint64_t i = 1; i <= 16; i++)
        assert_non_null(live_find(&f.table, i));
    for (uint64_t i = 200000; i < 200048; i++)
        (void)put_one(&f, signal_at(i, SIGNAL_VISIT, FROM_S), FROM_S, &turn);
    size_t in = 0; /* it looks at LIVE_LOOK only */
    for (uint64_t i = 200000; i < 200048; i++)
        in += live_find(&f.table, i) != NULL;
    assert_true(in > 32 && f.table.counts.pushed == in);
    close_table(&f);
}

/* Signals trickle in while it fades: a tier is said when it is reached, and when it is left. */
static void a_tier_does_not_flutter(void **state)
{
    (void)state;
    struct fixture f;
    struct warn_turn turn;
    size_t turns = 0;
    uint8_t highest = 0;
    open_table(&f, ROOM);
    turns += put_one(&f, signal_at(1, SIGNAL_VISIT, FROM_S), FROM_S, &turn);
    turns += put_one(&f, signal_at(1, SIGNAL_PENDING, FROM_S), FROM_S, &turn);
    highest = turn.tier;
    for (uint32_t now_s = FROM_S; now_s < FROM_S + DAY_S; now_s += 10) {
        uint32_t tier = live_find(&f.table, 1) == NULL ? 0 : live_find(&f.table, 1)->tier;
        size_t fell = live_sweep(&f.table, 1, now_s, &turn);
        assert_true(fell == 0 || turn.tier < tier);
        turns += fell;
    }
    assert_true(highest >= TIER_HIGH && turns <= 2U + highest);
    assert_int_equal(f.table.held, 0);
    close_table(&f);
}

static void hysteresis_is_as_wide_as_it_says(void **state)
{
    (void)state;
    for (enum tier was = TIER_NONE; was < TIER_COUNT; was++)
        for (int32_t micro = 0; micro <= RULES_MICRO; micro += 100) {
            enum tier fresh = tier_of(&rules, micro, TIER_NONE);
            enum tier held = tier_of(&rules, micro, was);
            assert_true(held >= fresh && (held == fresh || held <= was));
            assert_true(micro >= (int64_t)rules.from_micro[held] * rules.stays_micro / RULES_MICRO);
        }
}

static void nobody_is_reached_too_often(void **state)
{
    (void)state;
    struct fixture f;
    struct warn_turn turn;
    open_table(&f, ROOM);
    f.budget.a_day[TIER_LOW] = 2;
    for (uint64_t i = 1; i <= 5; i++)
        (void)put_one(&f, signal_at(i, SIGNAL_VISIT, FROM_S), FROM_S, &turn);
    struct episode *e = live_find(&f.table, 1);
    assert_true(budget_take(&f.budget, e, TIER_LOW, FROM_S));
    assert_false(budget_take(&f.budget, e, TIER_HIGH, FROM_S + 60));
    assert_true(budget_take(&f.budget, e, TIER_URGENT, FROM_S + 60));
    assert_false(budget_take(&f.budget, e, TIER_URGENT, FROM_S + 120));
    assert_true(budget_take(&f.budget, live_find(&f.table, 2), TIER_LOW, FROM_S));
    assert_false(budget_take(&f.budget, live_find(&f.table, 3), TIER_LOW, FROM_S));
    assert_true(budget_take(&f.budget, live_find(&f.table, 3), TIER_MEDIUM, FROM_S));
    assert_int_equal(f.budget.refused, 3);
    /* Faded the same day, but not forgotten that somebody rang; the next day nothing is left. */
    uint32_t end_s = FROM_S - FROM_S % DAY_S + DAY_S;
    rules.half_life_s[SIGNAL_VISIT] = HALF_LIFE_LEAST_S;
    works(rules_prepare(&rules));
    sweep_all(&f, end_s - 1);
    assert_int_equal(f.table.held, 3);
    e = live_find(&f.table, 1);
    assert_int_equal(episode_evidence(e, &rules, FROM_S), 0);
    assert_false(budget_take(&f.budget, e, TIER_HIGH, end_s - 1));
    assert_true(budget_take(&f.budget, e, TIER_LOW, end_s));
    sweep_all(&f, end_s + DAY_S);
    check_is_empty(&f);
    rules_usual(&rules);
    close_table(&f);
}

static void forgotten_is_forgotten(void **state)
{
    (void)state;
    struct fixture f;
    struct warn_turn turn;
    uint64_t dice = 4;
    open_table(&f, ROOM);
    for (int round = 0; round < 20000; round++) {
        uint64_t about = 1 + draw(&dice) % ROOM;
        if (draw(&dice) % 2 == 0)
            live_forget(&f.table, about);
        else
            (void)put_one(&f, signal_at(about, SIGNAL_VISIT, FROM_S), FROM_S, &turn);
    }
    assert_true(f.table.held > ROOM / 3 && f.table.held < ROOM);
    for (uint64_t about = 1; about <= ROOM; about++)
        live_forget(&f.table, about);
    check_is_empty(&f);
    close_table(&f);
}

/* Goal: what one table held, another says the same of; nothing is taken twice, and nothing that
 * could not have been there. */
static void found_again_elsewhere(void **state)
{
    (void)state;
    struct fixture one;
    struct fixture other;
    struct warn_turn turns[BATCH];
    struct signal batch[BATCH];
    uint64_t dice = 77;
    open_table(&one, ROOM);
    open_table(&other, 64);
    for (size_t i = 0; i < BATCH; i++)
        batch[i] = some_signal(&dice, FROM_S);
    (void)live_take(&one.table, batch, BATCH, FROM_S, turns);
    for (uint32_t slot = 0; slot < one.table.used; slot++) {
        const struct episode *e = &one.table.episodes[slot];
        assert_true(live_restore(&other.table, e));
        assert_false(live_restore(&other.table, e));
    }
    assert_int_equal(one.table.held, other.table.held);
    for (size_t i = 0; i < BATCH; i++) {
        const struct episode *a = live_find(&one.table, batch[i].about);
        const struct episode *b = live_find(&other.table, batch[i].about);
        assert_int_equal(a == NULL, b == NULL); /* one that was late is nobody's */
        if (a == NULL)
            continue;
        assert_int_equal(a->tier, b->tier);
        assert_int_equal(episode_evidence(a, &rules, FROM_S + 60),
                         episode_evidence(b, &rules, FROM_S + 60));
    }
    (void)live_take(&other.table, batch, BATCH, FROM_S, turns);
    assert_int_equal(other.table.counts.news, 0);
    struct episode bad = {.about = 5, .tier = TIER_COUNT};
    assert_false(live_restore(&other.table, &bad));
    bad = (struct episode){.about = 5, .signs[0][0].strength = SIGNAL_WHOLE + 1};
    assert_false(live_restore(&other.table, &bad));
    assert_false(live_restore(&other.table, &(struct episode){0}));
    for (uint64_t about = 1; other.table.held < 64; about++)
        assert_true(live_restore(&other.table, &(struct episode){.about = about}));
    assert_false(live_restore(&other.table, &(struct episode){.about = UINT64_MAX}));
    close_table(&one);
    close_table(&other);
}

/* As likely as not at seven nats. */
static void make_curve(void)
{
    for (int32_t z = -12000; z <= 12000; z += 500)
        curve.points[curve.count++] =
            (struct calibration_point){z + 7000, (int32_t)(1e6 / (1 + exp(-z / 1000.0)))};
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_has_its_own),
        cmocka_unit_test(a_feed_that_is_played_again_is_late),
        cmocka_unit_test(a_clock_a_day_ahead_makes_nothing),
        cmocka_unit_test(a_million_about_one_number),
        cmocka_unit_test(a_full_table_keeps_the_strong),
        cmocka_unit_test(a_tier_does_not_flutter),
        cmocka_unit_test(hysteresis_is_as_wide_as_it_says),
        cmocka_unit_test(nobody_is_reached_too_often),
        cmocka_unit_test(forgotten_is_forgotten),
        cmocka_unit_test(found_again_elsewhere),
    };
    rules_usual(&rules);
    make_curve();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
