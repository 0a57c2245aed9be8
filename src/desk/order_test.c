/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an order has the arrows of order.c and receipt.c and no other; nothing is sent on one
 * person's word but an emergency hold or stop under a report that somebody took; what was once
 * asked of a provider ends only when it says that it let go; no report's loss is pledged twice.
 * Method: every act in every state; each rule with one thing wrong at a time; and many seeded lives
 * of three orders under one report, each step checked against what must always hold.
 */
#include "desk/desk_test.h"
#include "desk/order_parts.h"

#define HOURS (60 * US_PER_MIN)

static const struct provider bank = {
    .id = {.at = "bank-a", .size = 6},
    .can = 1U << ORDER_HOLD | 1U << ORDER_FREEZE,
    .answer_s = 300
};

struct scene {
    struct report report;
    struct incident incident;
};
static struct scene scene;

static void law_of_orders(struct bench *b)
{
    for (unsigned kind = 0; kind < ORDER_KIND_COUNT; kind++) {
        b->law.order_max_term_us[kind] = 48 * HOURS;
        b->law.order_max_repeats[kind] = 1;
    }
    b->law.order_max_term_us[ORDER_BLOCK] = 0;
    b->law.emergency_min = 30;
    b->law.escalate_min = 45;
    b->law.unrelated_days = 3;
    b->law.order_notice = STR("notice");
    scene.report = (struct report){.id = STR("R1"),
                                   .state = REPORT_TAKEN,
                                   .incident = STR("I1"),
                                   .loss = 1000,
                                   .taker = STR("ann")};
    scene.incident = (struct incident){.id = STR("I1"), .stolen = 1000};
    b->view.report = &scene.report;
    b->view.incident = NULL;
    b->view.provider = &bank;
    b->law.report_retention_days = 1825;
}

static struct command by(const char *user, enum role role, enum act act)
{
    return (struct command){
        .act = act, .actor = staff(user, ROLES(role)), .record = STR("O1"), .why = STR("because")};
}

static struct command drafting(enum act act)
{
    struct command cmd = by("ann", ROLE_OPERATOR, act);
    cmd.body.order = (struct order){.incident = STR("I1"),
                                    .report = STR("R1"),
                                    .kind = ORDER_HOLD,
                                    .target_kind = INDICATOR_ACCOUNT,
                                    .target = STR("BKA:1"),
                                    .amount = 600,
                                    .currency = STR("CNY"),
                                    .basis = STR("fraud_law_20"),
                                    .reason = STR("mule_account"),
                                    .provider = STR("bank-a")};
    return cmd;
}

/* An order as it stands in a state, sent on one word or by two people. */
static struct order order_in(unsigned state, bool is_emergency)
{
    bool is_ended = state == ORDER_REFUSED || state == ORDER_LAPSED || state == ORDER_EXPIRED ||
                    state == ORDER_LIFTING || state == ORDER_LIFTED || state == ORDER_FAILED;
    bool is_unsent = state == ORDER_DRAFTED || state == ORDER_APPROVED;
    struct order o = drafting(ACT_ORDER_DRAFT).body.order;
    o.id = STR("O1");
    o.state = state;
    o.is_emergency = is_emergency;
    o.proposer = o.deciders = STR("ann");
    o.approver = is_emergency || state == ORDER_DRAFTED ? STR("") : STR("bob");
    o.proposed_at = o.from = at_us(T0 - HOURS);
    o.until = at_us(T0 + 47 * HOURS);
    o.ask = is_unsent ? 0 : 1;
    o.asked = is_unsent || is_ended ? ASK_NOTHING : ASK_PLACE;
    if (state == ORDER_LIFTING) {
        o.asked = ASK_LIFT;
        o.ask = 2;
    }
    if (state == ORDER_EXECUTED || state == ORDER_PARTIAL) {
        o.asked = ASK_NOTHING;
        o.held = 600;
        o.executed_at = o.said_at = at_us(T0 - HOURS);
    }
    o.ended_at = is_ended ? at_us(T0 - 1) : at_us(0);
    o.bound = o.amount;
    o.max_term_us = 48 * HOURS;
    o.max_repeats = 1;
    o.balance = -1;
    o.revision = 1;
    return o;
}

static void own_order(struct bench *b, struct order o)
{
    union record own = {.order = o};
    law_of_orders(b);
    bench_own(b, &own);
}

/* --- every act in every state --- */

/* What becomes of a state by an act: S stays, R lifting, a capital of its own, or - refused. */
static char letter_of(const struct bench *b, const char *why, unsigned before)
{
    static const char letters[] = "dasceprlxgLf"; /* by enum order_state */
    if (*why != '\0')
        return '-';
    unsigned after = b->change.after.order.state;
    return after == before ? '=' : letters[after];
}

static void arrows(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        const char *user;
        enum role role;
        bool is_emergency;
        const char *to; /* drafted approved sent ack executed partial refused lapsed expired lifting
                           lifted failed */
    } rows[] = {
        {ACT_ORDER_APPROVE,  "bob", ROLE_APPROVER, false, "s-----------"},
        {ACT_ORDER_APPROVE,  "bob", ROLE_APPROVER, true,  "s-====------"}, /* countersigns */
        {ACT_ORDER_APPROVE,  "ann", ROLE_APPROVER, true,  "------------"}, /* never one's own */
        {ACT_ORDER_REFUSE,   "bob", ROLE_APPROVER, false, "rr----------"},
        {ACT_ORDER_REFUSE,   "bob", ROLE_APPROVER, true,  "rrgggg------"},
        {ACT_ORDER_REFUSE,   "eve", ROLE_OPERATOR, true,  "------------"}, /* somebody else's */
        {ACT_ORDER_REFUSE,   "ann", ROLE_OPERATOR, true,  "rrgggg------"},
        {ACT_ORDER_TRIM,     "ann", ROLE_OPERATOR, false, "--====------"},
        {ACT_ORDER_EXTEND,   "ann", ROLE_OPERATOR, false, "--====------"},
        {ACT_ORDER_EXTEND,   "ann", ROLE_OPERATOR, true,  "------------"}, /* countersigned first */
        {ACT_ORDER_LIFT,     "ann", ROLE_OPERATOR, false, "-Lgggg------"},
        {ACT_ORDER_HEAR,     "",    ROLE_COUNT,    false, "============"},
        {ACT_ORDER_BEGIN,    "",    ROLE_COUNT,    false, "-s----------"},
        {ACT_ORDER_LAPSE,    "",    ROLE_COUNT,    false, "------------"},
        {ACT_ORDER_LAPSE,    "",    ROLE_COUNT,    true,  "--gggg------"},
        {ACT_ORDER_EXPIRE,   "",    ROLE_COUNT,    false, "lxgggg------"},
        {ACT_ORDER_LATE,     "",    ROLE_COUNT,    false, "--==-----=--"},
        {ACT_ORDER_ESCALATE, "",    ROLE_COUNT,    false, "------------"}, /* not late */
        {ACT_ORDER_HEED,     "bob", ROLE_APPROVER, false, "------------"}, /* of nothing */
        {ACT_ORDER_FAIL,     "bob", ROLE_APPROVER, false, "------------"}, /* not late */
        {ACT_ORDER_UNRELATE, "",    ROLE_COUNT,    false, "--====------"},
        {ACT_ORDER_RELATE,   "",    ROLE_COUNT,    false, "------------"}, /* not found unrelated */
        {ACT_ORDER_KEEP,     "eve", ROLE_ANALYST,  false, "------------"}, /* likewise */
        {ACT_ORDER_DUE,      "",    ROLE_COUNT,    false, "------------"}, /* likewise */
        {ACT_ORDER_RELEASE,  "",    ROLE_COUNT,    false, "------------"}, /* likewise */
        {ACT_ORDER_FREED,    "",    ROLE_COUNT,    false, "------------"}, /* behind nobody */
        {ACT_ORDER_ERASE,    "",    ROLE_COUNT,    false, "------===-=="}, /* what is over */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (unsigned from = 0; from < ORDER_STATE_COUNT; from++) {
            own_order(b, order_in(from, rows[i].is_emergency));
            struct command cmd = by(rows[i].user, ROLE_OPERATOR, rows[i].act);
            cmd.actor = rows[i].role == ROLE_COUNT ? centre_itself
                                                   : staff(rows[i].user, ROLES(rows[i].role));
            cmd.body.order = (struct order){.amount = 500, .until = at_us(T0 + 90 * HOURS)};
            const char *why = decided(b, &cmd);
            char found = letter_of(b, why, from);
            if (found != rows[i].to[from])
                fail_msg("%s (%s%s) from %s: %c, not %c (%s)", act_name(rows[i].act), rows[i].user,
                         rows[i].is_emergency ? ", emergency" : "", order_state_words[from], found,
                         rows[i].to[from], why);
        }
}

