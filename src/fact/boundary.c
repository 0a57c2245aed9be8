/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/boundary.h"

#include <assert.h>
#include <stdlib.h>

struct side {
    spot from;
    spot to;
    uint32_t at;
};

static int32_t low_of(const struct side *s)
{
    return s->from.lon < s->to.lon ? s->from.lon : s->to.lon;
}

static int32_t high_of(const struct side *s)
{
    return s->from.lon > s->to.lon ? s->from.lon : s->to.lon;
}

static bool is_same(spot a, spot b)
{
    return a.lon == b.lon && a.lat == b.lat;
}

/* On which side of the line from a to b: -1, 0, 1. */
static int side_of(spot a, spot b, spot s)
{
    int64_t cross = ((int64_t)b.lon - a.lon) * ((int64_t)s.lat - a.lat) -
                    ((int64_t)b.lat - a.lat) * ((int64_t)s.lon - a.lon);
    return cross > 0 ? 1 : cross < 0 ? -1 : 0;
}

static bool crosses(const struct side *a, const struct side *b)
{
    return side_of(a->from, a->to, b->from) * side_of(a->from, a->to, b->to) < 0 &&
           side_of(b->from, b->to, a->from) * side_of(b->from, b->to, a->to) < 0;
}

static int by_low(const void *a, const void *b)
{
    const struct side *x = a;
    const struct side *y = b;
    if (low_of(x) != low_of(y))
        return low_of(x) < low_of(y) ? -1 : 1;
    return x->at < y->at ? -1 : 1;
}

static err look_for_crossings(struct side *sides, size_t count)
{
    qsort(sides, count, sizeof *sides, by_low);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count && low_of(&sides[k]) <= high_of(&sides[i]); k++)
            if (crosses(&sides[i], &sides[k]))
                return fail(ERR_MALFORMED, "boundary.crosses", sides[i].at);
    return OK;
}

/* Twice the area of a ring, with a sign; and its moments, for the centre of gravity. */
struct weight {
    __int128 area;
    __int128 lon;
    __int128 lat;
};

static struct weight weigh(const spot *s, uint32_t count)
{
    struct weight w = {0};
    for (uint32_t i = 0; i + 1 < count; i++) {
        int64_t x = (int64_t)s[i].lon - s[0].lon;
        int64_t y = (int64_t)s[i].lat - s[0].lat;
        int64_t next_x = (int64_t)s[i + 1].lon - s[0].lon;
        int64_t next_y = (int64_t)s[i + 1].lat - s[0].lat;
        __int128 part = (__int128)x * next_y - (__int128)next_x * y;
        w.area += part;
        w.lon += part * (x + next_x);
        w.lat += part * (y + next_y);
    }
    return w;
}

static err check_ring(const spot *s, uint32_t count, uint32_t at)
{
    if (count == 0 || !is_same(s[0], s[count - 1]))
        return fail(ERR_MALFORMED, "boundary.not_closed", at);
    if (count < 4)
        return fail(ERR_MALFORMED, "boundary.too_few", at);
    return weigh(s, count).area == 0 ? fail(ERR_MALFORMED, "boundary.empty", at) : OK;
}

err boundary_check(const struct boundary *b, struct arena *turn)
{
    uint32_t all = boundary_spots(b);
    assert(all <= BOUNDARY_SPOTS);
    if (all == 0)
        return fail(ERR_MALFORMED, "boundary.empty", 0);
    struct side *sides = arena_make_array(turn, all, sizeof *sides);
    if (sides == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    size_t count = 0;
    uint32_t begin = 0;
    for (uint32_t ring = 0; ring < b->ring_count; begin = b->ends[ring++]) {
        TRY(check_ring(&b->spots[begin], b->ends[ring] - begin, begin));
        for (uint32_t i = begin; i + 1 < b->ends[ring]; i++)
            sides[count++] = (struct side){b->spots[i], b->spots[i + 1], i};
    }
    return look_for_crossings(sides, count);
}

/* Whether a ray from s to the east crosses the side: its lower end counts, its upper does not. */
static bool is_east(spot from, spot to, spot s)
{
    if ((from.lat <= s.lat) == (to.lat <= s.lat))
        return false;
    spot low = from.lat < to.lat ? from : to;
    spot high = from.lat < to.lat ? to : from;
    return side_of(low, high, s) > 0;
}

bool boundary_holds(const struct boundary *b, spot s)
{
    bool is_within = false;
    uint32_t begin = 0;
    for (uint32_t ring = 0; ring < b->ring_count; begin = b->ends[ring++])
        for (uint32_t i = begin; i + 1 < b->ends[ring]; i++)
            is_within = is_within != is_east(b->spots[i], b->spots[i + 1], s);
    return is_within;
}

struct box boundary_box(const struct boundary *b)
{
    assert(boundary_spots(b) > 0);
    struct box box = {b->spots[0], b->spots[0]};
    for (uint32_t i = 0; i < boundary_spots(b); i++) {
        spot s = b->spots[i];
        box.low.lon = s.lon < box.low.lon ? s.lon : box.low.lon;
        box.low.lat = s.lat < box.low.lat ? s.lat : box.low.lat;
        box.high.lon = s.lon > box.high.lon ? s.lon : box.high.lon;
        box.high.lat = s.lat > box.high.lat ? s.lat : box.high.lat;
    }
    return box;
}

spot boundary_centre(const struct boundary *b)
{
    assert(b->ring_count > 0);
    struct box box = boundary_box(b);
    struct weight w = weigh(b->spots, b->ends[0]);
    assert(w.area != 0);
    __int128 lon = b->spots[0].lon + w.lon / (3 * w.area);
    __int128 lat = b->spots[0].lat + w.lat / (3 * w.area);
    bool is_in_box =
        lon >= box.low.lon && lon <= box.high.lon && lat >= box.low.lat && lat <= box.high.lat;
    /* Rings that touch themselves may weigh nearly nothing, and then their centre is anywhere. */
    if (!is_in_box)
        return (spot){.lon = (int32_t)(((int64_t)box.low.lon + box.high.lon) / 2),
                      .lat = (int32_t)(((int64_t)box.low.lat + box.high.lat) / 2)};
    return (spot){.lon = (int32_t)lon, .lat = (int32_t)lat};
}
