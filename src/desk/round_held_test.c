/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: nobody signs a round whose orders do not carry it: what is shared is held, for as long as
 * the notice runs and, once it is approved, until the bank has to have paid.
 * Method: two orders by hand, with one thing wrong at a time, at the very instant.
 */
#include "desk/desk_test.h"
#include "desk/round_held.h"

static struct order held_order(int64_t amount, int64_t held, int64_t until_us)
{
    return (struct order){.state = ORDER_EXECUTED,
                          .approver = STR("bob"),
                          .amount = amount,
                          .held = held,
                          .until = {until_us}};
}

static struct law_profile law_of_days(void)
{
    return (struct law_profile){.working_weekdays = 0x7f, .zone_min = 480, .refund_pay_days = 3};
}

static const char *checked(const struct order *one, const struct order *other, enum act step)
{
    const struct order *at[] = {one, other};
    const struct round_orders orders = {at, 2};
    const struct round r = {.shared = 1000, .notice_until = {T0 + 30 * US_PER_DAY}};
    const struct law_profile law = law_of_days();
    err e = round_held_check(&r, &orders, step, &law, at_us(T0));
    return failed(e) ? e.why : "";
}

static void what_is_shared_is_held(void **state)
{
    (void)state;
    int64_t far = T0 + 90 * US_PER_DAY;
    struct order one = held_order(600, 700, far); /* no more counts than was ordered */
    struct order other = held_order(0, 400, far);
    static const enum act steps[] = {ACT_ROUND_REVIEW, ACT_ROUND_NOTICE, ACT_ROUND_APPROVE};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        other.held = 400;
        assert_string_equal(checked(&one, &other, steps[i]), "");
        other.held = 399;
        assert_string_equal(checked(&one, &other, steps[i]), "round.not_held");
    }
    other.held = 400;
    other.approver = STR(""); /* on one person's word */
    assert_string_equal(checked(&one, &other, ACT_ROUND_REVIEW), "round.not_held");
    other.approver = STR("bob");
    for (unsigned s = 0; s < ORDER_STATE_COUNT; s++) {
        bool is_held = s == ORDER_EXECUTED || s == ORDER_PARTIAL;
        other.state = s;
        assert_string_equal(checked(&one, &other, ACT_ROUND_REVIEW),
                            is_held ? "" : "round.not_held");
    }
}

static void a_notice_ends_before_the_orders(void **state)
{
    (void)state;
    struct order one = held_order(600, 600, T0 + 90 * US_PER_DAY);
    struct order other = held_order(400, 400, T0 + 30 * US_PER_DAY);
    assert_string_equal(checked(&one, &other, ACT_ROUND_NOTICE), "round.term");
    assert_string_equal(checked(&one, &other, ACT_ROUND_REVIEW), "");
    other.until.us++;
    assert_string_equal(checked(&one, &other, ACT_ROUND_NOTICE), "");
    other.until.us--;
    other.state = ORDER_LIFTED; /* then it does not count at all */
    one.amount = one.held = 1000;
    assert_string_equal(checked(&one, &other, ACT_ROUND_NOTICE), "");
}

static void what_is_approved_is_held_until_it_is_paid(void **state)
{
    (void)state;
    const struct law_profile law = law_of_days();
    instant paid_by = law_add_working_days(&law, at_us(T0), law.refund_pay_days);
    struct order one = held_order(600, 600, T0 + 90 * US_PER_DAY);
    struct order other = held_order(400, 400, paid_by.us);
    assert_true(paid_by.us > T0 + 2 * US_PER_DAY);
    assert_string_equal(checked(&one, &other, ACT_ROUND_APPROVE), "round.pay_term");
    other.until.us++;
    assert_string_equal(checked(&one, &other, ACT_ROUND_APPROVE), "");
}

/* Two stories of where the money is: the bank may have done one of them already. */
static void not_while_a_freeze_takes_it(void **state)
{
    (void)state;
    int64_t far = T0 + 90 * US_PER_DAY;
    struct order one = held_order(600, 600, far);
    struct order other = held_order(400, 400, far);
    other.taker = STR("O9");
    assert_string_equal(checked(&one, &other, ACT_ROUND_APPROVE), "round.taken_over");
    assert_string_equal(checked(&one, &other, ACT_ROUND_REVIEW), "");
    other.state = ORDER_LIFTED; /* it was taken: the freeze itself stands among the orders */
    one.amount = one.held = 1000;
    assert_string_equal(checked(&one, &other, ACT_ROUND_APPROVE), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shared_is_held),
        cmocka_unit_test(a_notice_ends_before_the_orders),
        cmocka_unit_test(what_is_approved_is_held_until_it_is_paid),
        cmocka_unit_test(not_while_a_freeze_takes_it),
    };
    return cmocka_run_group_tests_name("round_held", tests, NULL, NULL);
}
