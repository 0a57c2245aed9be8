/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/bench_calls.h"

uint64_t calls_world_mix(uint64_t n)
{
    uint64_t x = n + UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static double share(struct calls_world *w)
{
    return (double)(calls_world_mix(w->draws++) >> 11) * 0x1p-53;
}

uint64_t calls_world_key(uint32_t n)
{
    return calls_world_mix(UINT64_C(1) << 40 | n) | 1;
}

void calls_world_call(struct calls_world *w, struct sighting *s, uint32_t from, uint32_t to)
{
    uint64_t chance = calls_world_mix(w->draws++);
    bool is_answered = chance % 8 < 5;
    *s = (struct sighting){
        .caller = calls_world_key(from),
        .callee = calls_world_key(to),
        .pair = (uint32_t)calls_world_mix((uint64_t)from << 32 | to),
        .handset = (uint32_t)calls_world_key(from) | 1,
        .id = calls_world_mix(UINT64_C(1) << 60 | w->calls),
        .time_s = CALLS_WORLD_BEGAN_S + (uint32_t)(w->calls * CALLS_WORLD_DAY_S /
                                                   ((uint64_t)w->a_round * 4 + w->numbers)),
        .duration_s = is_answered ? (uint32_t)(chance >> 32) % 300 : 0,
        .parts = (uint8_t)(CALL_SETUP | CALL_END | (is_answered ? CALL_ANSWER : 0)),
        .imei = (uint8_t)(from % CONDUCT_IMEI_PLACES),
        .imsi = (uint8_t)(from % CONDUCT_IMSI_PLACES),
        .cell = (uint8_t)((chance >> 16) % 4)};
    w->calls++;
}

void calls_world_round(struct calls_world *w)
{
    struct sighting *s = w->sightings.at;
    for (uint32_t i = 0; i < w->a_round; i++) {
        double from = share(w);
        double to = share(w);
        from = w->is_skewed ? from * from * from : from;
        to = w->is_skewed ? to * to : to;
        calls_world_call(w, &s[i], (uint32_t)(from * w->numbers), (uint32_t)(to * w->numbers));
    }
}

err calls_world_make(struct calls_world *w, uint32_t numbers, uint32_t a_round, bool is_skewed)
{
    *w = (struct calls_world){
        .numbers = numbers, .a_round = a_round, .is_skewed = is_skewed, .draws = 7};
    TRY(pages_make(a_round * sizeof(struct sighting), &w->sightings));
    return pages_make(a_round * sizeof(struct book_due), &w->due);
}
