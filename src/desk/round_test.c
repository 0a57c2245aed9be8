/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a refund round has the arrows of round.c and no other; whoever computed it neither reviews
 * nor approves it; nothing shared in proportion is approved before its public notice is over, or
 * while an objection waits; shares add up to the fen; nobody is promised, or gets back, more than
 * they lost; what was sent is never void.
 * Method: every act in every state; each rule with one thing wrong at a time, clocks at the very
 * instant; and many seeded lives of two rounds of the same three claims, with the objections of
 * many, each step checked against what must always hold.
 */
#include "desk/desk_test.h"
#include "desk/round_parts.h"

#include <stdio.h>
#include <string.h>

enum { NOTICE_DAYS = 30, RETENTION_DAYS = 1825 };

#define DIGEST  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ANALYST ROLES(ROLE_ANALYST)
#define JUDGE   ROLES(ROLE_APPROVER)

static struct incident incident = {
    .id = {.at = "I1", .size = 2},
      .stolen = 5000
};

static void law_of_rounds(struct bench *b)
{
    b->law.refund_notice_days = NOTICE_DAYS;
    b->law.refund_review_days = 3;
    b->law.refund_approve_days = 5;
    b->law.refund_pay_days = 2;
    b->law.refund_close_days = 4;
    b->law.report_retention_days = RETENTION_DAYS;
    b->view = (struct desk_view){
        .turn = &b->turn, .centre = &b->centre, .incident = &incident, .round = NULL};
}

/* The last second of a day in Beijing. */
static int64_t end_of(int month, int day)
{
    return instant_from_civil(2026, month, day, 480).us + US_PER_DAY - US_PER_S;
}

static struct command by(const char *user, role_set roles, enum act act)
{
    return (struct command){
        .act = act, .actor = staff(user, roles), .record = STR("D1"), .why = STR("because")};
}

static struct command computing(void)
{
    struct command cmd = by("ann", ANALYST, ACT_ROUND_COMPUTE);
    cmd.body.round = (struct round){.incident = STR("I1"),
                                    .account = STR("BKA:1"),
                                    .bank = STR("BKA"),
                                    .provider = STR("bank-a"),
                                    .orders = STR("O1 O2"),
                                    .rule = RULE_CN_2016,
                                    .currency = STR("CNY"),
                                    .number = 1,
                                    .frozen = 1200,
                                    .shared = 1000,
                                    .unclaimed = 200,
                                    .frozen_at = at_us(T0 - 1),
                                    .statement = STR("{}"),
                                    .digest = STR(DIGEST)};
    return cmd;
}

/* A round as it stands in a state: all of it allotted, its notice just over. */
static struct round round_in(unsigned state, bool needs_notice)
{
    bool was_sent = state == ROUND_SENT || state == ROUND_PAID || state == ROUND_CLOSED;
    struct round r = computing().body.round;
    r.id = STR("D1");
    r.state = state;
    r.allotted = r.shared;
    r.needs_notice = needs_notice;
    r.notice_us = NOTICE_DAYS * US_PER_DAY;
    r.computer = STR("ann");
    r.deciders = STR("ann");
    r.computed_at = at_us(T0 - 40 * US_PER_DAY);
    r.profile = STR("cn");
    r.revision = 1;
    if (state != ROUND_COMPUTED)
        r.reviewer = STR("bob");
    if (needs_notice && state != ROUND_COMPUTED && state != ROUND_REVIEWED) {
        r.noticer = STR("bob");
        r.noticed_at = at_us(T0 - NOTICE_DAYS * US_PER_DAY);
        r.notice_until = at_us(T0);
    }
    r.objections = state == ROUND_OBJECTED ? 1 : 0;
    if (was_sent || state == ROUND_APPROVED) {
        r.first_approver = STR("bob");
        r.approver = STR("cat");
        r.approved_at = at_us(T0 - 1);
    }
    if (was_sent)
        r.sent_at = at_us(T0 - 1);
    r.returned = was_sent ? 600 : 0;
    r.failed = was_sent && state != ROUND_SENT ? 400 : 0;
    if (round_has_ended(state))
        r.ended_at = at_us(T0 - 1);
    return r;
}

static void own_round(struct bench *b, struct round r)
{
    union record own = {.round = r};
    law_of_rounds(b);
    bench_own(b, &own);
}

static bool has_timer(const struct bench *b, enum act act)
{
    bool has = false;
    (void)timer_of(&b->change, act, &has);
    return has;
}

/* --- every act in every state --- */

static char letter_of(const struct bench *b, const char *why, unsigned before)
{
    static const char letters[] = "crnoasplv"; /* by enum round_state */
    if (*why != '\0')
        return '-';
    unsigned after = b->change.after.round.state;
    return after == before ? '=' : letters[after];
}

static const struct {
    enum act act;
    const char *user; /* "": the centre; "*": what follows from something else */
    const char *first;
    bool needs_notice;
    const char *to; /* computed reviewed noticed objected approved sent paid closed void */
} arrow_rows[] = {
    {ACT_ROUND_REVIEW,  "bob", "",    false, "r--------"},
    {ACT_ROUND_REVIEW,  "ann", "",    false, "---------"}, /* who computed it */
    {ACT_ROUND_NOTICE,  "bob", "",    true,  "-n-------"},
    {ACT_ROUND_NOTICE,  "bob", "",    false, "---------"}, /* all of it is traced */
    {ACT_ROUND_OBJECT,  "*",   "",    true,  "--o=-----"},
    {ACT_ROUND_OBJECT,  "bob", "",    true,  "---------"}, /* an appeal's, never a person's */
    {ACT_ROUND_OBJECT,  "",    "",    true,  "---------"},
    {ACT_ROUND_HEAR,    "*",   "",    true,  "===n====="},
    {ACT_ROUND_HEAR,    "bob", "",    true,  "---------"},
    {ACT_ROUND_HEAR,    "",    "",    true,  "---------"},
    {ACT_ROUND_APPROVE, "bob", "",    false, "-==------"}, /* one of two */
    {ACT_ROUND_APPROVE, "bob", "",    true,  "--=------"},
    {ACT_ROUND_APPROVE, "bob", "cat", false, "-aa------"},
    {ACT_ROUND_APPROVE, "bob", "cat", true,  "--a------"},
    {ACT_ROUND_APPROVE, "bob", "bob", true,  "---------"}, /* twice the same */
    {ACT_ROUND_APPROVE, "ann", "",    true,  "---------"},
    {ACT_ROUND_APPROVE, "ann", "cat", true,  "---------"},
    {ACT_ROUND_APPROVE, "",    "cat", true,  "---------"}, /* never by the computer */
    {ACT_ROUND_SEND,    "*",   "",    true,  "----s----"},
    {ACT_ROUND_SEND,    "bob", "",    true,  "---------"},
    {ACT_ROUND_SEND,    "",    "",    true,  "---------"},
    {ACT_ROUND_TALLY,   "*",   "",    true,  "-----p==-"},
    {ACT_ROUND_TALLY,   "",    "",    true,  "---------"},
    {ACT_ROUND_REOPEN,  "*",   "",    true,  "-----=s--"},
    {ACT_ROUND_REOPEN,  "",    "",    true,  "---------"},
    {ACT_ROUND_ALLOT,   "*",   "",    true,  "---------"}, /* all is allotted */
    {ACT_ROUND_ALLOT,   "",    "",    true,  "---------"},
    {ACT_ROUND_CLOSE,   "ann", "",    true,  "------l--"},
    {ACT_ROUND_VOID,    "ann", "",    true,  "vvvv-----"},
    {ACT_ROUND_VOID,    "*",   "",    true,  "vvvv-----"}, /* an objection is granted */
    {ACT_ROUND_VOID,    "",    "",    true,  "vvvv-----"}, /* its claim is withdrawn */
    {ACT_ROUND_LATE,    "",    "",    true,  "====-==--"},
    {ACT_ROUND_LATE,    "bob", "",    true,  "---------"},
    {ACT_ROUND_ERASE,   "",    "",    true,  "-------=="},
    {ACT_ROUND_ERASE,   "bob", "",    true,  "---------"},
    {ACT_ROUND_READ,    "bob", "",    true,  "========="},
    {ACT_ROUND_COMPUTE, "ann", "",    true,  "---------"}, /* it is there */
};

