/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a curve never falls, goes through its points and stays what it is beyond them. Method:
 * random curves, looked at everywhere.
 */
#include "warn/calibration.h"

#include "warn/warn_test.h"

static struct calibration some_curve(uint64_t *dice)
{
    struct calibration c = {.count = 1 + (uint32_t)(draw(dice) % CALIBRATION_POINTS)};
    int32_t evidence = (int32_t)(draw(dice) % 20000) - 10000;
    int32_t micro = 0;
    for (uint32_t i = 0; i < c.count; i++) {
        c.points[i] = (struct calibration_point){evidence, micro};
        evidence += 1 + (int32_t)(draw(dice) % 500);
        micro += (int32_t)(draw(dice) % 3000);
    }
    return c;
}

static void it_rises_through_its_points(void **state)
{
    (void)state;
    uint64_t dice = 3;
    for (int world = 0; world < 200; world++) {
        struct calibration c = some_curve(&dice);
        int32_t before = 0;
        for (uint32_t i = 0; i < c.count; i++)
            assert_int_equal(calibration_micro(&c, c.points[i].evidence_mn), c.points[i].micro);
        for (int64_t at = -20000; at < 140000; at += 37) {
            int32_t micro = calibration_micro(&c, at);
            assert_true(micro >= before && micro <= RULES_MICRO);
            before = micro;
        }
        assert_int_equal(calibration_micro(&c, INT32_MIN), c.points[0].micro);
        assert_int_equal(calibration_micro(&c, INT32_MAX), c.points[c.count - 1].micro);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_rises_through_its_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
