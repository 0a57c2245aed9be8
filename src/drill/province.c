/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/province.h"

#include "base/instant.h"
#include "drill/dice.h"

#include <assert.h>
#include <stdio.h>

/* A county is SIDE x SIDE fields, of which the last few, in the far corner, may be nobody's. */
enum { SIDE = 9, FIELDS = SIDE * SIDE, BOARD = 10, PEOPLE = 100000 };
enum { WEST = 94000000, SOUTH = 33000000, WIDE = 780000, HIGH = 630000 };
enum { ZONE_MIN = 480, DUTY_HOUR = 8 };

enum trait { TRAIT_SPARE = 900, TRAIT_WAY, TRAIT_HOLD_UP };

/* How far along a county's side the line before field k lies, of 1000: dense in the middle. */
static const int32_t line_at[SIDE + 1] = {0, 198, 350, 450, 488, 512, 550, 650, 802, 1000};

static uint32_t share(uint32_t all, uint32_t parts, uint32_t part)
{
    return (uint32_t)((uint64_t)all * part / parts);
}

static spot corner(uint32_t county, uint32_t x, uint32_t y)
{
    int32_t west = WEST + (int32_t)(county % BOARD) * WIDE;
    int32_t south = SOUTH + (int32_t)(county / BOARD) * HIGH;
    return (spot){west + WIDE / 1000 * line_at[x], south + HIGH / 1000 * line_at[y]};
}

static void put_county(struct province *p, uint32_t county)
{
    uint32_t first = share(PROVINCE_BEATS, PROVINCE_COUNTIES, county);
    uint32_t end = share(PROVINCE_BEATS, PROVINCE_COUNTIES, county + 1);
    assert(end - first <= FIELDS);
    for (uint32_t i = first; i < end; i++) {
        uint32_t y = (i - first) / SIDE;
        uint32_t x = (i - first) % SIDE;
        x = y % 2 == 0 ? x : SIDE - 1 - x; /* there and back, so that neighbours follow */
        struct province_beat *b = &p->beats[i];
        b->low = corner(county, x, y);
        b->high = corner(county, x + 1, y + 1);
        uint32_t wide = (uint32_t)(line_at[x + 1] - line_at[x]);
        uint32_t high = (uint32_t)(line_at[y + 1] - line_at[y]);
        b->weight = 20 + PEOPLE / (wide * high / 20 + 100);
        p->weight += b->weight;
    }
}

static void put_stations(struct province *p, uint32_t county)
{
    uint32_t beats = share(PROVINCE_BEATS, PROVINCE_COUNTIES, county);
    uint32_t beat_count = share(PROVINCE_BEATS, PROVINCE_COUNTIES, county + 1) - beats;
    uint32_t first = share(PROVINCE_STATIONS, PROVINCE_COUNTIES, county);
    uint32_t count = share(PROVINCE_STATIONS, PROVINCE_COUNTIES, county + 1) - first;
    uint32_t prefecture = county * PROVINCE_PREFECTURES / PROVINCE_COUNTIES;
    for (uint32_t i = 0; i < count; i++) {
        struct province_station *s = &p->stations[first + i];
        uint32_t from = beats + share(beat_count, count, i);
        uint32_t until = beats + share(beat_count, count, i + 1);
        s->county = county;
        s->beat = (from + until) / 2;
        /* 演练省 has no code of the country's; townships from 901 on are assigned to nobody. */
        int size = snprintf(s->division, sizeof s->division, "62%02u%02u%03u", prefecture + 1,
                            county % 50 + 1, i + 901);
        assert(size == 9);
        for (uint32_t beat = from; beat < until; beat++)
            p->beats[beat].station = first + i;
    }
}

/* One a beat, and the others where chance puts them; shifts in turn within each station. */
static void put_officers(struct province *p)
{
    uint32_t in_turn = 0;
    uint32_t count = 0;
    uint32_t spare = PROVINCE_OFFICERS - PROVINCE_BEATS;
    for (uint32_t beat = 0; beat < PROVINCE_BEATS; beat++) {
        uint32_t station = p->beats[beat].station;
        bool is_new = beat == 0 || p->beats[beat - 1].station != station;
        in_turn = is_new ? (uint32_t)dice_mix(p->seed, station, TRAIT_SPARE) % 3 : in_turn;
        uint64_t left = PROVINCE_BEATS - beat;
        bool has_two = dice_scale(dice_mix(p->seed, beat, TRAIT_SPARE), left) < spare;
        spare -= has_two;
        for (uint32_t i = 0; i < 1U + has_two; i++)
            p->officers[count++] = (struct province_officer){
                .station = station, .beat = beat, .shift = in_turn++ % PROVINCE_SHIFTS};
    }
    assert(count == PROVINCE_OFFICERS);
}

err province_make(struct province *p, uint64_t seed, struct arena *a)
{
    *p = (struct province){.seed = seed};
    p->stations = arena_make_array(a, PROVINCE_STATIONS, sizeof *p->stations);
    p->beats = arena_make_array(a, PROVINCE_BEATS, sizeof *p->beats);
    p->officers = arena_make_array(a, PROVINCE_OFFICERS, sizeof *p->officers);
    if (p->stations == NULL || p->beats == NULL || p->officers == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t county = 0; county < PROVINCE_COUNTIES; county++) {
        put_county(p, county);
        put_stations(p, county);
    }
    put_officers(p);
    return OK;
}

