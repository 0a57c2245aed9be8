/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: stations, beats and officers are read alike out of both formats, and whatever is wrong with
 * one is named by column and code. Method: rows of CSV and NDJSON through the reader, and what came
 * of them written down.
 */
#include "feed/station_row.h"

#include "feed/boundary_read.h"
#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct book {
    struct arena arena;
    struct arena turn;
    struct text said;
};

static void say_station(struct book *b, const struct feed_row *row)
{
    struct station_facts f;
    str column = STR("");
    err e = station_row_read(row, &b->turn, &f, &column);
    if (failed(e))
        text_printf(&b->said, "%.*s: %s\n", STR_ARGS(column), e.why);
    else
        text_printf(&b->said, "%.*s %.*s %.*s %d %d\n", STR_ARGS(f.station), STR_ARGS(f.division),
                    STR_ARGS(f.name), f.has_spot ? f.at.lon : 0, f.has_spot ? f.at.lat : 0);
}

static void say_beat(struct book *b, const struct feed_row *row)
{
    struct beat_facts f;
    str column = STR("");
    err e = beat_row_read(row, &b->turn, &f, &column);
    if (failed(e))
        text_printf(&b->said, "%.*s: %s\n", STR_ARGS(column), e.why);
    else
        text_printf(&b->said, "%.*s %.*s %d %d %.*s\n", STR_ARGS(f.beat), STR_ARGS(f.station),
                    f.centre.lon, f.centre.lat, STR_ARGS(f.boundary));
}

static void say_officer(struct book *b, const struct feed_row *row)
{
    struct officer_facts f;
    str column = STR("");
    err e = officer_row_read(row, &f, &column);
    if (failed(e))
        text_printf(&b->said, "%.*s: %s\n", STR_ARGS(column), e.why);
    else
        text_printf(&b->said, "%.*s %.*s [%.*s] %lld %lld\n", STR_ARGS(f.officer),
                    STR_ARGS(f.station), STR_ARGS(f.beat), (long long)f.on_from.us,
                    (long long)f.on_until.us);
}

static err on_row(void *self, const struct feed_row *row)
{
    struct book *b = self;
    arena_reset(&b->turn);
    if (strcmp(row->shape->name, "stations") == 0)
        say_station(b, row);
    else if (strcmp(row->shape->name, "beats") == 0)
        say_beat(b, row);
    else
        say_officer(b, row);
    return OK;
}

static err on_refused(void *self, const struct feed_refusal *no)
{
    struct book *b = self;
    text_printf(&b->said, "refused %.*s: %s\n", STR_ARGS(no->column), no->code);
    return OK;
}

static void reads_as(const char *feed, str file, const char *want)
{
    struct book b = {.said = {0}};
    arena_init(&b.arena, FEED_READER_BYTES + (4 << 20));
    arena_init(&b.turn, 8 << 20);
    text_init(&b.said, &b.arena);
    struct feed_options options = {.format = FEED_GUESS};
    assert_false(failed(feed_find(str_from_c(feed), &options.shape)));
    struct feed_sink sink = {.self = &b, .row = on_row, .refused = on_refused};
    struct feed_reader *reader = NULL;
    assert_false(failed(feed_reader_init(&b.arena, options, sink, &reader)));
    assert_false(failed(feed_reader_put(reader, file)));
    assert_false(failed(feed_reader_end(reader)));
    feed_reader_done(reader);
    if (!str_equal(text_str(&b.said), str_from_c(want)))
        fail_msg("said:\n%.*swanted:\n%s", STR_ARGS(text_str(&b.said)), want);
    arena_done(&b.arena);
    arena_done(&b.turn);
}

static void stations_are_read(void **state)
{
    (void)state;
    static const char want[] = "s1 620102 East 103834209 36061000\n"
                               "s2 6201 West 0 0\n";
    reads_as("stations",
             STR("station,division,name,lon,lat\ns1,620102,East,103.834209,36.061\n"
                 "s2,620100,West,,\n"),
             want);
    reads_as("stations",
             STR("{\"station\":\"s1\",\"division\":\"620102\",\"name\":\"East\","
                 "\"lon\":103.834209,\"lat\":36.061}\n"
                 "{\"station\":\"s2\",\"division\":620100,\"name\":\"West\",\"lat\":null}\n"),
             want);
    reads_as("stations",
             STR("station,division,name,lon,lat\na,62010,A,,\na,62,A,1,\na,62,A,,1\n"
                 "a,62,A,east,1\na,62,A,36.06,103.8\n,62,A,,\n"),
             "division: division.malformed\nlat: spot.half\nlon: spot.half\nlon: spot.number\n"
             "lon: spot.range\nrefused station: value.missing\n");
    reads_as("stations",
             STR("{\"station\":\"a\",\"division\":\"62\",\"name\":\"A\",\"lon\":1e9,\"lat\":2}\n"
                 "{\"station\":\"a\",\"division\":\"62\",\"name\":\"A\",\"lon\":-0.5,\"lat\":2}\n"
                 "{\"station\":\"a\",\"division\":\"62\",\"name\":\"A\",\"lon\":[1],\"lat\":2}\n"),
             "refused lon: spot.range\na 62 A -500000 2000000\nrefused lon: json.nested\n");
}

