/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: nothing rests on a report before a signed-in person, or the victim's bank, took it; its
 * loss is pledged once; a claim is what a bank's transfer says once that is found.
 * Method: every act in every state; each rule with one thing wrong at a time.
 */
#include "desk/desk_test.h"

static struct command by(const char *user, enum role role, enum act act)
{
    return (struct command){
        .act = act, .actor = staff(user, ROLES(role)), .record = STR("R1"), .why = STR("because")};
}

static struct report told(unsigned state)
{
    bool is_taken = state == REPORT_TAKEN;
    return (struct report){.id = STR("R1"),
                           .state = state,
                           .incident = is_taken ? STR("I1") : STR(""),
                           .said = STR("a friend in need"),
                           .victim_name = STR("Li"),
                           .currency = STR("CNY"),
                           .loss = 1000,
                           .pledged = is_taken ? 600 : 0,
                           .secret = STR("hash"),
                           .ended_at = at_us(state > REPORT_TAKEN ? T0 - 1 : 0),
                           .revision = 1};
}

static void own_report(struct bench *b, struct report r)
{
    union record own = {.report = r};
    b->law.report_retention_days = 5;
    bench_own(b, &own);
}

#define TAKEN "report.taken"

static void arrows(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        const char *why[REPORT_STATE_COUNT]; /* filed, taken, refused, withdrawn */
        unsigned to;
    } rows[] = {
        {ACT_REPORT_TAKE,     {"", TAKEN, TAKEN, TAKEN},                   REPORT_TAKEN    },
        {ACT_REPORT_REFUSE,   {"", TAKEN, "report.ended", "report.ended"}, REPORT_REFUSED  },
        {ACT_REPORT_WITHDRAW, {"", "", "report.ended", "report.ended"},    REPORT_WITHDRAWN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (unsigned from = 0; from < REPORT_STATE_COUNT; from++) {
            own_report(b, told(from));
            struct command cmd = by("ann", ROLE_OPERATOR, rows[i].act);
            cmd.body.report = (struct report){.incident = STR("I1"), .loss = 900};
            assert_string_equal(decided(b, &cmd), rows[i].why[from]);
            if (*rows[i].why[from] == '\0')
                assert_int_equal(b->change.after.report.state, rows[i].to);
        }
}

static void who_takes_it(void **state)
{
    struct bench *b = *state;
    own_report(b, told(REPORT_FILED));
    struct command cmd = by("ann", ROLE_OPERATOR, ACT_REPORT_TAKE);
    cmd.body.report = (struct report){.incident = STR("I1"), .loss = 900};
    assert_string_equal(decided(b, &cmd), "");
    assert_str(b->change.after.report.taker, "ann");
    assert_int_equal(b->change.after.report.loss, 900); /* the rest was told before */
    assert_int_equal(b->change.after.report.taken_at.us, T0);
    cmd.actor = anybody;
    assert_string_equal(decided(b, &cmd), "permit.role");
    cmd.actor = centre_itself;
    assert_string_equal(decided(b, &cmd), "permit.machine");
    cmd.actor = staff("bob", ROLES(ROLE_APPROVER));
    assert_string_equal(decided(b, &cmd), "permit.role");
    cmd.actor = staff("pia", ROLES(ROLE_PROVIDER)); /* the victim's bank */
    cmd.actor.provider = STR("bank-a");
    assert_string_equal(decided(b, &cmd), "");
    cmd.body.report.incident = STR("");
    assert_string_equal(decided(b, &cmd), "report.no_incident");
    cmd.body.report = (struct report){.incident = STR("I1"), .loss = -1};
    assert_string_equal(decided(b, &cmd), "report.loss");
}

static void from_the_street_it_is_only_filed(void **state)
{
    struct bench *b = *state;
    struct command cmd = {.act = ACT_REPORT_FILE, .actor = anybody, .record = STR("R1")};
    cmd.body.report = told(REPORT_TAKEN); /* whatever they say it is */
    cmd.body.report.taker = STR("ann");
    b->law.report_retention_days = 5;
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "");
    const struct report *r = &b->change.after.report;
    assert_int_equal(r->state, REPORT_FILED);
    assert_str(r->taker, "");
    assert_str(r->incident, "");
    assert_int_equal(r->pledged, 0);
    assert_armed(&b->change, ACT_REPORT_ERASE, T0 + 5 * US_PER_DAY);
    cmd.body.report.currency = STR("RMB");
    assert_string_equal(decided(b, &cmd), "currency.unknown");
    cmd.body.report = told(REPORT_FILED);
    cmd.body.report.said = STR("a\x01");
    assert_string_equal(decided(b, &cmd), "text.control");
}

