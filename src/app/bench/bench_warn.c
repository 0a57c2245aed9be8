/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals into episodes of a million numbers, in processor time of one thread: each fused with what
 * is known of the number, weighed, calibrated, its tier told. Beside it a plain table that adds a
 * fading sum to the number's, knows no repeats, no late rows, no reasons and no bound.
 *
 * The worlds: signals of any number; and half of them of ten numbers in a million.
 */
#include "app/bench/bench.h"
#include "env/clock.h"
#include "env/pages.h"
#include "env/random.h"
#include "warn/decay.h"
#include "warn/live.h"
#include "warn/model.h"

enum {
    BATCH = 4096,
    NUMBERS = 1 << 20,
    A_ROUND = 500 * BATCH,
    ROUNDS = BENCH_ROUNDS,
    FAMOUS = 10,
    A_SECOND = 4000, /* signals of the world's clock */
    AGAIN = 16,      /* one in so many comes again */
    BEGAN_S = 1800000000,
    HALF_LIFE_S = 3600,
    PLAIN_BITS = 21,
    PLAIN_AHEAD = 16,
    LEAST = 100, /* strength */
};

#define SPREAD UINT64_C(0x9E3779B97F4A7C15)

struct plain {
    uint64_t key;
    int64_t sum_mn;
    uint32_t at_s;
    uint32_t count;
    uint64_t newest;
};

struct world {
    struct random_source dice;
    struct pages signals;
    struct pages turns;
    struct pages room;
    struct pages plain_room;
    struct warn_model model;
    struct warn_budget budget;
    struct live table;
    struct plain *plain;
    uint64_t made;
    uint64_t alerts;
    bool is_skewed;
};

static uint64_t some_number(struct world *w)
{
    uint64_t number = random_below(&w->dice, NUMBERS);
    if (w->is_skewed && random_below(&w->dice, 2) == 0)
        number = random_below(&w->dice, FAMOUS);
    return (number + 1) * SPREAD;
}

static void make_round(struct world *w)
{
    struct signal *s = w->signals.at;
    for (uint32_t i = 0; i < A_ROUND; i++, w->made++) {
        bool is_again = i > 0 && random_below(&w->dice, AGAIN) == 0;
        if (is_again) {
            s[i] = s[random_below(&w->dice, i)];
            continue;
        }
        uint64_t bits = random_u64(&w->dice);
        s[i] = (struct signal){.about = some_number(w),
                               .id = w->made,
                               .evidence = bits >> 32,
                               .time_s = BEGAN_S + (uint32_t)(w->made / A_SECOND),
                               .strength = (uint16_t)(LEAST + bits % (SIGNAL_WHOLE - LEAST)),
                               .kind = (uint8_t)((bits >> 20 & 1023) * SIGNAL_KINDS / 1024)};
    }
}

/* --- ours --- */

/* When the batch ends that begins so far into the round. */
static uint32_t now_of(const struct world *w, uint32_t from)
{
    return BEGAN_S + 1 + (uint32_t)((w->made - A_ROUND + from + BATCH) / A_SECOND);
}

static double time_table(struct world *w)
{
    const struct signal *s = w->signals.at;
    int64_t began = env_cpu_us();
    for (uint32_t from = 0; from < A_ROUND; from += BATCH)
        w->alerts += live_take(&w->table, s + from, BATCH, now_of(w, from), w->turns.at);
    return A_ROUND / (double)(env_cpu_us() - began);
}

/* --- the peer --- */

static struct plain *plain_home(const struct world *w, uint64_t key)
{
    return &w->plain[key >> (64 - PLAIN_BITS)];
}

static struct plain *plain_find(const struct world *w, uint64_t key)
{
    uint64_t i = key >> (64 - PLAIN_BITS);
    while (w->plain[i].key != key && w->plain[i].key != 0)
        i = (i + 1) & ((UINT64_C(1) << PLAIN_BITS) - 1);
    w->plain[i].key = key;
    return &w->plain[i];
}

static void plain_take(const struct world *w, const struct signal *s)
{
    struct plain *p = plain_find(w, s->about);
    int64_t age_s = s->time_s > p->at_s ? (int64_t)s->time_s - p->at_s : 0;
    p->sum_mn = p->sum_mn * decay_exp2(-age_s * Q16 / HALF_LIFE_S) / Q16;
    p->sum_mn += (int64_t)w->model.rules.weight_mn[s->kind] * s->strength / SIGNAL_WHOLE;
    p->at_s = s->time_s;
    p->newest = s->evidence;
    p->count++;
}

static double time_plain(const struct world *w)
{
    const struct signal *s = w->signals.at;
    int64_t began = env_cpu_us();
    for (uint32_t from = 0; from < A_ROUND; from += PLAIN_AHEAD) {
        for (uint32_t i = from; i < from + PLAIN_AHEAD; i++)
            __builtin_prefetch(plain_home(w, s[i].about), 1);
        for (uint32_t i = from; i < from + PLAIN_AHEAD; i++)
            plain_take(w, &s[i]);
    }
    return A_ROUND / (double)(env_cpu_us() - began);
}

/* --- side by side --- */

static err world_make(struct world *w)
{
    const struct live_settings s = {NUMBERS, &w->model.rules, &w->model.curve, &w->budget};
    random_init_seeded(&w->dice, 1);
    warn_model_usual(&w->model);
    TRY(pages_make(A_ROUND * sizeof(struct signal), &w->signals));
    TRY(pages_make(BATCH * sizeof(struct warn_turn), &w->turns));
    TRY(pages_make(live_room(NUMBERS), &w->room));
    TRY(pages_make(sizeof(struct plain) << PLAIN_BITS, &w->plain_room));
    live_init(&w->table, &s, w->room.at);
    w->plain = w->plain_room.at;
    return OK;
}

static void world_drop(struct world *w)
{
    pages_drop(&w->plain_room);
    pages_drop(&w->room);
    pages_drop(&w->turns);
    pages_drop(&w->signals);
}

static err check(const struct world *w)
{
    const struct live_counts *c = &w->table.counts;
    bool is_right = c->taken == w->made && c->late == 0 && c->ahead == 0 && c->dropped == 0 &&
                    c->again > 0 && w->alerts > 0;
    return is_right ? OK : fail(ERR_CORRUPT, "bench: an answer is wrong", 0);
}

static err time_both(struct bench *b, struct world *w)
{
    double samples[2][ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        make_round(w);
        samples[0][i] = time_table(w);
        samples[1][i] = time_plain(w);
        TRY(check(w));
    }
    bench_add(b, &(struct bench_result){.name = w->is_skewed ? "warn.famous" : "warn.even",
                                        .unit = "millions_per_second",
                                        .ours = bench_median(samples[0]),
                                        .peer = bench_median(samples[1])});
    return OK;
}

err bench_warn(struct bench *b)
{
    for (int skewed = 0; skewed < 2; skewed++) {
        struct world w = {.is_skewed = skewed != 0};
        err e = world_make(&w);
        if (!failed(e))
            e = time_both(b, &w);
        world_drop(&w);
        TRY(e);
    }
    return bench_warned(b);
}
