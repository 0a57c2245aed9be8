/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an appeal's life has these arrows and no other; nobody judges what they decided before;
 * granting sets the listing free in the same breath; the deadline is the law's; what was personal
 * goes. To whoever cannot say its key an appeal that could be withdrawn is not there.
 * Method: every state with every act against a table written here; every kind of person who had a
 * hand in the listing; the rest rule by rule.
 */
#include "desk/desk_test.h"

#include <string.h>

enum {
    F = APPEAL_FILED,
    V = APPEAL_REVIEWING,
    G = APPEAL_GRANTED,
    J = APPEAL_REJECTED,
    W = APPEAL_WITHDRAWN,
    NO = APPEAL_STATE_COUNT
};

static struct listing listing_in(unsigned state)
{
    return (struct listing){.id = STR("L1"),
                            .state = state,
                            .proposer = STR("ann"),
                            .approver = STR("bob"),
                            .deciders = STR("ann bob judge"),
                            .division = STR("6201")};
}

static struct listing against;

static union record standing(const struct bench *b, unsigned state)
{
    union record r = {
        .appeal = {.id = STR("REF1"),
                   .listing = STR("L1"),
                   .statement = STR("we sell tea"),
                   .name = STR("Li"),
                   .contact = STR("li@example.com"),
                   .secret = STR("digest of the key"),
                   .state = state,
                   .filed_at = at_us(b->at.us - US_PER_DAY),
                   .due_at = at_us(b->at.us + US_PER_DAY),
                   .division = STR("6201"),
                   .revision = 3}
    };
    if (state != F && state != V)
        r.appeal.decided_at = at_us(b->at.us - US_PER_S);
    if (state == G || state == J)
        r.appeal.answer = STR("so it is");
    return r;
}

static struct command act_of(enum act act, struct actor actor)
{
    struct command cmd = {
        .act = act, .actor = actor, .record = STR("REF1"), .why = STR("looked at")};
    if (act == ACT_APPEAL_WITHDRAW)
        cmd.body.appeal.secret = STR("digest of the key");
    return cmd;
}

static const char *try(struct bench *b, unsigned state, enum act act, struct actor actor)
{
    union record own = standing(b, state);
    struct command cmd = act_of(act, actor);
    against = listing_in(LISTING_IN_FORCE);
    bench_own(b, &own);
    b->view.listing = &against;
    return decided(b, &cmd);
}

static struct actor commander(const char *name)
{
    return staff(name, ROLES(ROLE_COMMANDER));
}

static const struct arrow {
    enum act act;
    unsigned to[APPEAL_STATE_COUNT]; /* from: filed, reviewing, granted, rejected, withdrawn */
} arrows[] = {
    {ACT_APPEAL_REVIEW,   {V, V, NO, NO, NO}},
    {ACT_APPEAL_GRANT,    {G, G, NO, NO, NO}},
    {ACT_APPEAL_REJECT,   {J, J, NO, NO, NO}},
    {ACT_APPEAL_WITHDRAW, {W, W, NO, NO, NO}},
    {ACT_APPEAL_LATE,     {F, V, NO, NO, NO}},
    {ACT_APPEAL_ERASE,    {NO, NO, G, J, W} },
    {ACT_APPEAL_READ,     {F, V, G, J, W}   },
};

static struct actor somebody_who_may(enum act act)
{
    if (act == ACT_APPEAL_WITHDRAW)
        return anybody;
    bool is_centres = act == ACT_APPEAL_LATE || act == ACT_APPEAL_ERASE;
    return is_centres ? centre_itself : commander("sue");
}

static void check_arrow(struct bench *b, const struct arrow *a, unsigned from)
{
    const char *why = try(b, from, a->act, somebody_who_may(a->act));
    bool may = a->to[from] != NO;
    if (strcmp(why, may ? "" : "appeal.decided") != 0)
        fail_msg("%s from %s: \"%s\"", act_name(a->act), appeal_state_words[from], why);
    if (!may)
        return;
    const struct appeal *after = &b->change.after.appeal;
    assert_int_equal(after->state, a->to[from]);
    assert_int_equal(b->change.is_reading, a->act == ACT_APPEAL_READ);
    assert_int_equal(b->change.is_erasing, a->act == ACT_APPEAL_ERASE);
    assert_int_equal(after->decided_at.us != 0, after->state >= G);
    assert_int_equal(after->revision, a->act == ACT_APPEAL_READ ? 3 : 4);
}

static void every_arrow_and_no_other(void **state)
{
    for (size_t i = 0; i < COUNT_OF(arrows); i++)
        for (unsigned from = 0; from < APPEAL_STATE_COUNT; from++)
            check_arrow(*state, &arrows[i], from);
}

static void what_is_not_there(void **state)
{
    struct bench *b = *state;
    for (size_t i = 0; i < COUNT_OF(arrows); i++) {
        struct command cmd = act_of(arrows[i].act, somebody_who_may(arrows[i].act));
        bench_own(b, NULL);
        assert_string_equal(decided(b, &cmd), "appeal.absent");
    }
}