static void arrows(void **state)
{
    struct bench *b = *state;
    for (size_t i = 0; i < COUNT_OF(arrow_rows); i++)
        for (unsigned from = 0; from < ROUND_STATE_COUNT; from++) {
            struct round r = round_in(from, arrow_rows[i].needs_notice);
            bool is_follow = *arrow_rows[i].user == '*';
            if (arrow_rows[i].first[0] != '\0' && str_is_empty(r.approver))
                r.first_approver = str_from_c(arrow_rows[i].first);
            own_round(b, r);
            b->view.is_follow = is_follow;
            struct command cmd = by(arrow_rows[i].user, ANALYST | JUDGE, arrow_rows[i].act);
            cmd.actor = *arrow_rows[i].user == '\0' ? centre_itself : cmd.actor;
            cmd.actor = is_follow ? staff("dan", JUDGE) : cmd.actor;
            if (arrow_rows[i].act == ACT_ROUND_COMPUTE)
                cmd.body = computing().body;
            else
                cmd.body.share =
                    (struct share){.was = from == ROUND_SENT ? SHARE_DUE : SHARE_FAILED,
                                   .state = SHARE_PAID,
                                   .amount = 400};
            if (arrow_rows[i].act == ACT_ROUND_REOPEN)
                cmd.body.share = (struct share){.was = SHARE_PAID, .amount = 400};
            const char *why = decided(b, &cmd);
            char found = letter_of(b, why, from);
            if (found != arrow_rows[i].to[from])
                fail_msg("%s (%s, %s) from %s: %c, not %c (%s)", act_name(arrow_rows[i].act),
                         arrow_rows[i].user, arrow_rows[i].first, round_state_words[from], found,
                         arrow_rows[i].to[from], why);
        }
}

static void what_is_not_there(void **state)
{
    struct bench *b = *state;
    law_of_rounds(b);
    bench_own(b, NULL);
    struct command cmd = by("bob", JUDGE, ACT_ROUND_REVIEW);
    assert_string_equal(decided(b, &cmd), "round.absent");
    cmd.act = ACT_ROUND_VOID;
    assert_string_equal(decided(b, &cmd), "round.absent");
    cmd = (struct command){.act = ACT_SHARE_PAY, .actor = staff("ann", ANALYST)};
    cmd.record = STR("S1");
    b->view.is_follow = true;
    assert_string_equal(decided(b, &cmd), "share.absent");
}

/* --- computing --- */

/* One field of an otherwise sound round, and the refusal it brings. */
#define SPOILS(X)                                                                                  \
    X(nowhere, "value.missing", r->account = STR(""))                                              \
    X(too_long, "value.missing", r->account = str_make(DIGEST DIGEST, 65))                         \
    X(nobody, "round.not_held", r->provider = STR(""))                                             \
    X(free, "round.not_held", r->orders = STR(""))                                                 \
    X(ruled, "round.rule", r->rule = RULE_FIFO)                                                    \
    X(unsaid, "round.statement", r->statement = STR(""))                                           \
    X(undigested, "round.statement", r->digest = STR(""))                                          \
    X(misdigested, "round.statement", r->digest = STR(DIGEST "0"))                                 \
    X(endless, "round.statement_too_long", r->statement.size = ROUND_STATEMENT_BYTES + 1)          \
    X(empty, "round.sums", r->frozen = r->shared = r->unclaimed = 0)                               \
    X(unshared, "round.sums", r->shared = 0; r->unclaimed = r->frozen)                             \
    X(lost, "round.sums", r->unclaimed = 199)                                                      \
    X(made, "round.sums", r->shared = 1001)                                                        \
    X(owed, "round.sums", r->shared = 1201; r->unclaimed = -1)                                     \
    X(wrapped, "round.sums", r->frozen = 1; r->shared = INT64_MAX; r->unclaimed = 2 - INT64_MAX)   \
    X(money, "currency.unknown", r->currency = STR("RMB"))

#define X(name, key, change)                                                                       \
    static void spoil_##name(struct round *r)                                                      \
    {                                                                                              \
        change;                                                                                    \
    }
SPOILS(X)
#undef X

/* All of it may be traced: who may say that it was theirs is asked in public all the same. */
static void a_doubt_is_public(void **state)
{
    struct bench *b = *state;
    law_of_rounds(b);
    bench_own(b, NULL);
    struct command cmd = computing();
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.round.needs_notice, 0);
    cmd.body.round.doubts = 1;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.round.needs_notice, 1);
    cmd.body.round.doubts = -1;
    assert_string_equal(decided(b, &cmd), "round.sums");
}

static void one_thing_wrong(void **state)
{
    struct bench *b = *state;
#define X(name, key, change) {spoil_##name, key},
    static const struct {
        void (*spoil)(struct round *r);
        const char *key;
    } rows[] = {SPOILS(X)};
#undef X
    law_of_rounds(b);
    bench_own(b, NULL);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct command cmd = computing();
        rows[i].spoil(&cmd.body.round);
        const char *why = decided(b, &cmd);
        if (strcmp(why, rows[i].key) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, why, rows[i].key);
    }
    struct command cmd = computing();
    b->view.incident = NULL;
    assert_string_equal(decided(b, &cmd), "incident.absent");
    law_of_rounds(b);
    cmd.actor = centre_itself;
    assert_string_equal(decided(b, &cmd), "permit.machine");
    cmd.actor = staff("bob", JUDGE);
    assert_string_equal(decided(b, &cmd), "permit.role");
}

/* Who computes does not say how it stands. */
static void a_round_begins_with_nothing_done(void **state)
{
    struct bench *b = *state;
    law_of_rounds(b);
    bench_own(b, NULL);
    struct command cmd = computing();
    struct round *asked = &cmd.body.round;
    asked->state = ROUND_SENT;
    asked->computer = asked->reviewer = asked->noticer = STR("bob");
    asked->first_approver = STR("bob");
    asked->approver = STR("cat");
    asked->deciders = STR("");
    asked->allotted = asked->returned = asked->failed = 1000;
    asked->objections = asked->needs_notice = asked->is_late = 1;
    asked->notice_us = 1;
    asked->reviewed_at = asked->noticed_at = asked->notice_until = asked->first_approved_at =
        asked->approved_at = asked->sent_at = asked->paid_at = asked->ended_at = at_us(T0);
    asked->ended_why = STR("so");
    assert_string_equal(decided(b, &cmd), "");
    struct round want = computing().body.round;
    const struct round *r = &b->change.after.round;
    want.id = STR("D1");
    want.computer = want.deciders = STR("ann");
    want.computed_at = at_us(T0);
    want.due_at = at_us(end_of(11, 25)); /* Sunday, and three working days */
    want.notice_us = NOTICE_DAYS * US_PER_DAY;
    want.profile = STR("cn");
    want.revision = 1;
    for (size_t i = 0; i < record_shapes[RECORD_ROUND].field_count; i++) {
        const struct field *f = &record_shapes[RECORD_ROUND].fields[i];
        if (f->type == FIELD_STR ? !str_equal(field_get_str(f, r), field_get_str(f, &want))
                                 : field_get_int(f, r) != field_get_int(f, &want))
            fail_msg("%s is what the caller said", f->name);
    }
    assert_armed(&b->change, ACT_ROUND_LATE, want.due_at.us);
    assert_true(has_effect(&b->change, EFFECT_STREAM));
    cmd.body.round.statement.size = ROUND_STATEMENT_BYTES; /* the longest; nobody reads it here */
    assert_string_equal(decided(b, &cmd), "");
}

/* --- shares --- */

static struct claim lost; /* whose the share is to be */

static struct command sharing(int64_t amount)
{
    struct command cmd = by("ann", ANALYST, ACT_SHARE_MAKE);
    cmd.record = STR("S1");
    cmd.body.share = (struct share){.round = STR("D1"),
                                    .claim = STR("K1"),
                                    .basis = BASIS_TIMESTAMP,
                                    .loss = 700,
                                    .amount = amount};
    return cmd;
}

static struct round sharing_round;

static void share_scene(struct bench *b, unsigned state)
{
    law_of_rounds(b);
    lost = (struct claim){.id = STR("K1"),
                          .report = STR("R1"),
                          .incident = STR("I2"),
                          .state = CLAIM_MATCHED,
                          .from = STR("BKV:7"),
                          .amount = 700,
                          .currency = STR("CNY")};
    sharing_round = round_in(state, false);
    sharing_round.division = STR("6201");
    b->view.round = &sharing_round;
    b->view.claim = &lost;
    bench_own(b, NULL);
}

#define SHARE_SPOILS(X)                                                                            \
    X(nothing, "share.amount", cmd->body.share.amount = 0)                                         \
    X(less, "share.amount", cmd->body.share.amount = -1)                                           \
    X(more, "share.amount", cmd->body.share.loss = 599)                                            \
    X(other, "permit.role", cmd->actor = staff("bob", ANALYST))                                    \
    X(machine, "permit.machine", cmd->actor = centre_itself)                                       \
    X(roundless, "round.absent", b->view.round = NULL)                                             \
    X(claimless, "claim.absent", b->view.claim = NULL)                                             \
    X(withdrawn, "claim.withdrawn", lost.state = CLAIM_WITHDRAWN)                                  \
    X(untaken, "report.not_taken", lost.incident = STR(""))                                        \
    X(dollars, "share.currency", lost.currency = STR("USD"))                                       \
    X(returned, "claim.returned", lost.returned = 101)                                             \
    X(promised, "claim.returned", b->view.promised = 101)                                          \
    X(both, "claim.returned", lost.returned = 50; b->view.promised = 51)

