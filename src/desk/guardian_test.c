/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: nobody becomes a guardian without both consents; a code is guessed five times and no more;
 * a guardian is asked once a day; all of it ends, and leaves nobody's number.
 * Method: every state with every act against a table written here; then counts, days and terms.
 */
#include "desk/desk_test.h"

enum { NO = 99, IN = GUARDIAN_INVITED, AG = GUARDIAN_AGREED, ON = GUARDIAN_ACTIVE };
enum { OFF = GUARDIAN_REVOKED, GONE = GUARDIAN_LAPSED };

static struct command act_of(enum act act)
{
    bool is_ours =
        act == ACT_GUARDIAN_ASK || act == ACT_GUARDIAN_LAPSE || act == ACT_GUARDIAN_ERASE;
    struct command cmd = {
        .act = act, .actor = is_ours ? centre_itself : anybody, .record = STR("G1")};
    cmd.body.guardian = (struct guardian){.pseudonym = STR("p"),
                                          .subscriber = STR("s"),
                                          .person = STR("q"),
                                          .contact = STR("t"),
                                          .called = STR("c"),
                                          .division = STR("62")};
    return cmd;
}

static union record guardian(const struct bench *b, unsigned state)
{
    union record own = {.guardian = act_of(ACT_GUARDIAN_INVITE).body.guardian};
    own.guardian.id = STR("G1");
    own.guardian.state = state;
    own.guardian.invited_at = at_us(b->at.us - US_PER_S);
    own.guardian.until = at_us(b->at.us + US_PER_DAY);
    own.guardian.revision = 1;
    return own;
}

static const char *try(struct bench *b, const union record *own, enum act act)
{
    struct command cmd = act_of(act);
    bench_own(b, own);
    return decided(b, &cmd);
}

static void arrows(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        unsigned to[5];
        const char *refusal; /* while it has not ended */
    } table[] = {
        {ACT_GUARDIAN_AGREE,  {AG, NO, NO, NO, NO},       "guardian.code"     },
        {ACT_GUARDIAN_ACCEPT, {NO, ON, NO, NO, NO},       "guardian.code"     },
        {ACT_GUARDIAN_MISS,   {IN, AG, NO, NO, NO},       "guardian.code"     },
        {ACT_GUARDIAN_ASK,    {NO, NO, ON, NO, NO},       "guardian.ended"    },
        {ACT_GUARDIAN_REVOKE, {OFF, OFF, OFF, NO, NO},    ""                  },
        {ACT_GUARDIAN_LAPSE,  {GONE, GONE, GONE, NO, NO}, ""                  },
        {ACT_GUARDIAN_ERASE,  {NO, NO, NO, OFF, GONE},    "guardian.not_ended"},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++)
        for (unsigned from = IN; from <= GONE; from++) {
            union record own = guardian(b, from);
            const char *why = try(b, &own, table[i].act);
            bool may = table[i].to[from] != NO;
            const char *refusal = from >= OFF ? "guardian.ended" : table[i].refusal;
            assert_string_equal(why, may ? "" : refusal);
            if (may)
                assert_int_equal(b->change.after.guardian.state, table[i].to[from]);
        }
    assert_string_equal(try(b, NULL, ACT_GUARDIAN_AGREE), "guardian.code");
}

/* Each consent is asked for by a message to whom it is asked of. */
static void both_consent(void **state)
{
    struct bench *b = *state;
    static const enum act acts[] = {ACT_GUARDIAN_INVITE, ACT_GUARDIAN_AGREE, ACT_GUARDIAN_ACCEPT};
    union record own = {0};
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        assert_string_equal(try(b, i == 0 ? NULL : &own, acts[i]), "");
        assert_true(has_effect(&b->change, EFFECT_MESSAGE));
        own = b->change.after;
    }
    assert_int_equal(own.guardian.state, GUARDIAN_ACTIVE);
    assert_armed(&b->change, ACT_GUARDIAN_LAPSE, b->at.us + YEAR);

    own = guardian(b, GUARDIAN_AGREED);
    struct command cmd = act_of(ACT_GUARDIAN_ACCEPT);
    cmd.body.guardian.called = STR("");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "called.missing");
}

static void limits(void **state)
{
    struct bench *b = *state;
    struct command cmd = act_of(ACT_GUARDIAN_INVITE);
    cmd.body.guardian.person = cmd.body.guardian.pseudonym;
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "guardian.oneself");
    b->view.guardians = GUARDIANS_MOST;
    assert_string_equal(try(b, NULL, ACT_GUARDIAN_INVITE), "guardian.too_many");
    b->view.guardians = GUARDIANS_MOST - 1;
    b->view.is_guardian = true;
    assert_string_equal(try(b, NULL, ACT_GUARDIAN_INVITE), "guardian.exists");
    b->view.is_guardian = false;
    assert_string_equal(try(b, NULL, ACT_GUARDIAN_INVITE), "");

    union record own = guardian(b, GUARDIAN_INVITED);
    for (int i = 1; i <= GUARDIAN_TRIES; i++) {
        assert_string_equal(try(b, &own, ACT_GUARDIAN_MISS), "");
        own = b->change.after;
        assert_int_equal(own.guardian.tries, i);
        assert_int_equal(own.guardian.state, i < GUARDIAN_TRIES ? IN : GONE);
    }
    assert_string_equal(try(b, &own, ACT_GUARDIAN_AGREE), "guardian.ended");
}

static void asked_once_a_day(void **state)
{
    struct bench *b = *state;
    union record own = guardian(b, GUARDIAN_ACTIVE);
    assert_string_equal(try(b, &own, ACT_GUARDIAN_ASK), "");
    own = b->change.after;
    b->at = at_us(b->at.us + 3 * 3600 * US_PER_S); /* 23:18 in Beijing */
    assert_string_equal(try(b, &own, ACT_GUARDIAN_ASK), "guardian.asked_today");
    b->at = at_us(b->at.us + 3600 * US_PER_S);
    assert_string_equal(try(b, &own, ACT_GUARDIAN_ASK), "");
}

static void it_leaves_nobody(void **state)
{
    struct bench *b = *state;
    union record own = guardian(b, GUARDIAN_ACTIVE);
    assert_string_equal(try(b, &own, ACT_GUARDIAN_REVOKE), "");
    assert_false(has_effect(&b->change, EFFECT_MESSAGE)); /* nobody is told who ended it */
    assert_armed(&b->change, ACT_GUARDIAN_ERASE, b->at.us + US_PER_DAY);
    own = b->change.after;
    assert_string_equal(try(b, &own, ACT_GUARDIAN_ERASE), "");
    const struct guardian *g = &b->change.after.guardian;
    assert_str(g->pseudonym, "");
    assert_str(g->subscriber, "");
    assert_str(g->person, "");
    assert_str(g->contact, "");
    assert_str(g->called, "");
    assert_true(b->change.is_erasing && has_effect(&b->change, EFFECT_ERASURE));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(arrows),           TEST(both_consent),     TEST(limits),
        TEST(asked_once_a_day), TEST(it_leaves_nobody),
    };
    return cmocka_run_group_tests_name("desk/guardian", tests, NULL, NULL);
}