static void the_loss_is_pledged_once(void **state)
{
    struct bench *b = *state;
    static const struct {
        int64_t more;
        const char *why;
    } rows[] = {
        {400,       ""                 },
        {401,       "order.beyond_loss"},
        {-600,      ""                 },
        {INT64_MAX, "order.beyond_loss"}
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct command cmd = by("ann", ROLE_OPERATOR, ACT_REPORT_PLEDGE);
        cmd.body.report.pledged = rows[i].more;
        own_report(b, told(REPORT_TAKEN));
        assert_string_equal(decided(b, &cmd), "permit.role"); /* by itself, nobody may */
        b->view.is_follow = true;
        assert_string_equal(decided(b, &cmd), rows[i].why);
        b->view.is_follow = false;
        if (*rows[i].why == '\0')
            assert_int_equal(b->change.after.report.pledged, 600 + rows[i].more);
    }
    struct command cmd = by("ann", ROLE_OPERATOR, ACT_REPORT_PLEDGE);
    cmd.body.report.pledged = 1;
    own_report(b, told(REPORT_WITHDRAWN));
    b->view.is_follow = true;
    assert_string_equal(decided(b, &cmd), "report.not_taken");
}

static void what_was_told_is_erased(void **state)
{
    struct bench *b = *state;
    own_report(b, told(REPORT_TAKEN));
    struct command cmd = {.act = ACT_REPORT_ERASE, .actor = centre_itself, .record = STR("R1")};
    assert_string_equal(decided(b, &cmd), "");
    assert_true(b->change.is_erasing);
    assert_str(b->change.after.report.said, "");
    assert_str(b->change.after.report.victim_name, "");
    assert_str(b->change.after.report.secret, "");
    assert_int_equal(b->change.after.report.loss, 1000);
}

/* --- claims --- */

static struct command telling(void)
{
    struct command cmd = by("ann", ROLE_OPERATOR, ACT_CLAIM_TELL);
    cmd.record = STR("K1");
    cmd.body.claim = (struct claim){.report = STR("R1"), .to = STR("BKA:1"), .amount = 500};
    return cmd;
}

static void a_claim_begins_as_told(void **state)
{
    struct bench *b = *state;
    b->law.report_retention_days = 5;
    struct report r = told(REPORT_TAKEN);
    struct command cmd = telling();
    cmd.body.claim.returned = 500; /* nobody says so by telling */
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "report.absent");
    b->view.report = &r;
    assert_string_equal(decided(b, &cmd), "");
    const struct claim *c = &b->change.after.claim;
    assert_int_equal(c->state, CLAIM_TOLD);
    assert_int_equal(c->returned, 0);
    assert_str(c->incident, "I1");
    assert_str(c->currency, "CNY");
    cmd.body.claim.transfer = STR("t1"); /* as the victim read it to us */
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.claim.state, CLAIM_TOLD);
    assert_armed(&b->change, ACT_CLAIM_ERASE, T0 + 5 * US_PER_DAY);
    cmd.body.claim.state = CLAIM_MATCHED;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.claim.state, CLAIM_MATCHED);
    cmd.body.claim.mismatch = STR("amount");
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.claim.state, CLAIM_MISMATCHED);
    cmd.actor = (struct actor){.user = STR("public"), .kind = ACTOR_PUBLIC};
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.claim.state, CLAIM_TOLD);
    assert_str(b->change.after.claim.mismatch, "");
    cmd.body.claim.amount = 0;
    assert_string_equal(decided(b, &cmd), "claim.amount");
    cmd = telling();
    cmd.body.claim.to = STR("");
    assert_string_equal(decided(b, &cmd), "claim.to");
}

static void claims_move(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        const char *why[CLAIM_STATE_COUNT]; /* told, matched, mismatched, withdrawn */
        unsigned to;
    } rows[] = {
        {ACT_CLAIM_MATCH,    {"", "", "", "claim.withdrawn"},            CLAIM_MATCHED   },
        {ACT_CLAIM_MISMATCH, {"", "claim.settled", "", "claim.settled"}, CLAIM_MISMATCHED},
        {ACT_CLAIM_WITHDRAW, {"", "", "", "claim.withdrawn"},            CLAIM_WITHDRAWN },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (unsigned from = 0; from < CLAIM_STATE_COUNT; from++) {
            union record own = {.claim = telling().body.claim};
            own.claim.state = from;
            bench_own(b, &own);
            struct command cmd = by("ann", ROLE_OPERATOR, rows[i].act);
            cmd.body.claim = (struct claim){.transfer = STR("t1"), .mismatch = STR("amount")};
            assert_string_equal(decided(b, &cmd), rows[i].why[from]);
            if (*rows[i].why[from] == '\0')
                assert_int_equal(b->change.after.claim.state, rows[i].to);
        }
}