static void an_overdue_lift_may_be_written_off(void **state)
{
    struct bench *b = *state;
    struct order o = order_in(ORDER_LIFTING, false);
    o.is_late = 1;
    own_order(b, o);
    struct command cmd = by("bob", ROLE_APPROVER, ACT_ORDER_FAIL);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.order.state, ORDER_FAILED);
    assert_int_equal(b->change.follow.body.report.pledged, -600);
    cmd.actor = staff("ann", ROLES(ROLE_OPERATOR));
    assert_string_equal(decided(b, &cmd), "permit.role");
}

/* --- what an order must have --- */

/* One field of an otherwise sound draft, and the refusal it brings. */
#define SPOILS(X)                                                                                  \
    X(nowhere, "value.missing", o->target = STR(""))                                               \
    X(a_name, "order.target", o->target_kind = INDICATOR_DOMAIN)                                   \
    X(nothing, "order.amount", o->amount = 0)                                                      \
    X(less, "order.amount", o->amount = -1)                                                        \
    X(more, "order.beyond_loss", o->amount = 1001)                                                 \
    X(money, "currency.unknown", o->currency = STR("RMB"))                                         \
    X(kind, "order.not_allowed", o->kind = ORDER_BLOCK; o->target_kind = INDICATOR_DOMAIN)         \
    X(cannot, "order.cannot", o->kind = ORDER_STOP)                                                \
    X(past, "until.past", o->until = at_us(T0))                                                    \
    X(backward, "until.before_from", o->from = at_us(T0 + 2); o->until = at_us(T0 + 1))            \
    X(longer, "until.beyond_limit", o->until = at_us(T0 + 48 * HOURS + 1))                         \
    X(early, "until.beyond_limit", o->from = at_us(T0 - 1); o->until = at_us(T0 + 48 * HOURS))     \
    X(why, "reason.missing", o->reason = STR(" "))                                                 \
    X(law, "basis.missing", o->basis = STR(""))                                                    \
    X(proof, "evidence.missing", o->incident = STR(""))

#define X(name, key, change)                                                                       \
    static void spoil_##name(struct order *o)                                                      \
    {                                                                                              \
        change;                                                                                    \
    }
SPOILS(X)
#undef X

static void one_thing_wrong(void **state)
{
    struct bench *b = *state;
#define X(name, key, change) {spoil_##name, key},
    static const struct {
        void (*spoil)(struct order *o);
        const char *key;
    } rows[] = {SPOILS(X)};
#undef X
    law_of_orders(b);
    bench_own(b, NULL);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (int is_emergency = 0; is_emergency < 2; is_emergency++) {
            struct command cmd = drafting(is_emergency ? ACT_ORDER_EMERGENCY : ACT_ORDER_DRAFT);
            rows[i].spoil(&cmd.body.order);
            assert_string_equal(decided(b, &cmd), rows[i].key);
        }
}

static void a_draft_waits_for_somebody_else(void **state)
{
    struct bench *b = *state;
    law_of_orders(b);
    bench_own(b, NULL);
    struct command cmd = drafting(ACT_ORDER_DRAFT);
    cmd.body.order.state = ORDER_EXECUTED; /* who asks does not say how it stands */
    cmd.body.order.approver = STR("ann");
    cmd.body.order.ask = 7;
    assert_string_equal(decided(b, &cmd), "");
    const struct order *o = &b->change.after.order;
    assert_int_equal(o->state, ORDER_DRAFTED);
    assert_str(o->approver, "");
    assert_str(o->notice, "notice");
    assert_int_equal(o->until.us, T0 + 48 * HOURS);
    assert_int_equal(o->ask, 0);
    assert_false(has_effect(&b->change, EFFECT_ORDER));
    assert_false(b->change.has_follow); /* a draft takes up nothing of the loss */
    assert_armed(&b->change, ACT_ORDER_EXPIRE, o->until.us);

    own_order(b, *o);
    cmd = by("ann", ROLE_APPROVER, ACT_ORDER_APPROVE);
    assert_string_equal(decided(b, &cmd), "order.same_person");
    cmd = by("bob", ROLE_APPROVER, ACT_ORDER_APPROVE);
    assert_string_equal(decided(b, &cmd), "");
    assert_true(has_effect(&b->change, EFFECT_ORDER));
    assert_int_equal(b->change.after.order.asked, ASK_PLACE);
    assert_armed(&b->change, ACT_ORDER_LATE, T0 + 300 * US_PER_S);
    assert_int_equal(b->change.follow.act, ACT_REPORT_PLEDGE);
    assert_int_equal(b->change.follow.body.report.pledged, 600);
}

