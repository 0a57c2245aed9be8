/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: somebody is always asked who may go and is soonest; who refuses, hands over or is silent is
 * passed over; nobody has two things at once; a place without a station is served from above, and
 * that is said. Method: small provinces where the right answer is plain; then months of chance in
 * larger ones, looked through after every step.
 */
#include "dispatch/part.h"

#include "dispatch/dispatch_test.h"

#include <string.h>

enum { BEATS = 120, OFFICERS = 40, ROOM = 32 << 20, NIGHT = 1000000000, FROM_S = 10000 };

static struct world {
    struct arena arena;
    struct arena turn;
    spot beats[BEATS];
    char divisions[BEATS][DIVISION_BYTES];
    struct officer officers[OFFICERS];
    struct neighbours near;
    struct duty duty;
    struct dispatch d;
} world;

static void done(struct world *w)
{
    arena_done(&w->arena);
    arena_done(&w->turn);
    memset(w, 0, sizeof *w);
}

static void begin(struct world *w, uint32_t beats, uint32_t officers)
{
    works(neighbours_make(&w->near, &travel_usual, w->beats, beats, &w->arena));
    works(duty_make(&w->duty, &w->near, (const char(*)[DIVISION_BYTES])w->divisions, 4, &w->arena));
    duty_staff(&w->duty, w->officers, officers);
    works(dispatch_make(&w->d, &w->duty, &dispatch_usual, &w->arena));
}

/* Beats in a row, 0.01 degrees from each other; an officer at each of `homes`. */
static void open_row(struct world *w, uint32_t beats, const uint32_t *homes, uint32_t officers)
{
    arena_init(&w->arena, ROOM);
    arena_init(&w->turn, ROOM);
    for (uint32_t i = 0; i < beats; i++) {
        w->beats[i] = (spot){103 * SPOT_DEGREE + (int32_t)i * 10000, 36 * SPOT_DEGREE};
        memcpy(w->divisions[i], "620102", 7);
    }
    for (uint32_t i = 0; i < officers; i++) {
        w->officers[i] = (struct officer){.home = homes[i], .on_until_s = NIGHT};
        memcpy(w->officers[i].division, "620102", 7);
    }
    begin(w, beats, officers);
}

static uint32_t arrive(struct world *w, uint32_t beat, enum work_tier tier, uint32_t now_s)
{
    uint32_t work = 0;
    works(dispatch_arrive(&w->d, (struct work_new){beat, now_s + 3600, tier}, now_s, &work));
    return work;
}

static void one_order(const struct world *w, enum dispatch_word kind, uint32_t work,
                      uint32_t officer)
{
    assert_int_equal(w->d.order_count, 1);
    assert_int_equal(w->d.orders[0].kind, kind);
    assert_int_equal(w->d.orders[0].work, work);
    assert_int_equal(w->d.orders[0].officer, officer);
}

static void turn_at(struct world *w, uint32_t now_s)
{
    works(dispatch_turn(&w->d, now_s, &w->turn));
    arena_reset(&w->turn);
}

static void soonest_is_asked_and_goes(void **state)
{
    (void)state;
    struct world *w = &world;
    open_row(w, 30, (uint32_t[]){2, 10, 25}, 3);
    uint32_t work = arrive(w, 12, WORK_URGENT, FROM_S);
    one_order(w, DISPATCH_ASK, work, 1);
    fails(dispatch_accept(&w->d, work, 0, FROM_S + 10), "dispatch.not_asked");
    fails(dispatch_at_door(&w->d, work, 1, FROM_S + 10), "dispatch.not_asked");
    works(dispatch_accept(&w->d, work, 1, FROM_S + 10));
    fails(dispatch_accept(&w->d, work, 1, FROM_S + 11), "dispatch.not_asked");
    turn_at(w, FROM_S + 600);
    assert_int_equal(w->d.order_count, 0);
    works(dispatch_at_door(&w->d, work, 1, FROM_S + 700));
    dispatch_done(&w->d, work, FROM_S + 900);
    assert_int_equal(w->d.work_count, 0);
    /* Just now they were in beat 12: nearer to 18 than the one at 25. */
    work = arrive(w, 18, WORK_URGENT, FROM_S + 901);
    one_order(w, DISPATCH_ASK, work, 1);
    dispatch_done(&w->d, work, FROM_S + 910);
    /* Half an hour later they are taken to be back at 10: further from 18 than 25 is. */
    turn_at(w, FROM_S + 5000);
    work = arrive(w, 18, WORK_URGENT, FROM_S + 5001);
    one_order(w, DISPATCH_ASK, work, 2);
    done(w);
}