#define X(name, key, change)                                                                       \
    static void share_##name(struct bench *b, struct command *cmd)                                 \
    {                                                                                              \
        (void)b;                                                                                   \
        (void)cmd;                                                                                 \
        change;                                                                                    \
    }
SHARE_SPOILS(X)
#undef X

static void a_share_with_one_thing_wrong(void **state)
{
    struct bench *b = *state;
#define X(name, key, change) {share_##name, key},
    static const struct {
        void (*spoil)(struct bench *b, struct command *cmd);
        const char *key;
    } rows[] = {SHARE_SPOILS(X)};
#undef X
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        share_scene(b, ROUND_COMPUTED);
        struct command cmd = sharing(600);
        rows[i].spoil(b, &cmd);
        const char *why = decided(b, &cmd);
        if (strcmp(why, rows[i].key) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, why, rows[i].key);
    }
    share_scene(b, ROUND_COMPUTED);
    lost.returned = 50;
    b->view.promised = 50;
    struct command cmd = sharing(600); /* to the last fen */
    assert_string_equal(decided(b, &cmd), "");
    cmd = sharing(700);
    lost.returned = b->view.promised = 0;
    assert_string_equal(decided(b, &cmd), "");
    union record own = {.share = b->change.after.share};
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "share.exists");
}

/* Whose it is, and where it goes, is what the claim says, not the caller. */
static void a_share_is_its_claims(void **state)
{
    struct bench *b = *state;
    share_scene(b, ROUND_COMPUTED);
    struct command cmd = sharing(600);
    cmd.body.share.to = STR("BKA:1");
    cmd.body.share.incident = STR("I9");
    cmd.body.share.state = SHARE_PAID;
    cmd.body.share.settled_at = at_us(T0);
    cmd.body.share.reference = cmd.body.share.failure = STR("x");
    assert_string_equal(decided(b, &cmd), "");
    const struct share *s = &b->change.after.share;
    assert_str(s->id, "S1");
    assert_str(s->round, "D1");
    assert_str(s->claim, "K1");
    assert_str(s->incident, "I2");
    assert_str(s->to, "BKV:7");
    assert_str(s->division, "6201");
    assert_str(s->reference, "");
    assert_str(s->failure, "");
    assert_int_equal(s->state, SHARE_DUE);
    assert_int_equal(s->settled_at.us, 0);
    assert_int_equal(b->change.follow.act, ACT_ROUND_ALLOT);
    assert_str(b->change.follow.record, "D1");
    assert_int_equal(b->change.follow.body.share.amount, 600);
    assert_armed(&b->change, ACT_SHARE_ERASE, T0 + RETENTION_DAYS * US_PER_DAY);
}

/* Each share is added; only money shared in proportion asks for the notice. */
static void shares_add_up(void **state)
{
    struct bench *b = *state;
    static const struct {
        int64_t amount;
        unsigned basis;
        int64_t needs_notice;
        const char *why;
    } rows[] = {
        {1,         BASIS_DIRECT,       0, ""          },
        {400,       BASIS_TIMESTAMP,    0, ""          },
        {400,       BASIS_PROPORTIONAL, 1, ""          },
        {401,       BASIS_TIMESTAMP,    0, "round.sums"},
        {INT64_MAX, BASIS_TIMESTAMP,    0, "round.sums"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct round r = round_in(ROUND_COMPUTED, false);
        r.allotted = 600;
        own_round(b, r);
        b->view.is_follow = true;
        struct command cmd = by("ann", ANALYST, ACT_ROUND_ALLOT);
        cmd.body.share = (struct share){.basis = rows[i].basis, .amount = rows[i].amount};
        assert_string_equal(decided(b, &cmd), rows[i].why);
        if (*rows[i].why != '\0')
            continue;
        assert_int_equal(b->change.after.round.allotted, 600 + rows[i].amount);
        assert_int_equal(b->change.after.round.needs_notice, rows[i].needs_notice);
        assert_int_equal(b->change.timer_count, 0); /* the deadline is the round's */
    }
    for (unsigned from = ROUND_REVIEWED; from < ROUND_STATE_COUNT; from++) {
        struct round r = round_in(from, false);
        r.allotted = 600; /* were it so: nothing comes in once somebody has looked at it */
        own_round(b, r);
        b->view.is_follow = true;
        struct command cmd = by("ann", ANALYST, ACT_ROUND_ALLOT);
        cmd.body.share = (struct share){.basis = BASIS_DIRECT, .amount = 1};
        assert_string_equal(decided(b, &cmd), "round.state");
    }
    struct round r = round_in(ROUND_COMPUTED, true); /* what asked for it asks for it still */
    r.allotted = 600;
    own_round(b, r);
    b->view.is_follow = true;
    struct command cmd = by("ann", ANALYST, ACT_ROUND_ALLOT);
    cmd.body.share = (struct share){.basis = BASIS_DIRECT, .amount = 1};
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.round.needs_notice, 1);
}

/* --- people and deadlines --- */

static void a_review_is_somebody_elses_and_of_the_whole(void **state)
{
    struct bench *b = *state;
    struct round r = round_in(ROUND_COMPUTED, false);
    own_round(b, r);
    struct command cmd = by("ann", ANALYST, ACT_ROUND_REVIEW);
    assert_string_equal(decided(b, &cmd), "round.same_person");
    cmd.actor = staff("bob", ANALYST);
    assert_string_equal(decided(b, &cmd), "");
    const struct round *after = &b->change.after.round;
    assert_str(after->reviewer, "bob");
    assert_str(after->deciders, "ann bob");
    assert_int_equal(after->reviewed_at.us, T0);
    assert_int_equal(after->due_at.us, end_of(11, 27));
    assert_armed(&b->change, ACT_ROUND_LATE, after->due_at.us);
    assert_true(has_effect(&b->change, EFFECT_STREAM));
    r.allotted = r.shared - 1;
    own_round(b, r);
    assert_string_equal(decided(b, &cmd), "round.sums");
    cmd.actor = staff("pia", ROLES(ROLE_PROVIDER));
    assert_string_equal(decided(b, &cmd), "permit.role");
}

static void a_notice_runs_its_days(void **state)
{
    struct bench *b = *state;
    struct round r = round_in(ROUND_REVIEWED, true);
    r.is_late = 1;
    own_round(b, r);
    b->law.refund_notice_days = 1; /* since it was computed the law has changed */
    struct command cmd = by("bob", JUDGE, ACT_ROUND_NOTICE);
    assert_string_equal(decided(b, &cmd), "");
    const struct round *after = &b->change.after.round;
    assert_str(after->noticer, "bob");
    assert_int_equal(after->noticed_at.us, T0);
    assert_int_equal(after->notice_until.us, T0 + NOTICE_DAYS * US_PER_DAY); /* 22 December */
    assert_int_equal(after->due_at.us, end_of(12, 29));
    assert_int_equal(after->is_late, 0);
    assert_armed(&b->change, ACT_ROUND_LATE, after->due_at.us);
    own_round(b, round_in(ROUND_REVIEWED, false));
    assert_string_equal(decided(b, &cmd), "round.no_notice");
}

static void two_approve_after_the_notice(void **state)
{
    struct bench *b = *state;
    own_round(b, round_in(ROUND_NOTICED, true)); /* which ends at T0 */
    struct command cmd = by("bob", JUDGE, ACT_ROUND_APPROVE);
    b->at = at_us(T0 - 1);
    assert_string_equal(decided(b, &cmd), "round.notice_runs");
    b->at = at_us(T0);
    assert_string_equal(decided(b, &cmd), "");
    struct round first = b->change.after.round;
    assert_int_equal(first.state, ROUND_NOTICED);
    assert_str(first.first_approver, "bob");
    assert_int_equal(first.first_approved_at.us, T0);
    assert_str(first.approver, "");
    assert_false(b->change.has_follow);
    own_round(b, first);
    assert_string_equal(decided(b, &cmd), "round.approved_before");
    cmd.actor = staff("ann", JUDGE);
    assert_string_equal(decided(b, &cmd), "round.same_person");
    cmd.actor = staff("cat", JUDGE | ROLES(ROLE_ADMIN));
    assert_string_equal(decided(b, &cmd), "permit.role");
    cmd.actor = staff("cat", ROLES(ROLE_COMMANDER));
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.round.state, ROUND_APPROVED);
    assert_str(b->change.after.round.approver, "cat");
    assert_str(b->change.after.round.first_approver, "bob");
    assert_str(b->change.after.round.deciders, "ann bob cat");
    assert_int_equal(b->change.after.round.approved_at.us, T0);
    assert_int_equal(b->change.after.round.due_at.us, 0);
    assert_disarmed(&b->change, ACT_ROUND_LATE);
    assert_int_equal(b->change.follow.act, ACT_ROUND_SEND);
    assert_str(b->change.follow.record, "D1");
    own_round(b, round_in(ROUND_REVIEWED, true));
    assert_string_equal(decided(b, &cmd), "round.notice_first");
}

