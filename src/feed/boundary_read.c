/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/boundary_read.h"

#include "kit/json_read.h"

#include <assert.h>

struct reading {
    struct arena *turn;
    spot *spots;
    uint32_t *ends;
    uint32_t *pieces;
    uint32_t piece_count;
    uint32_t spot_count;
    uint32_t ring_count;
};

static err read_degrees(json_value v, int64_t *ret_micro)
{
    double degrees = 0;
    if (failed(json_read_real(v, &degrees)) || !(degrees >= -1000 && degrees <= 1000))
        return fail(ERR_MALFORMED, "boundary.number", 0);
    double micro = degrees * SPOT_DEGREE;
    *ret_micro = (int64_t)(micro < 0 ? micro - 0.5 : micro + 0.5);
    return OK;
}

static err read_spot(struct reading *r, json_value v)
{
    int64_t lon = 0;
    int64_t lat = 0;
    if (json_kind_of(v) != JSON_KIND_ARRAY || json_count(v) < 2 || json_count(v) > 3)
        return fail(ERR_MALFORMED, "boundary.number", r->spot_count);
    TRY(read_degrees(json_item(v, 0), &lon));
    TRY(read_degrees(json_item(v, 1), &lat));
    if (!spot_is_valid(lon, lat))
        return fail(ERR_MALFORMED, spot_is_valid(lat, lon) ? "boundary.swapped" : "boundary.range",
                    r->spot_count);
    r->spots[r->spot_count++] = (spot){(int32_t)lon, (int32_t)lat};
    return OK;
}

static err read_ring(struct reading *r, json_value v)
{
    size_t count = json_count(v);
    if (json_kind_of(v) != JSON_KIND_ARRAY)
        return fail(ERR_MALFORMED, "boundary.kind", 0);
    if (count > BOUNDARY_SPOTS - r->spot_count || r->ring_count == BOUNDARY_SPOTS)
        return fail(ERR_LIMIT, "boundary.too_many", 0);
    for (size_t i = 0; i < count; i++)
        TRY(read_spot(r, json_item(v, i)));
    r->ends[r->ring_count++] = r->spot_count;
    return OK;
}

static err read_polygon(struct reading *r, json_value v)
{
    if (json_kind_of(v) != JSON_KIND_ARRAY)
        return fail(ERR_MALFORMED, "boundary.kind", 0);
    for (size_t i = 0; i < json_count(v); i++)
        TRY(read_ring(r, json_item(v, i)));
    if (r->piece_count == BOUNDARY_SPOTS)
        return fail(ERR_LIMIT, "boundary.too_many", 0);
    r->pieces[r->piece_count++] = r->ring_count;
    return OK;
}

static err read_shape(struct reading *r, json_value shape)
{
    str type = STR("");
    json_value at = json_get(shape, "coordinates");
    if (failed(json_read_str(json_get(shape, "type"), &type)))
        return fail(ERR_MALFORMED, "boundary.kind", 0);
    if (str_equal(type, STR("Polygon")))
        return read_polygon(r, at);
    if (!str_equal(type, STR("MultiPolygon")) || json_kind_of(at) != JSON_KIND_ARRAY)
        return fail(ERR_MALFORMED, "boundary.kind", 0);
    for (size_t i = 0; i < json_count(at); i++)
        TRY(read_polygon(r, json_item(at, i)));
    return OK;
}

err boundary_read(str geojson, struct arena *turn, struct boundary *ret_boundary)
{
    SCOPED(json_doc_done) struct json_doc doc = {0};
    struct reading r = {.turn = turn};
    r.spots = arena_make_array(turn, BOUNDARY_SPOTS, sizeof *r.spots);
    r.ends = arena_make_array(turn, BOUNDARY_SPOTS, sizeof *r.ends);
    r.pieces = arena_make_array(turn, BOUNDARY_SPOTS, sizeof *r.pieces);
    if (r.spots == NULL || r.ends == NULL || r.pieces == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(json_doc_parse(geojson, BOUNDARY_BYTES, &doc));
    json_value geometry = json_get(doc.root, "geometry");
    TRY(read_shape(&r, json_is_absent(geometry) ? doc.root : geometry));
    struct boundary b = {r.spots, r.ends, r.ring_count, r.pieces, r.piece_count};
    TRY(boundary_check(&b, turn));
    *ret_boundary = b;
    return OK;
}

static void put_degrees(int32_t micro, struct text *t)
{
    int64_t away = micro < 0 ? -(int64_t)micro : micro;
    text_printf(t, "%s%lld", micro < 0 ? "-" : "", (long long)(away / SPOT_DEGREE));
    int64_t rest = away % SPOT_DEGREE;
    int decimals = 6;
    for (; decimals > 0 && rest % 10 == 0; decimals--)
        rest /= 10;
    if (decimals > 0)
        text_printf(t, ".%0*lld", decimals, (long long)rest);
}

static void put_ring(const struct boundary *b, uint32_t ring, struct text *t)
{
    uint32_t begin = ring == 0 ? 0 : b->ends[ring - 1];
    for (uint32_t i = begin; i < b->ends[ring]; i++) {
        text_put(t, i == begin ? STR("[[") : STR(",["));
        put_degrees(b->spots[i].lon, t);
        text_put_char(t, ',');
        put_degrees(b->spots[i].lat, t);
        text_put_char(t, ']');
    }
    text_put_char(t, ']');
}

void boundary_write(const struct boundary *b, struct text *t)
{
    text_put(t, STR("{\"type\":\"MultiPolygon\",\"coordinates\":["));
    uint32_t ring = 0;
    for (uint32_t piece = 0; piece < b->piece_count; piece++) {
        text_put(t, piece == 0 ? STR("[") : STR(",["));
        for (uint32_t first = ring; ring < b->pieces[piece]; ring++) {
            if (ring > first)
                text_put_char(t, ',');
            put_ring(b, ring, t);
        }
        text_put_char(t, ']');
    }
    text_put(t, STR("]}"));
}
