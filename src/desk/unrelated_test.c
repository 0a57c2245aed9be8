/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an order on an account to which nothing stolen came is lifted when the law's days are over,
 * by the ordinary lift that its provider confirms; not when it was found otherwise before, nor when
 * a person kept it, by name and with a reason; and no deadline outlives its order.
 * Method: each act in every state; each way on from having been found; each way of ending.
 */
#include "desk/desk_test.h"
#include "desk/unrelated.h"

#define DAYS US_PER_DAY

static const struct provider bank = {
    .id = {.at = "bank-a", .size = 6},
      .can = 0x3f, .answer_s = 300
};

static struct order order_in(unsigned state, bool is_found)
{
    bool was_asked = state != ORDER_DRAFTED && state != ORDER_APPROVED;
    bool is_over = state == ORDER_REFUSED || state >= ORDER_LAPSED;
    return (struct order){.id = STR("O1"),
                          .incident = STR("I1"),
                          .kind = ORDER_FREEZE,
                          .target_kind = INDICATOR_ACCOUNT,
                          .target = STR("BKA:1"),
                          .state = state,
                          .amount = 500,
                          .bound = 500,
                          .held = 500,
                          .balance = -1,
                          .ask = was_asked,
                          .asked = state == ORDER_LIFTING ? ASK_LIFT : ASK_NOTHING,
                          .proposer = STR("ann"),
                          .approver = STR("bob"),
                          .deciders = STR("ann bob"),
                          .from = at_us(T0 - DAYS),
                          .until = at_us(T0 + 100 * DAYS),
                          .executed_at = at_us(was_asked ? T0 - DAYS : 0),
                          .ended_at = at_us(is_over ? T0 - 1 : 0),
                          .unrelated_since = at_us(is_found ? T0 - DAYS : 0),
                          .release_by = at_us(is_found && !is_over ? T0 + 2 * DAYS : 0),
                          .revision = 3};
}

static const char *acted(struct bench *b, struct order o, enum act act)
{
    union record own = {.order = o};
    bool is_persons = act == ACT_ORDER_KEEP || act == ACT_ORDER_LIFT;
    struct command cmd = {.act = act,
                          .actor = is_persons ? staff("cat", ROLES(ROLE_ANALYST)) : centre_itself,
                          .record = STR("O1"),
                          .why = STR("the court asked for it")};
    b->law.unrelated_days = 3;
    b->law.escalate_min = 30;
    b->law.report_retention_days = 1825;
    b->view.provider = &bank;
    bench_own(b, &own);
    return decided(b, &cmd);
}

static bool is_in_force(unsigned state)
{
    return state >= ORDER_SENT && state <= ORDER_PARTIAL;
}

static void in_force_and_once(void **state)
{
    struct bench *b = *state;
    for (unsigned at = 0; at < ORDER_STATE_COUNT; at++) {
        const char *why = is_in_force(at) ? "" : "order.not_in_force";
        assert_string_equal(acted(b, order_in(at, false), ACT_ORDER_UNRELATE), why);
        assert_string_equal(acted(b, order_in(at, false), ACT_ORDER_RELEASE),
                            "order.not_unrelated");
        assert_string_equal(acted(b, order_in(at, false), ACT_ORDER_KEEP), "order.not_unrelated");
        assert_string_equal(acted(b, order_in(at, true), ACT_ORDER_RELATE), why);
        why = is_in_force(at) ? "order.unrelated_before" : "order.not_in_force";
        assert_string_equal(acted(b, order_in(at, true), ACT_ORDER_UNRELATE), why);
    }
    assert_string_equal(acted(b, order_in(ORDER_EXECUTED, false), ACT_ORDER_RELATE),
                        "order.not_unrelated");
}

/* Who is cut off is no account on which money is held; nor is a number. */
static void only_what_holds_money(void **state)
{
    struct bench *b = *state;
    struct order o = order_in(ORDER_EXECUTED, false);
    o.kind = ORDER_DISCONNECT;
    assert_string_equal(acted(b, o, ACT_ORDER_UNRELATE), "order.not_money");
    o = order_in(ORDER_EXECUTED, false);
    o.target_kind = INDICATOR_NUMBER;
    assert_string_equal(acted(b, o, ACT_ORDER_UNRELATE), "order.not_money");
}