static void each_step_has_its_days(void **state)
{
    struct bench *b = *state;
    own_round(b, round_in(ROUND_APPROVED, true));
    b->view.is_follow = true;
    struct command cmd = by("cat", JUDGE, ACT_ROUND_SEND);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.round.sent_at.us, T0);
    assert_armed(&b->change, ACT_ROUND_LATE, end_of(11, 24));
    own_round(b, round_in(ROUND_SENT, true));
    cmd = (struct command){.act = ACT_ROUND_LATE, .actor = centre_itself, .record = STR("D1")};
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.round.is_late, 1);
    assert_int_equal(b->change.after.round.state,
                     ROUND_SENT); /* shown, and never taken by itself */
    assert_true(has_effect(&b->change, EFFECT_STREAM));
}

/* --- objections --- */

static struct round objected_to;

static const char *object(struct bench *b, unsigned state, int64_t at)
{
    struct command cmd = {
        .act = ACT_APPEAL_FILE, .actor = anybody, .record = STR("A1"), .why = STR("")};
    cmd.body.appeal = (struct appeal){.round = STR("D1"), .statement = STR("it is mine")};
    law_of_rounds(b);
    objected_to = round_in(state, true);
    objected_to.division = STR("6201");
    b->view.round = &objected_to;
    bench_own(b, NULL);
    b->at = at_us(at);
    const char *why = decided(b, &cmd);
    b->at = at_us(T0);
    return why;
}

static void objections_come_while_the_notice_runs(void **state)
{
    struct bench *b = *state;
    for (unsigned s = 0; s < ROUND_STATE_COUNT; s++)
        assert_string_equal(object(b, s, T0 - 1), s == ROUND_NOTICED || s == ROUND_OBJECTED
                                                      ? ""
                                                      : "appeal.nothing_in_force");
    assert_string_equal(object(b, ROUND_NOTICED, T0), "round.notice_over");
    assert_string_equal(object(b, ROUND_OBJECTED, T0 + 1), "round.notice_over");
    assert_string_equal(object(b, ROUND_NOTICED, T0 - 1), "");
    assert_str(b->change.after.appeal.round, "D1");
    assert_str(b->change.after.appeal.listing, "");
    assert_str(b->change.after.appeal.order, "");
    assert_str(b->change.after.appeal.division, "6201");
    assert_int_equal(b->change.follow.act, ACT_ROUND_OBJECT);
    assert_str(b->change.follow.record, "D1");
}

/* Each is answered before anything goes on; who approved first looks again. */
static void objections_are_counted(void **state)
{
    struct bench *b = *state;
    struct round r = round_in(ROUND_NOTICED, true);
    r.first_approver = STR("cat");
    r.first_approved_at = at_us(T0);
    struct command cmd = {.act = ACT_ROUND_OBJECT, .actor = anybody, .record = STR("D1")};
    for (int64_t n = 1; n <= 3; n++) {
        own_round(b, r);
        b->view.is_follow = true;
        assert_string_equal(decided(b, &cmd), "");
        r = b->change.after.round;
        assert_int_equal(r.state, ROUND_OBJECTED);
        assert_int_equal(r.objections, n);
        assert_str(r.first_approver, "");
        assert_int_equal(r.first_approved_at.us, 0);
    }
    cmd.act = ACT_ROUND_HEAR;
    cmd.actor = staff("sue", ROLES(ROLE_COMMANDER));
    for (int64_t n = 2; n >= 0; n--) {
        own_round(b, r);
        b->view.is_follow = true;
        assert_string_equal(decided(b, &cmd), "");
        r = b->change.after.round;
        assert_int_equal(r.state, n > 0 ? ROUND_OBJECTED : ROUND_NOTICED);
        assert_int_equal(r.objections, n);
        assert_int_equal(has_timer(b, ACT_ROUND_LATE), n == 0);
        assert_str(r.deciders, "ann"); /* who answers one may answer the next */
    }
    assert_int_equal(r.due_at.us, end_of(11, 27)); /* the notice is over: from the answer on */
    r = round_in(ROUND_OBJECTED, true);
    r.notice_until = at_us(T0 + US_PER_DAY);
    r.is_late = 1;
    own_round(b, r);
    b->view.is_follow = true;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.round.due_at.us, end_of(11, 30)); /* from its end on */
    assert_int_equal(b->change.after.round.is_late, 0);
    own_round(b, round_in(ROUND_VOID, true)); /* answered after all was over */
    b->view.is_follow = true;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.round.objections, 0);
}

static void what_an_answer_does(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        unsigned round;
        enum act follow;
    } rows[] = {
        {ACT_APPEAL_GRANT,    ROUND_OBJECTED, ACT_ROUND_VOID},
        {ACT_APPEAL_GRANT,    ROUND_VOID,     ACT_ROUND_HEAR}, /* another's was granted before */
        {ACT_APPEAL_REJECT,   ROUND_OBJECTED, ACT_ROUND_HEAR},
        {ACT_APPEAL_REJECT,   ROUND_VOID,     ACT_ROUND_HEAR},
        {ACT_APPEAL_WITHDRAW, ROUND_OBJECTED, ACT_ROUND_HEAR},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        union record own = {
            .appeal = {.id = STR("A1"),
                       .round = STR("D1"),
                       .statement = STR("it is mine"),
                       .secret = STR("digest")}
        };
        law_of_rounds(b);
        objected_to = round_in(rows[i].round, true);
        objected_to.deciders = STR("ann bob");
        b->view.round = &objected_to;
        bench_own(b, &own);
        struct command cmd = by("sue", ROLES(ROLE_COMMANDER), rows[i].act);
        cmd.record = STR("A1");
        cmd.body.appeal.secret = STR("digest");
        assert_string_equal(decided(b, &cmd), "");
        assert_int_equal(b->change.follow.act, rows[i].follow);
        assert_str(b->change.follow.record, "D1");
        cmd.actor = staff("bob", ROLES(ROLE_COMMANDER)); /* who reviewed it */
        assert_string_equal(decided(b, &cmd),
                            rows[i].act == ACT_APPEAL_WITHDRAW ? "" : "appeal.decided_before");
    }
}

/* --- payments --- */

static struct share said_of; /* what a receipt is about */

static struct command saying(enum receipt_result result)
{
    struct command cmd = {.act = ACT_RECEIPT_TAKE, .record = STR("Q1")};
    cmd.actor = staff("pia", ROLES(ROLE_PROVIDER));
    cmd.actor.provider = STR("bank-a");
    cmd.body.receipt = (struct receipt){.share = STR("S1"),
                                        .provider = STR("bank-a"),
                                        .result = result,
                                        .held = -1,
                                        .balance = -1,
                                        .at = at_us(T0 - 1)};
    if (result == RECEIPT_DONE)
        cmd.body.receipt.reference = STR("T-17");
    else
        cmd.body.receipt.reason = STR("the account is closed");
    return cmd;
}

static void own_share(struct bench *b, unsigned round, unsigned state)
{
    union record own = {
        .share = {.id = STR("S1"),
                  .round = STR("D1"),
                  .claim = STR("K1"),
                  .to = STR("BKV:7"),
                  .state = state,
                  .loss = 700,
                  .amount = 400,
                  .settled_at = at_us(state == SHARE_DUE ? 0 : T0 - 1),
                  .reference = state == SHARE_DUE ? STR("") : STR("T-1"),
                  .failure = state == SHARE_FAILED ? STR("no such account") : STR("")}
    };
    share_scene(b, round);
    bench_own(b, &own);
}

/* A share that stands like that, and what its provider is heard saying of it. */
static void hear_of_share(struct bench *b, unsigned round, unsigned state)
{
    own_share(b, round, state);
    said_of = b->own.share;
    said_of.said_at = at_us(state == SHARE_DUE ? 0 : T0 - US_PER_MIN);
    b->view.share = &said_of;
    b->view.promised = round_has_ended(round) ? 0 : 300; /* of the claim's 700; it is 400 */
    bench_own(b, NULL);
}

static const enum receipt_result words[] = {RECEIPT_PENDING, RECEIPT_DONE, RECEIPT_REFUSED,
                                            RECEIPT_BOUNCED};

static bool is_with_bank(unsigned round)
{
    return round == ROUND_SENT || round == ROUND_PAID || round == ROUND_CLOSED;
}

static unsigned state_said(enum receipt_result word, unsigned round)
{
    bool is_final = word == RECEIPT_REFUSED || round == ROUND_CLOSED;
    return word == RECEIPT_DONE ? SHARE_PAID : is_final ? SHARE_FAILED : SHARE_DUE;
}

