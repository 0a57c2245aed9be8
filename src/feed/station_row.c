/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/station_row.h"

#include "feed/boundary_read.h"

#include <assert.h>

static err refuse(const struct feed_row *row, size_t column, err e, str *ret_column)
{
    *ret_column = str_from_c(row->shape->columns[column].name);
    return e;
}

err station_row_read(const struct feed_row *row, struct arena *turn,
                     struct station_facts *ret_facts, str *ret_column)
{
    assert(row->shape->column_count == STATIONS_COLUMN_COUNT);
    const str *values = row->values;
    struct station_facts f = {.station = values[STATIONS_STATION], .name = values[STATIONS_NAME]};
    char *room = arena_make(turn, DIVISION_BYTES);
    if (room == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = division_parse(values[STATIONS_DIVISION], room, &f.division);
    if (failed(e))
        return refuse(row, STATIONS_DIVISION, e, ret_column);
    bool has_lon = !str_is_empty(values[STATIONS_LON]);
    f.has_spot = !str_is_empty(values[STATIONS_LAT]);
    if (has_lon != f.has_spot)
        return refuse(row, has_lon ? STATIONS_LAT : STATIONS_LON,
                      fail(ERR_MALFORMED, "spot.half", 0), ret_column);
    e = f.has_spot ? spot_parse(values[STATIONS_LON], values[STATIONS_LAT], &f.at) : OK;
    if (failed(e))
        return refuse(row, STATIONS_LON, e, ret_column);
    *ret_facts = f;
    return OK;
}

err beat_row_read(const struct feed_row *row, struct arena *turn, struct beat_facts *ret_facts,
                  str *ret_column)
{
    assert(row->shape->column_count == BEATS_COLUMN_COUNT);
    const str *values = row->values;
    struct beat_facts f = {.beat = values[BEATS_BEAT],
                           .station = values[BEATS_STATION],
                           .name = values[BEATS_NAME],
                           .boundary = STR("")};
    if (!str_is_empty(values[BEATS_BOUNDARY])) {
        struct boundary boundary;
        err e = boundary_read(values[BEATS_BOUNDARY], turn, &boundary);
        if (failed(e))
            return refuse(row, BEATS_BOUNDARY, e, ret_column);
        struct text t;
        text_init(&t, turn);
        boundary_write(&boundary, &t);
        if (text_spent(&t))
            return fail(ERR_LIMIT, "limit.memory", 0);
        f.boundary = text_str(&t);
        f.centre = boundary_centre(&boundary);
    }
    *ret_facts = f;
    return OK;
}

static err duty_read(str s, struct officer_facts *f)
{
    if (str_is_empty(s) || str_equal(s, STR("off")))
        return OK;
    if (str_equal(s, STR("on"))) {
        f->on_until = instant_from_us(INSTANT_MAX_US);
        return OK;
    }
    size_t slash = str_find_char(s, '/');
    if (slash == s.size)
        return fail(ERR_MALFORMED, "duty.malformed", 0);
    TRY(instant_parse(str_until(s, slash), &f->on_from));
    TRY(instant_parse(str_from(s, slash + 1), &f->on_until));
    return f->on_from.us < f->on_until.us ? OK : fail(ERR_MALFORMED, "duty.order", 0);
}

err officer_row_read(const struct feed_row *row, struct officer_facts *ret_facts, str *ret_column)
{
    assert(row->shape->column_count == OFFICERS_COLUMN_COUNT);
    const str *values = row->values;
    struct officer_facts f = {.officer = values[OFFICERS_OFFICER],
                              .name = values[OFFICERS_NAME],
                              .station = values[OFFICERS_STATION],
                              .beat = values[OFFICERS_BEAT]};
    err e = duty_read(values[OFFICERS_DUTY], &f);
    if (failed(e))
        return refuse(row, OFFICERS_DUTY, e, ret_column);
    *ret_facts = f;
    return OK;
}