/* Goal: what the bank knew otherwise becomes a loss once, when the centre finds it as it was told;
 * what was counted already, or is found by a person, does not. Method: each state, with and
 * without an amount, by both. */
static void a_late_match_is_counted_once(void **state)
{
    struct bench *b = *state;
    for (unsigned from = 0; from < CLAIM_WITHDRAWN; from++)
        for (unsigned how = 0; how < 4; how++) {
            bool is_centre = (how & 1) != 0;
            union record own = {.claim = telling().body.claim};
            own.claim.state = from;
            own.claim.mismatch = STR("amount");
            bench_own(b, &own);
            struct command cmd = by("ann", ROLE_OPERATOR, ACT_CLAIM_MATCH);
            cmd.actor = is_centre ? centre_itself : cmd.actor;
            cmd.body.claim = (struct claim){.transfer = STR("t1"), .amount = (how & 2) != 0};
            assert_string_equal(decided(b, &cmd), "");
            assert_str(b->change.after.claim.mismatch, "");
            bool counts = is_centre && how == 3 && from == CLAIM_MISMATCHED;
            assert_int_equal(b->change.has_follow, counts);
            if (!counts)
                continue;
            assert_int_equal(b->change.follow.act, ACT_REPORT_COUNT);
            assert_int_equal(b->change.follow.body.report.loss, own.claim.amount);
        }
}

static void a_loss_grows_by_claims_alone(void **state)
{
    struct bench *b = *state;
    static const struct {
        unsigned state;
        int64_t more;
        const char *why;
    } rows[] = {
        {REPORT_TAKEN,     500,       ""                },
        {REPORT_TAKEN,     -1,        "report.loss"     },
        {REPORT_TAKEN,     INT64_MAX, "report.loss"     },
        {REPORT_WITHDRAWN, 500,       "report.not_taken"}
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct command cmd = {.act = ACT_REPORT_COUNT, .actor = centre_itself};
        cmd.body.report.loss = rows[i].more;
        own_report(b, told(rows[i].state));
        assert_string_equal(decided(b, &cmd), "permit.role"); /* by itself, nobody may */
        b->view.is_follow = true;
        assert_string_equal(decided(b, &cmd), rows[i].why);
        b->view.is_follow = false;
        if (*rows[i].why == '\0')
            assert_int_equal(b->change.after.report.loss, told(REPORT_TAKEN).loss + rows[i].more);
    }
}

/* Goal: the payee's name goes at the term; the accounts once nothing can come back any more, or
 * when a journal says that they went: in a restored store no timer asks (store_test.c). Method:
 * with and without something owed; a journal's act or a timer's. */
static void what_a_claim_names_is_erased(void **state)
{
    struct bench *b = *state;
    static const struct {
        int64_t promised;
        bool is_journal;
        bool is_whole; /* all of it goes */
    } rows[] = {
        {0, false, true },
        {1, false, false},
        {1, true,  true }
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        union record own = {.claim = telling().body.claim};
        own.claim.id = STR("K1");
        own.claim.name = STR("Li");
        own.claim.from = STR("BKB:2");
        own.claim.transfer = STR("t1");
        own.claim.state = CLAIM_MATCHED;
        bench_own(b, &own);
        b->view.promised = rows[i].promised;
        b->centre.is_outbox_held = rows[i].is_journal;
        b->view.centre = &b->centre;
        struct command cmd = {.act = ACT_CLAIM_ERASE, .actor = centre_itself, .record = STR("K1")};
        assert_string_equal(decided(b, &cmd), "");
        const struct claim *c = &b->change.after.claim;
        assert_true(b->change.is_erasing);
        assert_str(c->name, "");
        assert_int_equal(c->amount, 500);
        assert_str(c->from, rows[i].is_whole ? "" : "BKB:2");
        assert_str(c->to, rows[i].is_whole ? "erased-K1" : "BKA:1");
        assert_str(c->transfer, rows[i].is_whole ? "erased-K1" : "t1");
        assert_int_equal(has_effect(&b->change, EFFECT_ERASURE), rows[i].is_whole);
        if (rows[i].is_whole)
            assert_disarmed(&b->change, ACT_CLAIM_ERASE);
        else
            assert_armed(&b->change, ACT_CLAIM_ERASE, T0 + 30 * US_PER_DAY);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)
    const struct CMUnitTest tests[] = {
        TEST(arrows),
        TEST(who_takes_it),
        TEST(from_the_street_it_is_only_filed),
        TEST(the_loss_is_pledged_once),
        TEST(what_was_told_is_erased),
        TEST(a_claim_begins_as_told),
        TEST(claims_move),
        TEST(a_late_match_is_counted_once),
        TEST(a_loss_grows_by_claims_alone),
        TEST(what_a_claim_names_is_erased),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