static void a_word_is_judged(struct bench *b, enum receipt_result word, unsigned round, unsigned s)
{
    unsigned to = state_said(word, round);
    enum receipt_fate want = RECEIPT_TAKEN;
    if (word == RECEIPT_PENDING)
        want = s == SHARE_DUE ? RECEIPT_TAKEN : RECEIPT_STALE;
    else if (round == ROUND_CLOSED && s != to)
        want = RECEIPT_CONTRADICTING;
    hear_of_share(b, round, s);
    said_of.reference = STR("");
    struct command cmd = saying(word);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.receipt.fate, is_with_bank(round) ? want : RECEIPT_UNKNOWN);
    assert_armed(&b->change, ACT_RECEIPT_ERASE, T0 + RETENTION_DAYS * US_PER_DAY);
    assert_true(has_effect(&b->change, EFFECT_STREAM));
    assert_int_equal(b->change.has_follow, is_with_bank(round) && word != RECEIPT_PENDING);
    if (b->change.has_follow)
        assert_int_equal(b->change.follow.act, to == SHARE_PAID     ? ACT_SHARE_PAY
                                               : to == SHARE_FAILED ? ACT_SHARE_FAIL
                                                                    : ACT_SHARE_BOUNCE);
}

/* Every word, of every share, in every round. */
static void the_newest_word_counts(void **state)
{
    for (size_t w = 0; w < COUNT_OF(words); w++)
        for (unsigned round = 0; round < ROUND_STATE_COUNT; round++)
            for (unsigned s = 0; s < SHARE_STATE_COUNT; s++)
                a_word_is_judged(*state, words[w], round, s);
}

static void a_share_follows_its_receipt(void **state)
{
    struct bench *b = *state;
    static const enum act acts[] = {ACT_SHARE_PAY, ACT_SHARE_FAIL, ACT_SHARE_BOUNCE};
    static const unsigned to[] = {SHARE_PAID, SHARE_FAILED, SHARE_DUE};
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        for (unsigned s = 0; s < SHARE_STATE_COUNT; s++) {
            struct command cmd = saying(acts[i] == ACT_SHARE_PAY ? RECEIPT_DONE : RECEIPT_BOUNCED);
            cmd.act = acts[i];
            cmd.record = STR("S1");
            own_share(b, ROUND_SENT, s);
            assert_string_equal(decided(b, &cmd), "permit.role"); /* of a receipt only */
            b->view.is_follow = true;
            assert_string_equal(decided(b, &cmd), "");
            const struct share *after = &b->change.after.share;
            assert_int_equal(after->state, to[i]);
            assert_int_equal(after->was, s);
            assert_int_equal(after->said_at.us, T0 - 1);
            assert_str(after->failure, to[i] == SHARE_PAID ? "" : "the account is closed");
            assert_true(has_effect(&b->change, EFFECT_STREAM));
            assert_int_equal(b->change.has_follow, to[i] != s);
            if (to[i] == s) {
                assert_int_equal(after->settled_at.us, s == SHARE_DUE ? 0 : T0 - 1);
                assert_str(after->reference, s == SHARE_PAID  ? "T-17"
                                             : s == SHARE_DUE ? ""
                                                              : "T-1");
                continue;
            }
            assert_int_equal(after->settled_at.us, to[i] == SHARE_DUE ? 0 : T0);
            assert_str(after->reference, to[i] == SHARE_PAID ? "T-17" : "");
            assert_str(after->settler, to[i] == SHARE_DUE ? "" : "pia");
            assert_int_equal(b->change.follow.act,
                             to[i] == SHARE_DUE ? ACT_ROUND_REOPEN : ACT_ROUND_TALLY);
            assert_int_equal(b->change.follow.body.share.was, s);
        }
}

static void words_that_move_nothing(void **state)
{
    struct bench *b = *state;
    struct command cmd = saying(RECEIPT_REFUSED);
    const struct receipt *r = &b->change.after.receipt;
    hear_of_share(b, ROUND_PAID, SHARE_PAID);
    cmd.body.receipt.at = at_us(T0 - US_PER_MIN - 1); /* before what was said */
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(r->fate, RECEIPT_STALE);
    assert_false(b->change.has_follow);
    cmd = saying(RECEIPT_DONE); /* another payment than T-1 */
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(r->fate, RECEIPT_CONTRADICTING);
    assert_int_equal(b->change.follow.act, ACT_SHARE_PAY); /* that was the newest word */
    cmd.body.receipt.reference = STR("T-1");
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(r->fate, RECEIPT_TAKEN);
    hear_of_share(b, ROUND_CLOSED, SHARE_FAILED); /* and the claim got it from somewhere else */
    b->view.promised = 301;
    cmd = saying(RECEIPT_DONE);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(r->fate, RECEIPT_CONTRADICTING);
    assert_false(b->change.has_follow);
    b->view.promised = 300;
    assert_string_equal(decided(b, &cmd), "");
    assert_true(b->change.has_follow);
    cmd.body.receipt.share = STR("S9");
    b->view.share = NULL;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(r->fate, RECEIPT_UNKNOWN);
    assert_false(b->change.has_follow);
    cmd = saying(RECEIPT_PARTIAL);
    assert_string_equal(decided(b, &cmd), "word.unknown");
    cmd = saying(RECEIPT_BOUNCED);
    cmd.body.receipt.reason = STR("");
    assert_string_equal(decided(b, &cmd), "why.missing");
}

static void who_speaks_for_the_bank(void **state)
{
    struct bench *b = *state;
    static char room[129];
    memset(room, 'x', sizeof room);
    hear_of_share(b, ROUND_SENT, SHARE_DUE);
    struct command cmd = saying(RECEIPT_DONE);
    struct receipt *said = &cmd.body.receipt;
    cmd.actor.provider = STR("bank-b");
    assert_string_equal(decided(b, &cmd), "receipt.provider");
    said->provider = STR("bank-b"); /* in its own name: it has no such share */
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.receipt.fate, RECEIPT_UNKNOWN);
    cmd = saying(RECEIPT_DONE);
    cmd.actor = staff("ann", ANALYST); /* who computed the round */
    assert_string_equal(decided(b, &cmd), "round.same_person");
    cmd.actor = staff("eve", ANALYST); /* of what the bank wrote on paper */
    assert_string_equal(decided(b, &cmd), "");
    said->reference = STR("");
    assert_string_equal(decided(b, &cmd), "share.reference_missing");
    cmd.actor = staff("oli", ROLES(ROLE_OPERATOR));
    assert_string_equal(decided(b, &cmd), "share.provider");
    cmd.actor = centre_itself;
    assert_string_equal(decided(b, &cmd), "share.provider");
    cmd.actor = staff("bob", JUDGE);
    assert_string_equal(decided(b, &cmd), "permit.role");
    cmd.actor = staff("eve", ANALYST);
    hear_of_share(b, ROUND_APPROVED, SHARE_DUE);
    assert_string_equal(decided(b, &cmd), "share.not_sent");
    hear_of_share(b, ROUND_SENT, SHARE_DUE);
    cmd = saying(RECEIPT_DONE);
    said->reference = STR("");
    assert_string_equal(decided(b, &cmd), "");
    said->reference = str_make(room, 128);
    assert_string_equal(decided(b, &cmd), "");
    said->reference = str_make(room, 129);
    assert_string_equal(decided(b, &cmd), "share.reference");
    said->reference = STR("a\x01");
    assert_string_equal(decided(b, &cmd), "text.control");
}

