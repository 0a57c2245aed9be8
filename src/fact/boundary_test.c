/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a spot lies within exactly one of the pieces that cover a map, whatever line it is on; a
 * boundary that is none is refused with its reason. Method: maps cut into pieces by chance, every
 * spot of a grid asked, on and off the lines; holes and islands; each mistake once.
 */
#include "fact/boundary.h"

#include "kit/kit_test.h"

#include <stdlib.h>

enum { SIDE = 8, STEP = 1000, RING = 5 };

static struct arena turn;

static uint32_t draw(uint64_t *state, uint32_t n)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ z >> 31) % n);
}

static struct boundary one_ring(const spot *spots, const uint32_t *end)
{
    return (struct boundary){.spots = spots, .ends = end, .ring_count = 1};
}

/* A quilt: the corners inside it moved by chance, by less than half a step. */
static void a_spot_has_one_piece(void **state)
{
    (void)state;
    static const uint32_t end = RING;
    static spot corners[SIDE + 1][SIDE + 1];
    static spot rings[SIDE][SIDE][RING];
    uint64_t seed = 1;
    for (int32_t y = 0; y <= SIDE; y++)
        for (int32_t x = 0; x <= SIDE; x++) {
            bool is_inside = x > 0 && y > 0 && x < SIDE && y < SIDE;
            corners[y][x] = (spot){x * STEP + (is_inside ? (int32_t)draw(&seed, 700) - 350 : 0),
                                   y * STEP + (is_inside ? (int32_t)draw(&seed, 700) - 350 : 0)};
        }
    for (size_t y = 0; y < SIDE; y++)
        for (size_t x = 0; x < SIDE; x++) {
            const spot ring[RING] = {corners[y][x], corners[y][x + 1], corners[y + 1][x + 1],
                                     corners[y + 1][x], corners[y][x]};
            for (size_t i = 0; i < RING; i++)
                rings[y][x][x % 2 == 0 ? i : RING - 1 - i] = ring[i];
            struct boundary b = one_ring(rings[y][x], &end);
            works(boundary_check(&b, &turn));
            assert_true(boundary_holds(&b, boundary_centre(&b)));
        }
    for (int i = 0; i < 30000; i++) {
        spot s = {(int32_t)draw(&seed, SIDE * STEP), (int32_t)draw(&seed, SIDE * STEP)};
        if (i % 3 == 0)
            s = corners[1 + draw(&seed, SIDE - 1)][1 + draw(&seed, SIDE - 1)];
        int count = 0;
        for (size_t k = 0; k < SIDE * SIDE; k++) {
            struct boundary b = one_ring(rings[k / SIDE][k % SIDE], &end);
            count += boundary_holds(&b, s);
        }
        assert_int_equal(count, 1);
    }
}

static void holes_and_islands(void **state)
{
    (void)state;
    static const spot spots[] = {
        {0,  0 },
        {90, 0 },
        {90, 90},
        {0,  90},
        {0,  0 }, /* a hole: */
        {30, 30},
        {30, 60},
        {60, 60},
        {60, 30},
        {30, 30}, /* an island in it: */
        {40, 40},
        {50, 40},
        {50, 50},
        {40, 50},
        {40, 40},
    };
    static const uint32_t ends[] = {5, 10, 15};
    struct boundary b = {.spots = spots, .ends = ends, .ring_count = 3};
    works(boundary_check(&b, &turn));
    assert_true(boundary_holds(&b, (spot){10, 45}));
    assert_false(boundary_holds(&b, (spot){35, 45}));
    assert_true(boundary_holds(&b, (spot){45, 45}));
    assert_false(boundary_holds(&b, (spot){95, 45}));
    assert_false(boundary_holds(&b, (spot){45, -1}));
    struct box box = boundary_box(&b);
    assert_true(box.low.lon == 0 && box.low.lat == 0 && box.high.lon == 90 && box.high.lat == 90);
    spot centre = boundary_centre(&b);
    assert_true(centre.lon == 45 && centre.lat == 45);
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    static const spot open_ring[] = {
        {0,  0 },
        {90, 0 },
        {90, 90},
        {0,  90}
    };
    static const spot bow[] = {
        {0,  0 },
        {90, 90},
        {90, 0 },
        {0,  80},
        {0,  0 }
    };
    static const spot line[] = {
        {0,  0 },
        {90, 90},
        {40, 40},
        {0,  0 }
    };
    static const spot two[] = {
        {0,  0 },
        {90, 90},
        {0,  0 }
    };
    static const struct {
        const spot *spots;
        uint32_t count;
        const char *why;
    } cases[] = {
        {open_ring, COUNT_OF(open_ring), "boundary.not_closed"},
        {bow,       COUNT_OF(bow),       "boundary.crosses"   },
        {line,      COUNT_OF(line),      "boundary.empty"     },
        {two,       COUNT_OF(two),       "boundary.too_few"   },
        {two,       0,                   "boundary.empty"     },
        {two,       1,                   "boundary.too_few"   },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct boundary b = one_ring(cases[i].spots, &cases[i].count);
        fails(boundary_check(&b, &turn), ERR_MALFORMED, cases[i].why);
    }
    /* Two rings that cross each other. */
    static const spot both[] = {
        {0,  0 },
        {90, 0 },
        {90, 90},
        {0,  90},
        {0,  0 },
        {50, 50},
        {99, 50},
        {99, 60},
        {50, 60},
        {50, 50},
    };
    static const uint32_t ends[] = {5, 10};
    struct boundary b = {.spots = both, .ends = ends, .ring_count = 2};
    fails(boundary_check(&b, &turn), ERR_MALFORMED, "boundary.crosses");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spot_has_one_piece),
        cmocka_unit_test(holes_and_islands),
        cmocka_unit_test(what_is_none_is_refused),
    };
    arena_init(&turn, 16 << 20);
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&turn);
    return bad;
}