static void found_it_is_released_in_three_days(void **state)
{
    struct bench *b = *state;
    const struct order *after = &b->change.after.order;
    assert_string_equal(acted(b, order_in(ORDER_EXECUTED, false), ACT_ORDER_UNRELATE), "");
    assert_int_equal(after->state, ORDER_EXECUTED);
    assert_int_equal(after->unrelated_since.us, T0);
    assert_int_equal(after->release_by.us, T0 + 3 * DAYS);
    assert_armed(&b->change, ACT_ORDER_DUE, T0 + 3 * DAYS);
    assert_true(has_effect(&b->change, EFFECT_STREAM));
    assert_str(after->deciders, "ann bob"); /* no person has decided anything */

    struct order found = *after;
    assert_string_equal(acted(b, found, ACT_ORDER_RELEASE), "order.not_due");
    b->at = found.release_by;
    assert_string_equal(acted(b, found, ACT_ORDER_DUE), ""); /* the clock alone ends nothing */
    assert_int_equal(after->state, ORDER_EXECUTED);
    assert_armed(&b->change, ACT_ORDER_DUE, T0 + 4 * DAYS);
    assert_string_equal(acted(b, found, ACT_ORDER_RELEASE), "");
    assert_int_equal(after->state, ORDER_LIFTING); /* until its provider says that it let go */
    assert_int_equal(after->asked, ASK_LIFT);
    assert_str(after->ended_why, ORDER_WHY_UNRELATED);
    assert_int_equal(after->release_by.us, 0);
    assert_int_equal(after->unrelated_since.us, T0);
    assert_disarmed(&b->change, ACT_ORDER_EXPIRE);
    assert_true(has_effect(&b->change, EFFECT_ORDER));
    b->at = at_us(T0);
}

static void found_otherwise_it_stays(void **state)
{
    struct bench *b = *state;
    const struct order *after = &b->change.after.order;
    assert_string_equal(acted(b, order_in(ORDER_EXECUTED, true), ACT_ORDER_RELATE), "");
    assert_int_equal(after->unrelated_since.us, 0);
    assert_int_equal(after->release_by.us, 0);
    assert_disarmed(&b->change, ACT_ORDER_DUE);
    struct order again = *after;
    assert_string_equal(acted(b, again, ACT_ORDER_UNRELATE), "");
}

static void kept_it_stays(void **state)
{
    struct bench *b = *state;
    const struct order *after = &b->change.after.order;
    struct order found = order_in(ORDER_EXECUTED, true);
    union record own = {.order = found};
    bench_own(b, &own);
    struct command cmd = {
        .act = ACT_ORDER_KEEP, .actor = staff("cat", ROLES(ROLE_ANALYST)), .record = STR("O1")};
    assert_string_equal(decided(b, &cmd), "why.missing");
    cmd.actor = staff("ann", ROLES(ROLE_OPERATOR));
    cmd.why = STR("a reason");
    assert_string_equal(decided(b, &cmd), "permit.role");

    assert_string_equal(acted(b, found, ACT_ORDER_KEEP), "");
    assert_str(after->keeper, "cat");
    assert_str(after->deciders, "ann bob cat"); /* an appeal finds another judge */
    assert_int_equal(after->release_by.us, 0);
    assert_int_equal(after->unrelated_since.us, T0 - DAYS);
    assert_disarmed(&b->change, ACT_ORDER_DUE);

    struct order kept = *after;
    kept.deciders = STR("ann bob cat");
    assert_string_equal(acted(b, kept, ACT_ORDER_RELEASE), "order.not_unrelated");
    assert_string_equal(acted(b, kept, ACT_ORDER_UNRELATE), "order.unrelated_before");
    assert_string_equal(acted(b, kept, ACT_ORDER_KEEP), "order.not_unrelated");
    assert_string_equal(acted(b, kept, ACT_ORDER_RELATE), ""); /* and later found once more */
    assert_str(after->keeper, "");
}

/* However it ends: by a person, its term, its bank's refusal. */
static void no_deadline_outlives_it(void **state)
{
    struct bench *b = *state;
    static const enum act acts[] = {ACT_ORDER_LIFT, ACT_ORDER_EXPIRE, ACT_ORDER_RELEASE};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        b->at = at_us(T0 + 2 * DAYS);
        assert_string_equal(acted(b, order_in(ORDER_PARTIAL, true), acts[i]), "");
        assert_int_equal(b->change.after.order.release_by.us, 0);
        assert_disarmed(&b->change, ACT_ORDER_DUE);
        b->at = at_us(T0);
    }
    struct order o = order_in(ORDER_SENT, true); /* late, and refused: all its timers at once */
    o.asked = ASK_PLACE;
    o.is_late = 1;
    union record own = {.order = o};
    bench_own(b, &own);
    b->view.is_follow = true;
    struct command cmd = {.act = ACT_ORDER_RECEIVE, .actor = centre_itself, .record = STR("O1")};
    cmd.body.receipt = (struct receipt){.order = STR("O1"),
                                        .provider = STR("bank-a"),
                                        .result = RECEIPT_REFUSED,
                                        .fate = RECEIPT_TAKEN,
                                        .reason = STR("AC04"),
                                        .at = at_us(T0),
                                        .held = -1,
                                        .balance = -1,
                                        .ask = 1};
    assert_string_equal(decided(b, &cmd), "");
    b->view.is_follow = false;
    assert_int_equal(b->change.after.order.state, ORDER_REFUSED);
    assert_int_equal(b->change.after.order.release_by.us, 0);
    assert_disarmed(&b->change, ACT_ORDER_DUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(in_force_and_once, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(only_what_holds_money, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(found_it_is_released_in_three_days, bench_open,
                                        bench_close),
        cmocka_unit_test_setup_teardown(found_otherwise_it_stays, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(kept_it_stays, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(no_deadline_outlives_it, bench_open, bench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
