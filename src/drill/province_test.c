/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the province has the article's numbers, its beats meet without gaps or overlaps, stations
 * stand in beats of their own and somebody of most is always on duty; one seed, the same bytes.
 * Method: counted; every field against the one beside it; two of one seed and one of another
 * written out.
 */
#include "drill/province.h"

#include "drill/drill_test.h"

enum { ROOM = 64 << 20 };

static struct arena arena;

static str written(uint64_t seed)
{
    struct province p;
    struct text t;
    works(province_make(&p, seed, &arena));
    text_init(&t, &arena);
    province_put_stations(&p, &t);
    province_put_beats(&p, &t);
    province_put_officers(&p, 20780, &t);
    for (uint32_t i = 0; i < 1000; i++)
        text_printf(&t, "%u %u\n", province_pick(&p, i * UINT64_C(0x4189374BC6A7F0)),
                    province_travel_s(&p, i, 3 * i, i * 60, 100));
    assert_false(text_spent(&t));
    return text_str(&t);
}

static void one_seed_is_one_province(void **state)
{
    (void)state;
    str one = written(7);
    assert_true(str_equal(one, written(7)));
    assert_false(str_equal(one, written(8)));
    arena_reset(&arena);
}

static bool overlaps(const struct province_beat *a, const struct province_beat *b)
{
    return a->low.lon < b->high.lon && b->low.lon < a->high.lon && a->low.lat < b->high.lat &&
           b->low.lat < a->high.lat;
}

static void beats_meet(void **state)
{
    (void)state;
    struct province p;
    works(province_make(&p, 1, &arena));
    for (uint32_t i = 0; i < PROVINCE_BEATS; i++) {
        const struct province_beat *b = &p.beats[i];
        assert_true(b->low.lon < b->high.lon && b->low.lat < b->high.lat && b->weight > 0);
        assert_true(b->station < PROVINCE_STATIONS);
        for (uint32_t k = i + 1; k < PROVINCE_BEATS && k < i + 200; k++)
            assert_false(overlaps(b, &p.beats[k]));
    }
    uint32_t on = 0;
    for (uint32_t i = 0; i < PROVINCE_OFFICERS; i++) {
        uint32_t days = 0;
        for (uint32_t day = 0; day < PROVINCE_SHIFTS; day++)
            days += province_is_on(&p, i, day);
        assert_int_equal(days, 1);
        assert_int_equal(p.beats[p.officers[i].beat].station, p.officers[i].station);
        on += province_is_on(&p, i, 0);
    }
    assert_in_range(on, PROVINCE_OFFICERS / 3 - 100, PROVINCE_OFFICERS / 3 + 100);
    for (uint32_t i = 0; i < PROVINCE_STATIONS; i++)
        assert_int_equal(p.beats[p.stations[i].beat].station, i);
    arena_reset(&arena);
}

static void ways_take_their_time(void **state)
{
    (void)state;
    struct province p;
    works(province_make(&p, 1, &arena));
    uint64_t usual = 0;
    uint64_t rush = 0;
    for (uint32_t i = 0; i < 2000; i++) {
        uint32_t s = province_travel_s(&p, i, i + 40, 3 * 3600, 100);
        assert_in_range(s, 60, 24 * 3600);
        usual += s;
        rush += province_travel_s(&p, i, i + 40, 8 * 3600, 100);
        assert_true(province_travel_s(&p, i, i + 40, 3 * 3600, 300) > 2 * s);
    }
    assert_true(rush > usual * 120 / 100 && rush < usual * 145 / 100);
    arena_reset(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seed_is_one_province),
        cmocka_unit_test(beats_meet),
        cmocka_unit_test(ways_take_their_time),
    };
    arena_init(&arena, ROOM);
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return bad;
}