/* --- filing --- */

static const char *file(struct bench *b, const struct listing *listing, struct appeal asked)
{
    struct command cmd = act_of(ACT_APPEAL_FILE, anybody);
    cmd.body.appeal = asked;
    bench_own(b, NULL);
    b->view.listing = listing;
    return decided(b, &cmd);
}

static void filing(void **state)
{
    struct bench *b = *state;
    struct appeal asked = {.listing = STR("L1"),
                           .statement = STR("我们卖茶叶"),
                           .name = STR("李"),
                           .contact = STR("li@example.com"),
                           .secret = STR("of its key"),
                           .state = APPEAL_GRANTED, /* what a caller may not choose */
                           .decider = STR("li"),
                           .division = STR("99")};
    for (unsigned s = 0; s < LISTING_STATE_COUNT; s++) {
        struct listing l = listing_in(s);
        assert_string_equal(file(b, &l, asked),
                            s == LISTING_IN_FORCE ? "" : "appeal.nothing_in_force");
    }
    struct listing l = listing_in(LISTING_IN_FORCE);
    assert_string_equal(file(b, &l, asked), "");
    const struct appeal *a = &b->change.after.appeal;
    assert_int_equal(a->state, F);
    assert_str(a->division, "6201"); /* the listing's */
    assert_str(a->decider, "");
    assert_str(a->secret, "of its key");
    assert_int_equal(a->filed_at.us, b->at.us);
    /* Sunday 2026-11-22 and five working days: the end of Friday the 27th, in Beijing */
    assert_int_equal(a->due_at.us, instant_from_civil(2026, 11, 28, 480).us - US_PER_S);
    assert_armed(&b->change, ACT_APPEAL_LATE, a->due_at.us);
    assert_true(has_effect(&b->change, EFFECT_STREAM));
    assert_string_equal(file(b, NULL, asked), "listing.absent");
}

static void what_is_filed(void **state)
{
    struct bench *b = *state;
    static char room[8001];
    memset(room, 'x', sizeof room);
    struct listing l = listing_in(LISTING_IN_FORCE);
    const struct {
        struct appeal asked;
        const char *why;
    } rows[] = {
        {{.statement = STR("")},                                    "statement.missing" },
        {{.statement = str_make(room, 8000)},                       ""                  },
        {{.statement = str_make(room, 8001)},                       "statement.too_long"},
        {{.statement = STR("a\x02z")},                              "text.control"      },
        {{.statement = STR("tea"), .name = str_make(room, 400)},    ""                  },
        {{.statement = STR("tea"), .name = str_make(room, 401)},    "name.too_long"     },
        {{.statement = STR("tea"), .contact = str_make(room, 400)}, ""                  },
        {{.statement = STR("tea"), .contact = str_make(room, 401)}, "contact.too_long"  },
        {{.statement = STR("tea"), .contact = STR("\xc3")},         "text.not_utf8"     },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *why = file(b, &l, rows[i].asked);
        if (strcmp(why, rows[i].why) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, why, rows[i].why);
    }
    union record own = standing(b, F);
    struct command cmd = act_of(ACT_APPEAL_FILE, anybody);
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "appeal.exists");
}

/* --- judging --- */

static void the_barred_judges(void **state)
{
    struct bench *b = *state;
    static const enum act judging[] = {ACT_APPEAL_REVIEW, ACT_APPEAL_GRANT, ACT_APPEAL_REJECT};
    static const char *const barred[] = {"ann", "bob", "judge"};
    for (size_t i = 0; i < COUNT_OF(judging); i++) {
        for (size_t j = 0; j < COUNT_OF(barred); j++)
            assert_string_equal(try(b, V, judging[i], commander(barred[j])),
                                "appeal.decided_before");
        assert_string_equal(try(b, V, judging[i], commander("an")), ""); /* no part of a name */
        assert_string_equal(try(b, V, judging[i], commander("sue")), "");
    }
}

static void granting_sets_free(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        unsigned listing;
        enum act follow;
    } rows[] = {
        {ACT_APPEAL_GRANT,  LISTING_IN_FORCE, ACT_LISTING_LIFT},
        {ACT_APPEAL_GRANT,  LISTING_EXPIRED,  ACT_LISTING_HEAR},
        {ACT_APPEAL_GRANT,  LISTING_LIFTED,   ACT_LISTING_HEAR},
        {ACT_APPEAL_REJECT, LISTING_IN_FORCE, ACT_LISTING_HEAR},
        {ACT_APPEAL_REJECT, LISTING_LIFTED,   ACT_LISTING_HEAR},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        union record own = standing(b, V);
        struct command cmd = act_of(rows[i].act, commander("sue"));
        struct listing l = listing_in(rows[i].listing);
        bench_own(b, &own);
        b->view.listing = &l;
        assert_string_equal(decided(b, &cmd), "");
        const struct change *c = &b->change;
        assert_true(c->has_follow);
        assert_int_equal(c->follow.act, rows[i].follow);
        assert_str(c->follow.record, "L1");
        assert_str(c->follow.why, rows[i].follow == ACT_LISTING_LIFT ? "looked at" : "");
        assert_str(c->after.appeal.answer, "looked at");
        assert_str(c->after.appeal.decider, "sue");
        assert_int_equal(c->after.appeal.decided_at.us, b->at.us);
        assert_disarmed(c, ACT_APPEAL_LATE);
        assert_armed(c, ACT_APPEAL_ERASE, b->at.us + 30 * US_PER_DAY);
    }
}

