/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch_world.h"

#include "drill/dice.h"

#include <assert.h>
#include <stdlib.h>

enum { WORLD_ROOM = 512 << 20, DAY_S = 86400, DAY_FROM_S = 3600, HAND_OVER_ONE_IN = 50 };
enum { WHAT_ANSWER = 1, WHAT_AFTER, WHAT_HAND_OVER };

/* --- what is so, whoever is sent --- */

/* Assumed: six in a hundred refuse, six do not answer (no signal), the others after 45 s, give or
 * take. */
enum answer world_answer(const struct dispatch_world *w, uint32_t alert, uint32_t officer,
                         uint32_t *ret_after_s)
{
    uint64_t who = (uint64_t)alert * PROVINCE_OFFICERS + officer;
    uint64_t dice = dice_scale(dice_mix(w->settings.seed, who, WHAT_ANSWER), 100);
    int64_t after = dice_about_fixed(dice_mix(w->settings.seed, who, WHAT_AFTER), 45, 600000);
    *ret_after_s = (uint32_t)after + 1;
    return dice < 6 ? ANSWER_REFUSE : dice < 12 ? ANSWER_NONE : ANSWER_ACCEPT;
}

bool world_hands_over(const struct dispatch_world *w, uint32_t alert, uint32_t officer)
{
    uint64_t who = (uint64_t)alert * PROVINCE_OFFICERS + officer;
    uint64_t dice = dice_mix(w->settings.seed, who, WHAT_HAND_OVER);
    return dice_scale(dice, HAND_OVER_ONE_IN) == 0;
}

uint32_t world_travel_s(const struct dispatch_world *w, uint32_t from, uint32_t to, uint32_t at_s)
{
    return province_travel_s(&w->province, from, to, at_s, w->settings.slow_percent);
}

bool world_is_on(const struct dispatch_world *w, uint32_t officer)
{
    return province_is_on(&w->province, officer, (uint32_t)w->settings.seed);
}

uint32_t world_home(const struct dispatch_world *w, uint32_t officer)
{
    return w->province.stations[w->province.officers[officer].station].beat;
}

static int by_time(const void *a, const void *b)
{
    const struct world_alert *x = a;
    const struct world_alert *y = b;
    return x->came_s != y->came_s ? (x->came_s < y->came_s ? -1 : 1)
                                  : (x->beat > y->beat) - (x->beat < y->beat);
}

/* Two in three between nine and nine, when people are called: assumed. */
static void draw_alerts(struct dispatch_world *w)
{
    struct dice d;
    dice_fork(&d, w->settings.seed, STR("alerts"));
    for (uint32_t i = 0; i < w->alert_count; i++) {
        struct world_alert *a = &w->alerts[i];
        uint32_t hours = dice_below(&d, 3) > 0 ? 12 : 24;
        a->came_s = DAY_FROM_S + (uint32_t)dice_below(&d, hours * 3600ULL);
        a->came_s += hours == 12 ? 9 * 3600 : 0;
        a->beat = province_pick(&w->province, random_u64(&d.source));
        a->visit_s = (uint32_t)dice_about(&d, 1500, 500000) + 60;
        a->tier = dice_below(&d, 100) < w->settings.urgent_percent ? WORK_URGENT : WORK_HIGH;
    }
    qsort(w->alerts, w->alert_count, sizeof *w->alerts, by_time);
}

err dispatch_world_open(struct dispatch_world *w, const struct world_settings *s)
{
    *w = (struct dispatch_world){.settings = *s, .alert_count = s->alerts};
    assert(s->alerts <= DAY_WORK_MOST);
    arena_init(&w->arena, WORLD_ROOM);
    arena_init(&w->turn, WORLD_ROOM);
    TRY(province_make(&w->province, 1, &w->arena));
    w->centres = arena_make_array(&w->arena, PROVINCE_BEATS, sizeof *w->centres);
    w->divisions = arena_make_array(&w->arena, PROVINCE_BEATS, sizeof *w->divisions);
    w->alerts = arena_make_array(&w->arena, s->alerts, sizeof *w->alerts);
    if (w->centres == NULL || w->divisions == NULL || w->alerts == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < PROVINCE_BEATS; i++) {
        w->centres[i] = province_centre(&w->province, i);
        memcpy(w->divisions[i], w->province.stations[w->province.beats[i].station].division,
               PROVINCE_CODE_BYTES);
    }
    draw_alerts(w);
    return neighbours_make(&w->near, &travel_usual, w->centres, PROVINCE_BEATS, &w->arena);
}

void dispatch_world_close(struct dispatch_world *w)
{
    arena_done(&w->arena);
    arena_done(&w->turn);
}

void world_count(const struct dispatch_world *w, struct world_figures *f)
{
    for (uint32_t i = 0; i < w->alert_count; i++) {
        const struct world_alert *a = &w->alerts[i];
        f->alerts[a->tier]++;
        f->in_time[a->tier] += a->door_s != 0 && a->door_s <= a->came_s + WITHIN_S;
    }
}