static void refusal_and_silence_pass_on(void **state)
{
    (void)state;
    struct world *w = &world;
    open_row(w, 30, (uint32_t[]){2, 10, 25}, 3);
    uint32_t work = arrive(w, 9, WORK_URGENT, FROM_S);
    works(dispatch_refuse(&w->d, work, 1, FROM_S + 20));
    one_order(w, DISPATCH_ASK, work, 0);
    turn_at(w, FROM_S + 139);
    assert_int_equal(w->d.order_count, 0);
    turn_at(w, FROM_S + 140);
    assert_int_equal(w->d.order_count, 2);
    assert_int_equal(w->d.orders[0].kind, DISPATCH_WITHDRAW);
    assert_int_equal(w->d.orders[0].officer, 0);
    assert_int_equal(w->d.orders[1].kind, DISPATCH_ASK);
    assert_int_equal(w->d.orders[1].officer, 2);
    fails(dispatch_accept(&w->d, work, 0, FROM_S + 141), "dispatch.not_asked");
    works(dispatch_refuse(&w->d, work, 2, FROM_S + 150));
    one_order(w, DISPATCH_NOBODY, work, OFFICER_NONE);
    /* Who was silent is left alone with other work too, for a while. */
    uint32_t other = arrive(w, 1, WORK_URGENT, FROM_S + 160);
    one_order(w, DISPATCH_ASK, other, 1);
    dispatch_done(&w->d, other, FROM_S + 165);
    turn_at(w, FROM_S + 140 + dispatch_usual.silent_s);
    other = arrive(w, 1, WORK_URGENT, FROM_S + 141 + dispatch_usual.silent_s);
    assert_int_equal(w->d.orders[0].officer, 0);
    assert_int_equal(w->d.counts.refused, 2);
    done(w);
}

static void handed_over_goes_to_the_next(void **state)
{
    (void)state;
    struct world *w = &world;
    open_row(w, 30, (uint32_t[]){10, 12}, 2);
    uint32_t work = arrive(w, 9, WORK_HIGH, FROM_S);
    fails(dispatch_hand_over(&w->d, work, 0, FROM_S), "dispatch.not_asked");
    works(dispatch_accept(&w->d, work, 0, FROM_S + 5));
    works(dispatch_hand_over(&w->d, work, 0, FROM_S + 60));
    one_order(w, DISPATCH_ASK, work, 1);
    works(dispatch_accept(&w->d, work, 1, FROM_S + 70));
    works(dispatch_hand_over(&w->d, work, 1, FROM_S + 80));
    one_order(w, DISPATCH_NOBODY, work, OFFICER_NONE);
    dispatch_done(&w->d, work, FROM_S + 90);
    done(w);
}

/* Two doors, two officers: who is soonest at the first is the only one in time for the second. */
static void a_turn_deals_out_anew(void **state)
{
    (void)state;
    struct world *w = &world;
    open_row(w, 110, (uint32_t[]){20, 0}, 2);
    uint32_t first = arrive(w, 11, WORK_HIGH, FROM_S);
    one_order(w, DISPATCH_ASK, first, 0);
    uint32_t second = arrive(w, 60, WORK_URGENT, FROM_S + 5);
    one_order(w, DISPATCH_ASK, second, 1);
    turn_at(w, FROM_S + 30);
    assert_int_equal(w->d.order_count, 4);
    assert_int_equal(w->d.works[first].officer, 1);
    assert_int_equal(w->d.works[second].officer, 0);
    assert_int_equal(w->d.counts.moved, 2);
    /* And stays so. */
    turn_at(w, FROM_S + 60);
    assert_int_equal(w->d.order_count, 0);
    done(w);
}

