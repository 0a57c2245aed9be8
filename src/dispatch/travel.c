/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch/travel.h"

#include <assert.h>
#include <stdlib.h>

enum { HOUR_S = 3600 };

const struct travel_rules travel_usual = {
    .start_s = 180,
    .detour_percent = 140,
    .roads =
        {
                [ROAD_STREET] = {4000, 24000},
                [ROAD_COUNTRY] = {30000, 42000},
                [ROAD_MAIN] = {UINT32_MAX, 60000},
                },
};

uint32_t travel_s(const struct travel_rules *r, spot from, spot to)
{
    uint64_t left_m = (uint64_t)spot_distance_m(from, to) * r->detour_percent / 100;
    uint64_t begun_m = 0;
    uint64_t seconds = r->start_s;
    for (enum road_kind kind = 0; kind < ROAD_KINDS && left_m > 0; kind++) {
        assert(r->roads[kind].m_an_hour > 0 && r->roads[kind].until_m > begun_m);
        uint64_t here_m = r->roads[kind].until_m - begun_m;
        if (kind == ROAD_KINDS - 1 || here_m > left_m)
            here_m = left_m;
        seconds += (here_m * HOUR_S + r->roads[kind].m_an_hour - 1) / r->roads[kind].m_an_hour;
        begun_m += here_m;
        left_m -= here_m;
    }
    return (uint32_t)seconds;
}

uint32_t neighbours_travel_s(const struct neighbours *n, uint32_t from, uint32_t to)
{
    assert(from < n->beat_count && to < n->beat_count);
    return travel_s(n->rules, n->beats[from], n->beats[to]);
}

struct latitude {
    int32_t lat;
    uint32_t beat;
};

static int by_latitude(const void *a, const void *b)
{
    const struct latitude *x = a;
    const struct latitude *y = b;
    if (x->lat != y->lat)
        return x->lat < y->lat ? -1 : 1;
    return x->beat < y->beat ? -1 : x->beat > y->beat;
}

/* While a row is made its travel_s are metres. */
struct row {
    struct near *at;
    uint32_t count;
    uint32_t room;
};

static bool is_before(struct near a, struct near b)
{
    return a.travel_s != b.travel_s ? a.travel_s < b.travel_s : a.beat < b.beat;
}

static void row_put(struct row *r, struct near one)
{
    if (r->count == r->room && !is_before(one, r->at[r->count - 1]))
        return;
    uint32_t i = r->count < r->room ? r->count++ : r->room - 1;
    for (; i > 0 && is_before(one, r->at[i - 1]); i--)
        r->at[i] = r->at[i - 1];
    r->at[i] = one;
}

/* Whether somebody so far to the north or south could still be among the nearest. */
static bool may_be_near(const struct row *r, spot here, int32_t lat)
{
    spot there = {.lon = here.lon, .lat = lat};
    return r->count < r->room || spot_distance_m(here, there) <= r->at[r->count - 1].travel_s;
}

static void look(const struct neighbours *n, const struct latitude *order, uint32_t place,
                 struct row *r)
{
    uint32_t beat = order[place].beat;
    spot here = n->beats[beat];
    row_put(r, (struct near){.beat = beat});
    uint32_t up = place + 1;
    uint32_t down = place;
    bool goes_up = true;
    bool goes_down = true;
    while (goes_up || goes_down) {
        goes_up = goes_up && up < n->beat_count && may_be_near(r, here, order[up].lat);
        goes_down = goes_down && down > 0 && may_be_near(r, here, order[down - 1].lat);
        if (goes_up) {
            uint32_t other = order[up++].beat;
            row_put(r, (struct near){other, spot_distance_m(here, n->beats[other])});
        }
        if (goes_down) {
            uint32_t other = order[--down].beat;
            row_put(r, (struct near){other, spot_distance_m(here, n->beats[other])});
        }
    }
}

err neighbours_make(struct neighbours *n, const struct travel_rules *rules, const spot *beats,
                    uint32_t beat_count, struct arena *a)
{
    assert(beat_count > 0 && beat_count <= BEATS_MOST);
    uint32_t each = beat_count < NEAR_EACH ? beat_count : NEAR_EACH;
    *n =
        (struct neighbours){.beats = beats, .rules = rules, .beat_count = beat_count, .each = each};
    n->rows = arena_make_array(a, (size_t)beat_count * each, sizeof *n->rows);
    struct latitude *order = arena_make_array(a, beat_count, sizeof *order);
    if (n->rows == NULL || order == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < beat_count; i++)
        order[i] = (struct latitude){.lat = beats[i].lat, .beat = i};
    qsort(order, beat_count, sizeof *order, by_latitude);
    for (uint32_t place = 0; place < beat_count; place++) {
        struct row r = {.at = &n->rows[(size_t)order[place].beat * each], .room = each};
        look(n, order, place, &r);
        for (uint32_t i = 0; i < each; i++)
            r.at[i].travel_s = neighbours_travel_s(n, r.at[i].beat, order[place].beat);
    }
    return OK;
}
