/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: users come in by two people, but for a centre's first run and its rehearsals; nobody is
 * admin and approver at once; sessions are their user's own and end when the law says; batches,
 * keys and the centre's own record go their few ways.
 * Method: every state with every act against tables written here, and each rule on its own.
 */
#include "desk/desk_test.h"

#include <string.h>

static struct command act_of(enum act act, struct actor actor, const char *record)
{
    return (struct command){
        .act = act, .actor = actor, .record = str_from_c(record), .why = STR("because")};
}

static const struct actor admin = {
    .user = {.at = "adm", .size = 3},
      .roles = ROLES(ROLE_ADMIN), .kind = ACTOR_STAFF
};
static const struct actor commander = {
    .user = {.at = "com", .size = 3},
      .roles = ROLES(ROLE_COMMANDER), .kind = ACTOR_STAFF
};

/* --- users --- */

enum {
    P = USER_PROPOSED,
    A = USER_ACTIVE,
    D = USER_DISABLED,
    R = USER_REFUSED,
    NO = USER_STATE_COUNT
};

static const struct {
    enum act act;
    unsigned to[USER_STATE_COUNT]; /* from: proposed, active, disabled, refused */
} user_arrows[] = {
    {ACT_USER_APPROVE,  {A, NO, NO, NO}},
    {ACT_USER_REFUSE,   {R, NO, NO, NO}},
    {ACT_USER_DISABLE,  {NO, D, NO, NO}},
    {ACT_USER_PASSWORD, {NO, P, NO, NO}}, /* set by the machine: somebody lets them in again */
};

static union record user_in(unsigned state)
{
    return (union record){
        .user = {.id = STR("u1"),
                 .name = STR("nan"),
                 .roles = STR("analyst"),
                 .division = STR("62"),
                 .state = state,
                 .proposer = STR("adm"),
                 .revision = 1}
    };
}

static void users_arrows(void **state)
{
    struct bench *b = *state;
    for (size_t i = 0; i < COUNT_OF(user_arrows); i++)
        for (unsigned from = 0; from < USER_STATE_COUNT; from++) {
            union record own = user_in(from);
            bool is_centres = user_arrows[i].act == ACT_USER_PASSWORD;
            struct command cmd =
                act_of(user_arrows[i].act, is_centres ? centre_itself : commander, "u1");
            unsigned to = user_arrows[i].to[from];
            bench_own(b, &own);
            assert_string_equal(decided(b, &cmd), to == NO ? "user.state" : "");
            if (to != NO)
                assert_int_equal(b->change.after.user.state, to);
            bench_own(b, NULL);
            assert_string_equal(decided(b, &cmd), "user.absent");
        }
}

static const char *propose(struct bench *b, struct actor actor, const char *name, const char *roles)
{
    struct command cmd = act_of(ACT_USER_PROPOSE, actor, "u1");
    cmd.body.user = (struct user_account){.name = str_from_c(name),
                                          .roles = str_from_c(roles),
                                          .state = USER_ACTIVE, /* a caller may not choose */
                                          .approver = STR("me"),
                                          .revision = 5};
    bench_own(b, NULL);
    return decided(b, &cmd);
}

/* Goal: the machine takes users in alone only where nothing real depends on it yet. */
static void first_run_and_rehearsals(void **state)
{
    struct bench *b = *state;
    for (unsigned kind = CENTRE_REAL; kind <= CENTRE_DRILL; kind++)
        for (int first = 0; first <= 1; first++) {
            b->centre.kind = kind;
            b->centre.is_first_run = first;
            bool takes_in = kind != CENTRE_REAL || first == 1;
            assert_string_equal(propose(b, centre_itself, "nan", "analyst"), "");
            const struct user_account *u = &b->change.after.user;
            assert_int_equal(u->state, takes_in ? USER_ACTIVE : USER_PROPOSED);
            assert_str(u->approver, takes_in ? "centre" : "");
            assert_str(u->proposer, "centre");
            assert_int_equal(u->revision, 1);
            assert_string_equal(propose(b, admin, "nan", "analyst"), ""); /* an admin never alone */
            assert_int_equal(b->change.after.user.state, USER_PROPOSED);
            assert_str(b->change.after.user.approver, "");
        }
}