static void beats_are_read(void **state)
{
    (void)state;
    static const char want[] =
        "b1 s1 103500000 36500000 {\"type\":\"MultiPolygon\",\"coordinates\":"
        "[[[[103,36],[104,36],[104,37],[103,37],[103,36]]]]}\nb2 s1 0 0 \n";
    reads_as("beats",
             STR("beat,station,name,boundary\n"
                 "b1,s1,B,\"{\"\"type\"\":\"\"Polygon\"\",\"\"coordinates\"\":"
                 "[[[103,36],[104,36],[104,37.0],[103,37],[103,36]]]}\"\nb2,s1,B,\n"),
             want);
    reads_as("beats",
             STR("{\"beat\":\"b1\",\"station\":\"s1\",\"name\":\"B\",\"boundary\":"
                 "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"MultiPolygon\","
                 "\"coordinates\":[[[[103,36,5],[104,36],[104,37],[103,37],[103,36]]]]}}}\n"
                 "{\"beat\":\"b2\",\"station\":\"s1\",\"name\":\"B\"}\n"),
             want);
}

static void bad_boundaries_are_named(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *geojson;
        const char *why;
    } cases[] = {
        {"{",
         "json.malformed"},
        {"[]",
         "boundary.kind"},
        {"{\"type\":\"Point\",\"coordinates\":[1,2]}",
         "boundary.kind"},
        {"{\"type\":\"Polygon\",\"coordinates\":7}",
         "boundary.kind"},
        {"{\"type\":\"Polygon\",\"coordinates\":[7]}",
         "boundary.kind"},
        {"{\"type\":\"Polygon\",\"coordinates\":[]}",
         "boundary.empty"},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,\"4\"]]]}",
         "boundary.number"},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3]]]}",
         "boundary.number"},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[3,2]]]}",
         "boundary.not_closed"},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[1,2]]]}",
         "boundary.too_few"},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[9,9],[9,0],[0,8],[0,0]]]}",
         "boundary.crosses"},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[36,103],[37,103],[37,104],[36,103]]]}",
         "boundary.swapped"},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[500000,400000],[1,2],[3,4],[5,6]]]}",
         "boundary.number"},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[500,400],[1,2],[3,4],[5,6]]]}",
         "boundary.range"},
    };
    /* clang-format on */
    struct arena turn;
    struct boundary b;
    arena_init(&turn, 8 << 20);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        arena_reset(&turn);
        err e = boundary_read(str_from_c(cases[i].geojson), &turn, &b);
        if (!failed(e) || strcmp(e.why, cases[i].why) != 0)
            fail_msg("%s: %s", cases[i].geojson, failed(e) ? e.why : "taken");
    }
    arena_reset(&turn);
    struct text t;
    text_init(&t, &turn);
    text_put(&t, STR("{\"type\":\"Polygon\",\"coordinates\":[["));
    for (int i = 0; i <= BOUNDARY_SPOTS; i++)
        text_printf(&t, "%s[%d.%d,1]", i == 0 ? "" : ",", i % 100, i);
    text_put(&t, STR("]]}"));
    err e = boundary_read(text_str(&t), &turn, &b);
    assert_string_equal(e.why, "boundary.too_many");
    arena_done(&turn);
}

static void officers_are_read(void **state)
{
    (void)state;
    reads_as("officers",
             STR("officer,name,station,beat,duty\no1,A,s1,b1,on\no2,B,s1,,off\no3,C,s1,,\n"
                 "o4,D,s1,,1970-01-01T00:00:01Z/1970-01-01T00:00:02Z\n"
                 "o5,E,s1,,2000/1000\no6,F,s1,,tomorrow\no7,G,s1,,1000/x\no8,H,,,on\n"),
             "o1 s1 [b1] 0 253402300799999999\no2 s1 [] 0 0\no3 s1 [] 0 0\n"
             "o4 s1 [] 1000000 2000000\nduty: duty.order\nduty: duty.malformed\n"
             "duty: time.malformed\nrefused station: value.missing\n");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(stations_are_read),
        cmocka_unit_test(beats_are_read),
        cmocka_unit_test(bad_boundaries_are_named),
        cmocka_unit_test(officers_are_read),
    };
    if (failed(kit_boot()))
        return 1;
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    kit_done();
    return bad;
}