static void payments_are_counted(void **state)
{
    struct bench *b = *state;
    static const struct {
        unsigned state;
        int64_t returned;
        int64_t failed;
        int64_t amount;
        unsigned to;
    } rows[] = {
        {SHARE_PAID,   0,   0,   400,  ROUND_SENT},
        {SHARE_PAID,   600, 0,   400,  ROUND_PAID},
        {SHARE_PAID,   300, 300, 399,  ROUND_SENT},
        {SHARE_FAILED, 300, 300, 400,  ROUND_PAID},
        {SHARE_FAILED, 0,   0,   1000, ROUND_PAID}, /* none of it could be paid */
        {SHARE_FAILED, 0,   0,   1,    ROUND_SENT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct round r = round_in(ROUND_SENT, false);
        r.returned = rows[i].returned;
        r.failed = rows[i].failed;
        own_round(b, r);
        b->view.is_follow = true;
        struct command cmd = by("pia", ROLES(ROLE_PROVIDER), ACT_ROUND_TALLY);
        bool is_paid = rows[i].state == SHARE_PAID;
        cmd.body.share =
            (struct share){.claim = STR("K1"), .state = rows[i].state, .amount = rows[i].amount};
        assert_string_equal(decided(b, &cmd), "");
        const struct round *after = &b->change.after.round;
        assert_int_equal(after->state, rows[i].to);
        assert_int_equal(after->returned, rows[i].returned + (is_paid ? rows[i].amount : 0));
        assert_int_equal(after->failed, rows[i].failed + (is_paid ? 0 : rows[i].amount));
        assert_int_equal(after->paid_at.us, rows[i].to == ROUND_PAID ? T0 : 0);
        assert_int_equal(has_timer(b, ACT_ROUND_LATE), rows[i].to == ROUND_PAID);
        assert_int_equal(after->due_at.us, rows[i].to == ROUND_PAID ? end_of(11, 26) : 0);
        assert_str(after->deciders, "ann");
        assert_int_equal(b->change.has_follow, is_paid); /* what failed was not given back */
        if (!is_paid)
            continue;
        assert_int_equal(b->change.follow.act, ACT_CLAIM_RETURN);
        assert_str(b->change.follow.record, "K1");
        assert_int_equal(b->change.follow.body.share.amount, rows[i].amount);
    }
}

static void a_share_moves(struct bench *b, unsigned round, unsigned was, unsigned is)
{
    bool is_reopening = is == SHARE_DUE;
    bool is_sent = round == ROUND_SENT;
    int64_t paid = (is == SHARE_PAID) - (was == SHARE_PAID);
    int64_t failed = (is == SHARE_FAILED) - (was == SHARE_FAILED);
    struct round r = round_in(round, false);
    r.returned = was == SHARE_PAID || !is_sent ? 600 : 0;
    r.failed = was == SHARE_FAILED || !is_sent ? 400 : 0;
    r.paid_at = at_us(is_sent ? 0 : T0 - 1);
    own_round(b, r);
    b->view.is_follow = true;
    struct command cmd = by("pia", ROLES(ROLE_PROVIDER), ACT_ROUND_TALLY);
    cmd.act = is_reopening ? ACT_ROUND_REOPEN : cmd.act;
    cmd.body.share = (struct share){.claim = STR("K1"), .was = was, .state = is, .amount = 400};
    assert_string_equal(decided(b, &cmd), "");
    const struct round *after = &b->change.after.round;
    assert_int_equal(after->returned, r.returned + 400 * paid);
    assert_int_equal(after->failed, r.failed + 400 * failed);
    assert_int_equal(after->state, is_reopening ? ROUND_SENT : round);
    assert_int_equal(has_effect(&b->change, EFFECT_ORDER), is_reopening);
    assert_int_equal(has_timer(b, ACT_ROUND_LATE), is_reopening);
    assert_int_equal(after->paid_at.us, is_sent || is_reopening ? 0 : T0 - 1);
    assert_int_equal(b->change.has_follow, paid != 0);
    if (paid != 0)
        assert_int_equal(b->change.follow.act, paid > 0 ? ACT_CLAIM_RETURN : ACT_CLAIM_BOUNCE);
}

/* From every state a share had to every other that there is: the sums follow, and the claim. */
static void what_came_back_opens_again(void **state)
{
    static const unsigned rows[][3] = {
        {ROUND_SENT,   SHARE_DUE,    SHARE_PAID  },
        {ROUND_SENT,   SHARE_DUE,    SHARE_FAILED},
        {ROUND_SENT,   SHARE_PAID,   SHARE_DUE   },
        {ROUND_SENT,   SHARE_PAID,   SHARE_FAILED},
        {ROUND_SENT,   SHARE_FAILED, SHARE_DUE   },
        {ROUND_SENT,   SHARE_FAILED, SHARE_PAID  },
        {ROUND_PAID,   SHARE_PAID,   SHARE_DUE   },
        {ROUND_PAID,   SHARE_PAID,   SHARE_FAILED},
        {ROUND_PAID,   SHARE_FAILED, SHARE_DUE   },
        {ROUND_PAID,   SHARE_FAILED, SHARE_PAID  },
        {ROUND_CLOSED, SHARE_PAID,   SHARE_FAILED},
        {ROUND_CLOSED, SHARE_FAILED, SHARE_PAID  },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        a_share_moves(*state, rows[i][0], rows[i][1], rows[i][2]);
}

static void nobody_gets_back_more(void **state)
{
    struct bench *b = *state;
    union record own = {
        .claim = {.id = STR("K1"), .amount = 700, .returned = 300}
    };
    struct command cmd = by("ann", ANALYST, ACT_CLAIM_RETURN);
    law_of_rounds(b);
    bench_own(b, &own);
    cmd.body.share.amount = 400;
    assert_string_equal(decided(b, &cmd), "permit.role");
    cmd.actor = centre_itself;
    assert_string_equal(decided(b, &cmd), "permit.role");
    b->view.is_follow = true;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.claim.returned, 700);
    cmd.body.share.amount = 401;
    assert_string_equal(decided(b, &cmd), "claim.returned");
    cmd.body.share.amount = INT64_MAX;
    assert_string_equal(decided(b, &cmd), "claim.returned");
    cmd.act = ACT_CLAIM_BOUNCE;
    assert_string_equal(decided(b, &cmd), "claim.returned");
    cmd.body.share.amount = 301; /* nor less than nothing */
    assert_string_equal(decided(b, &cmd), "claim.returned");
    cmd.body.share.amount = 300;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.claim.returned, 0);
    b->view.is_follow = false;
    assert_string_equal(decided(b, &cmd), "permit.role");
}

/* --- the end --- */

static void an_end_is_reasoned_and_final(void **state)
{
    struct bench *b = *state;
    own_round(b, round_in(ROUND_OBJECTED, true));
    struct command cmd = by("ann", ANALYST, ACT_ROUND_VOID);
    cmd.why = STR(" ");
    assert_string_equal(decided(b, &cmd), "why.missing");
    b->view.is_follow = true; /* of a granted objection: its answer is the appeal's own */
    assert_string_equal(decided(b, &cmd), "");
    cmd.why = STR("another victim came");
    b->view.is_follow = false;
    assert_string_equal(decided(b, &cmd), "");
    const struct round *after = &b->change.after.round;
    assert_str(after->ended_why, "another victim came");
    assert_int_equal(after->ended_at.us, T0);
    assert_int_equal(after->due_at.us, 0);
    assert_disarmed(&b->change, ACT_ROUND_LATE);
    assert_armed(&b->change, ACT_ROUND_ERASE, T0 + RETENTION_DAYS * US_PER_DAY);
    own_round(b, round_in(ROUND_PAID, true));
    cmd = by("ann", ANALYST, ACT_ROUND_CLOSE);
    cmd.why = STR("");
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(after->ended_at.us, T0);
    assert_armed(&b->change, ACT_ROUND_ERASE, T0 + RETENTION_DAYS * US_PER_DAY);
}

static void what_is_personal_goes(void **state)
{
    struct bench *b = *state;
    struct command cmd = {.act = ACT_ROUND_ERASE, .actor = centre_itself, .record = STR("D1")};
    own_round(b, round_in(ROUND_CLOSED, true));
    assert_string_equal(decided(b, &cmd), "");
    assert_str(b->change.after.round.account, "erased-D1"); /* numbers are an account's own */
    assert_str(b->change.after.round.statement, "erased");
    assert_str(b->change.after.round.ended_why, "");
    assert_int_equal(b->change.after.round.returned, 600);
    assert_true(b->change.is_erasing);
    assert_true(has_effect(&b->change, EFFECT_ERASURE));
    assert_disarmed(&b->change, ACT_ROUND_ERASE);

    cmd.act = ACT_SHARE_ERASE;
    cmd.record = STR("S1");
    for (unsigned round = 0; round < ROUND_STATE_COUNT; round++)
        for (unsigned s = 0; s < SHARE_STATE_COUNT; s++) {
            bool is_needed = !round_has_ended(round);
            own_share(b, round, s);
            assert_string_equal(decided(b, &cmd), "");
            assert_int_equal(b->change.is_erasing, !is_needed);
            assert_int_equal(has_effect(&b->change, EFFECT_ERASURE), !is_needed);
            assert_armed(&b->change, ACT_SHARE_ERASE,
                         is_needed ? T0 + RETENTION_DAYS * US_PER_DAY : 0);
            const struct share *after = &b->change.after.share;
            assert_str(after->to, is_needed ? "BKV:7" : "");
            if (!is_needed) {
                assert_str(after->reference, "");
                assert_str(after->failure, s == SHARE_FAILED ? "erased" : "");
            }
            assert_int_equal(after->amount, 400);
        }

    union record said = {.receipt = saying(RECEIPT_DONE).body.receipt};
    said.receipt.id = STR("Q1");
    said.receipt.reason = STR("to a sister's account");
    cmd.act = ACT_RECEIPT_ERASE;
    cmd.record = STR("Q1");
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "record.absent");
    bench_own(b, &said);
    assert_string_equal(decided(b, &cmd), "");
    assert_str(b->change.after.receipt.reference, "");
    assert_str(b->change.after.receipt.reason, "");
    assert_true(b->change.is_erasing);
    assert_disarmed(&b->change, ACT_RECEIPT_ERASE);
}

static void reading_wants_a_purpose(void **state)
{
    struct bench *b = *state;
    own_round(b, round_in(ROUND_NOTICED, true));
    struct command cmd = by("bob", JUDGE, ACT_ROUND_READ);
    assert_string_equal(decided(b, &cmd), "");
    assert_true(b->change.is_reading);
    assert_int_equal(b->change.after.round.revision, 1);
    cmd.why = STR("");
    assert_string_equal(decided(b, &cmd), "purpose.missing");
}

/* --- many lives --- */

enum { LIVES = 3000, STEPS = 90, ROUNDS = 2, CLAIMS = 3, APPEALS = 8, PEOPLE_BYTES = 64, ID = 8 };