static void a_day_ahead_it_waits_for_its_day(void **state)
{
    struct bench *b = *state;
    struct order o = order_in(ORDER_DRAFTED, false);
    o.from = at_us(T0 + HOURS);
    own_order(b, o);
    struct command cmd = by("bob", ROLE_APPROVER, ACT_ORDER_APPROVE);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.order.state, ORDER_APPROVED);
    assert_armed(&b->change, ACT_ORDER_BEGIN, o.from.us);
    assert_false(has_effect(&b->change, EFFECT_ORDER));
    assert_int_equal(b->change.follow.body.report.pledged, 600); /* nobody else may have it */
}

static void an_emergency_is_brief_and_somebodys(void **state)
{
    struct bench *b = *state;
    law_of_orders(b);
    bench_own(b, NULL);
    struct command cmd = drafting(ACT_ORDER_EMERGENCY);
    assert_string_equal(decided(b, &cmd), "");
    const struct order *o = &b->change.after.order;
    assert_int_equal(o->state, ORDER_SENT);
    assert_int_equal(o->countersign_by.us, T0 + 30 * US_PER_MIN);
    assert_armed(&b->change, ACT_ORDER_LAPSE, o->countersign_by.us);
    assert_int_equal(b->change.follow.body.report.pledged, 600);

    cmd.body.order.kind = ORDER_FREEZE;
    assert_string_equal(decided(b, &cmd), "order.not_emergency");
    cmd = drafting(ACT_ORDER_EMERGENCY);
    cmd.body.order.report = STR("");
    b->view.report = NULL;
    b->view.incident = &scene.incident;
    assert_string_equal(decided(b, &cmd), "order.not_emergency");
    law_of_orders(b);
    cmd = drafting(ACT_ORDER_EMERGENCY);
    cmd.actor = centre_itself;
    assert_string_equal(decided(b, &cmd), "permit.machine");
    cmd = drafting(ACT_ORDER_EMERGENCY);
    for (unsigned told = 0; told < REPORT_STATE_COUNT; told++) {
        scene.report.state = told;
        assert_string_equal(decided(b, &cmd), told == REPORT_TAKEN ? "" : "report.not_taken");
    }
    scene.report.state = REPORT_TAKEN;
    scene.report.pledged = 401;
    assert_string_equal(decided(b, &cmd), "order.beyond_loss");
    b->view.report = NULL;
    assert_string_equal(decided(b, &cmd), "report.absent");
    law_of_orders(b);
    b->view.provider = NULL;
    assert_string_equal(decided(b, &cmd), "order.no_provider");
}

/* Without a report: two people, and no more than the incident's transfers took. */
static void of_an_incident_alone(void **state)
{
    struct bench *b = *state;
    law_of_orders(b);
    bench_own(b, NULL);
    b->view.report = NULL;
    b->view.incident = &scene.incident;
    struct command cmd = drafting(ACT_ORDER_DRAFT);
    cmd.body.order.report = STR("");
    cmd.body.order.amount = 1000;
    assert_string_equal(decided(b, &cmd), "");
    b->view.ordered = 1; /* others, drafted by hand as well */
    assert_string_equal(decided(b, &cmd), "order.beyond_loss");
    b->view.ordered = 0;
    cmd.body.order.amount = 1001;
    assert_string_equal(decided(b, &cmd), "order.beyond_loss");
}

/* --- terms --- */

static void an_extension_is_two_peoples_too(void **state)
{
    struct bench *b = *state;
    struct order o = order_in(ORDER_EXECUTED, false);
    own_order(b, o);
    struct command cmd = by("ann", ROLE_OPERATOR, ACT_ORDER_EXTEND);
    cmd.body.order.until = at_us(o.until.us + 48 * HOURS + 1);
    assert_string_equal(decided(b, &cmd), "until.beyond_limit");
    cmd.body.order.until = o.until;
    assert_string_equal(decided(b, &cmd), "order.not_longer");
    cmd.body.order.until = at_us(o.until.us + 48 * HOURS);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.order.until.us, o.until.us); /* nothing yet */
    own_order(b, b->change.after.order);
    cmd = by("ann", ROLE_APPROVER, ACT_ORDER_APPROVE);
    assert_string_equal(decided(b, &cmd), "order.same_person");
    cmd = by("cat", ROLE_APPROVER, ACT_ORDER_APPROVE);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.order.until.us, o.until.us + 48 * HOURS);
    assert_int_equal(b->change.after.order.asked, ASK_EXTEND);
    assert_armed(&b->change, ACT_ORDER_EXPIRE, o.until.us + 48 * HOURS);
    own_order(b, b->change.after.order);
    cmd = by("ann", ROLE_OPERATOR, ACT_ORDER_EXTEND);
    cmd.body.order.until = at_us(T0 + 200 * HOURS);
    assert_string_equal(decided(b, &cmd), "order.no_more_terms"); /* at most two in all */
}

/* --- receipts --- */

static struct receipt receipt_of(enum receipt_result result, int64_t ask, int64_t held)
{
    return (struct receipt){.order = STR("O1"),
                            .provider = STR("bank-a"),
                            .result = result,
                            .ask = ask,
                            .held = held,
                            .balance = -1,
                            .at = at_us(T0)};
}

static struct command bringing(struct receipt r)
{
    struct command cmd = by("pia", ROLE_PROVIDER, ACT_RECEIPT_TAKE);
    cmd.actor.provider = STR("bank-a");
    cmd.record = STR("Q1");
    cmd.body.receipt = r;
    return cmd;
}

/* The receipt, then what follows from it. */
static enum receipt_fate received(struct bench *b, struct order *o, struct receipt r)
{
    struct command cmd = bringing(r);
    law_of_orders(b);
    bench_own(b, NULL);
    b->view.order = o;
    assert_string_equal(decided(b, &cmd), "");
    enum receipt_fate fate = b->change.after.receipt.fate;
    if (!b->change.has_follow)
        return fate;
    struct command follow = b->change.follow;
    follow.actor = cmd.actor;
    own_order(b, *o);
    b->view.is_follow = true;
    assert_string_equal(decided(b, &follow), "");
    b->view.is_follow = false;
    *o = b->change.after.order;
    return fate;
}

static void a_trim_only_sets_free(void **state)
{
    struct bench *b = *state;
    static const int64_t wrong[] = {-1, 0, 600, 601};
    own_order(b, order_in(ORDER_EXECUTED, false));
    struct command cmd = by("ann", ROLE_OPERATOR, ACT_ORDER_TRIM);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        cmd.body.order.amount = wrong[i];
        assert_string_equal(decided(b, &cmd), "order.not_less");
    }
    cmd.body.order.amount = 599;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.order.asked, ASK_TRIM);
    assert_false(b->change.has_follow); /* the provider may still hold it */
    struct order o = b->change.after.order;
    o.ask = 2;
    assert_int_equal(received(b, &o, receipt_of(RECEIPT_DONE, 2, 599)), RECEIPT_TAKEN);
    assert_int_equal(o.bound, 599);
    assert_int_equal(b->change.follow.body.report.pledged, -1);
}