static void names_and_roles(void **state)
{
    struct bench *b = *state;
    static const char longest[] =
        "abcdefghijklmnopqrstuvwxyz0123456789._-abcdefghijklmnopqrstuvwxyz";
    char name[65] = {0};
    memcpy(name, longest, 64);
    assert_string_equal(propose(b, admin, name, "analyst"), "");
    assert_string_equal(propose(b, admin, longest, "analyst"), "user.name");
    static const char *const wrong[] = {"", "public", "Nan", "na n", "nan/", "南", "na\tn", "a@b"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_string_equal(propose(b, admin, wrong[i], "analyst"), "user.name");
    assert_string_equal(propose(b, admin, "nan", ""), "role.unknown");
    assert_string_equal(propose(b, admin, "nan", "king"), "role.unknown");
    assert_string_equal(propose(b, admin, "nan", "analyst,king"), "role.unknown");
    assert_string_equal(propose(b, admin, "nan", "approver , analyst"), "");
    assert_str(b->change.after.user.roles, "analyst,approver");
    assert_string_equal(propose(b, admin, "nan", "admin,approver"), "user.admin_approver");
    assert_string_equal(propose(b, admin, "nan", "approver,provider"), "user.provider_staff");
    assert_string_equal(propose(b, admin, "nan", "admin,provider"), "user.provider_staff");
    assert_string_equal(propose(b, admin, "nan", "admin,commander"), "");
    union record own = user_in(A);
    struct command cmd = act_of(ACT_USER_PROPOSE, admin, "u1");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "user.exists");
}

static void two_people_make_a_user(void **state)
{
    struct bench *b = *state;
    union record own = user_in(P);
    struct command cmd = act_of(ACT_USER_APPROVE, commander, "u1");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    assert_str(b->change.after.user.approver, "com");
    assert_int_equal(b->change.after.user.decided_at.us, b->at.us);
    own.user.proposer = STR("com"); /* proposed when they held another role */
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "user.same_person");
    own = user_in(P);
    own.user.id = STR("com");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "user.same_person");
    cmd.actor.roles |= ROLES(ROLE_ADMIN);
    assert_string_equal(decided(b, &cmd), "permit.role"); /* an admin never approves */
}

static void passwords_are_ones_own(void **state)
{
    struct bench *b = *state;
    union record own = user_in(A);
    struct command cmd = act_of(ACT_USER_PASSWORD, staff("u1", ROLES(ROLE_ANALYST)), "u1");
    cmd.actor.division = STR("62");
    cmd.body.user.password = STR("$argon2id$");
    own.user.approver = STR("com");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    assert_str(b->change.after.user.password, "$argon2id$");
    assert_str(b->change.after.user.name, "nan"); /* and nothing else of the body */
    assert_int_equal(b->change.after.user.state, A);
    cmd.actor = admin;
    assert_string_equal(decided(b, &cmd), "permit.role");
}

/* Goal: whoever sets another's password at the machine does not become that user alone. */
static void a_password_set_by_the_machine(void **state)
{
    struct bench *b = *state;
    union record own = user_in(A);
    struct command cmd = act_of(ACT_USER_PASSWORD, centre_itself, "u1");
    own.user.approver = STR("com");
    own.user.decided_at = b->at;
    for (unsigned kind = CENTRE_REAL; kind <= CENTRE_DRILL; kind++)
        for (int first = 0; first <= 1; first++) {
            b->centre.kind = kind;
            b->centre.is_first_run = first;
            bool is_enough = kind != CENTRE_REAL || first == 1;
            bench_own(b, &own);
            assert_string_equal(decided(b, &cmd), "");
            const struct user_account *u = &b->change.after.user;
            assert_int_equal(u->state, is_enough ? A : P);
            assert_str(u->approver, is_enough ? "com" : "");
            assert_str(u->proposer, is_enough ? "adm" : "centre");
            assert_int_equal(u->decided_at.us, is_enough ? b->at.us : 0);
        }
}

/* --- sessions --- */

