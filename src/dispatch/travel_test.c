/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: ways have the lengths they have on a sphere, times only grow with them, and a row of the
 * table is those nearest. Method: the formula with sines beside it, from pole to pole and across
 * the date line; every beat against every other.
 */
#include "dispatch/travel.h"

#include "dispatch/dispatch_test.h"

#include <math.h>
#include <stdlib.h>

enum { BEATS = 700, ROOM = 16 << 20 };

static double haversine_m(spot a, spot b)
{
    double r = acos(-1) / 180 / SPOT_DEGREE;
    double north = sin((b.lat - a.lat) * r / 2);
    double east = sin((b.lon - a.lon) * r / 2);
    double h = north * north + cos(a.lat * r) * cos(b.lat * r) * east * east;
    return 2 * 6371008.8 * asin(sqrt(h));
}

static void ways_are_as_long_as_they_are(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        spot a = {(int32_t)draw(&seed, 360000000) - 180000000,
                  (int32_t)draw(&seed, 140000000) - 70000000};
        spot b = {a.lon + (int32_t)draw(&seed, 2000000) - 1000000,
                  a.lat + (int32_t)draw(&seed, 2000000) - 1000000};
        double wanted = haversine_m(a, b);
        b.lon += b.lon > 180000000 ? -360000000 : 0;
        b.lon += b.lon < -180000000 ? 360000000 : 0;
        uint32_t is = spot_distance_m(a, b);
        assert_true(fabs(is - wanted) <= 2 + wanted / 250);
        assert_int_equal(is, spot_distance_m(b, a));
    }
    spot pole = {0, 90 * SPOT_DEGREE};
    assert_int_equal(spot_distance_m(pole, (spot){180 * SPOT_DEGREE, 90 * SPOT_DEGREE}), 0);
}

static void spots_are_read(void **state)
{
    (void)state;
    spot s = {0, 0};
    works(spot_parse(STR("103.8342099"), STR("-36.06"), &s));
    assert_int_equal(s.lon, 103834209);
    assert_int_equal(s.lat, -36060000);
    works(spot_parse(STR("180"), STR("90"), &s));
    fails(spot_parse(STR("180.000001"), STR("0"), &s), "spot.range");
    fails(spot_parse(STR("36.06"), STR("103.8"), &s), "spot.range");
    static const char *const bad[] = {"", "-", ".5", "5.", "1e2", "1.2.3", "1,5", "+1", "1234"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        fails(spot_parse(str_from_c(bad[i]), STR("0"), &s), "spot.number");
}

static void longer_ways_take_longer(void **state)
{
    (void)state;
    spot from = {103 * SPOT_DEGREE, 36 * SPOT_DEGREE};
    uint32_t before = travel_s(&travel_usual, from, from);
    assert_int_equal(before, travel_usual.start_s);
    for (int32_t i = 1; i < 3000; i++) {
        spot to = {from.lon + i * 1000, from.lat};
        uint32_t now = travel_s(&travel_usual, from, to);
        assert_true(now > before && now - before < 40);
        before = now;
    }
    /* 4 km in streets, 26 on country roads, 54 on main roads. */
    spot far = {from.lon, from.lat + 539610};
    uint32_t wanted = 180 + 4 * 150 + 26 * 3600 / 42 + 54 * 60;
    assert_in_range(travel_s(&travel_usual, from, far), wanted - 5, wanted + 5);
}

static void look_at_row(const struct neighbours *n, uint32_t beat)
{
    const struct near *row = neighbours_of(n, beat);
    uint32_t nearer = 0;
    uint32_t last = row[n->each - 1].travel_s;
    for (uint32_t i = 0; i < n->beat_count; i++)
        nearer += neighbours_travel_s(n, beat, i) < last;
    assert_true(nearer < n->each);
    for (uint32_t i = 0; i < n->each; i++) {
        assert_int_equal(row[i].travel_s, neighbours_travel_s(n, row[i].beat, beat));
        assert_true(i == 0 || row[i - 1].travel_s <= row[i].travel_s);
        for (uint32_t k = 0; k < i; k++)
            assert_int_not_equal(row[k].beat, row[i].beat);
    }
}

static void rows_are_the_nearest(void **state)
{
    (void)state;
    static spot beats[BEATS];
    struct arena a;
    struct neighbours n;
    uint64_t seed = 3;
    arena_init(&a, ROOM);
    for (uint32_t count = 1; count <= BEATS; count = count * 3 + 1) {
        for (uint32_t i = 0; i < count; i++)
            beats[i] = (spot){100000000 + (int32_t)draw(&seed, 6000000),
                              33000000 + (int32_t)draw(&seed, i % 5 == 0 ? 9000000 : 40)};
        works(neighbours_make(&n, &travel_usual, beats, count, &a));
        for (uint32_t b = 0; b < count; b++)
            look_at_row(&n, b);
        arena_reset(&a);
    }
    arena_done(&a);
    arena_init(&a, 64);
    fails(neighbours_make(&n, &travel_usual, beats, BEATS, &a), "limit.memory");
    arena_done(&a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_are_as_long_as_they_are),
        cmocka_unit_test(spots_are_read),
        cmocka_unit_test(longer_ways_take_longer),
        cmocka_unit_test(rows_are_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