static void what_a_receipt_does(void **state)
{
    struct bench *b = *state;
    static const struct {
        unsigned from;
        enum receipt_result result;
        int64_t ask;
        int64_t held;
        enum receipt_fate fate;
        unsigned to;
        int64_t is_late;
    } rows[] = {
        {ORDER_SENT,     RECEIPT_PENDING, 1, -1,  RECEIPT_TAKEN,         ORDER_ACKNOWLEDGED, 0},
        {ORDER_SENT,     RECEIPT_DONE,    1, 600, RECEIPT_TAKEN,         ORDER_EXECUTED,     0},
        {ORDER_SENT,     RECEIPT_DONE,    0, 600, RECEIPT_TAKEN,         ORDER_EXECUTED,     0},
        {ORDER_SENT,     RECEIPT_PARTIAL, 1, 10,  RECEIPT_TAKEN,         ORDER_PARTIAL,      0},
        {ORDER_SENT,     RECEIPT_PARTIAL, 1, -1,  RECEIPT_TAKEN,         ORDER_PARTIAL,      1},
        {ORDER_SENT,     RECEIPT_REFUSED, 1, -1,  RECEIPT_TAKEN,         ORDER_REFUSED,      0},
        {ORDER_SENT,     RECEIPT_DONE,    1, 601, RECEIPT_OVER,          ORDER_EXECUTED,     0},
        {ORDER_SENT,     RECEIPT_DONE,    2, 600, RECEIPT_CONTRADICTING, ORDER_SENT,         0},
        {ORDER_EXECUTED, RECEIPT_DONE,    1, 600, RECEIPT_TAKEN,         ORDER_EXECUTED,     0},
        {ORDER_EXECUTED, RECEIPT_DONE,    1, 500, RECEIPT_TAKEN,         ORDER_EXECUTED,     1},
        {ORDER_EXECUTED, RECEIPT_PARTIAL, 1, 0,   RECEIPT_TAKEN,         ORDER_EXECUTED,     1},
        {ORDER_EXECUTED, RECEIPT_REFUSED, 1, -1,  RECEIPT_CONTRADICTING, ORDER_EXECUTED,     0},
        {ORDER_EXECUTED, RECEIPT_PENDING, 1, -1,  RECEIPT_STALE,         ORDER_EXECUTED,     0},
        {ORDER_LIFTING,  RECEIPT_DONE,    2, 0,   RECEIPT_TAKEN,         ORDER_LIFTED,       0},
        {ORDER_LIFTING,  RECEIPT_DONE,    0, -1,  RECEIPT_TAKEN,         ORDER_LIFTED,       0},
        {ORDER_LIFTING,  RECEIPT_DONE,    2, -1,  RECEIPT_TAKEN,         ORDER_LIFTED,       0},
        {ORDER_LIFTING,  RECEIPT_DONE,    2, 600, RECEIPT_TAKEN,         ORDER_LIFTING,      1},
        {ORDER_LIFTING,  RECEIPT_DONE,    0, 600, RECEIPT_STALE,         ORDER_LIFTING,      0},
        {ORDER_LIFTING,  RECEIPT_DONE,    1, 600, RECEIPT_STALE,         ORDER_LIFTING,      0},
        {ORDER_LIFTING,  RECEIPT_PENDING, 2, -1,  RECEIPT_TAKEN,         ORDER_LIFTING,      0},
        {ORDER_LIFTING,  RECEIPT_PARTIAL, 2, 10,  RECEIPT_TAKEN,         ORDER_LIFTING,      1},
        {ORDER_LIFTING,  RECEIPT_REFUSED, 2, -1,  RECEIPT_TAKEN,         ORDER_LIFTING,      1},
        {ORDER_LIFTING,  RECEIPT_REFUSED, 2, 0,   RECEIPT_TAKEN,         ORDER_LIFTED,       0},
        {ORDER_LIFTED,   RECEIPT_DONE,    1, 600, RECEIPT_CONTRADICTING, ORDER_LIFTING,      0},
        {ORDER_REFUSED,  RECEIPT_DONE,    0, 600, RECEIPT_CONTRADICTING, ORDER_LIFTING,      0},
        {ORDER_LIFTED,   RECEIPT_DONE,    1, 0,   RECEIPT_STALE,         ORDER_LIFTED,       0},
        {ORDER_DRAFTED,  RECEIPT_DONE,    1, 600, RECEIPT_CONTRADICTING, ORDER_DRAFTED,      0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct order o = order_in(rows[i].from, false);
        unsigned fate = received(b, &o, receipt_of(rows[i].result, rows[i].ask, rows[i].held));
        if (fate != rows[i].fate || o.state != rows[i].to || o.is_late != rows[i].is_late)
            fail_msg("row %zu: %s, %s, late %lld", i, receipt_fate_words[fate],
                     order_state_words[o.state], (long long)o.is_late);
        if (rows[i].fate == RECEIPT_OVER)
            assert_int_equal(o.asked, ASK_TRIM);
        if (rows[i].result == RECEIPT_PARTIAL && rows[i].held < 0) /* not the whole of it */
            assert_int_equal(o.held, 0);
    }
}

static struct order extended(struct bench *b)
{
    struct order o = order_in(ORDER_EXECUTED, false);
    o.until = at_us(T0 + 1);
    own_order(b, o);
    struct command cmd = by("ann", ROLE_OPERATOR, ACT_ORDER_EXTEND);
    cmd.body.order.until = at_us(T0 + 48 * HOURS);
    assert_string_equal(decided(b, &cmd), "");
    own_order(b, b->change.after.order);
    cmd = by("cat", ROLE_APPROVER, ACT_ORDER_APPROVE);
    assert_string_equal(decided(b, &cmd), "");
    return b->change.after.order;
}

/* Goal: what a bank does not extend ends when it would have. Method: asked and refused, then asked
 * and done. */
static void an_extension_is_the_banks_too(void **state)
{
    struct bench *b = *state;
    struct order o = extended(b);
    int64_t ask = o.ask;
    assert_int_equal(o.agreed_until.us, T0 + 1);
    received(b, &o, receipt_of(RECEIPT_PENDING, ask, -1));
    assert_int_equal(o.until.us, T0 + 48 * HOURS);
    received(b, &o, receipt_of(RECEIPT_REFUSED, ask, -1));
    assert_int_equal(o.until.us, T0 + 1);
    assert_int_equal(o.agreed_until.us, 0);
    assert_int_equal(o.repeats, 0);
    assert_int_equal(o.asked, ASK_NOTHING);
    assert_int_equal(o.is_late, 1);
    assert_armed(&b->change, ACT_ORDER_EXPIRE, T0 + 1);

    o = extended(b);
    received(b, &o, receipt_of(RECEIPT_DONE, o.ask, 600));
    assert_int_equal(o.until.us, T0 + 48 * HOURS);
    assert_int_equal(o.agreed_until.us, 0);
    assert_int_equal(o.repeats, 1);
}

/* Goal: a silence is told of once, once more at the second deadline, and stands until somebody
 * above says by name that they have seen it, also when the provider has answered meanwhile; who
 * says so has decided nothing. Method: one order, from its clock to its answer. */
static void a_silence_is_told_of(void **state)
{
    struct bench *b = *state;
    const struct command centres = {
        .act = ACT_ORDER_LATE, .actor = centre_itself, .record = STR("O1")};
    struct command cmd = centres;
    struct order *after = &b->change.after.order;
    struct order o = order_in(ORDER_SENT, false);
    own_order(b, o);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(after->alarm, ALARM_LATE);
    assert_int_equal(after->alarmed_at.us, T0);
    assert_armed(&b->change, ACT_ORDER_ESCALATE, T0 + 45 * US_PER_MIN);

    o = *after;
    b->at = at_us(T0 + 5);
    own_order(b, o);
    assert_string_equal(decided(b, &cmd), ""); /* late again, as a push that is refused says it */
    assert_int_equal(after->alarmed_at.us, T0);
    assert_int_equal(b->change.timer_count, 0);

    cmd.act = ACT_ORDER_ESCALATE;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(after->alarm, ALARM_LOUD);
    assert_int_equal(after->alarmed_at.us, T0 + 5);

    o = *after;
    assert_int_equal(received(b, &o, receipt_of(RECEIPT_DONE, 1, 600)), RECEIPT_TAKEN);
    assert_int_equal(o.is_late, 0);
    assert_int_equal(o.alarm, ALARM_LOUD); /* nobody has seen it yet */
    own_order(b, o);
    assert_string_equal(decided(b, &cmd), "order.answered");

    cmd = by("cat", ROLE_COMMANDER, ACT_ORDER_HEED);
    cmd.why = STR("");
    cmd.body.order = (struct order){0};
    assert_string_equal(decided(b, &cmd), "order.heed_which");
    cmd.body.order = (struct order){.alarm = ALARM_LOUD};
    assert_string_equal(decided(b, &cmd), "order.heed_which");
    cmd.body.order.alarmed_at = at_us(T0 + 5 - US_PER_S); /* that was the one before */
    assert_string_equal(decided(b, &cmd), "order.heed_newer");
    cmd.body.order = (struct order){.alarm = ALARM_LATE, .alarmed_at = at_us(T0 + 5)};
    assert_string_equal(decided(b, &cmd), "order.heed_newer");
    cmd.body.order.alarm = ALARM_LOUD;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.timer_count, 0); /* it has answered */
    assert_int_equal(after->alarm, ALARM_NONE);
    assert_int_equal(after->alarmed_at.us, 0);
    assert_str(after->heeder, "cat");
    assert_int_equal(after->heeded_at.us, b->at.us);
    assert_str(after->deciders, "ann");
    own_order(b, *after);
    assert_string_equal(decided(b, &cmd), "order.no_alarm");
}

