/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: sketches count different ones, within their error, and forget order and repetition.
 * Method: sets of known size under many seeds; the mean and the worst of what is said.
 */
#include "sense/sense_test.h"

enum { SEEDS = 200 };

/* Tenths of a per cent that the root of the mean square is off. */
static double error_of(unsigned registers, uint32_t size)
{
    double squares = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        uint8_t sketch[SKETCH_64_BYTES] = {0};
        struct chance c = {seed << 32};
        for (uint32_t i = 0; i < size; i++)
            sketch_put(sketch, registers, draw(&c));
        double off = ((double)sketch_count(sketch, registers) - size) / size;
        squares += off * off;
    }
    return squares / SEEDS;
}

static void counts_within_its_error(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 3, 10, 30, 100, 300, 1000, 10000};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        assert_true(error_of(64, sizes[i]) < 0.17 * 0.17);
        assert_true(error_of(32, sizes[i]) < 0.24 * 0.24);
    }
}

static void nothing_is_none(void **state)
{
    (void)state;
    uint8_t sketch[SKETCH_64_BYTES] = {0};
    assert_int_equal(sketch_count(sketch, 64), 0);
    assert_int_equal(sketch_count(sketch, 32), 0);
    assert_int_equal(sketch_common(sketch, sketch), 0);
    memset(sketch, 0xFF, sizeof sketch);
    assert_true(sketch_count(sketch, 64) > 1000000);
}

static void order_and_repetition_are_forgotten(void **state)
{
    (void)state;
    uint8_t one[SKETCH_64_BYTES] = {0};
    uint8_t other[SKETCH_64_BYTES] = {0};
    for (uint64_t i = 0; i < 500; i++)
        sketch_put(one, 64, key_of(i));
    for (uint64_t i = 1500; i > 0; i--)
        sketch_put(other, 64, key_of((i - 1) % 500));
    assert_memory_equal(one, other, sizeof one);
}

static void folding_is_counting_in_fewer(void **state)
{
    (void)state;
    uint8_t of_64[SKETCH_64_BYTES] = {0};
    uint8_t of_32[SKETCH_32_BYTES] = {0};
    for (uint64_t i = 0; i < 40; i++) {
        sketch_put(of_64, 64, key_of(i));
        sketch_put(of_32, 32, key_of(i));
    }
    /* The same set: all of it is common, exactly. */
    assert_int_equal(sketch_common(of_64, of_32), sketch_count(of_32, 32));
}

static void draw_sketch(struct chance *c, uint8_t *sketch, unsigned registers)
{
    memset(sketch, 0, registers / 2);
    for (uint64_t n = draw(c) % (UINT64_C(1) << draw(c) % 12); n > 0; n--)
        sketch_put(sketch, registers, draw(c));
    if (draw(c) % 8 == 0)
        sketch_raise(sketch, (unsigned)draw(c) % registers, SKETCH_MOST);
}

/* Register by register: what has sixteen at once must say the same. */
static uint32_t count_plainly(const uint8_t *sketch, unsigned registers)
{
    uint32_t sum = 0;
    unsigned empty = 0;
    for (unsigned i = 0; i < registers; i++) {
        unsigned rank = sketch_get(sketch, i);
        sum += UINT32_C(1) << (SKETCH_MOST - rank);
        empty += rank == 0;
    }
    uint32_t many = (registers == 64 ? 95160369U : 23387439U) / sum;
    if (empty == 0 || many > registers * 5 / 2)
        return many;
    uint64_t bits = empty == 64 ? 0 : UINT64_MAX >> empty >> (64 - registers);
    return sketch_bits_count(bits, registers);
}

static void as_register_by_register(void **state)
{
    (void)state;
    struct chance c = {77};
    for (unsigned n = 0; n < 20000; n++) {
        uint8_t one[SKETCH_64_BYTES];
        uint8_t other[SKETCH_32_BYTES];
        uint8_t folded[SKETCH_32_BYTES] = {0};
        uint8_t both[SKETCH_32_BYTES];
        draw_sketch(&c, one, 64);
        draw_sketch(&c, other, 32);
        memcpy(both, other, sizeof both);
        for (unsigned i = 0; i < 64; i++) {
            sketch_raise(folded, i % 32, sketch_get(one, i));
            sketch_raise(both, i % 32, sketch_get(one, i));
        }
        uint32_t parts = count_plainly(folded, 32) + count_plainly(other, 32);
        uint32_t all = count_plainly(both, 32);
        assert_int_equal(sketch_count(one, 64), count_plainly(one, 64));
        assert_int_equal(sketch_count(other, 32), count_plainly(other, 32));
        assert_int_equal(sketch_common(one, other), parts > all ? parts - all : 0);
    }
}

static void small_sets_of_bits(void **state)
{
    (void)state;
    assert_int_equal(sketch_bits_count(0, 64), 0);
    for (unsigned places = 16; places <= 64; places *= 2) {
        uint64_t full = places == 64 ? UINT64_MAX : (UINT64_C(1) << places) - 1;
        assert_int_equal(sketch_bits_count(1, places), 1);
        assert_int_equal(sketch_bits_count(5, places), 2);
        assert_true(sketch_bits_count(full, places) > sketch_bits_count(full >> 1, places));
    }
    assert_int_equal(sketch_bits_count(UINT16_MAX, 16), 55);
    assert_int_equal(sketch_bits_count(UINT32_MAX, 32), 133);
    assert_int_equal(sketch_bits_count(UINT64_MAX, 64), 311);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_within_its_error),
        cmocka_unit_test(nothing_is_none),
        cmocka_unit_test(order_and_repetition_are_forgotten),
        cmocka_unit_test(folding_is_counting_in_fewer),
        cmocka_unit_test(as_register_by_register),
        cmocka_unit_test(small_sets_of_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