static void work_waits_for_who_is_busy(void **state)
{
    (void)state;
    struct world *w = &world;
    open_row(w, 40, (uint32_t[]){10}, 1);
    uint32_t first = arrive(w, 11, WORK_URGENT, FROM_S);
    works(dispatch_accept(&w->d, first, 0, FROM_S));
    uint32_t later = arrive(w, 30, WORK_HIGH, FROM_S + 10);
    assert_int_equal(w->d.order_count, 0);
    assert_int_equal(w->d.works[later].officer, 0);
    /* The urgent one goes first, though it came last. */
    uint32_t urgent = arrive(w, 31, WORK_URGENT, FROM_S + 20);
    one_order(w, DISPATCH_NOBODY, urgent, OFFICER_NONE);
    turn_at(w, FROM_S + 30);
    assert_int_equal(w->d.works[urgent].officer, 0);
    assert_int_equal(w->d.works[later].officer, OFFICER_NONE);
    works(dispatch_at_door(&w->d, first, 0, FROM_S + 400));
    dispatch_done(&w->d, first, FROM_S + 800);
    one_order(w, DISPATCH_ASK, urgent, 0);
    works(dispatch_accept(&w->d, urgent, 0, FROM_S + 801));
    done(w);
}

static void places_without_a_station_are_served_from_above(void **state)
{
    (void)state;
    static const char *const codes[] = {"620102", "620103", "620201", "630102"};
    struct world *w = &world;
    arena_init(&w->arena, ROOM);
    arena_init(&w->turn, ROOM);
    for (uint32_t i = 0; i < COUNT_OF(codes); i++) {
        w->beats[i] = (spot){103 * SPOT_DEGREE + (int32_t)i * 100000, 36 * SPOT_DEGREE};
        memcpy(w->divisions[i], codes[i], 7);
    }
    w->officers[0] = (struct officer){.home = 0, .on_until_s = NIGHT};
    memcpy(w->officers[0].division, codes[0], 7);
    begin(w, COUNT_OF(codes), 1);
    static const bool is_told[] = {false, true, true, true};
    for (uint32_t i = 0; i < COUNT_OF(codes); i++) {
        uint32_t work = arrive(w, i, WORK_URGENT, FROM_S);
        assert_int_equal(w->d.works[work].is_told, is_told[i]);
        one_order(w, DISPATCH_ASK, work, 0);
        dispatch_done(&w->d, work, FROM_S + 1);
    }
    /* With a station in each of them, nobody is sent from another city. */
    for (uint32_t i = 0; i < COUNT_OF(codes); i++) {
        w->officers[i] = (struct officer){.home = i, .on_until_s = NIGHT};
        memcpy(w->officers[i].division, codes[i], 7);
    }
    duty_staff(&w->duty, w->officers, COUNT_OF(codes));
    uint32_t work = arrive(w, 2, WORK_URGENT, FROM_S);
    one_order(w, DISPATCH_ASK, work, 2);
    assert_false(w->d.works[work].is_told);
    works(dispatch_refuse(&w->d, work, 2, FROM_S + 1));
    one_order(w, DISPATCH_NOBODY, work, OFFICER_NONE);
    work = arrive(w, 0, WORK_URGENT, FROM_S);
    works(dispatch_refuse(&w->d, work, 0, FROM_S + 1));
    one_order(w, DISPATCH_ASK, work, 1);
    done(w);
}