/* Seen while it lasts, a silence is told of again at the second deadline; an answer ends that. */
static void seen_and_still_silent(void **state)
{
    struct bench *b = *state;
    struct order o = order_in(ORDER_SENT, false);
    o.is_late = 1;
    own_order(b, o);
    struct command cmd = {.act = ACT_ORDER_ESCALATE, .actor = centre_itself, .record = STR("O1")};
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.order.alarm, ALARM_LOUD);
    (void)received(b, &o, receipt_of(RECEIPT_DONE, 1, 600));
    assert_disarmed(&b->change, ACT_ORDER_ESCALATE);
}

/* Goal: a lift that nobody confirms is told of again, whoever has seen it, while it is asked for.
 * Method: a lift seen three times, refused by its provider in between, then confirmed; beside it a
 * hold, of which twice is enough. */
static void a_lift_ignored_is_told_of_again(void **state)
{
    struct bench *b = *state;
    struct order o = order_in(ORDER_LIFTING, false);
    const struct command again = {
        .act = ACT_ORDER_ESCALATE, .actor = centre_itself, .record = STR("O1")};
    o.is_late = 1;
    o.alarm = ALARM_LATE;
    o.alarmed_at = at_us(T0);
    for (int i = 1; i <= 3; i++) {
        struct command cmd = by("cat", ROLE_COMMANDER, ACT_ORDER_HEED);
        cmd.body.order = (struct order){.alarm = o.alarm, .alarmed_at = o.alarmed_at};
        b->at = at_us(T0 + i * HOURS);
        own_order(b, o);
        assert_string_equal(decided(b, &cmd), "");
        assert_armed(&b->change, ACT_ORDER_ESCALATE, b->at.us + 45 * US_PER_MIN);
        o = b->change.after.order;
        assert_int_equal(o.alarm, ALARM_NONE);
        if (i == 2)
            (void)received(b, &o, receipt_of(RECEIPT_REFUSED, o.ask, 600));
        b->at = at_us(b->at.us + 45 * US_PER_MIN);
        own_order(b, o);
        assert_string_equal(decided(b, &again), "");
        o = b->change.after.order;
        assert_int_equal(o.alarm, ALARM_LOUD);
        assert_int_equal(o.alarmed_at.us, b->at.us);
        o.deciders = STR("ann");
    }
    assert_int_equal(received(b, &o, receipt_of(RECEIPT_DONE, o.ask, 0)), RECEIPT_TAKEN);
    assert_disarmed(&b->change, ACT_ORDER_ESCALATE);

    o = order_in(ORDER_SENT, false);
    o.is_late = 1;
    o.alarm = ALARM_LOUD;
    o.alarmed_at = at_us(T0);
    own_order(b, o);
    struct command cmd = by("cat", ROLE_COMMANDER, ACT_ORDER_HEED);
    cmd.body.order = (struct order){.alarm = ALARM_LOUD, .alarmed_at = at_us(T0)};
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.timer_count, 0);

    o.state = ORDER_EXECUTED; /* a trim sets somebody's money free, too */
    o.asked = ASK_TRIM;
    own_order(b, o);
    assert_string_equal(decided(b, &cmd), "");
    assert_armed(&b->change, ACT_ORDER_ESCALATE, b->at.us + 45 * US_PER_MIN);
}

/* Goal: what an order says of people outlives neither its term nor its end: it goes at the later of
 * the two, and when a journal says that it went. Method: ends before and after the term; a reason
 * of a person's and one of the desk's own; restored. */