static const char *open_session(struct bench *b, unsigned user_state, unsigned kind)
{
    union record user = user_in(user_state);
    struct command cmd = act_of(ACT_SESSION_OPEN, anybody, "s1");
    cmd.body.session =
        (struct session){.kind = kind, .secret = STR("hash"), .user = STR("u1"), .until = b->at};
    bench_own(b, NULL);
    b->view.user = &user.user;
    const char *why = decided(b, &cmd);
    b->view.user = NULL;
    return why;
}

static void sessions_open(void **state)
{
    struct bench *b = *state;
    for (unsigned s = 0; s < USER_STATE_COUNT; s++) {
        assert_string_equal(open_session(b, s, SESSION_BROWSER), s == A ? "" : "session.refused");
        /* a token may wait for the approval of its user */
        assert_string_equal(open_session(b, s, SESSION_TOKEN), "");
        assert_int_equal(b->change.after.session.until.us, b->at.us + 30 * US_PER_DAY);
    }
    assert_string_equal(open_session(b, A, SESSION_BROWSER), "");
    const struct session *s = &b->change.after.session;
    assert_int_equal(s->until.us, b->at.us + 8 * US_PER_HOUR);
    assert_str(s->user, "u1");
    assert_str(s->division, "62");
    assert_armed(&b->change, ACT_SESSION_EXPIRE, s->until.us);
    struct command cmd = act_of(ACT_SESSION_OPEN, anybody, "s1");
    assert_string_equal(decided(b, &cmd), "session.refused"); /* of nobody */
    union record closed = {
        .session = {.id = STR("s1"), .user = STR("u1"), .state = SESSION_CLOSED}
    };
    union record user = user_in(USER_ACTIVE);
    bench_own(b, &closed);
    b->view.user = &user.user;
    assert_string_equal(decided(b, &cmd), "session.exists"); /* what was closed stays closed */
    b->view.user = NULL;
}

static union record session_in(unsigned state)
{
    return (union record){
        .session = {.id = STR("s1"), .user = STR("u1"), .state = state, .division = STR("62")}
    };
}

static void sessions_close(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *who;
        unsigned state;
        const char *why;
    } rows[] = {
        {"u1", SESSION_OPEN,   ""              },
        {"u2", SESSION_OPEN,   "permit.role"   },
        {"u1", SESSION_CLOSED, "session.closed"},
        {"u2", SESSION_CLOSED, "permit.role"   },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        union record own = session_in(rows[i].state);
        struct command cmd =
            act_of(ACT_SESSION_CLOSE, staff(rows[i].who, ROLES(ROLE_ANALYST)), "s1");
        bench_own(b, &own);
        assert_string_equal(decided(b, &cmd), rows[i].why);
    }
    union record own = session_in(SESSION_OPEN);
    struct command cmd = act_of(ACT_SESSION_EXPIRE, centre_itself, "s1");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.session.state, SESSION_CLOSED);
    assert_disarmed(&b->change, ACT_SESSION_EXPIRE);
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "session.absent");
}

/* --- batches, keys, the centre --- */

static void batches(void **state)
{
    struct bench *b = *state;
    struct actor feeder = staff("fay", ROLES(ROLE_FEEDER));
    struct command cmd = act_of(ACT_BATCH_OPEN, feeder, "b1");
    cmd.body.batch = (struct batch){.feed = STR("listings"), .accepted = 9, .state = BATCH_DONE};
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.batch.accepted, 0); /* a caller may not choose */
    assert_int_equal(b->change.after.batch.state, BATCH_OPEN);
    assert_str(b->change.after.batch.user, "fay");
    union record open = b->change.after;
    cmd.act = ACT_BATCH_CLOSE;
    assert_string_equal(decided(b, &cmd), "batch.absent");
    bench_own(b, &open);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.batch.accepted, 9);
    assert_int_equal(b->change.after.batch.closed_at.us, b->at.us);
    union record done = b->change.after;
    bench_own(b, &done);
    assert_string_equal(decided(b, &cmd), "batch.done");
    cmd.act = ACT_BATCH_OPEN;
    assert_string_equal(decided(b, &cmd), "batch.exists");
    cmd.act = ACT_BATCH_READ;
    assert_string_equal(decided(b, &cmd), "");
    assert_true(b->change.is_reading);
    cmd.why = STR("");
    assert_string_equal(decided(b, &cmd), "purpose.missing");
}

