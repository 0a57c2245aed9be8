/* SPDX-License-Identifier: Apache-2.0 */
#include "app/send/send_map.h"

#include <assert.h>

enum { MAP_BYTES = 256 << 20 };

/* A feed that changes a row puts its batch there. */
static err read_mark(struct store *store, struct arena *turn, str *ret_mark)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store_sql(store),
                "SELECT (SELECT count(*) || '/' || coalesce(max(\"batch\"), '') FROM station)"
                " || ' ' || (SELECT count(*) || '/' || coalesce(max(\"batch\"), '') FROM beat)",
                &row));
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *ret_mark = sql_str(row, 0, turn);
    sql_done(&row);
    return e;
}

static err count_rows(struct store *store, const char *literal, uint32_t *ret_count)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store_sql(store), literal, &row));
    err e = sql_next(row, &has_row);
    int64_t count = !failed(e) && has_row ? sql_i64(row, 0) : 0;
    sql_done(&row);
    *ret_count = count > BEATS_MOST ? BEATS_MOST : (uint32_t)count;
    return e;
}

static bool has_room(struct send_map *m)
{
    m->places = arena_make_array(&m->arena, m->count, sizeof *m->places);
    m->spots = arena_make_array(&m->arena, m->count, sizeof *m->spots);
    m->divisions = arena_make_array(&m->arena, m->count, sizeof *m->divisions);
    return m->places != NULL && m->spots != NULL && m->divisions != NULL;
}

/* id, division, lon, lat: a row a place, from `at` on. */
static err read_places(struct send_map *m, struct store *store, const char *literal, uint32_t at,
                       uint32_t end)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store_sql(store), literal, &row));
    err e = sql_next(row, &has_row);
    for (; !failed(e) && has_row && at < end; at++) {
        str division = sql_peek(row, 1);
        assert(division.size < DIVISION_BYTES);
        memset(m->divisions[at], 0, DIVISION_BYTES);
        memcpy(m->divisions[at], division.at, division.size);
        m->places[at] = (struct send_place){sql_str(row, 0, &m->arena), !sql_is_null(row, 2)};
        m->spots[at] = (spot){(int32_t)sql_i64(row, 2), (int32_t)sql_i64(row, 3)};
        if (m->places[at].id.at == NULL)
            e = fail(ERR_LIMIT, "limit.memory", 0);
        else
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err make(struct send_map *m, struct store *store)
{
    uint32_t stations = 0;
    TRY(count_rows(store, "SELECT count(*) FROM station", &stations));
    TRY(count_rows(store, "SELECT count(*) FROM beat", &m->beat_count));
    if (stations == 0 || stations + m->beat_count > BEATS_MOST)
        return stations == 0 ? OK : fail(ERR_LIMIT, "dispatch.full", stations + m->beat_count);
    m->count = m->beat_count + stations;
    if (!has_room(m))
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(read_places(m, store,
                    "SELECT b.\"id\", s.\"division\", coalesce(b.\"lon\", s.\"lon\"),"
                    " coalesce(b.\"lat\", s.\"lat\") FROM beat b JOIN station s"
                    " ON s.\"id\" = b.\"station\" ORDER BY b.\"id\"",
                    0, m->beat_count));
    TRY(read_places(m, store,
                    "SELECT s.\"id\", s.\"division\", coalesce(s.\"lon\", (SELECT b.\"lon\" FROM"
                    " beat b WHERE b.\"station\" = s.\"id\" AND b.\"lon\" IS NOT NULL ORDER BY"
                    " b.\"id\" LIMIT 1)), coalesce(s.\"lat\", (SELECT b.\"lat\" FROM beat b WHERE"
                    " b.\"station\" = s.\"id\" AND b.\"lon\" IS NOT NULL ORDER BY b.\"id\""
                    " LIMIT 1)) FROM station s ORDER BY s.\"id\"",
                    m->beat_count, m->count));
    return neighbours_make(&m->near, &travel_usual, m->spots, m->count, &m->arena);
}

err send_map_fresh(struct send_map *m, struct store *store, struct arena *turn)
{
    str mark = STR("");
    TRY(read_mark(store, turn, &mark));
    if (str_equal(mark, str_from_c(m->mark)))
        return OK;
    send_map_done(m);
    arena_init(&m->arena, MAP_BYTES);
    err e = make(m, store);
    if (failed(e)) {
        send_map_done(m);
        return e;
    }
    assert(mark.size < sizeof m->mark);
    memcpy(m->mark, mark.at, mark.size);
    return OK;
}

void send_map_done(struct send_map *m)
{
    arena_done(&m->arena);
    *m = (struct send_map){.count = 0};
}

static uint32_t find(const struct send_map *m, uint32_t low, uint32_t high, str id)
{
    uint32_t end = high;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (str_compare(m->places[mid].id, id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    bool is_there = low < end && str_equal(m->places[low].id, id) && m->places[low].has_spot;
    return is_there ? low : PLACE_NONE;
}

uint32_t send_map_beat(const struct send_map *m, str id)
{
    return str_is_empty(id) ? PLACE_NONE : find(m, 0, m->beat_count, id);
}

uint32_t send_map_station(const struct send_map *m, str id)
{
    return find(m, m->beat_count, m->count, id);
}

static bool is_of(const struct send_map *m, uint32_t place, str division)
{
    return m->places[place].has_spot && division_covers(division, str_from_c(m->divisions[place]));
}

/* PLACE_NONE: it has no station. */
static uint32_t middle(const struct send_map *m, str division)
{
    int64_t lon = 0;
    int64_t lat = 0;
    int64_t count = 0;
    uint32_t best = PLACE_NONE;
    uint32_t best_m = UINT32_MAX;
    for (uint32_t i = m->beat_count; i < m->count; i++)
        if (is_of(m, i, division)) {
            lon += m->spots[i].lon;
            lat += m->spots[i].lat;
            count++;
        }
    for (uint32_t i = m->beat_count; count > 0 && i < m->count; i++) {
        spot mean = {(int32_t)(lon / count), (int32_t)(lat / count)};
        uint32_t far_m = is_of(m, i, division) ? spot_distance_m(m->spots[i], mean) : UINT32_MAX;
        best = far_m < best_m ? i : best;
        best_m = far_m < best_m ? far_m : best_m;
    }
    return best;
}

enum send_found send_map_division(const struct send_map *m, str division, uint32_t *ret_place)
{
    static const size_t levels[] = {DIVISION_BYTES, DUTY_COUNTY_DIGITS, 4, 2};
    if (division.size < DUTY_COUNTY_DIGITS)
        return FOUND_NOWHERE;
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        uint32_t place = middle(m, str_until(division, levels[i]));
        if (place == PLACE_NONE)
            continue;
        *ret_place = place;
        return levels[i] < DUTY_COUNTY_DIGITS ? FOUND_ABOVE : FOUND_HERE;
    }
    return FOUND_NO_STATION;
}