static void an_answer_is_owed(void **state)
{
    struct bench *b = *state;
    union record own = standing(b, F);
    struct command cmd = act_of(ACT_APPEAL_REJECT, commander("sue"));
    static char room[4001];
    memset(room, 'x', sizeof room);
    against = listing_in(LISTING_IN_FORCE);
    bench_own(b, &own);
    b->view.listing = &against;
    cmd.why = STR("");
    assert_string_equal(decided(b, &cmd), "answer.missing");
    cmd.why = str_make(room, 4000);
    assert_string_equal(decided(b, &cmd), "");
    cmd.why = str_make(room, 4001);
    assert_string_equal(decided(b, &cmd), "answer.too_long");
}

static void reviewing_and_being_late(void **state)
{
    struct bench *b = *state;
    assert_string_equal(try(b, F, ACT_APPEAL_REVIEW, commander("sue")), "");
    assert_str(b->change.after.appeal.reviewer, "sue");
    assert_false(b->change.has_follow);
    assert_string_equal(try(b, F, ACT_APPEAL_LATE, centre_itself), "");
    assert_int_equal(b->change.after.appeal.is_late, 1);
    assert_true(has_effect(&b->change, EFFECT_STREAM));
    assert_int_equal(b->change.timer_count, 0);
}

static void withdrawing(void **state)
{
    struct bench *b = *state;
    assert_string_equal(try(b, V, ACT_APPEAL_WITHDRAW, anybody), "");
    assert_false(b->change.has_follow); /* the listing stands */
    assert_disarmed(&b->change, ACT_APPEAL_LATE);
    assert_armed(&b->change, ACT_APPEAL_ERASE, b->at.us + 30 * US_PER_DAY);
}

static void nobody_withdraws_without_the_key(void **state)
{
    struct bench *b = *state;
    static const char *const wrong[] = {"", "digest of the ke", "digest of the key ", "d"};
    for (unsigned s = 0; s < APPEAL_STATE_COUNT; s++)
        for (size_t i = 0; i < COUNT_OF(wrong); i++) {
            union record own = standing(b, s);
            struct command cmd =
                act_of(ACT_APPEAL_WITHDRAW, i % 2 == 0 ? anybody : commander("sue"));
            cmd.body.appeal.secret = str_from_c(wrong[i]);
            bench_own(b, &own);
            assert_string_equal(decided(b, &cmd), "appeal.absent");
            own.appeal.secret = STR(""); /* filed before there were keys, or erased: nothing fits */
            bench_own(b, &own);
            assert_string_equal(decided(b, &cmd), "appeal.absent");
        }
}

static void reading_wants_a_purpose(void **state)
{
    struct bench *b = *state;
    union record own = standing(b, F);
    struct command cmd = act_of(ACT_APPEAL_READ, commander("sue"));
    bench_own(b, &own);
    cmd.why = STR("");
    assert_string_equal(decided(b, &cmd), "purpose.missing");
}

/* --- erasing --- */

static void check_blank(const struct bench *b)
{
    const struct appeal *a = &b->change.after.appeal;
    assert_str(a->statement, "erased");
    assert_str(a->name, "");
    assert_str(a->contact, "");
    assert_str(a->secret, "");
    assert_str(a->answer, "");
    assert_true(has_effect(&b->change, EFFECT_ERASURE));
    assert_disarmed(&b->change, ACT_APPEAL_ERASE);
}

static void erasing(void **state)
{
    struct bench *b = *state;
    for (unsigned s = G; s <= W; s++) {
        assert_string_equal(try(b, s, ACT_APPEAL_ERASE, centre_itself), "");
        check_blank(b);
    }
    b->centre.is_outbox_held = 1;
    for (unsigned s = F; s <= V; s++) {
        assert_string_equal(try(b, s, ACT_APPEAL_ERASE, centre_itself), "");
        check_blank(b);
        assert_int_equal(b->change.after.appeal.state, W);
        assert_int_equal(b->change.after.appeal.decided_at.us, b->at.us);
        assert_disarmed(&b->change, ACT_APPEAL_LATE);
        assert_false(b->change.has_follow);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_arrow_and_no_other),
        TEST(what_is_not_there),
        TEST(filing),
        TEST(what_is_filed),
        TEST(the_barred_judges),
        TEST(granting_sets_free),
        TEST(an_answer_is_owed),
        TEST(reviewing_and_being_late),
        TEST(withdrawing),
        TEST(nobody_withdraws_without_the_key),
        TEST(reading_wants_a_purpose),
        TEST(erasing),
    };
    return cmocka_run_group_tests_name("desk/appeal", tests, NULL, NULL);
}