static void what_an_order_names_is_erased(void **state)
{
    struct bench *b = *state;
    struct command cmd = by("ann", ROLE_OPERATOR, ACT_ORDER_REFUSE);
    struct order o = order_in(ORDER_DRAFTED, false);
    cmd.why = STR("Li is her brother");
    own_order(b, o);
    assert_string_equal(decided(b, &cmd), "");
    int64_t term = o.proposed_at.us + b->law.report_retention_days * US_PER_DAY;
    assert_armed(&b->change, ACT_ORDER_ERASE, term);
    b->at = at_us(term + HOURS);
    assert_string_equal(decided(b, &cmd), "");
    assert_armed(&b->change, ACT_ORDER_ERASE, term + HOURS);

    const struct order *after = &b->change.after.order;
    cmd = (struct command){.act = ACT_ORDER_ERASE, .actor = centre_itself, .record = STR("O1")};
    o = *after;
    o.name = STR("Li");
    o.evidence = STR("told by Li's wife");
    own_order(b, o);
    assert_string_equal(decided(b, &cmd), "");
    assert_str(after->name, "");
    assert_str(after->evidence, "erased");
    assert_str(after->ended_why, "erased");
    assert_str(after->target, "BKA:1");
    assert_true(b->change.is_erasing && has_effect(&b->change, EFFECT_ERASURE));
    assert_disarmed(&b->change, ACT_ORDER_ERASE);

    o = order_in(ORDER_EXPIRED, false);
    o.ended_why = STR(ORDER_WHY_EXPIRED);
    own_order(b, o);
    assert_string_equal(decided(b, &cmd), "");
    assert_str(after->ended_why, ORDER_WHY_EXPIRED);
    assert_str(after->evidence, ""); /* there was none */

    o = order_in(ORDER_EXECUTED, false);
    o.name = STR("Li");
    own_order(b, o);
    assert_string_equal(decided(b, &cmd), "order.not_ended");
    b->centre.is_outbox_held = 1;
    b->view.centre = &b->centre;
    assert_string_equal(decided(b, &cmd), "");
    assert_str(after->name, "");
    assert_int_equal(after->state, ORDER_EXECUTED);
}

/* A bank that says it trims and does not is asked once, and is late until it has. */
static void a_stubborn_bank_is_asked_once(void **state)
{
    struct bench *b = *state;
    struct order o = order_in(ORDER_SENT, false);
    assert_int_equal(received(b, &o, receipt_of(RECEIPT_DONE, 1, 900)), RECEIPT_OVER);
    assert_int_equal(o.ask, 2);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(received(b, &o, receipt_of(RECEIPT_DONE, 2, 900)), RECEIPT_OVER);
        assert_int_equal(o.asked, ASK_TRIM);
        assert_int_equal(o.ask, 2);
        assert_int_equal(o.is_late, 1);
        assert_int_equal(o.held, 900);
    }
    assert_int_equal(received(b, &o, receipt_of(RECEIPT_DONE, 2, 600)), RECEIPT_TAKEN);
    assert_int_equal(o.asked, ASK_NOTHING);
    assert_int_equal(o.is_late, 0);
}

/* Of one and the same ask, what was said later stands, in whatever order it comes. */
static void the_newest_word_stands(void **state)
{
    struct bench *b = *state;
    struct order o = order_in(ORDER_SENT, false);
    struct receipt late = receipt_of(RECEIPT_PARTIAL, 1, 10);
    late.at = at_us(T0 - 1);
    assert_int_equal(received(b, &o, receipt_of(RECEIPT_DONE, 1, 600)), RECEIPT_TAKEN);
    assert_int_equal(received(b, &o, late), RECEIPT_STALE);
    assert_int_equal(o.state, ORDER_EXECUTED);
    assert_int_equal(o.held, 600);
    late.at = at_us(T0 + 1);
    assert_int_equal(received(b, &o, late), RECEIPT_TAKEN);
    assert_int_equal(o.held, 10);
}

/* What a bank's clock says is its own: an acknowledgement by ours makes nothing of it old. */
static void an_acknowledgement_makes_nothing_old(void **state)
{
    struct bench *b = *state;
    struct order o = order_in(ORDER_SENT, false);
    struct receipt done = receipt_of(RECEIPT_DONE, 1, 600);
    done.at = at_us(T0 - US_PER_S);
    assert_int_equal(received(b, &o, receipt_of(RECEIPT_PENDING, 1, -1)), RECEIPT_TAKEN);
    assert_int_equal(o.state, ORDER_ACKNOWLEDGED);
    assert_int_equal(received(b, &o, done), RECEIPT_TAKEN);
    assert_int_equal(o.state, ORDER_EXECUTED);
}

static void a_query_holds_nothing(void **state)
{
    struct bench *b = *state;
    static const unsigned ended[] = {ORDER_LIFTED, ORDER_EXPIRED, ORDER_REFUSED};
    struct receipt found = receipt_of(RECEIPT_DONE, 1, 900);
    struct order o = order_in(ORDER_SENT, false);
    found.balance = 1234;
    o.kind = ORDER_QUERY;
    assert_int_equal(received(b, &o, found), RECEIPT_TAKEN);
    assert_int_equal(o.state, ORDER_EXECUTED);
    assert_int_equal(o.held, 0);
    assert_int_equal(o.balance, 1234);
    for (size_t i = 0; i < COUNT_OF(ended); i++) {
        o = order_in(ended[i], false);
        o.kind = ORDER_QUERY;
        assert_int_equal(received(b, &o, found), RECEIPT_STALE);
        assert_int_equal(o.state, ended[i]); /* there is nothing to let go */
    }
}

/* A hold of 600 on an account of 800: what others' freezes leave, and when they are gone all. */
static void what_others_froze_is_not_held(void **state)
{
    struct bench *b = *state;
    static const char court_500[] = "1\n1\t500\t-\t\t\tcourt\n";
    static const char court_all[] = "1\n1\t-\t-\t\t\tcourt\n";
    static const char court_900[] = "1\n1\t900\t-\t\t\tcourt\n";
    static const char twice_first[] = "2\n1\t500\t-\t\t\tcourt\n1\t100\t-\t\t\ttax\n";
    static const char below_none[] = "1\n1\t-5\t-\t\t\tcourt\n";
    static const char court_200[] = "1\n1\t200\t-\t\t\tcourt\n";
    static const struct {
        const char *freezes;
        int64_t held, ahead;
        unsigned state;
        enum receipt_fate fate;
    } rows[] = {
        {court_500,   300, 500, ORDER_PARTIAL,  RECEIPT_TAKEN        },
        {court_all,   0,   -1,  ORDER_PARTIAL,  RECEIPT_TAKEN        },
        {court_900,   0,   900, ORDER_PARTIAL,  RECEIPT_TAKEN        },
        {twice_first, 200, 600, ORDER_PARTIAL,  RECEIPT_CONTRADICTING},
        {below_none,  600, 0,   ORDER_EXECUTED, RECEIPT_CONTRADICTING},
        {court_200,   600, 200, ORDER_EXECUTED, RECEIPT_TAKEN        },
        {"",          600, 0,   ORDER_EXECUTED, RECEIPT_TAKEN        },
    };
    struct order o = order_in(ORDER_SENT, false);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct receipt r = receipt_of(RECEIPT_DONE, 1, 600);
        struct order first = order_in(ORDER_SENT, false);
        r.balance = 800;
        r.freezes = str_from_c(rows[i].freezes);
        assert_int_equal(received(b, &first, r), rows[i].fate);
        assert_int_equal(first.state, rows[i].state);
        assert_int_equal(first.bound, 600); /* it is still asked for */
        assert_int_equal(received(b, &o, r), rows[i].fate);
        assert_int_equal(o.held, rows[i].held);
        assert_int_equal(o.ahead, rows[i].ahead);
    }
    assert_int_equal(o.state, ORDER_EXECUTED);
    struct command cmd = bringing(receipt_of(RECEIPT_DONE, 1, 600));
    cmd.body.receipt.freezes = STR("no list");
    bench_own(b, NULL);
    b->view.order = &o;
    assert_string_equal(decided(b, &cmd), "prior.text");
}

