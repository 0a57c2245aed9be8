/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signals through the whole way that feeds have: a number hashed, a block put into the ring, taken
 * by the warned thread of an open centre, fused. By the clock on the wall, until the last one is
 * in. Beside it the same signals handed to a table of one's own, without ring, thread or pseudonym.
 *
 * None of them is strong enough for an alert: what one costs is the store's.
 */
#include "app/bench/bench.h"
#include "app/house/warned.h"
#include "env/pages.h"
#include "env/random.h"
#include "warn/model.h"

#include <stdio.h>
#include <string.h>

enum {
    NUMBERS = 50000,
    A_ROUND = 1 << 20,
    IN_FLIGHT = WARNED_BLOCKS / 2 * WARNED_BLOCK,
    BATCH = 256,
    WEAK = 40,
};
#define NAP_US INT64_C(50)

struct door {
    struct bench *b;
    struct random_source dice;
    struct pages signals;
    struct pages room;
    struct live table;
    struct warn_model model;
    struct warn_budget budget;
    uint64_t told;
};

static void make_round(struct door *d)
{
    struct signal *s = d->signals.at;
    uint32_t now_s = (uint32_t)(clock_now(&d->b->house->clock).us / US_PER_S);
    for (uint32_t i = 0; i < A_ROUND; i++)
        s[i] = (struct signal){.about = 1 + random_below(&d->dice, NUMBERS),
                               .id = random_u64(&d->dice),
                               .time_s = now_s,
                               .strength = WEAK,
                               .kind = SIGNAL_VISIT};
}

static err wait_for(const struct door *d, uint64_t left)
{
    struct warned_counts c;
    do {
        if (!warned_show(d->b->house, &c) || c.dropped > 0)
            return fail(ERR_CORRUPT, "bench: an answer is wrong", 0);
        if (d->told - c.live.taken > left)
            env_nap_us(NAP_US);
    } while (d->told - c.live.taken > left);
    return OK;
}

static err tell_round(struct door *d)
{
    static struct warned_tell tell;
    const struct signal *s = d->signals.at;
    warned_tell_begin(&tell, d->b->house, STR("visits"), STR("bench"));
    for (uint32_t i = 0; i < A_ROUND; i++) {
        char number[WARNED_NUMBER_BYTES];
        int size = snprintf(number, sizeof number, "+86139%08u", (unsigned)s[i].about);
        const struct warned_seen seen = {.kind = SIGNAL_VISIT,
                                         .basis = WARNED_LISTING,
                                         .time_s = s[i].time_s,
                                         .strength = WEAK,
                                         .id = s[i].id,
                                         .number = str_make(number, (size_t)size)};
        warned_tell_put(&tell, &seen);
        d->told++;
        if (d->told % BATCH == 0)
            TRY(wait_for(d, IN_FLIGHT));
    }
    warned_tell_end(&tell);
    return wait_for(d, 0);
}

static double take_round(struct door *d)
{
    struct warn_turn turns[BATCH];
    const struct signal *s = d->signals.at;
    int64_t began = env_monotonic_us();
    for (uint32_t i = 0; i < A_ROUND; i += BATCH)
        (void)live_take(&d->table, s + i, BATCH, s[i].time_s, turns);
    return A_ROUND / (double)(env_monotonic_us() - began);
}

static err time_both(struct door *d)
{
    double samples[2][BENCH_ROUNDS];
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        make_round(d);
        int64_t began = env_monotonic_us();
        TRY(tell_round(d));
        samples[0][i] = A_ROUND / (double)(env_monotonic_us() - began);
        samples[1][i] = take_round(d);
    }
    bench_add(d->b, &(struct bench_result){.name = "warn.door",
                                           .unit = "millions_per_second",
                                           .ours = bench_median(samples[0]),
                                           .peer = bench_median(samples[1])});
    return OK;
}

err bench_warned(struct bench *b)
{
    struct door d = {.b = b};
    const struct live_settings s = {NUMBERS, &d.model.rules, &d.model.curve, &d.budget};
    random_init_seeded(&d.dice, 1);
    warn_model_usual(&d.model);
    err e = pages_make(A_ROUND * sizeof(struct signal), &d.signals);
    if (!failed(e))
        e = pages_make(live_room(NUMBERS), &d.room);
    if (!failed(e)) {
        live_init(&d.table, &s, d.room.at);
        e = time_both(&d);
    }
    pages_drop(&d.room);
    pages_drop(&d.signals);
    return e;
}
