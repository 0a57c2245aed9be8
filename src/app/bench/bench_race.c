/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The race: how long a ranking of 10,000 accounts takes after a receipt, in processor time of one
 * thread; and what it saves in a drill's month, beside an oracle told as late, and whom it harms,
 * beside stopping the victims' payees alone and beside stopping whoever the money reaches.
 */
#include "app/bench/bench.h"
#include "app/race/race_replay.h"

#include <assert.h>
#include <stdlib.h>

enum { LIVE = 10000, RANKINGS = 200, SEED = 1, SCALE = 20000, DAYS = 30, DELAYS = 3 };
enum { MINUTE_MS = 60000, BANKS = 60 };
#define NOW_MS    INT64_C(1790000000000)
#define MINUTE_US INT64_C(60000000)

/* --- a ranking --- */

struct state {
    uint64_t draws;
};

static uint64_t draw(struct state *s)
{
    uint64_t x = s->draws++ + UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static err fill(struct race *r, struct state *s)
{
    for (uint32_t i = 0; i < LIVE; i++) {
        struct race_account a = {.account = i * 7919U,
                                 .bank = (uint32_t)(draw(s) % BANKS),
                                 .layer = 1 + i % 6,
                                 .is_company = i % 8 == 0,
                                 .can_hold = i % 10 != 0,
                                 .can_stop = true,
                                 .present = (int64_t)(draw(s) % 5000000),
                                 .honest = (int64_t)(draw(s) % 5000000)};
        a.attributed = a.present * 2;
        a.last_ms = NOW_MS - (int64_t)(draw(s) % (UINT64_C(4320) * MINUTE_MS));
        a.left_ms = i % 3 == 0 ? a.last_ms + MINUTE_MS : 0;
        TRY(race_put(r, &a));
    }
    return OK;
}

static void learn(struct race *r, struct state *s, uint32_t i)
{
    const struct race_receipt receipt = {.account = i * 7919U,
                                         .bank = (uint32_t)(draw(s) % BANKS),
                                         .is_done = true,
                                         .asked = 1000,
                                         .held = (int64_t)(draw(s) % 1001),
                                         .sent_ms = NOW_MS - MINUTE_MS * 5,
                                         .landed_ms = NOW_MS - MINUTE_MS};
    race_receipt(r, &receipt);
}

static int by_gain(const void *one, const void *other)
{
    const struct race_pick *a = one;
    const struct race_pick *b = other;
    if (a->gain != b->gain)
        return a->gain > b->gain ? -1 : 1;
    return a->account < b->account ? -1 : a->account > b->account;
}

/* The peer only sorts what was weighed. */
static err time_ranking(struct race *r, struct state *s, double *ret_ours, double *ret_peer)
{
    static struct race_pick picks[LIVE];
    struct arena turn;
    int64_t ours = 0;
    int64_t peer = 0;
    err e = OK;
    arena_init(&turn, 64 << 20);
    for (uint32_t i = 0; i < RANKINGS && !failed(e); i++) {
        struct race_plan plan = {0};
        int64_t began = env_cpu_us();
        arena_reset(&turn);
        learn(r, s, i);
        e = race_rank(r, NOW_MS + i * INT64_C(1000), INT64_MAX, &turn, &plan);
        ours += env_cpu_us() - began;
        for (uint32_t k = 0; k < plan.count; k++)
            picks[k * 7919U % LIVE] = plan.picks[k];
        began = env_cpu_us();
        qsort(picks, plan.count, sizeof *picks, by_gain);
        peer += env_cpu_us() - began;
    }
    arena_done(&turn);
    *ret_ours = (double)ours / RANKINGS;
    *ret_peer = (double)peer / RANKINGS;
    return e;
}

static err bench_ranking(struct bench *b)
{
    struct hazard *h = NULL;
    struct race *r = NULL;
    struct state s = {.draws = 20261123};
    double samples[2][BENCH_ROUNDS];
    TRY(hazard_make(&b->arena, &h));
    TRY(race_make(&b->arena, LIVE, &race_usual, h, &r));
    TRY(fill(r, &s));
    for (int i = 0; i < BENCH_ROUNDS; i++)
        TRY(time_ranking(r, &s, &samples[0][i], &samples[1][i]));
    bench_add(b, &(struct bench_result){.name = "race.rank_10k",
                                        .unit = "us",
                                        .is_time = true,
                                        .ours = bench_median(samples[0]),
                                        .peer = bench_median(samples[1])});
    return OK;
}

/* --- a month --- */

static const struct {
    int64_t minutes;
    const char *saved;
    const char *innocent;
    const char *naive;
} delays[DELAYS] = {
    {5,   "race.saved_5",   "race.innocent_5",   "race.naive_5"  },
    {30,  "race.saved_30",  "race.innocent_30",  "race.naive_30" },
    {120, "race.saved_120", "race.innocent_120", "race.naive_120"},
};

#define OF_THE_ORACLE 0.9 /* what is asked of it (docs/benchmarks.md) */

static double percent(const struct replay_result *r)
{
    return r->stolen_fen == 0 ? 0 : 100.0 * (double)r->saved_fen / (double)r->stolen_fen;
}

/* Thousands of yuan for an hour. */
static double harm(const struct replay_result *r)
{
    return (double)r->innocent / 100000;
}

static err bench_month(struct bench *b, const struct race_world *w, size_t which)
{
    struct replay_result results[POLICY_COUNT] = {0};
    for (unsigned policy = 0; policy < POLICY_COUNT; policy++) {
        struct replay_settings s = {
            .policy = policy, .delay_us = delays[which].minutes * MINUTE_US, .race = race_usual};
        TRY(race_replay(w, &s, &results[policy]));
    }
    const struct replay_result *race = &results[POLICY_RACE];
    bench_add(b, &(struct bench_result){.name = delays[which].saved,
                                        .unit = "percent",
                                        .ours = percent(race),
                                        .peer = percent(&results[POLICY_ORACLE]),
                                        .bar = OF_THE_ORACLE});
    bench_add(b, &(struct bench_result){.name = delays[which].innocent,
                                        .unit = "thousand_yuan_hours",
                                        .is_time = true,
                                        .ours = harm(race),
                                        .peer = harm(&results[POLICY_FIRST_STOP]),
                                        .bar = 1});
    bench_add(b, &(struct bench_result){.name = delays[which].naive,
                                        .unit = "thousand_yuan_hours",
                                        .is_time = true,
                                        .ours = harm(race),
                                        .peer = harm(&results[POLICY_NAIVE])});
    return OK;
}

err bench_race(struct bench *b)
{
    struct race_world w;
    struct arena world;
    TRY(bench_ranking(b));
    TRY(bench_pass(b));
    arena_init(&world, SIZE_MAX);
    err e = race_world_make(SEED, SCALE, DAYS, &world, &w);
    for (size_t i = 0; i < DELAYS && !failed(e); i++)
        e = bench_month(b, &w, i);
    arena_done(&world);
    return e;
}
