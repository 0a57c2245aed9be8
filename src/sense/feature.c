/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/feature.h"

#include <assert.h>

enum { HOUR_S = 3600, DAY_S = 86400, NIGHT_ENDS = 6 };

const char *feature_name(enum feature f)
{
#define X(code, name) [code] = name,
    static const char *const names[FEATURE_COUNT] = {FEATURE_LIST(X)};
#undef X
    assert(f < FEATURE_COUNT);
    return names[f];
}

/* Most are small, and those divide in a third of the time. */
static uint32_t quotient(uint64_t part, uint64_t unit, uint64_t whole)
{
    uint64_t top = part * unit;
    if ((top | whole) <= UINT32_MAX)
        return whole == 0 ? 0 : (uint32_t)top / (uint32_t)whole;
    uint64_t q = whole == 0 ? 0 : top / whole;
    return q > UINT32_MAX ? UINT32_MAX : (uint32_t)q;
}

/* Parts of a call come one by one, so for a while a part may be more than its whole. */
static uint32_t share(uint64_t part, uint64_t whole)
{
    return part >= whole ? (part > 0 ? 1000 : 0) : quotient(part, 1000, whole);
}

static uint32_t clip(uint32_t value, uint32_t most)
{
    return value < most ? value : most;
}

static void read_calls(const struct conduct *c, uint32_t *v)
{
    v[FEATURE_OUT] = c->out_calls;
    v[FEATURE_IN] = c->in_calls;
    v[FEATURE_OUT_SHARE] = share(c->out_calls, (uint64_t)c->out_calls + c->in_calls);
    v[FEATURE_ANSWERED] = share(c->out_answered, c->out_calls);
    v[FEATURE_SHORT] = share(c->out_short, c->out_answered);
    v[FEATURE_MEAN] = quotient(c->out_seconds, 1, c->out_answered);
    v[FEATURE_IN_MEAN] = quotient(c->in_seconds, 1, c->in_calls);
    v[FEATURE_TEXTS] = c->texts;
    v[FEATURE_ABROAD] = share(c->from_abroad, c->out_calls);
}

/* An estimate is never of more than there were calls. */
static void read_peers(const struct conduct *c, uint32_t *v)
{
    v[FEATURE_CALLEES] = clip(sketch_count(c->out_peers, 64), c->out_calls);
    v[FEATURE_CALLEES_DAY] = clip(sketch_bits_count(c->day_peers, 32), c->out_calls);
    v[FEATURE_PER_CALLEE] = quotient(c->out_calls, 100, v[FEATURE_CALLEES]);
    if (c->in_calls == 0)
        return;
    v[FEATURE_CALLERS] = clip(sketch_count(c->in_peers, 32), c->in_calls);
    v[FEATURE_MUTUAL] = share(sketch_common(c->out_peers, c->in_peers), v[FEATURE_CALLEES]);
}

/* Of the 24 hours in which the newest call's is the last. */
static uint32_t read_night(const struct conduct *c, int32_t zone_s)
{
    uint32_t calls = 0;
    int32_t ahead_h = (zone_s + 2 * DAY_S) / HOUR_S % CONDUCT_HOURS;
    for (int32_t h = 0; h < NIGHT_ENDS; h++)
        calls += c->hours[(h + CONDUCT_HOURS - ahead_h) % CONDUCT_HOURS];
    return calls;
}

static void read_hours(const struct conduct *c, int32_t zone_s, uint32_t *v)
{
    uint32_t sum = 0;
    uint32_t squares = 0;
    uint32_t hours = 0;
    uint32_t busiest = 0;
    for (unsigned h = 0; h < CONDUCT_HOURS; h++) {
        uint32_t calls = c->hours[h];
        sum += calls;
        squares += calls * calls;
        hours += calls > 0;
        busiest = calls > busiest ? calls : busiest;
    }
    v[FEATURE_HOURS] = hours;
    v[FEATURE_BUSIEST] = busiest;
    v[FEATURE_HOUR] = c->hours[c->newest_s / HOUR_S % CONDUCT_HOURS];
    v[FEATURE_DAY] = sum;
    v[FEATURE_NIGHT] = share(read_night(c, zone_s), sum);
    /* (squares / n - mean^2) / mean, n = 24 */
    v[FEATURE_SPREAD] = quotient((uint64_t)squares * CONDUCT_HOURS - (uint64_t)sum * sum, 100,
                                 (uint64_t)sum * CONDUCT_HOURS);
}

/* `gaps` counts back from the newest call; between two calls lies the difference. What there was
 * no call for is as long as can be said. */
static void read_gaps(const struct conduct *c, uint32_t *v)
{
    uint16_t between[CONDUCT_GAPS];
    unsigned count = 0;
    uint16_t before = 0;
    for (unsigned i = 0; i < CONDUCT_GAPS && c->gaps[i] < CONDUCT_GAP_MOST; i++) {
        uint16_t gap = (uint16_t)(c->gaps[i] - before);
        unsigned at = count++;
        for (; at > 0 && between[at - 1] > gap; at--)
            between[at] = between[at - 1];
        between[at] = gap;
        before = c->gaps[i];
    }
    v[FEATURE_GAP_LEAST] = count == 0 ? CONDUCT_GAP_MOST : between[0];
    v[FEATURE_GAP_MIDDLE] = count == 0 ? CONDUCT_GAP_MOST : between[count / 2];
}

void feature_read(const struct conduct *c, struct handset_load load, int32_t zone_s,
                  uint32_t ret_values[FEATURE_COUNT])
{
    assert(c != NULL && c->key != 0 && c->heard_s >= c->first_s);
    assert(zone_s >= -DAY_S && zone_s <= DAY_S);
    memset(ret_values, 0, FEATURE_COUNT * sizeof *ret_values);
    read_calls(c, ret_values);
    read_peers(c, ret_values);
    read_hours(c, zone_s, ret_values);
    read_gaps(c, ret_values);
    ret_values[FEATURE_DAYS] = (uint32_t)__builtin_popcount(c->days);
    ret_values[FEATURE_AGE] = (c->heard_s - c->first_s) / DAY_S;
    ret_values[FEATURE_CELLS] = sketch_bits_count(c->cells, CONDUCT_CELL_PLACES);
    ret_values[FEATURE_IMEIS] = sketch_bits_count(c->imeis, CONDUCT_IMEI_PLACES);
    ret_values[FEATURE_CARRIED] = load.numbers;
    ret_values[FEATURE_CARRIES] = load.calls;
    ret_values[FEATURE_IMSIS] = sketch_bits_count(c->imsis, CONDUCT_IMSI_PLACES);
}