/* Goal: when the first of the freezes before ours ends, somebody hears of it, and nobody where none
 * will. Method: lists with and without terms; then the moment itself, from each state. */
static void an_earlier_freeze_ends(void **state)
{
    struct bench *b = *state;
    static const struct {
        int64_t court, tax; /* when they end, in hours from now; 0: it was not said */
        int64_t first;
    } rows[] = {
        {5,  3, 3},
        {5,  0, 5},
        {-1, 7, 7},
        {0,  0, 0},
        {-1, 0, 0}
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct order o = order_in(ORDER_SENT, false);
        struct receipt r = receipt_of(RECEIPT_DONE, 1, 600);
        struct prior_freeze at[] = {
            {.authority = STR("court"), .amount = 500},
            {.authority = STR("tax"),   .amount = 10 }
        };
        at[0].until = at_us(rows[i].court == 0 ? 0 : T0 + rows[i].court * HOURS);
        at[1].until = at_us(rows[i].tax == 0 ? 0 : T0 + rows[i].tax * HOURS);
        struct prior_list list = {at, COUNT_OF(at), COUNT_OF(at)};
        struct arena a;
        arena_init(&a, 1 << 20);
        assert_false(failed(prior_format(&list, &a, &r.freezes)));
        r.balance = 800;
        assert_int_equal(received(b, &o, r), RECEIPT_TAKEN);
        arena_done(&a);
        bool is_armed = false;
        instant due = timer_of(&b->change, ACT_ORDER_FREED, &is_armed);
        assert_int_equal(is_armed, rows[i].first != 0);
        assert_int_equal(due.us, is_armed ? T0 + rows[i].first * HOURS : 0);
    }
    for (unsigned s = 0; s < ORDER_STATE_COUNT; s++) {
        struct command cmd = {.act = ACT_ORDER_FREED, .actor = centre_itself};
        struct order o = order_in(s, false);
        o.ahead = 500;
        own_order(b, o);
        assert_string_equal(decided(b, &cmd), order_is_live(s) ? "" : "order.not_in_force");
        if (order_is_live(s)) /* the clock alone frees nothing */
            assert_int_equal(b->change.after.order.ahead, 500);
    }
}

static void the_last_word_says_why(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *why;
        unsigned to;
    } rows[] = {
        {ORDER_WHY_LAPSED,  ORDER_LAPSED },
        {ORDER_WHY_EXPIRED, ORDER_EXPIRED},
        {"because",         ORDER_LIFTED },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct order o = order_in(ORDER_LIFTING, false);
        o.ended_why = str_from_c(rows[i].why);
        assert_int_equal(received(b, &o, receipt_of(RECEIPT_DONE, 2, 0)), RECEIPT_TAKEN);
        assert_int_equal(o.state, rows[i].to);
        assert_int_equal(o.released_at.us, T0);
        assert_int_equal(b->change.follow.body.report.pledged, -600);
    }
}

static void of_no_order_of_theirs(void **state)
{
    struct bench *b = *state;
    struct order o = order_in(ORDER_SENT, false);
    o.provider = STR("bank-b");
    assert_int_equal(received(b, &o, receipt_of(RECEIPT_DONE, 1, 600)), RECEIPT_UNKNOWN);
    assert_int_equal(o.state, ORDER_SENT);
    struct command cmd = bringing(receipt_of(RECEIPT_DONE, 1, 600));
    cmd.actor.provider = STR("bank-b"); /* in somebody else's name */
    assert_string_equal(decided(b, &cmd), "receipt.provider");
    cmd = bringing(receipt_of(RECEIPT_DONE, 1, -2));
    assert_string_equal(decided(b, &cmd), "receipt.amount");
}

/* --- many lives --- */

enum { ORDERS = 3, STEPS = 60, LIVES = 4000 };

struct life {
    struct report report;
    struct order orders[ORDERS];
    bool is_there[ORDERS];
    bool was_asked[ORDERS];
    bool said_free[ORDERS]; /* the provider: nothing is held, and the last ask was a lift */
    int64_t now_us;
    uint64_t dice;
};

static uint64_t throw_of(struct life *l, uint64_t sides)
{
    l->dice = l->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (l->dice >> 33) % sides;
}

static int64_t taken_up(const struct life *l)
{
    int64_t sum = 0;
    for (int i = 0; i < ORDERS; i++) {
        unsigned s = l->orders[i].state;
        if (l->is_there[i] && (order_is_live(s) || s == ORDER_APPROVED || s == ORDER_LIFTING))
            sum += l->orders[i].bound;
    }
    return sum;
}

/* What must hold after every step. */
static void check_life(const struct life *l)
{
    assert_int_equal(l->report.pledged, taken_up(l));
    assert_true(l->report.pledged >= 0 && l->report.pledged <= l->report.loss);
    for (int i = 0; i < ORDERS; i++) {
        const struct order *o = &l->orders[i];
        if (!l->is_there[i])
            continue;
        bool is_free =
            o->state == ORDER_LIFTED || o->state == ORDER_LAPSED || o->state == ORDER_EXPIRED;
        assert_true(o->ask == 0 || !str_is_empty(o->approver) || o->is_emergency);
        assert_false(str_equal(o->approver, o->proposer));
        assert_true(!is_free || !l->was_asked[i] || l->said_free[i]);
        assert_true(o->until.us - o->from.us <= o->max_term_us * (1 + o->repeats));
        assert_true(o->bound >= o->amount || !(order_is_live(o->state)));
        assert_int_equal(o->asked == ASK_LIFT, o->state == ORDER_LIFTING);
        assert_int_equal(o->alarm == ALARM_NONE, o->alarmed_at.us == 0);
        assert_true(
            o->release_by.us == 0 ||
            (order_is_live(o->state) && o->unrelated_since.us > 0 && str_is_empty(o->keeper)));
    }
}

