/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a listing, an appeal and a user move only where their tables say; what has ended stays so.
 * Method: every act in every state, against the tables said again in letters; then, in each state
 * that allows it, every rule that needs a second person.
 */
#include "desk/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena turn;
static struct law_profile law;
static struct centre centre = {
    .id = {"C1", 2}
};
static const instant now = {500};

struct row {
    enum act act;
    const char *next; /* a letter a state of departure: where it leads; '-' refused */
    bool is_centres;
};

static int up(void **state)
{
    (void)state;
    arena_init(&turn, 1 << 20);
    law = (struct law_profile){.name = STR("cn"),
                               .appeal_working_days = 10,
                               .appeal_retention_days = 1,
                               .listing_retention_days = 1,
                               .session_hours = 1,
                               .token_days = 1};
    for (unsigned kind = 0; kind < INDICATOR_KIND_COUNT; kind++)
        for (unsigned action = 0; action < ACTION_COUNT; action++)
            law.listing_max_term_us[kind][action] = 10000;
    return 0;
}

static int down(void **state)
{
    (void)state;
    arena_done(&turn);
    return 0;
}

static struct actor staff(const char *user)
{
    role_set roles = 1 << ROLE_ANALYST | 1 << ROLE_APPROVER | 1 << ROLE_COMMANDER;
    return (struct actor){
        .user = str_from_c(user), .roles = roles, .division = STR(""), .kind = ACTOR_STAFF};
}

static struct command command(const struct row *row, const char *record)
{
    struct actor by_timer = {.user = STR("centre"), .kind = ACTOR_CENTRE};
    return (struct command){.act = row->act,
                            .actor = row->is_centres ? by_timer : staff("joe"),
                            .record = str_from_c(record),
                            .why = STR("because")};
}

/* --- listings --- */

static struct listing listing_in(unsigned state)
{
    return (struct listing){.id = STR("L1"),
                            .kind = INDICATOR_DOMAIN,
                            .value = STR("evil.com"),
                            .from = {100},
                            .until = {1000},
                            .state = state,
                            .proposer = STR("ann"),
                            .deciders = STR("ann"),
                            .division = STR(""),
                            .revision = 1};
}

static err decide_listing(unsigned state, const struct command *cmd, struct change *ret_change)
{
    union record own = {.listing = listing_in(state)};
    struct desk_view view = {
        .own = &own, .centre = &centre, .is_follow = cmd->act == ACT_LISTING_HEAR, .turn = &turn};
    return desk_decide(&view, cmd, &law, now, ret_change);
}

