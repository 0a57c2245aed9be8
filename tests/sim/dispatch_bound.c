/* SPDX-License-Identifier: Apache-2.0 */
/* How many could be reached in time by whoever knows everything beforehand. */
#include "dispatch/assign.h"
#include "dispatch_world.h"

#include <assert.h>

enum { SLOT_S = 1800, SLOTS = 26 * 3600 / SLOT_S + 1, EDGES_EACH = 160, FROM_HOME = 96 };

struct bound {
    const struct dispatch_world *w;
    struct assign_edge *edges;
    uint32_t *first;
    uint32_t edge_count;
    uint32_t *on;        /* officers on duty */
    uint32_t *on_at;     /* first of a beat; PROVINCE_OFFICERS: none */
    uint32_t *on_next;   /* of the same beat */
    uint32_t *soonest_s; /* of each alert: when somebody could be at the door */
};

/* When they would be there, if they set out at `from_s` or when the alert comes; answers take
 * whoever knows no time. UINT32_MAX: they would not come. */
static uint32_t there_s(const struct bound *b, uint32_t alert, uint32_t officer, uint32_t from,
                        uint32_t from_s)
{
    const struct world_alert *a = &b->w->alerts[alert];
    uint32_t after_s = 0;
    if (officer != OFFICER_NONE && world_answer(b->w, alert, officer, &after_s) != ANSWER_ACCEPT)
        return UINT32_MAX;
    uint32_t out_s = from_s > a->came_s ? from_s : a->came_s;
    return out_s + world_travel_s(b->w, from, a->beat, out_s);
}

static void put_edge(struct bound *b, uint32_t column, int64_t cost)
{
    b->edges[b->edge_count++] = (struct assign_edge){cost, column};
}

static uint32_t slot_column(const struct bound *b, uint32_t officer, uint32_t came_s)
{
    return b->w->alert_count + officer * SLOTS + came_s / SLOT_S;
}

/* Stations around, until FROM_HOME officers could be in time. */
static void put_homes(struct bound *b, uint32_t alert)
{
    const struct world_alert *a = &b->w->alerts[alert];
    const struct near *row = neighbours_of(&b->w->near, a->beat);
    uint32_t count = 0;
    b->soonest_s[alert] = UINT32_MAX;
    for (uint32_t i = 0; i < b->w->near.each; i++)
        for (uint32_t o = b->on_at[row[i].beat]; o != OFFICER_NONE; o = b->on_next[o]) {
            uint32_t s = there_s(b, alert, o, row[i].beat, 0);
            b->soonest_s[alert] = s < b->soonest_s[alert] ? s : b->soonest_s[alert];
            if (s > a->came_s + WITHIN_S || count == FROM_HOME)
                continue;
            put_edge(b, slot_column(b, o, a->came_s), 0);
            count++;
        }
}

/* Whoever is done with a visit before may go on from there. */
static void put_visits(struct bound *b, uint32_t alert, uint32_t until)
{
    const struct world_alert *a = &b->w->alerts[alert];
    for (uint32_t i = alert; i > 0 && b->edge_count < until; i--) {
        const struct world_alert *before = &b->w->alerts[i - 1];
        if (before->came_s + 4 * 3600 < a->came_s)
            break;
        if (b->soonest_s[i - 1] == UINT32_MAX)
            continue;
        uint32_t free_s = b->soonest_s[i - 1] + before->visit_s;
        if (free_s > a->came_s + WITHIN_S)
            continue;
        if (there_s(b, alert, OFFICER_NONE, before->beat, free_s) <= a->came_s + WITHIN_S)
            put_edge(b, i - 1, 0);
    }
}

static err room(struct bound *b, struct arena *a)
{
    size_t alerts = b->w->alert_count;
    b->edges = arena_make_array(a, alerts * EDGES_EACH, sizeof *b->edges);
    b->first = arena_make_array(a, alerts + 1, sizeof *b->first);
    b->on_at = arena_make_array(a, PROVINCE_BEATS, sizeof *b->on_at);
    b->on_next = arena_make_array(a, PROVINCE_OFFICERS, sizeof *b->on_next);
    b->soonest_s = arena_make_array(a, alerts, sizeof *b->soonest_s);
    bool has_all = b->edges != NULL && b->first != NULL && b->on_at != NULL && b->on_next != NULL &&
                   b->soonest_s != NULL;
    return has_all ? OK : fail(ERR_LIMIT, "limit.memory", 0);
}

static void put_staff(struct bound *b)
{
    for (uint32_t i = 0; i < PROVINCE_BEATS; i++)
        b->on_at[i] = OFFICER_NONE;
    for (uint32_t i = 0; i < PROVINCE_OFFICERS; i++) {
        if (!world_is_on(b->w, i))
            continue;
        uint32_t home = world_home(b->w, i);
        b->on_next[i] = b->on_at[home];
        b->on_at[home] = i;
    }
}

err dispatch_bound(struct dispatch_world *w, struct world_figures *ret_figures)
{
    struct bound b = {.w = w};
    uint32_t *column = arena_make_array(&w->turn, w->alert_count, sizeof *column);
    TRY(room(&b, &w->turn));
    put_staff(&b);
    for (uint32_t i = 0; i < w->alert_count; i++) {
        b.first[i] = b.edge_count;
        put_homes(&b, i);
        put_visits(&b, i, b.first[i] + EDGES_EACH - 1);
        put_edge(&b, i, 1); /* not in time: and nobody goes on from there */
    }
    b.first[w->alert_count] = b.edge_count;
    struct assign_problem p = {.edges = b.edges,
                               .first = b.first,
                               .row_count = w->alert_count,
                               .column_count = w->alert_count + PROVINCE_OFFICERS * SLOTS};
    TRY(column == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : assign_solve(&p, &w->turn, column));
    *ret_figures = (struct world_figures){.counts = {.asked = 0}};
    for (uint32_t i = 0; i < w->alert_count; i++) {
        ret_figures->alerts[w->alerts[i].tier]++;
        ret_figures->in_time[w->alerts[i].tier] += column[i] != i;
    }
    arena_reset(&w->turn);
    return OK;
}