static void who_goes_home_soon_is_not_asked(void **state)
{
    (void)state;
    struct world *w = &world;
    open_row(w, 30, (uint32_t[]){10, 25}, 2);
    w->officers[0].on_until_s = FROM_S + 200;
    uint32_t work = arrive(w, 11, WORK_URGENT, FROM_S);
    one_order(w, DISPATCH_ASK, work, 1);
    done(w);
}

static void full_is_said(void **state)
{
    (void)state;
    struct world *w = &world;
    uint32_t work = 0;
    open_row(w, 30, (uint32_t[]){10, 25}, 2);
    for (uint32_t i = 0; i < WORK_MOST; i++)
        arrive(w, i % 30, WORK_HIGH, FROM_S);
    struct work_new one_more = {0, FROM_S + 3600, WORK_URGENT};
    fails(dispatch_arrive(&w->d, one_more, FROM_S, &work), "dispatch.full");
    turn_at(w, FROM_S + 30);
    dispatch_done(&w->d, 77, FROM_S + 31);
    assert_int_equal(arrive(w, 1, WORK_URGENT, FROM_S + 32), 77);
    turn_at(w, FROM_S + 60);
    assert_int_not_equal(w->d.works[77].officer, OFFICER_NONE);
    done(w);
}

/* An officer and a piece of work name each other; the lists hold everybody once. */
static void look_through(const struct world *w)
{
    const struct dispatch *d = &w->d;
    uint32_t open = 0;
    uint32_t listed = 0;
    for (uint32_t i = 0; i < d->work_end; i++) {
        const struct work *k = &d->works[i];
        open += k->state != WORK_UNUSED;
        if (k->state == WORK_UNUSED || k->officer == OFFICER_NONE)
            continue;
        const struct officer *o = &w->officers[k->officer];
        bool is_begun = k->state == WORK_TAKEN || k->state == WORK_HERE;
        assert_int_equal(is_begun ? o->busy : o->asked, i);
        assert_true(k->state != WORK_ASKED || o->busy == WORK_NONE);
        for (uint32_t p = 0; p < k->passed_count && p < PASSED_MOST; p++)
            assert_int_not_equal(k->passed[p], k->officer);
    }
    assert_int_equal(open, d->work_count);
    for (uint32_t beat = 0; beat < w->near.beat_count; beat++)
        for (uint32_t o = w->duty.first[beat]; o != OFFICER_NONE; o = w->officers[o].next) {
            assert_int_equal(w->officers[o].beat, beat);
            listed++;
        }
    assert_int_equal(listed, w->duty.officer_count);
}

static void answer(struct world *w, uint64_t *seed, uint32_t work, uint32_t now_s)
{
    const struct work *k = &w->d.works[work];
    uint32_t dice = draw(seed, 100);
    if (k->state == WORK_ASKED && dice < 60)
        works(dispatch_accept(&w->d, work, k->officer, now_s));
    else if (k->state == WORK_ASKED && dice < 80)
        works(dispatch_refuse(&w->d, work, k->officer, now_s));
    else if (k->state == WORK_TAKEN && dice < 30)
        works(dispatch_at_door(&w->d, work, k->officer, now_s));
    else if (k->state == WORK_TAKEN && dice < 35)
        works(dispatch_hand_over(&w->d, work, k->officer, now_s));
    else if (k->state == WORK_HERE && dice < 20)
        dispatch_done(&w->d, work, now_s);
    else if (k->state == WORK_OPEN && dice < 2)
        dispatch_done(&w->d, work, now_s);
}

