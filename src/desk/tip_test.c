/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a tip has these arrows and no other; telling counts and lists nothing; a decision is asked
 * about again when enough more have told, and not before; what was told ends, with its value.
 * Method: every state with every act against a table written here; then counts told one by one.
 */
#include "desk/desk_test.h"

enum { ANALYST = 1 << ROLE_ANALYST, NO = 99 };
#define KEPT (TIP_DAYS * US_PER_DAY)

static struct tip told(const struct bench *b, unsigned state)
{
    bool is_decided = state == TIP_LISTED || state == TIP_DISMISSED;
    return (struct tip){.id = STR("T1"),
                        .kind = INDICATOR_NUMBER,
                        .value = STR("+8613912345678"),
                        .state = state,
                        .told = 3,
                        .decided_told = is_decided ? 3 : 0,
                        .listing = state == TIP_LISTED ? STR("L1") : STR(""),
                        .first_at = at_us(b->at.us - US_PER_DAY),
                        .last_at = at_us(b->at.us - US_PER_DAY),
                        .until = at_us(b->at.us + KEPT - US_PER_DAY),
                        .decider = is_decided ? STR("eve") : STR(""),
                        .decided_why = is_decided ? STR("x") : STR(""),
                        .revision = 1};
}

static const char *try(struct bench *b, const union record *own, enum act act)
{
    struct actor who = act == ACT_TIP_ERASE  ? centre_itself
                       : act == ACT_TIP_TELL ? anybody
                                             : staff("eve", ANALYST);
    struct command cmd = {.act = act, .actor = who, .record = STR("T1"), .why = STR("because")};
    cmd.body.tip = told(b, TIP_OPEN);
    cmd.body.tip.by_programs = 1;
    cmd.body.tip.listing = act == ACT_TIP_LIST ? STR("L9") : STR("");
    bench_own(b, own);
    return decided(b, &cmd);
}

static void arrows(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        unsigned to[4];
        const char *refusal;
    } rows[] = {
        {ACT_TIP_TELL,    {TIP_OPEN, TIP_LISTED, TIP_DISMISSED, NO}, "tip.ended"    },
        {ACT_TIP_LIST,    {TIP_LISTED, NO, NO, NO},                  "tip.decided"  },
        {ACT_TIP_DISMISS, {TIP_DISMISSED, NO, NO, NO},               "tip.decided"  },
        {ACT_TIP_ERASE,   {NO, NO, NO, NO},                          "tip.not_ended"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (unsigned from = TIP_OPEN; from <= TIP_LAPSED; from++) {
            union record own = {.tip = told(b, from)};
            const char *why = try(b, &own, rows[i].act);
            bool may = rows[i].to[from] != NO;
            assert_string_equal(why, may ? "" : rows[i].refusal);
            if (may)
                assert_int_equal(b->change.after.tip.state, rows[i].to[from]);
        }
    assert_string_equal(try(b, NULL, ACT_TIP_DISMISS), "tip.absent");
}

/* Nothing of it reaches the lists: no follow-up command, no zone. */
static void telling_only_counts(void **state)
{
    struct bench *b = *state;
    assert_string_equal(try(b, NULL, ACT_TIP_TELL), "");
    const struct tip *t = &b->change.after.tip;
    assert_int_equal(t->state, TIP_OPEN);
    assert_int_equal(t->told, 1);
    assert_int_equal(t->by_programs, 1);
    assert_int_equal(t->until.us, b->at.us + KEPT);
    union record own = {.tip = told(b, TIP_OPEN)};
    assert_string_equal(try(b, &own, ACT_TIP_TELL), "");
    assert_int_equal(b->change.after.tip.told, 4);
    assert_int_equal(b->change.effect_count, 1);
    assert_int_equal(b->change.effects[0], EFFECT_STREAM);
    assert_false(b->change.has_follow);
}

static unsigned after_telling(struct bench *b, union record *own, int times)
{
    for (int i = 0; i < times; i++) {
        assert_string_equal(try(b, own, ACT_TIP_TELL), "");
        own->tip = b->change.after.tip;
    }
    return own->tip.state;
}

static void a_decision_holds_until_many_more_tell(void **state)
{
    struct bench *b = *state;
    struct listing l = {.id = STR("L1"), .state = LISTING_IN_FORCE};
    union record own = {.tip = told(b, TIP_DISMISSED)};
    assert_int_equal(after_telling(b, &own, 4), TIP_DISMISSED);
    assert_int_equal(after_telling(b, &own, 1), TIP_OPEN); /* the eighth: twice three, and two */
    assert_true(str_is_empty(own.tip.decider));
    assert_int_equal(own.tip.told, 8);
    own.tip = told(b, TIP_LISTED);
    b->view.listing = &l;
    assert_int_equal(after_telling(b, &own, 30), TIP_LISTED);
    l.state = LISTING_EXPIRED;
    assert_int_equal(after_telling(b, &own, 1), TIP_OPEN);
    assert_true(str_is_empty(own.tip.listing));
}

static void it_ends_with_its_value(void **state)
{
    struct bench *b = *state;
    for (unsigned from = TIP_OPEN; from <= TIP_LAPSED; from++) {
        union record own = {.tip = told(b, from)};
        own.tip.until = b->at;
        assert_string_equal(try(b, &own, ACT_TIP_ERASE), "");
        const struct tip *t = &b->change.after.tip;
        assert_true(str_equal(t->value, STR("erased-T1")));
        assert_true(str_is_empty(t->decided_why));
        assert_int_equal(t->state, from == TIP_OPEN ? TIP_LAPSED : from);
        assert_true(b->change.is_erasing);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(arrows, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(telling_only_counts, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(a_decision_holds_until_many_more_tell, bench_open,
                                        bench_close),
        cmocka_unit_test_setup_teardown(it_ends_with_its_value, bench_open, bench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
