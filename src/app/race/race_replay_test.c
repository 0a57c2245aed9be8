/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: in the drill's world the race costs those who did nothing no more than stopping the first
 * layer only, and saves no less of what was stolen; a rank without collateral would not be so.
 * Method: a small province's fortnight, replayed by each policy at three delays; then the race
 * once more with innocent money worth nothing.
 */
#include "app/race/race_replay.h"

#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SEED = 1, SCALE = 4000, DAYS = 14 };

static struct race_world world;

static struct replay_result replay(enum race_policy policy, int64_t minutes)
{
    struct replay_result result = {0};
    struct replay_settings s = {
        .policy = policy, .delay_us = minutes * US_PER_MIN, .race = race_usual};
    err e = race_replay(&world, &s, &result);
    if (failed(e))
        fail_msg("%s", e.why);
    return result;
}

/* First layer only, as gently as can be: the amount is held, where the bank can. Stopping accounts
 * there costs the innocent ten times that, and may save more: it is never done for that. */
static void costs_the_innocent_no_more_than_the_first_layer(void **state)
{
    static const int64_t delays_min[] = {5, 30, 120};
    (void)state;
    assert_true(world.stolen_fen > 0);
    for (size_t i = 0; i < COUNT_OF(delays_min); i++) {
        struct replay_result race = replay(POLICY_RACE, delays_min[i]);
        struct replay_result held = replay(POLICY_FIRST_HOLD, delays_min[i]);
        struct replay_result stopped = replay(POLICY_FIRST_STOP, delays_min[i]);
        print_message("%lld min: race saves %lld fen, costs %lld fen-hours; held there %lld, %lld; "
                      "stopped there %lld, %lld\n",
                      (long long)delays_min[i], (long long)race.saved_fen, (long long)race.innocent,
                      (long long)held.saved_fen, (long long)held.innocent,
                      (long long)stopped.saved_fen, (long long)stopped.innocent);
        assert_true(race.innocent <= held.innocent);
        assert_true(race.innocent <= stopped.innocent);
        assert_true(race.saved_fen >= held.saved_fen);
    }
}

static int begin(void **state)
{
    static struct arena arena;
    *state = &arena;
    arena_init(&arena, SIZE_MAX);
    return failed(race_world_make(SEED, SCALE, DAYS, &arena, &world));
}

static int end(void **state)
{
    arena_done(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_the_innocent_no_more_than_the_first_layer),
    };
    return cmocka_run_group_tests_name("app/race_replay", tests, begin, end);
}
