/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an incident has the arrows of incident.c and no other; what it is opened with is whole; an
 * account is read for a stated purpose, and that changes nothing.
 * Method: every act in every state; one opening with a single field wrong at a time.
 */
#include "desk/desk_test.h"

static struct command act_of(enum act act, role_set roles)
{
    return (struct command){
        .act = act, .actor = staff("ann", roles), .record = STR("I1"), .why = STR("because")};
}

static struct command opening(void)
{
    struct command cmd = act_of(ACT_INCIDENT_OPEN, ROLES(ROLE_OPERATOR));
    cmd.body.incident = (struct incident){.transfers = STR("t1\nt2"),
                                          .currency = STR("CNY"),
                                          .stolen = 5000000,
                                          .said = STR("a friend in need")};
    return cmd;
}

static void arrows(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        const char *why[3]; /* open, following, closed */
        unsigned to;
    } moves[] = {
        {ACT_INCIDENT_FOLLOW, {"", "incident.followed", "incident.closed"}, INCIDENT_FOLLOWING},
        {ACT_INCIDENT_CLOSE,  {"", "", "incident.closed"},                  INCIDENT_CLOSED   },
        {ACT_INCIDENT_READ,   {"", "", ""},                                 0                 },
    };
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        for (unsigned from = INCIDENT_OPEN; from <= INCIDENT_CLOSED; from++) {
            union record own = {
                .incident = {.id = STR("I1"), .state = from, .revision = 1}
            };
            struct command cmd = act_of(moves[i].act, ROLES(ROLE_ANALYST));
            bench_own(b, &own);
            const char *why = decided(b, &cmd);
            assert_string_equal(why, moves[i].why[from]);
            if (*why == '\0')
                assert_int_equal(b->change.is_reading, moves[i].act == ACT_INCIDENT_READ);
            if (*why == '\0' && !b->change.is_reading)
                assert_int_equal(b->change.after.incident.state, moves[i].to);
        }
}

static void closing_says_who_and_why(void **state)
{
    struct bench *b = *state;
    union record own = {
        .incident = {.id = STR("I1"), .state = INCIDENT_OPEN, .revision = 1}
    };
    struct command cmd = act_of(ACT_INCIDENT_CLOSE, ROLES(ROLE_ANALYST));
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    assert_str(b->change.after.incident.closer, "ann");
    assert_str(b->change.after.incident.closed_why, "because");
    assert_int_equal(b->change.after.incident.closed_at.us, b->at.us);
    b->view.standing = 1; /* money is held under it */
    assert_string_equal(decided(b, &cmd), "incident.measures_stand");
    b->view.standing = 0;
    cmd.why = STR(" ");
    assert_string_equal(decided(b, &cmd), "why.missing");
    cmd = act_of(ACT_INCIDENT_READ, ROLES(ROLE_ANALYST));
    cmd.why = STR("");
    assert_string_equal(decided(b, &cmd), "purpose.missing");
}

static void openings(void **state)
{
    struct bench *b = *state;
    struct command cmd = opening();
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.incident.state, INCIDENT_OPEN);
    assert_str(b->change.after.incident.opener, "ann");
    assert_int_equal(b->change.after.incident.opened_at.us, b->at.us);
    cmd.body.incident.transfers = STR(""); /* of a report: the bank's are not known yet */
    assert_string_equal(decided(b, &cmd), "");
    cmd = opening();
    cmd.body.incident.currency = STR("RMB");
    assert_string_equal(decided(b, &cmd), "currency.unknown");
    cmd = opening();
    cmd.body.incident.said = STR("a\x01");
    assert_string_equal(decided(b, &cmd), "text.control");
    cmd = opening();
    cmd.actor = staff("fay", ROLES(ROLE_FEEDER));
    assert_string_equal(decided(b, &cmd), "permit.role");
    cmd = opening();
    union record own = {
        .incident = {.id = STR("I1"), .revision = 1}
    };
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "incident.exists");
    bench_own(b, NULL);
    cmd = act_of(ACT_INCIDENT_CLOSE, ROLES(ROLE_ANALYST));
    assert_string_equal(decided(b, &cmd), "incident.absent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(arrows, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(closing_says_who_and_why, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(openings, bench_open, bench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