spot province_centre(const struct province *p, uint32_t beat)
{
    const struct province_beat *b = &p->beats[beat];
    return (spot){(b->low.lon + b->high.lon) / 2, (b->low.lat + b->high.lat) / 2};
}

bool province_is_on(const struct province *p, uint32_t officer, uint32_t day)
{
    return p->officers[officer].shift == day % PROVINCE_SHIFTS;
}

uint32_t province_pick(const struct province *p, uint64_t bits)
{
    uint64_t at = dice_scale(bits, p->weight);
    uint32_t beat = 0;
    for (; at >= p->beats[beat].weight; beat++)
        at -= p->beats[beat].weight;
    return beat;
}

/* Assumed: roads are 1.15 to 1.75 times the crow's way, 28 km/h to 5 km, 50 beyond; a third slower
 * at the hours when everybody drives; one way in twenty is held up by four to twenty minutes. */
uint32_t province_travel_s(const struct province *p, uint32_t from, uint32_t to, uint32_t at_s,
                           uint32_t slow_percent)
{
    enum { NEAR_M = 5000, NEAR_KMH = 28, FAR_KMH = 50, LEAST_S = 60, RUSH_PERCENT = 133 };
    uint32_t low = from < to ? from : to;
    uint32_t high = from < to ? to : from;
    uint64_t pair = (uint64_t)low * PROVINCE_BEATS + high;
    uint64_t crow_m = spot_distance_m(province_centre(p, from), province_centre(p, to));
    const struct province_beat *b = &p->beats[to];
    /* From the road to the door, and nobody lives in the middle. */
    crow_m += spot_distance_m(b->low, b->high) / 5;
    uint64_t road_m = crow_m * (115 + dice_scale(dice_mix(p->seed, pair, TRAIT_WAY), 61)) / 100;
    uint64_t near_m = road_m < NEAR_M ? road_m : NEAR_M;
    uint64_t s = near_m * 36 / (NEAR_KMH * 10) + (road_m - near_m) * 36 / (FAR_KMH * 10);
    uint32_t hour = at_s / 3600 % 24;
    if (hour == 7 || hour == 8 || hour == 17 || hour == 18)
        s = s * RUSH_PERCENT / 100;
    uint64_t chance = dice_mix(p->seed, pair * 1000003 + at_s / 600, TRAIT_HOLD_UP);
    if (dice_scale(chance, 20) == 0)
        s += 240 + (chance & 1023);
    return LEAST_S + (uint32_t)(s * slow_percent / 100);
}

void province_put_stations(const struct province *p, struct text *t)
{
    text_put(t, STR("station,division,name,lon,lat\n"));
    for (uint32_t i = 0; i < PROVINCE_STATIONS; i++) {
        spot at = province_centre(p, p->stations[i].beat);
        text_printf(t, "drill-s%04u,%s,演练派出所%04u,%d.%06d,%d.%06d\n", i,
                    p->stations[i].division, i, at.lon / SPOT_DEGREE, at.lon % SPOT_DEGREE,
                    at.lat / SPOT_DEGREE, at.lat % SPOT_DEGREE);
    }
}

static void put_corner(struct text *t, int32_t lon, int32_t lat, char end)
{
    text_printf(t, "[%d.%06d,%d.%06d]%c", lon / SPOT_DEGREE, lon % SPOT_DEGREE, lat / SPOT_DEGREE,
                lat % SPOT_DEGREE, end);
}

void province_put_beats(const struct province *p, struct text *t)
{
    text_put(t, STR("beat,station,name,boundary\n"));
    for (uint32_t i = 0; i < PROVINCE_BEATS; i++) {
        const struct province_beat *b = &p->beats[i];
        text_printf(t, "drill-b%04u,drill-s%04u,演练警务区%04u,", i, b->station, i);
        text_put(t, STR("\"{\"\"type\"\":\"\"Polygon\"\",\"\"coordinates\"\":[["));
        put_corner(t, b->low.lon, b->low.lat, ',');
        put_corner(t, b->high.lon, b->low.lat, ',');
        put_corner(t, b->high.lon, b->high.lat, ',');
        put_corner(t, b->low.lon, b->high.lat, ',');
        put_corner(t, b->low.lon, b->low.lat, ']');
        text_put(t, STR("]}\"\n"));
    }
}

void province_put_officers(const struct province *p, uint32_t day, struct text *t)
{
    int64_t midnight = (int64_t)day * US_PER_DAY - ZONE_MIN * US_PER_MIN;
    instant from = instant_from_us(midnight + DUTY_HOUR * US_PER_HOUR);
    char rooms[2][INSTANT_TEXT_BYTES];
    str begins = instant_format(from, ZONE_MIN, rooms[0]);
    str ends = instant_format(instant_add_us(from, US_PER_DAY), ZONE_MIN, rooms[1]);
    text_put(t, STR("officer,name,station,beat,duty\n"));
    for (uint32_t i = 0; i < PROVINCE_OFFICERS; i++) {
        const struct province_officer *o = &p->officers[i];
        text_printf(t, "drill-o%04u,演练民警%04u,drill-s%04u,drill-b%04u,", i, i, o->station,
                    o->beat);
        if (province_is_on(p, i, day))
            text_printf(t, "%.*s/%.*s", STR_ARGS(begins), STR_ARGS(ends));
        text_put_char(t, '\n');
    }
}
