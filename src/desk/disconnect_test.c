/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: only what two people decided and records still say makes an instrument one that may be
 * proposed for disconnection; whatever protects it wins; an honest shop is never one; a draft
 * stands no longer than what it rests on.
 * Method: an instrument with a ground, and one thing changed at a time; then every state of a
 * listing and of an order, of which only those in force may count.
 */
#include "desk/desk_test.h"
#include "desk/disconnect.h"

static const struct provider issuer = {
    .id = {.at = "bank-a", .size = 6},
      .can = 1U << ORDER_DISCONNECT
};

struct scene {
    struct disconnect_facts facts;
    struct listing listing;
    struct order orders[2];
};

static struct listing blocked(void)
{
    return (struct listing){.id = STR("L1"),
                            .action = ACTION_BLOCK,
                            .state = LISTING_IN_FORCE,
                            .proposer = STR("ann"),
                            .approver = STR("bob"),
                            .from = at_us(T0 - 1),
                            .until = at_us(T0 + 1)};
}

static struct order held(void)
{
    return (struct order){.id = STR("O1"),
                          .incident = STR("I1"),
                          .kind = ORDER_HOLD,
                          .state = ORDER_EXECUTED,
                          .proposer = STR("ann"),
                          .approver = STR("bob")};
}

static struct scene *by_listing(struct scene *s)
{
    *s = (struct scene){.listing = blocked()};
    s->facts = (struct disconnect_facts){.kind = INDICATOR_NUMBER,
                                         .listings = &s->listing,
                                         .listing_count = 1,
                                         .orders = s->orders,
                                         .issuer = &issuer};
    return s;
}

static struct scene *by_hold(struct scene *s)
{
    *s = (struct scene){.orders = {held()}};
    s->facts = (struct disconnect_facts){.kind = INDICATOR_ACCOUNT,
                                         .listings = &s->listing,
                                         .orders = s->orders,
                                         .order_count = 1,
                                         .incident = STR("I1"),
                                         .has_stolen = true,
                                         .issuer = &issuer};
    return s;
}

static struct disconnect_view judge(const struct scene *s)
{
    return disconnect_judge(&s->facts, at_us(T0));
}

static void is_refused(const struct scene *s, const char *why)
{
    struct disconnect_view v = judge(s);
    assert_non_null(v.why_not);
    assert_string_equal(v.why_not, why);
}

static void two_grounds(void **state)
{
    struct scene s;
    (void)state;
    struct disconnect_view v = judge(by_listing(&s));
    assert_null(v.why_not);
    assert_int_equal(v.ground, GROUND_LISTING);
    assert_ptr_equal(v.listing, &s.listing);
    v = judge(by_hold(&s));
    assert_null(v.why_not);
    assert_int_equal(v.ground, GROUND_HOLD);
    assert_ptr_equal(v.hold, &s.orders[0]);
}

static void a_listing_counts_when_two_people_made_it_and_it_is_in_force(void **state)
{
    struct scene s;
    (void)state;
    for (unsigned i = 0; i < LISTING_STATE_COUNT; i++) {
        by_listing(&s)->listing.state = i;
        assert_int_equal(judge(&s).why_not == NULL, i == LISTING_IN_FORCE);
    }
    by_listing(&s)->listing.action = ACTION_WARN;
    is_refused(&s, "disconnect.no_record");
    by_listing(&s)->listing.approver = STR("");
    is_refused(&s, "disconnect.no_record");
    by_listing(&s)->listing.source_id = STR("S1"); /* two people approved a list, not this */
    is_refused(&s, "disconnect.no_record");
    by_listing(&s)->listing.until = at_us(T0); /* its timer is late */
    is_refused(&s, "disconnect.no_record");
    by_listing(&s)->listing.from = at_us(T0 + 1);
    is_refused(&s, "disconnect.no_record");
}

static void a_hold_counts_when_two_people_made_it_and_it_stands(void **state)
{
    struct scene s;
    (void)state;
    for (unsigned i = 0; i < ORDER_STATE_COUNT; i++) {
        by_hold(&s)->orders[0].state = i;
        bool counts = i == ORDER_EXECUTED || i == ORDER_PARTIAL;
        assert_int_equal(judge(&s).why_not == NULL, counts);
    }
    for (unsigned i = 0; i < ORDER_KIND_COUNT; i++) {
        by_hold(&s)->orders[0].kind = i;
        bool counts = i == ORDER_HOLD || i == ORDER_STOP || i == ORDER_FREEZE;
        assert_int_equal(judge(&s).why_not == NULL, counts);
    }
    by_hold(&s)->orders[0].approver = STR(""); /* one person's word */
    is_refused(&s, "disconnect.no_record");
    by_hold(&s)->orders[0].incident = STR("I2"); /* that incident's own page proposes it */
    is_refused(&s, "disconnect.no_record");
    by_hold(&s)->facts.incident = STR("");
    s.orders[0].incident = STR("");
    is_refused(&s, "disconnect.no_record");
    by_hold(&s)->facts.has_stolen = false;
    is_refused(&s, "disconnect.not_stolen");
    by_hold(&s)->facts.kind = INDICATOR_NUMBER;
    is_refused(&s, "disconnect.no_record");
}