static void listings_move_as_the_table_says(void **state)
{
    (void)state;
    static const char letters[] = "pfelr"; /* proposed, in force, expired, lifted, refused */
    static const struct row rows[] = {
        {ACT_LISTING_APPROVE, "f----", false},
        {ACT_LISTING_REFUSE,  "r----", false},
        {ACT_LISTING_LIFT,    "-l---", false},
        {ACT_LISTING_BEGIN,   "-f---", true },
        {ACT_LISTING_EXPIRE,  "re---", true },
        {ACT_LISTING_HEAR,    "pfelr", false},
        {ACT_LISTING_ERASE,   "--elr", true },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (unsigned from = 0; from < LISTING_STATE_COUNT; from++) {
            struct command cmd = command(&rows[i], "L1");
            struct change change = {0};
            err e = decide_listing(from, &cmd, &change);
            char wanted = rows[i].next[from];
            assert_int_equal(e.code, wanted == '-' ? ERR_CONFLICT : ERR_NONE);
            if (!failed(e))
                assert_int_equal(letters[change.after.listing.state], wanted);
            assert_int_equal(change.after.listing.revision, failed(e) ? 0 : 2);
        }
}

static void a_listing_needs_a_second_person_and_words(void **state)
{
    (void)state;
    struct row approve = {ACT_LISTING_APPROVE, "", false};
    struct command cmd = command(&approve, "L1");
    struct change change = {0};
    cmd.actor = staff("ann");
    assert_string_equal(decide_listing(LISTING_PROPOSED, &cmd, &change).why, "listing.same_person");
    cmd.act = ACT_LISTING_REFUSE; /* one's own: withdrawn */
    cmd.actor.roles = 1 << ROLE_ANALYST;
    assert_false(failed(decide_listing(LISTING_PROPOSED, &cmd, &change)));
    cmd.actor.user = STR("bob"); /* another's: an approver's business */
    assert_string_equal(decide_listing(LISTING_PROPOSED, &cmd, &change).why, "permit.role");
    cmd = command(&approve, "L1");
    cmd.act = ACT_LISTING_LIFT;
    cmd.why = STR(" \n");
    assert_string_equal(decide_listing(LISTING_IN_FORCE, &cmd, &change).why, "why.missing");
    cmd.why = STR("a\x07");
    assert_string_equal(decide_listing(LISTING_IN_FORCE, &cmd, &change).why, "text.control");
}

/* --- appeals --- */

static err decide_appeal(unsigned state, const struct command *cmd, struct change *ret_change)
{
    struct listing listing = listing_in(LISTING_IN_FORCE);
    union record own = {
        .appeal = {.id = STR("A1"),
                   .listing = STR("L1"),
                   .statement = STR("mine"),
                   .secret = STR("digest"),
                   .state = state,
                   .filed_at = {100},
                   .due_at = {400},
                   .division = STR(""),
                   .revision = 1}
    };
    struct desk_view view = {.own = &own, .listing = &listing, .centre = &centre, .turn = &turn};
    return desk_decide(&view, cmd, &law, now, ret_change);
}

static void appeals_move_as_the_table_says(void **state)
{
    (void)state;
    static const char letters[] = "fvgjw"; /* filed, reviewing, granted, rejected, withdrawn */
    static const struct row rows[] = {
        {ACT_APPEAL_REVIEW,   "vv---", false},
        {ACT_APPEAL_GRANT,    "gg---", false},
        {ACT_APPEAL_REJECT,   "jj---", false},
        {ACT_APPEAL_WITHDRAW, "ww---", false},
        {ACT_APPEAL_LATE,     "fv---", true },
        {ACT_APPEAL_ERASE,    "--gjw", true },
        {ACT_APPEAL_READ,     "fvgjw", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (unsigned from = 0; from < APPEAL_STATE_COUNT; from++) {
            struct command cmd = command(&rows[i], "A1");
            struct change change = {0};
            cmd.body.appeal.secret = STR("digest");
            err e = decide_appeal(from, &cmd, &change);
            char wanted = rows[i].next[from];
            assert_int_equal(e.code, wanted == '-' ? ERR_CONFLICT : ERR_NONE);
            if (!failed(e))
                assert_int_equal(letters[change.after.appeal.state], wanted);
        }
}

static void an_appeal_needs_another_judge(void **state)
{
    (void)state;
    static const enum act acts[] = {ACT_APPEAL_REVIEW, ACT_APPEAL_GRANT, ACT_APPEAL_REJECT};
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        struct row row = {acts[i], "", false};
        struct command cmd = command(&row, "A1");
        struct change change = {0};
        cmd.actor = staff("ann"); /* who proposed the listing */
        assert_string_equal(decide_appeal(APPEAL_FILED, &cmd, &change).why,
                            "appeal.decided_before");
        cmd.actor = staff("an"); /* part of a name is nobody */
        assert_false(failed(decide_appeal(APPEAL_FILED, &cmd, &change)));
        bool has_follow = acts[i] != ACT_APPEAL_REVIEW;
        assert_int_equal(change.has_follow, has_follow);
        if (has_follow)
            assert_int_equal(change.follow.act,
                             acts[i] == ACT_APPEAL_GRANT ? ACT_LISTING_LIFT : ACT_LISTING_HEAR);
    }
}

/* --- users --- */

static err decide_user(unsigned state, const struct command *cmd, struct change *ret_change)
{
    union record own = {
        .user = {.id = STR("U1"),
                 .name = STR("new"),
                 .roles = STR("analyst"),
                 .division = STR(""),
                 .state = state,
                 .proposer = STR("ada"),
                 .revision = 1}
    };
    struct desk_view view = {.own = &own, .centre = &centre, .turn = &turn};
    return desk_decide(&view, cmd, &law, now, ret_change);
}

static void a_user_needs_a_second_person(void **state)
{
    (void)state;
    struct row approve = {ACT_USER_APPROVE, "", false};
    struct command cmd = command(&approve, "U1");
    struct change change = {0};
    static const char *const own[] = {"ada", "U1"}; /* who proposed, and who is proposed */
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        cmd.actor = staff(own[i]);
        assert_string_equal(decide_user(USER_PROPOSED, &cmd, &change).why, "user.same_person");
    }
    cmd.act = ACT_USER_PASSWORD;
    cmd.actor = staff("joe");
    assert_string_equal(decide_user(USER_ACTIVE, &cmd, &change).why, "permit.role");
    cmd.actor = staff("U1");
    assert_false(failed(decide_user(USER_ACTIVE, &cmd, &change)));
    assert_int_equal(change.after.user.state, USER_ACTIVE);
    cmd.actor = (struct actor){.user = STR("centre"), .kind = ACTOR_CENTRE};
    centre.is_first_run = 1;
    assert_false(failed(decide_user(USER_ACTIVE, &cmd, &change)));
    assert_int_equal(change.after.user.state, USER_ACTIVE);
    centre.is_first_run = 0;
}

static void users_move_as_the_table_says(void **state)
{
    (void)state;
    static const char letters[] = "padr"; /* proposed, active, disabled, refused */
    static const struct row rows[] = {
        {ACT_USER_APPROVE,  "a---", false},
        {ACT_USER_REFUSE,   "r---", false},
        {ACT_USER_DISABLE,  "-d--", false},
        {ACT_USER_PASSWORD, "-p--", true }, /* the machine's word needs a second */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (unsigned from = 0; from < USER_STATE_COUNT; from++) {
            struct command cmd = command(&rows[i], "U1");
            struct change change = {0};
            err e = decide_user(from, &cmd, &change);
            char wanted = rows[i].next[from];
            assert_int_equal(e.code, wanted == '-' ? ERR_CONFLICT : ERR_NONE);
            if (!failed(e))
                assert_int_equal(letters[change.after.user.state], wanted);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(listings_move_as_the_table_says, up, down),
        cmocka_unit_test_setup_teardown(a_listing_needs_a_second_person_and_words, up, down),
        cmocka_unit_test_setup_teardown(appeals_move_as_the_table_says, up, down),
        cmocka_unit_test_setup_teardown(an_appeal_needs_another_judge, up, down),
        cmocka_unit_test_setup_teardown(users_move_as_the_table_says, up, down),
        cmocka_unit_test_setup_teardown(a_user_needs_a_second_person, up, down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
