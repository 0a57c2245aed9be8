/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what a bank says of others' freezes is kept as it was said, judged when it makes no sense,
 * and of an account's money only what they leave is ours.
 * Method: lists by hand, through the text that a receipt keeps and back; texts that are none.
 */
#include "fact/prior.h"

#include "kit/kit_test.h"

static struct arena turn;

static struct prior_freeze of(const char *who, int64_t amount, int64_t rank)
{
    return (struct prior_freeze){.authority = str_from_c(who),
                                 .reference = STR("R\t1\n"),
                                 .currency = STR(""),
                                 .amount = amount,
                                 .rank = rank,
                                 .until = {7 * US_PER_DAY}};
}

static struct prior_list list_of(const struct prior_freeze *at, size_t count)
{
    return (struct prior_list){.at = at, .count = count, .said = count};
}

static void is_kept(const struct prior_list *list)
{
    struct prior_list again;
    str text;
    works(prior_format(list, &turn, &text));
    works(prior_parse(text, &turn, &again));
    assert_int_equal(again.count, list->count);
    assert_int_equal(again.said, list->said);
    for (size_t i = 0; i < list->count; i++) {
        const struct prior_freeze *a = &list->at[i];
        const struct prior_freeze *b = &again.at[i];
        assert_true(str_equal(a->authority, b->authority));
        assert_true(str_equal(a->currency, b->currency));
        assert_int_equal(a->amount, b->amount);
        assert_int_equal(a->rank, b->rank);
        assert_int_equal(a->is_whole, b->is_whole);
        assert_int_equal(a->until.us, b->until.us);
    }
    assert_int_equal(prior_judge(&again), prior_judge(list));
}

static void they_are_kept(void **state)
{
    (void)state;
    struct prior_freeze some[] = {of("某法院", 60000, 1), of("tax", -5, 2), of("x", 0, 0)};
    some[2].is_whole = true;
    some[2].until = (instant){0};
    struct prior_list none = {0};
    struct prior_list list = list_of(some, 3);
    str text = STR("?");
    works(prior_format(&none, &turn, &text));
    assert_true(str_is_empty(text));
    works(prior_parse(STR(""), &turn, &none));
    assert_int_equal(none.count, 0);
    is_kept(&list);
    list.said = 105;
    is_kept(&list);
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"x",
                                        "0\n",
                                        "1\n",
                                        "1\n1\t2\n",
                                        "1\nx\t-\t-\t\t\ta\n",
                                        "1\n-\t1\t-\t\t\ta\n",
                                        "1\n1\t1\t-\t\ta\n",
                                        "1\n1\t-\t-\t\t\ta\n1\t-\t-\t\t\tb\n"};
    struct prior_list list;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        fails(prior_parse(str_from_c(texts[i]), &turn, &list), ERR_MALFORMED, "prior.text");
}

static void what_makes_no_sense_is_said(void **state)
{
    (void)state;
    struct prior_freeze two[] = {of("a", 100, 1), of("b", 200, 2)};
    struct prior_list list = list_of(two, 2);
    assert_int_equal(prior_judge(&list), PRIOR_FINE);
    two[1].amount = -1;
    assert_int_equal(prior_judge(&list), PRIOR_AMOUNT);
    assert_int_equal(prior_ahead(&list), 100); /* what makes sense still goes first */
    two[1].amount = 200;
    two[1].currency = STR("USD");
    assert_int_equal(prior_judge(&list), PRIOR_CURRENCY);
    assert_int_equal(prior_ahead(&list), 100);
    two[1].currency = STR("");
    two[1].rank = 1;
    assert_int_equal(prior_judge(&list), PRIOR_RANK);
    assert_int_equal(prior_ahead(&list), 300);
    two[1].rank = 0;
    assert_int_equal(prior_judge(&list), PRIOR_FINE);
    list.said = 101;
    assert_int_equal(prior_judge(&list), PRIOR_MANY);
}

static void what_is_left_is_ours(void **state)
{
    (void)state;
    struct prior_freeze two[] = {of("a", 60000, 1), of("b", INT64_MAX, 2)};
    struct prior_list one = list_of(two, 1);
    struct prior_list both = list_of(two, 2);
    assert_int_equal(prior_ahead(&one), 60000);
    assert_int_equal(prior_ahead(&both), -1);
    two[0].is_whole = true;
    assert_int_equal(prior_ahead(&one), -1);
    assert_int_equal(prior_left(0, 0, 500), 500); /* nobody before us: the bank's word */
    assert_int_equal(prior_left(600, 800, 500), 200);
    assert_int_equal(prior_left(600, 800, 100), 100);
    assert_int_equal(prior_left(600, 600, 500), 0);
    assert_int_equal(prior_left(600, 100, 500), 0);
    assert_int_equal(prior_left(600, -1, 500), 500); /* nobody said how much there is */
    assert_int_equal(prior_left(-1, 800, 500), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_kept),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(what_makes_no_sense_is_said),
        cmocka_unit_test(what_is_left_is_ours),
    };
    arena_init(&turn, 1 << 20);
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&turn);
    return bad;
}
