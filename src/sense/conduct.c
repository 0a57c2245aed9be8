/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/conduct.h"

#include <assert.h>
#include <stddef.h>

static_assert(sizeof(struct conduct) == 160, "the book's bounds and the file's form");
static_assert(offsetof(struct conduct, out_peers) == 64, "what a callee touches lies in front");

enum { HOUR_S = 3600, DAY_S = 86400, DAYS_KEPT = 32 };
/* A sketch looks at the low bits of a pair; the day's bits are told by the highest five. */
enum { PAIR_DAY_BITS = 27 };
static_assert(SKETCH_HASH_LOW + SKETCH_MOST < PAIR_DAY_BITS, "other bits");

static uint32_t day_of(uint32_t time_s, int32_t zone_s)
{
    return (uint32_t)(((int64_t)time_s + zone_s) / DAY_S);
}

static uint32_t add_32(uint32_t count, uint32_t more)
{
    return count > UINT32_MAX - more ? UINT32_MAX : count + more;
}

static uint16_t add_16(uint16_t count)
{
    return (uint16_t)(count + (count < UINT16_MAX));
}

/* --- windows: their front is the newest time, and only moves forward --- */

static void hear(struct conduct *c, uint32_t time_s, int32_t zone_s)
{
    uint32_t newest = day_of(c->heard_s, zone_s);
    uint32_t day = day_of(time_s, zone_s);
    if (day > newest) {
        c->days = day - newest < DAYS_KEPT ? c->days << (day - newest) : 0;
        newest = day;
    }
    if (newest - day < DAYS_KEPT)
        c->days |= UINT32_C(1) << (newest - day);
    if (time_s > c->heard_s)
        c->heard_s = time_s;
    if (time_s < c->first_s)
        c->first_s = time_s;
}

static void put_gap(struct conduct *c, uint32_t gap_s)
{
    uint16_t gap = gap_s < CONDUCT_GAP_MOST ? (uint16_t)gap_s : CONDUCT_GAP_MOST;
    for (unsigned i = 0; i < CONDUCT_GAPS; i++) {
        if (c->gaps[i] <= gap)
            continue;
        uint16_t was = c->gaps[i];
        c->gaps[i] = gap;
        gap = was;
    }
}

/* What was the newest call is now one of those before, and the nearest. */
static void move_gaps(struct conduct *c, uint32_t by_s)
{
    uint32_t by = by_s < CONDUCT_GAP_MOST ? by_s : CONDUCT_GAP_MOST;
    for (unsigned i = CONDUCT_GAPS - 1; i > 0; i--) {
        uint32_t gap = c->gaps[i - 1] + by;
        c->gaps[i] = gap < CONDUCT_GAP_MOST ? (uint16_t)gap : CONDUCT_GAP_MOST;
    }
    c->gaps[0] = (uint16_t)by;
}

static void move_hours(struct conduct *c, uint32_t hour, uint32_t newest)
{
    uint32_t steps = hour - newest < CONDUCT_HOURS ? hour - newest : CONDUCT_HOURS;
    for (uint32_t i = 1; i <= steps; i++)
        c->hours[(newest + i) % CONDUCT_HOURS] = 0;
}

/* A call was made at this time, which is not known yet. */
static void put_start(struct conduct *c, uint32_t time_s, int32_t zone_s)
{
    uint32_t hour = time_s / HOUR_S;
    bool is_first = c->newest_s == 0;
    if (!is_first && time_s <= c->newest_s)
        put_gap(c, c->newest_s - time_s);
    if (!is_first && time_s > c->newest_s) {
        move_gaps(c, time_s - c->newest_s);
        move_hours(c, hour, c->newest_s / HOUR_S);
        if (day_of(time_s, zone_s) != day_of(c->newest_s, zone_s))
            c->day_peers = 0;
    }
    if (time_s > c->newest_s)
        c->newest_s = time_s;
    uint8_t *calls = &c->hours[hour % CONDUCT_HOURS];
    if (c->newest_s / HOUR_S - hour < CONDUCT_HOURS && *calls < UINT8_MAX)
        ++*calls;
}

/* --- both sides --- */

void conduct_init(struct conduct *c, uint64_t key, const struct sighting *s)
{
    assert(c != NULL && s != NULL && key != 0);
    *c = (struct conduct){.key = key, .first_s = s->time_s, .heard_s = s->time_s};
    memset(c->gaps, 0xFF, sizeof c->gaps);
}

static void put_things(struct conduct *c, const struct sighting *s)
{
    if (s->imei != PLACE_NONE)
        c->imeis |= UINT32_C(1) << s->imei % CONDUCT_IMEI_PLACES;
    if (s->imsi != PLACE_NONE)
        c->imsis = (uint16_t)(c->imsis | 1U << s->imsi % CONDUCT_IMSI_PLACES);
    if (s->cell != PLACE_NONE)
        c->cells |= UINT64_C(1) << s->cell % CONDUCT_CELL_PLACES;
}

static void put_setup(struct conduct *c, const struct sighting *s, int32_t zone_s)
{
    c->out_calls = add_32(c->out_calls, 1);
    if (s->is_from_abroad)
        c->from_abroad = add_16(c->from_abroad);
    sketch_put(c->out_peers, 64, s->pair);
    put_start(c, s->time_s, zone_s);
    if (day_of(s->time_s, zone_s) == day_of(c->newest_s, zone_s))
        c->day_peers |= UINT32_C(1) << (s->pair >> PAIR_DAY_BITS);
}

/* What is a set takes no harm from a row that comes again. */
void conduct_made(struct conduct *c, const struct sighting *s, unsigned parts, int32_t zone_s)
{
    assert((parts & ~(unsigned)s->parts) == 0 && c->key == s->caller);
    hear(c, s->time_s, zone_s);
    put_things(c, s);
    if (s->is_text) {
        if (parts & CALL_SETUP)
            c->texts = add_16(c->texts);
        return;
    }
    if (parts & CALL_SETUP)
        put_setup(c, s, zone_s);
    if (parts & CALL_ANSWER)
        c->out_answered = add_32(c->out_answered, 1);
    bool is_over = parts & CALL_END && s->parts & CALL_ANSWER;
    if (is_over)
        c->out_seconds = add_32(c->out_seconds, s->duration_s);
    if (is_over && s->duration_s <= CONDUCT_SHORT_S)
        c->out_short = add_32(c->out_short, 1);
}

void conduct_received(struct conduct *c, const struct sighting *s, unsigned parts, int32_t zone_s)
{
    assert((parts & ~(unsigned)s->parts) == 0 && c->key == s->callee);
    assert(s->parts & CALL_ANSWER && !s->is_text);
    hear(c, s->time_s, zone_s);
    sketch_put(c->in_peers, 32, s->pair);
    if (parts & CALL_ANSWER)
        c->in_calls = add_32(c->in_calls, 1);
    if (parts & CALL_END)
        c->in_seconds = add_32(c->in_seconds, s->duration_s);
}