static void what_is_protected_is_never_proposed(void **state)
{
    struct scene s;
    struct listing both[2] = {blocked(), blocked()};
    (void)state;
    both[1].action = ACTION_ALLOW;
    both[1].source_id = STR("S1"); /* whoever says so */
    by_hold(&s)->facts.listings = both;
    s.facts.listing_count = 2;
    is_refused(&s, "disconnect.protected");
    assert_ptr_equal(judge(&s).listing, &both[1]);
    both[1].until = at_us(T0);
    assert_null(judge(&s).why_not);
}

static void a_shop_is_proposed_only_when_two_people_listed_it(void **state)
{
    struct scene s;
    (void)state;
    by_hold(&s)->facts.is_shop = true;
    is_refused(&s, "disconnect.shop");
    s.listing = blocked();
    s.facts.listing_count = 1;
    assert_int_equal(judge(&s).ground, GROUND_LISTING);
    assert_null(judge(&s).why_not);
}

static void numbers_and_accounts_only(void **state)
{
    struct scene s;
    (void)state;
    for (unsigned kind = 0; kind < INDICATOR_KIND_COUNT; kind++) {
        by_listing(&s)->facts.kind = kind;
        bool may = kind == INDICATOR_NUMBER || kind == INDICATOR_ACCOUNT;
        assert_int_equal(judge(&s).why_not == NULL, may);
    }
}

static void once_at_a_time_and_by_who_can(void **state)
{
    struct scene s;
    struct provider cannot = {.id = STR("bank-b"), .can = 1U << ORDER_HOLD};
    (void)state;
    for (unsigned i = 0; i < ORDER_STATE_COUNT; i++) {
        by_hold(&s)->orders[1] = (struct order){.kind = ORDER_DISCONNECT, .state = i};
        s.facts.order_count = 2;
        struct disconnect_view v = judge(&s);
        bool is_over = i == ORDER_REFUSED || i == ORDER_LAPSED || i == ORDER_EXPIRED ||
                       i == ORDER_LIFTED || i == ORDER_FAILED;
        assert_int_equal(v.why_not == NULL, is_over);
        assert_ptr_equal(is_over ? v.before : v.standing, &s.orders[1]);
    }
    by_hold(&s)->facts.issuer = NULL;
    is_refused(&s, "disconnect.no_issuer");
    by_hold(&s)->facts.issuer = &cannot;
    is_refused(&s, "order.cannot");
}

static const char *again(const struct listing *l, const struct order *hold)
{
    const struct disconnect_rest rest = {
        .listings = l, .listing_count = l != NULL, .listing = l, .hold = hold};
    return disconnect_judge_again(&rest, at_us(T0));
}

static void a_draft_stands_as_long_as_what_it_rests_on(void **state)
{
    struct listing l = blocked();
    struct order hold = held();
    (void)state;
    assert_null(again(NULL, NULL)); /* a person wrote its evidence by hand */
    for (unsigned i = 0; i < LISTING_STATE_COUNT; i++) {
        l.state = i;
        const char *why = again(&l, NULL);
        assert_int_equal(why == NULL, i == LISTING_IN_FORCE);
        if (why != NULL)
            assert_string_equal(why, "disconnect.listing_gone");
    }
    l = blocked();
    l.until = at_us(T0); /* its timer is late */
    assert_string_equal(again(&l, NULL), "disconnect.listing_gone");
    for (unsigned i = 0; i < ORDER_STATE_COUNT; i++) {
        hold.state = i;
        const char *why = again(NULL, &hold);
        assert_int_equal(why == NULL, i == ORDER_EXECUTED || i == ORDER_PARTIAL);
        if (why != NULL)
            assert_string_equal(why, "disconnect.hold_gone");
    }
    hold = held();
    l = blocked();
    l.action = ACTION_ALLOW;
    const struct disconnect_rest rest = {.listings = &l, .listing_count = 1, .hold = &hold};
    assert_string_equal(disconnect_judge_again(&rest, at_us(T0)), "disconnect.protected");
    l.state = LISTING_LIFTED;
    assert_null(disconnect_judge_again(&rest, at_us(T0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_grounds),
        cmocka_unit_test(a_listing_counts_when_two_people_made_it_and_it_is_in_force),
        cmocka_unit_test(a_hold_counts_when_two_people_made_it_and_it_stands),
        cmocka_unit_test(what_is_protected_is_never_proposed),
        cmocka_unit_test(a_shop_is_proposed_only_when_two_people_listed_it),
        cmocka_unit_test(numbers_and_accounts_only),
        cmocka_unit_test(once_at_a_time_and_by_who_can),
        cmocka_unit_test(a_draft_stands_as_long_as_what_it_rests_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