struct life {
    struct round rounds[ROUNDS];
    struct share shares[ROUNDS][CLAIMS];
    struct claim claims[CLAIMS];
    struct appeal appeals[APPEALS];
    bool has_round[ROUNDS];
    bool has_share[ROUNDS][CLAIMS];
    int appeal_count;
    bool was_sent[ROUNDS];
    bool was_noticed[ROUNDS];
    char deciders[ROUNDS][PEOPLE_BYTES];
    int64_t now_us;
    uint64_t dice;
};

static const char *const round_ids[] = {"D0", "D1"};
static const char *const claim_ids[] = {"K0", "K1", "K2"};
static const char *const share_ids[ROUNDS][CLAIMS] = {
    {"S00", "S01", "S02"},
    {"S10", "S11", "S12"}
};
static const char *const appeal_ids[] = {"A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7"};

static uint64_t throw_of(struct life *l, uint64_t sides)
{
    l->dice = l->dice * 6364136223846793005U + 1442695040888963407U;
    return (l->dice >> 33) % sides;
}

static int digit(str id, size_t i)
{
    assert_true(i < id.size);
    return id.at[i] - '0';
}

/* What the store shows the desk beside a share. */
static int64_t promised_to(const struct life *l, int claim)
{
    int64_t sum = 0;
    for (int r = 0; r < ROUNDS; r++)
        if (l->has_share[r][claim] && l->shares[r][claim].state != SHARE_PAID &&
            !round_has_ended(l->rounds[r].state))
            sum += l->shares[r][claim].amount;
    return sum;
}

static void look(struct bench *b, struct life *l, const struct command *cmd, union record *own)
{
    bool has_own = true;
    law_of_rounds(b);
    enum record_kind kind = act_record_kind(cmd->act);
    int i = digit(cmd->record, 1);
    if (kind == RECORD_ROUND) {
        has_own = l->has_round[i];
        own->round = l->rounds[i];
    } else if (kind == RECORD_CLAIM) {
        own->claim = l->claims[i];
    } else if (kind == RECORD_RECEIPT) {
        int claim = digit(cmd->body.receipt.share, 2);
        i = digit(cmd->body.receipt.share, 1);
        has_own = false;
        b->view.share = l->has_share[i][claim] ? &l->shares[i][claim] : NULL;
        b->view.round = &l->rounds[i];
        b->view.claim = &l->claims[claim];
        b->view.promised = promised_to(l, claim);
    } else if (kind == RECORD_SHARE) {
        int claim = digit(cmd->record, 2);
        has_own = l->has_share[i][claim];
        own->share = l->shares[i][claim];
        b->view.round = &l->rounds[i];
        b->view.claim = &l->claims[claim];
        b->view.promised = promised_to(l, claim);
    } else { /* an appeal */
        has_own = i < l->appeal_count;
        own->appeal = l->appeals[i];
        b->view.round = &l->rounds[digit(has_own ? own->appeal.round : cmd->body.appeal.round, 1)];
    }
    bench_own(b, has_own ? own : NULL);
}

static void keep(struct life *l, const struct command *cmd, const union record *after)
{
    int i = digit(cmd->record, 1);
    enum record_kind kind = act_record_kind(cmd->act);
    if (kind == RECORD_ROUND) {
        assert_true(after->round.deciders.size < PEOPLE_BYTES);
        memcpy(l->deciders[i], after->round.deciders.at, after->round.deciders.size);
        l->rounds[i] = after->round;
        l->rounds[i].deciders = str_make(l->deciders[i], after->round.deciders.size);
        l->has_round[i] = true;
    } else if (kind == RECORD_CLAIM) {
        l->claims[i] = after->claim;
    } else if (kind == RECORD_SHARE) {
        l->shares[i][digit(cmd->record, 2)] = after->share;
        l->has_share[i][digit(cmd->record, 2)] = true;
    } else if (kind == RECORD_APPEAL) { /* nothing is asked of a receipt again */
        l->appeals[i] = after->appeal;
        l->appeal_count = i == l->appeal_count ? i + 1 : l->appeal_count;
    }
}

/* What the store does: the change, and all that follows; or nothing of it. */
static bool apply_life(struct bench *b, struct life *l, struct command cmd)
{
    struct life before = *l;
    struct actor actor = cmd.actor;
    bool is_follow = false;
    bool is_done = true;
    b->at = at_us(l->now_us);
    for (bool has_more = true; has_more && is_done;) {
        union record own = {0};
        look(b, l, &cmd, &own);
        b->view.is_follow = is_follow;
        is_done = *decided(b, &cmd) == '\0';
        if (!is_done)
            break;
        if (!b->change.is_reading)
            keep(l, &cmd, &b->change.after);
        has_more = b->change.has_follow;
        cmd = b->change.follow;
        cmd.actor = actor;
        is_follow = true;
    }
    if (!is_done) {
        before.dice = l->dice;
        *l = before;
        for (int i = 0; i < ROUNDS; i++)
            l->rounds[i].deciders.at = l->deciders[i];
    }
    return is_done;
}

static struct actor any_person(struct life *l)
{
    static const char *const people[] = {"ann", "bob", "cat", "dan", "eve"};
    struct actor actor =
        staff(people[throw_of(l, COUNT_OF(people))], ANALYST | JUDGE | ROLES(ROLE_COMMANDER));
    return throw_of(l, 20) == 0 ? centre_itself : actor;
}

static struct command compute_life(struct life *l, int i)
{
    struct command cmd = computing();
    cmd.record = str_from_c(round_ids[i]);
    cmd.actor = any_person(l);
    cmd.body.round.shared = 300 + (int64_t)throw_of(l, 900);
    cmd.body.round.frozen = cmd.body.round.shared + (int64_t)throw_of(l, 50);
    cmd.body.round.unclaimed = cmd.body.round.frozen - cmd.body.round.shared;
    return cmd;
}

/* Often what is still missing, sometimes anything. */
static struct command share_life(struct life *l, int i)
{
    const struct round *r = &l->rounds[i];
    int claim = (int)throw_of(l, CLAIMS);
    struct command cmd = sharing(1 + (int64_t)throw_of(l, 500));
    cmd.record = str_from_c(share_ids[i][claim]);
    cmd.actor.user = r->computer;
    cmd.actor = throw_of(l, 8) == 0 ? any_person(l) : cmd.actor;
    cmd.body.share.round = str_from_c(round_ids[i]);
    cmd.body.share.claim = str_from_c(claim_ids[claim]);
    cmd.body.share.basis = (unsigned)throw_of(l, BASIS_COUNT);
    cmd.body.share.loss = 1000;
    if (r->shared > r->allotted && throw_of(l, 2) == 0)
        cmd.body.share.amount = r->shared - r->allotted;
    return cmd;
}

static struct command appeal_life(struct life *l, int i)
{
    static const enum act acts[] = {ACT_APPEAL_REVIEW, ACT_APPEAL_GRANT,  ACT_APPEAL_REJECT,
                                    ACT_APPEAL_REJECT, ACT_APPEAL_REJECT, ACT_APPEAL_WITHDRAW};
    struct command cmd = {.act = ACT_APPEAL_FILE, .actor = anybody, .why = STR("because")};
    bool is_new = l->appeal_count < APPEALS && throw_of(l, 3) == 0;
    cmd.body.appeal.secret = STR("of their key");
    if (l->appeal_count == 0 || is_new) {
        cmd.record = str_from_c(appeal_ids[l->appeal_count]);
        cmd.body.appeal.round = str_from_c(round_ids[i]);
        cmd.body.appeal.statement = STR("it is mine");
        return cmd;
    }
    cmd.record = str_from_c(appeal_ids[throw_of(l, (uint64_t)l->appeal_count)]);
    cmd.act = acts[throw_of(l, COUNT_OF(acts))];
    cmd.actor = any_person(l);
    return cmd;
}

/* The next step more often than any other, so that lives get somewhere. */
static enum act act_of_life(struct life *l, unsigned state, bool needs_notice)
{
    static const enum act any[] = {
        ACT_ROUND_REVIEW, ACT_ROUND_NOTICE, ACT_ROUND_OBJECT, ACT_ROUND_HEAR,  ACT_ROUND_APPROVE,
        ACT_ROUND_SEND,   ACT_ROUND_TALLY,  ACT_ROUND_CLOSE,  ACT_ROUND_ALLOT, ACT_ROUND_LATE,
        ACT_ROUND_READ,   ACT_ROUND_VOID,   ACT_ROUND_ERASE};
    if (throw_of(l, 3) == 0)
        return any[throw_of(l, throw_of(l, 8) == 0 ? COUNT_OF(any) : COUNT_OF(any) - 2)];
    if (state == ROUND_COMPUTED)
        return ACT_ROUND_REVIEW;
    if (state == ROUND_REVIEWED && needs_notice)
        return ACT_ROUND_NOTICE;
    return state == ROUND_PAID ? ACT_ROUND_CLOSE : ACT_ROUND_APPROVE;
}