static void chance_breaks_nothing(void **state)
{
    (void)state;
    struct world *w = &world;
    for (uint64_t seed = 1; seed < 6; seed++) {
        uint64_t dice = seed;
        uint32_t homes[OFFICERS];
        for (uint32_t i = 0; i < OFFICERS; i++)
            homes[i] = draw(&dice, BEATS);
        open_row(w, BEATS, homes, 1 + draw(&dice, OFFICERS));
        for (uint32_t now_s = FROM_S; now_s < FROM_S + 40000; now_s += 1 + draw(&dice, 30)) {
            if (draw(&dice, 4) == 0)
                arrive(w, draw(&dice, BEATS), draw(&dice, 2), now_s);
            for (uint32_t i = 0; i < 4 && w->d.work_end > 0; i++)
                answer(w, &dice, draw(&dice, w->d.work_end), now_s);
            uint32_t who = draw(&dice, w->duty.officer_count);
            w->officers[who].on_until_s = draw(&dice, 10) == 0 ? 0 : NIGHT;
            if (draw(&dice, 3) == 0)
                turn_at(w, now_s);
            look_through(w);
        }
        done(w);
    }
}

/* Goal: what stood before a restart goes on as it was: who was asked is still asked, and answers in
 * time or not; who is busy is asked about nothing. */
static void what_stood_goes_on(void **state)
{
    (void)state;
    struct world *w = &world;
    open_row(w, 30, (const uint32_t[]){0, 29}, 2);
    uint32_t works_of[3];
    struct work asked = {.beat = 1,
                         .came_s = FROM_S,
                         .due_s = FROM_S + 3600,
                         .officer = 0,
                         .since_s = FROM_S,
                         .expected_s = FROM_S + 500,
                         .tier = WORK_URGENT,
                         .state = WORK_ASKED};
    struct work begun = asked;
    begun.officer = 1;
    begun.state = WORK_TAKEN;
    struct work twice = asked;
    works(dispatch_stand(&w->d, &asked, &works_of[0]));
    works(dispatch_stand(&w->d, &begun, &works_of[1]));
    assert_string_equal(dispatch_stand(&w->d, &twice, &works_of[2]).why, "dispatch.not_free");
    assert_int_equal(w->d.work_count, 2);
    assert_int_equal(w->officers[1].beat, 1);
    turn_at(w, FROM_S + 30);
    assert_int_equal(w->d.order_count, 0); /* nothing is better */
    works(dispatch_accept(&w->d, works_of[0], 0, FROM_S + 40));
    dispatch_done(&w->d, works_of[0], FROM_S + 600);
    dispatch_done(&w->d, works_of[1], FROM_S + 700);
    assert_int_equal(w->d.work_count, 0);
    done(w);
}

/* Goal: whoever may not see a division's work is not asked about it, however near. */
static void who_may_not_see_it_is_not_asked(void **state)
{
    (void)state;
    struct world *w = &world;
    open_row(w, 30, (const uint32_t[]){1, 29}, 2);
    memcpy(w->officers[0].sees, "620103", 7);
    memcpy(w->officers[1].sees, "6201", 5);
    struct work work = {.division = "620102",
                        .beat = 1,
                        .came_s = FROM_S,
                        .due_s = FROM_S + 3600,
                        .officer = OFFICER_NONE,
                        .since_s = FROM_S,
                        .tier = WORK_HIGH,
                        .state = WORK_OPEN};
    uint32_t at = 0;
    works(dispatch_stand(&w->d, &work, &at));
    turn_at(w, FROM_S);
    assert_int_equal(w->d.works[at].state, WORK_ASKED);
    assert_int_equal(w->d.works[at].officer, 1);
    done(w);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(soonest_is_asked_and_goes),
        cmocka_unit_test(refusal_and_silence_pass_on),
        cmocka_unit_test(handed_over_goes_to_the_next),
        cmocka_unit_test(a_turn_deals_out_anew),
        cmocka_unit_test(work_waits_for_who_is_busy),
        cmocka_unit_test(places_without_a_station_are_served_from_above),
        cmocka_unit_test(who_goes_home_soon_is_not_asked),
        cmocka_unit_test(full_is_said),
        cmocka_unit_test(what_stood_goes_on),
        cmocka_unit_test(who_may_not_see_it_is_not_asked),
        cmocka_unit_test(chance_breaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