static void keys(void **state)
{
    struct bench *b = *state;
    struct command cmd = act_of(ACT_KEY_ADD, admin, "k1");
    cmd.body.key = (struct signing_key){.kind = KEY_LEDGER, .public_part = STR("ab")};
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.key.made_at.us, b->at.us);
    union record own = b->change.after;
    cmd.act = ACT_KEY_RETIRE;
    assert_string_equal(decided(b, &cmd), "key.absent");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.key.state, KEY_RETIRED);
    own = b->change.after;
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "key.retired");
    cmd.act = ACT_KEY_ADD;
    assert_string_equal(decided(b, &cmd), "key.exists");
}

/* Goal: what a restore holds back is let go by a person, once. */
static void holding_and_reconciling(void **state)
{
    struct bench *b = *state;
    union record own = {
        .centre = {.id = STR("c1"), .is_first_run = 1, .revision = 1}
    };
    struct command restore = act_of(ACT_CENTRE_RESTORE, centre_itself, "c1");
    struct command reconcile = act_of(ACT_CENTRE_RECONCILE, commander, "c1");
    bench_own(b, &own);
    assert_string_equal(decided(b, &reconcile), "centre.not_held");
    assert_string_equal(decided(b, &restore), "");
    assert_int_equal(b->change.after.centre.is_outbox_held, 1);
    assert_int_equal(b->change.after.centre.restored_at.us, b->at.us);
    own = b->change.after;
    bench_own(b, &own);
    assert_string_equal(decided(b, &restore), ""); /* again is fine */
    reconcile.actor = centre_itself;
    assert_string_equal(decided(b, &reconcile), "permit.machine"); /* a person, not a timer */
    reconcile.actor = commander;
    assert_string_equal(decided(b, &reconcile), "");
    assert_int_equal(b->change.after.centre.is_outbox_held, 0);
    assert_int_equal(b->change.after.centre.is_first_run, 1);
}

static void the_centres_own_record(void **state)
{
    struct bench *b = *state;
    struct command open = act_of(ACT_CENTRE_OPEN, centre_itself, "c1");
    open.body.centre = (struct centre){.name = STR("Yumen"), .is_outbox_held = 1, .revision = 4};
    bench_own(b, NULL);
    assert_string_equal(decided(b, &open), "centre.exists"); /* another one, under another name */
    b->view.centre = NULL;
    assert_string_equal(decided(b, &open), "");
    const struct centre *c = &b->change.after.centre;
    assert_int_equal(c->is_first_run, 1);
    assert_int_equal(c->is_outbox_held, 0);
    assert_int_equal(c->revision, 1);
    assert_str(c->profile, "cn");
    union record own = b->change.after;
    bench_own(b, &own);
    b->view.centre = &b->centre;
    assert_string_equal(decided(b, &open), "centre.exists");
    static const enum act readings[] = {ACT_CENTRE_BACKUP, ACT_CENTRE_EXPORT, ACT_CENTRE_AUDIT,
                                        ACT_CENTRE_LAW};
    for (size_t i = 0; i < COUNT_OF(readings); i++) {
        struct command cmd = act_of(readings[i], centre_itself, "c1");
        assert_string_equal(decided(b, &cmd), "");
        assert_true(b->change.is_reading);
        cmd.why = STR("");
        assert_string_equal(decided(b, &cmd), "purpose.missing");
    }
    struct command settle = act_of(ACT_CENTRE_SETTLE, centre_itself, "c1");
    assert_string_equal(decided(b, &settle), "");
    assert_int_equal(b->change.after.centre.is_first_run, 0);
    bench_own(b, NULL);
    assert_string_equal(decided(b, &settle), "centre.absent");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(users_arrows),
        TEST(first_run_and_rehearsals),
        TEST(names_and_roles),
        TEST(two_people_make_a_user),
        TEST(passwords_are_ones_own),
        TEST(a_password_set_by_the_machine),
        TEST(sessions_open),
        TEST(sessions_close),
        TEST(batches),
        TEST(keys),
        TEST(holding_and_reconciling),
        TEST(the_centres_own_record),
    };
    return cmocka_run_group_tests_name("desk/people", tests, NULL, NULL);
}