static struct command round_life(struct life *l, int i)
{
    const struct round *r = &l->rounds[i];
    struct command cmd = {.act = act_of_life(l, r->state, r->needs_notice != 0),
                          .actor = any_person(l),
                          .record = str_from_c(round_ids[i]),
                          .why = STR("because")};
    if (r->state == ROUND_COMPUTED && r->allotted < r->shared && throw_of(l, 4) != 0)
        return share_life(l, i);
    cmd.body.share = (struct share){.state = SHARE_PAID, .amount = 1, .claim = STR("K0")};
    if (cmd.act == ACT_ROUND_LATE || cmd.act == ACT_ROUND_ERASE)
        cmd.actor = centre_itself;
    return cmd;
}

static struct command deed(struct life *l)
{
    int i = (int)throw_of(l, ROUNDS);
    int claim = (int)throw_of(l, CLAIMS);
    if (!l->has_round[i])
        return compute_life(l, i);
    unsigned state = l->rounds[i].state;
    bool is_public = state == ROUND_NOTICED || state == ROUND_OBJECTED;
    if (throw_of(l, 5) == 0 || (is_public && throw_of(l, 3) == 0))
        return appeal_life(l, i);
    if (!l->has_share[i][claim] || throw_of(l, state == ROUND_SENT ? 3 : 30) != 0)
        return throw_of(l, 12) == 0 ? share_life(l, i) : round_life(l, i);
    struct command cmd = saying(words[throw_of(l, 2) == 0 ? 1 : throw_of(l, COUNT_OF(words))]);
    cmd.body.receipt.share = str_from_c(share_ids[i][claim]);
    cmd.body.receipt.reference = STR("");
    cmd.body.receipt.at = at_us(l->now_us - (int64_t)throw_of(l, 3) * US_PER_DAY);
    return cmd;
}

/* --- what must hold after every step --- */

static void check_money(const struct life *l, int i)
{
    const struct round *r = &l->rounds[i];
    int64_t sums[SHARE_STATE_COUNT] = {0};
    bool is_proportional = false;
    for (int c = 0; c < CLAIMS; c++) {
        if (!l->has_share[i][c])
            continue;
        sums[l->shares[i][c].state] += l->shares[i][c].amount;
        is_proportional = is_proportional || l->shares[i][c].basis == BASIS_PROPORTIONAL;
    }
    assert_int_equal(r->frozen, r->shared + r->unclaimed);
    assert_int_equal(r->allotted, sums[SHARE_DUE] + sums[SHARE_PAID] + sums[SHARE_FAILED]);
    assert_int_equal(r->returned, sums[SHARE_PAID]);
    assert_int_equal(r->failed, sums[SHARE_FAILED]);
    assert_true(r->allotted <= r->shared);
    assert_true(r->allotted == r->shared || r->state == ROUND_COMPUTED || r->state == ROUND_VOID);
    assert_int_equal(r->needs_notice, is_proportional);
    if (r->state == ROUND_PAID || r->state == ROUND_CLOSED)
        assert_int_equal(sums[SHARE_DUE], 0);
    if (r->sent_at.us == 0)
        assert_int_equal(r->returned + r->failed, 0);
}

static void check_people(struct life *l, int i)
{
    const struct round *r = &l->rounds[i];
    bool is_past = r->state >= ROUND_APPROVED && r->state <= ROUND_CLOSED;
    assert_false(str_equal(r->computer, STR("centre")));
    assert_false(str_equal(r->reviewer, r->computer));
    assert_false(str_equal(r->first_approver, r->computer));
    assert_false(str_equal(r->approver, r->computer));
    assert_true(r->state == ROUND_COMPUTED || r->state == ROUND_VOID || !str_is_empty(r->reviewer));
    assert_int_equal(is_past, !str_is_empty(r->approver));
    if (is_past) {
        assert_false(str_is_empty(r->first_approver));
        assert_false(str_equal(r->first_approver, r->approver));
        assert_false(str_equal(r->first_approver, centre_itself.user));
        assert_false(str_equal(r->approver, centre_itself.user));
    }
    if (!str_is_empty(r->first_approver) && r->needs_notice != 0) {
        assert_true(r->notice_until.us - r->noticed_at.us == NOTICE_DAYS * US_PER_DAY);
        assert_true(r->noticed_at.us > 0 && r->first_approved_at.us >= r->notice_until.us);
    }
    assert_int_not_equal(r->state, ROUND_APPROVED); /* it is sent in the same breath */
    assert_false(l->was_sent[i] && r->state == ROUND_VOID);
    l->was_sent[i] = l->was_sent[i] || r->sent_at.us != 0;
}

static void check_objections(struct life *l, int i)
{
    const struct round *r = &l->rounds[i];
    int64_t open = 0;
    for (int a = 0; a < l->appeal_count; a++) {
        bool is_open =
            l->appeals[a].state == APPEAL_FILED || l->appeals[a].state == APPEAL_REVIEWING;
        open += is_open && digit(l->appeals[a].round, 1) == i;
        if (l->appeals[a].state == APPEAL_GRANTED && digit(l->appeals[a].round, 1) == i)
            assert_int_equal(r->state, ROUND_VOID);
    }
    if (r->state != ROUND_VOID)
        assert_int_equal(r->objections, open);
    assert_int_equal(r->state == ROUND_OBJECTED, open > 0 && r->state != ROUND_VOID);
    bool has_ended = round_has_ended(r->state);
    assert_int_equal(has_ended, r->ended_at.us != 0);
    assert_int_equal(r->due_at.us == 0, has_ended || r->state == ROUND_APPROVED);
}

static void check_life(struct life *l)
{
    for (int i = 0; i < ROUNDS; i++) {
        if (!l->has_round[i])
            continue;
        check_money(l, i);
        check_people(l, i);
        check_objections(l, i);
    }
    for (int c = 0; c < CLAIMS; c++) {
        int64_t paid = 0;
        for (int i = 0; i < ROUNDS; i++)
            if (l->has_share[i][c] && l->shares[i][c].state == SHARE_PAID)
                paid += l->shares[i][c].amount;
        assert_int_equal(l->claims[c].returned, paid);
        assert_true(paid + promised_to(l, c) <= l->claims[c].amount);
    }
}

static void begin_life(struct life *l, uint64_t seed)
{
    *l = (struct life){.dice = seed * 7919, .now_us = T0};
    for (int c = 0; c < CLAIMS; c++)
        l->claims[c] = (struct claim){.id = str_from_c(claim_ids[c]),
                                      .incident = STR("I1"),
                                      .state = CLAIM_MATCHED,
                                      .from = STR("BKV:7"),
                                      .amount = 400 + (int64_t)throw_of(l, 600),
                                      .currency = STR("CNY")};
}

static void what_holds_in_every_life(void **state)
{
    struct bench *b = *state;
    uint64_t ended[ROUND_STATE_COUNT] = {0};
    uint64_t noticed = 0;
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        static struct life l;
        begin_life(&l, seed);
        for (int step = 0; step < STEPS; step++) {
            l.now_us += (int64_t)throw_of(&l, 6) * US_PER_DAY;
            (void)apply_life(b, &l, deed(&l));
            check_life(&l);
            arena_reset(&b->turn);
        }
        for (int i = 0; i < ROUNDS; i++) {
            ended[l.rounds[i].state]++;
            noticed += l.rounds[i].sent_at.us != 0 && l.rounds[i].needs_notice != 0;
        }
    }
    /* The walk goes somewhere: to every end, by both ways. */
    assert_true(ended[ROUND_CLOSED] > LIVES / 10 && ended[ROUND_VOID] > LIVES / 10);
    assert_true(ended[ROUND_SENT] + ended[ROUND_PAID] > LIVES / 50 && noticed > LIVES / 50);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)
    const struct CMUnitTest tests[] = {
        TEST(arrows),
        TEST(what_is_not_there),
        TEST(one_thing_wrong),
        TEST(a_doubt_is_public),
        TEST(a_round_begins_with_nothing_done),
        TEST(a_share_with_one_thing_wrong),
        TEST(a_share_is_its_claims),
        TEST(shares_add_up),
        TEST(a_review_is_somebody_elses_and_of_the_whole),
        TEST(a_notice_runs_its_days),
        TEST(two_approve_after_the_notice),
        TEST(each_step_has_its_days),
        TEST(objections_come_while_the_notice_runs),
        TEST(objections_are_counted),
        TEST(what_an_answer_does),
        TEST(the_newest_word_counts),
        TEST(a_share_follows_its_receipt),
        TEST(words_that_move_nothing),
        TEST(who_speaks_for_the_bank),
        TEST(payments_are_counted),
        TEST(what_came_back_opens_again),
        TEST(nobody_gets_back_more),
        TEST(an_end_is_reasoned_and_final),
        TEST(what_is_personal_goes),
        TEST(reading_wants_a_purpose),
        TEST(what_holds_in_every_life),
    };
    return cmocka_run_group_tests_name("desk/round", tests, NULL, NULL);
}