static struct command deed(struct life *l, int i)
{
    static const enum act acts[] = {
        ACT_ORDER_APPROVE, ACT_ORDER_REFUSE,   ACT_ORDER_TRIM,    ACT_ORDER_EXTEND,
        ACT_ORDER_LIFT,    ACT_ORDER_LAPSE,    ACT_ORDER_EXPIRE,  ACT_ORDER_BEGIN,
        ACT_ORDER_LATE,    ACT_ORDER_ESCALATE, ACT_ORDER_HEED,    ACT_ORDER_UNRELATE,
        ACT_ORDER_RELATE,  ACT_ORDER_KEEP,     ACT_ORDER_RELEASE, ACT_ORDER_DUE};
    static const char *const people[] = {"ann", "bob", "cat"};
    static const char *const ids[] = {"O1", "O2", "O3"};
    struct command cmd = drafting(throw_of(l, 2) == 0 ? ACT_ORDER_DRAFT : ACT_ORDER_EMERGENCY);
    cmd.actor = staff(people[throw_of(l, 3)], ROLES(ROLE_OPERATOR) | ROLES(ROLE_APPROVER));
    cmd.record = str_from_c(ids[i]);
    cmd.body.order.amount = 1 + (int64_t)throw_of(l, 700);
    if (!l->is_there[i])
        return cmd;
    cmd.act = acts[throw_of(l, COUNT_OF(acts))];
    bool is_centres = cmd.act == ACT_ORDER_LAPSE || cmd.act == ACT_ORDER_EXPIRE ||
                      cmd.act == ACT_ORDER_BEGIN || cmd.act == ACT_ORDER_LATE ||
                      cmd.act == ACT_ORDER_ESCALATE || cmd.act == ACT_ORDER_UNRELATE ||
                      cmd.act == ACT_ORDER_RELATE || cmd.act == ACT_ORDER_RELEASE ||
                      cmd.act == ACT_ORDER_DUE;
    if (is_centres)
        cmd.actor = centre_itself;
    cmd.body.order.until = at_us(l->now_us + (int64_t)throw_of(l, 100) * HOURS);
    cmd.body.order.alarm = l->orders[i].alarm;
    cmd.body.order.alarmed_at = l->orders[i].alarmed_at;
    return cmd;
}

/* What the store does: the change, and what follows it; all of it, or nothing. */
static bool apply_life(struct bench *b, struct life *l, int i, const struct command *cmd,
                       bool is_follow)
{
    union record own = {.order = l->orders[i]};
    b->at = at_us(l->now_us);
    bench_own(b, l->is_there[i] ? &own : NULL);
    b->view.report = &l->report;
    b->view.is_follow = is_follow;
    bool is_done = *decided(b, cmd) == '\0';
    b->view.is_follow = false;
    if (!is_done)
        return false;
    struct order after = b->change.after.order;
    if (b->change.has_follow) {
        struct command follow = b->change.follow;
        follow.actor = cmd->actor;
        union record report = {.report = l->report};
        bench_own(b, &report);
        b->view.is_follow = true;
        bool is_kept = *decided(b, &follow) == '\0';
        b->view.is_follow = false;
        if (!is_kept)
            return false;
        l->report = b->change.after.report;
    }
    after.deciders = STR(""); /* which lies in the turn */
    l->orders[i] = after;
    l->is_there[i] = true;
    l->was_asked[i] = l->was_asked[i] || after.ask > 0;
    return true;
}

static void live_a_receipt(struct bench *b, struct life *l, int i)
{
    struct order *o = &l->orders[i];
    if (!l->is_there[i])
        return;
    struct receipt r = receipt_of((enum receipt_result)throw_of(l, 4), (int64_t)throw_of(l, 4),
                                  (int64_t)throw_of(l, 900) - 1);
    r.at = at_us(l->now_us - (int64_t)throw_of(l, 3) * HOURS);
    if (throw_of(l, 4) == 0)
        r.held = 0;
    struct command cmd = bringing(r);
    bench_own(b, NULL);
    b->at = at_us(l->now_us);
    b->view.order = o;
    assert_string_equal(decided(b, &cmd), ""); /* no receipt is ever lost */
    if (!b->change.has_follow)
        return;
    struct command follow = b->change.follow;
    bool is_lift = o->state == ORDER_LIFTING && (r.ask == 0 || r.ask == o->ask);
    bool is_free = r.result == RECEIPT_DONE || (r.result == RECEIPT_REFUSED && r.held == 0);
    l->said_free[i] = l->said_free[i] || (is_lift && is_free);
    assert_true(apply_life(b, l, i, &follow, true));
}

static void what_holds_in_every_life(void **state)
{
    struct bench *b = *state;
    uint64_t moved = 0;
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        struct life l = {.dice = seed * 7919, .now_us = T0};
        law_of_orders(b);
        l.report = scene.report;
        for (int step = 0; step < STEPS; step++) {
            int i = (int)throw_of(&l, ORDERS);
            l.now_us += (int64_t)throw_of(&l, 20) * 20 * US_PER_MIN;
            if (throw_of(&l, 3) == 0) {
                live_a_receipt(b, &l, i);
            } else {
                struct command cmd = deed(&l, i);
                moved += apply_life(b, &l, i, &cmd, false);
            }
            check_life(&l);
            arena_reset(&b->turn);
        }
    }
    assert_true(moved > LIVES * 5); /* the walk goes somewhere */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)
    const struct CMUnitTest tests[] = {
        TEST(arrows),
        TEST(a_silence_is_told_of),
        TEST(seen_and_still_silent),
        TEST(a_lift_ignored_is_told_of_again),
        TEST(what_an_order_names_is_erased),
        TEST(a_stubborn_bank_is_asked_once),
        TEST(an_overdue_lift_may_be_written_off),
        TEST(one_thing_wrong),
        TEST(a_draft_waits_for_somebody_else),
        TEST(a_day_ahead_it_waits_for_its_day),
        TEST(an_emergency_is_brief_and_somebodys),
        TEST(of_an_incident_alone),
        TEST(an_extension_is_two_peoples_too),
        TEST(a_trim_only_sets_free),
        TEST(what_a_receipt_does),
        TEST(an_extension_is_the_banks_too),
        TEST(the_newest_word_stands),
        TEST(an_acknowledgement_makes_nothing_old),
        TEST(a_query_holds_nothing),
        TEST(what_others_froze_is_not_held),
        TEST(an_earlier_freeze_ends),
        TEST(the_last_word_says_why),
        TEST(of_no_order_of_theirs),
        TEST(what_holds_in_every_life),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
