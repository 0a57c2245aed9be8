/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a freeze takes over what a hold holds and it is counted once: what both are pledged of the
 * loss never grows by it, whatever is trimmed, lifted, refused or said late; the hold is let go of
 * when the freeze is carried out to the fen, and else for its own reasons; one freeze at a time.
 * Method: each rule with one thing wrong; the sums of the header; then many seeded lives of a hold
 * and two freezes that want it, under a report with room for no more.
 */
#include "desk/desk_test.h"
#include "desk/order_parts.h"
#include "desk/takeover.h"

#define HOURS (60 * US_PER_MIN)

enum { HOLD, FREEZE, OTHER, ORDERS };
enum { LOSS = 600, STEPS = 60, LIVES = 4000 };

static const char *const ids[ORDERS] = {"O1", "O2", "O3"};
static const struct provider bank = {
    .id = {.at = "bank-a", .size = 6},
      .can = 0x3f, .answer_s = 300
};

struct life {
    struct report report;
    struct order orders[ORDERS];
    bool is_there[ORDERS];
    int64_t now_us;
    uint64_t dice;
    uint64_t taken;
};

static uint64_t throw_of(struct life *l, uint64_t sides)
{
    l->dice = l->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (l->dice >> 33) % sides;
}

static int place_of(const struct life *l, str id)
{
    for (int i = 0; i < ORDERS; i++)
        if (l->is_there[i] && str_equal(id, str_from_c(ids[i])))
            return i;
    return -1;
}

static void law_of(struct bench *b)
{
    b->law.order_max_term_us[ORDER_HOLD] = b->law.order_max_term_us[ORDER_STOP] = 48 * HOURS;
    b->law.order_max_term_us[ORDER_FREEZE] = 180 * US_PER_DAY;
    b->law.order_max_repeats[ORDER_HOLD] = b->law.order_max_repeats[ORDER_FREEZE] = 1;
    b->law.emergency_min = 30;
    b->law.order_notice = STR("notice");
    b->view = (struct desk_view){.turn = &b->turn, .centre = &b->centre, .provider = &bank};
}

static struct report taken_report(void)
{
    return (struct report){.id = STR("R1"),
                           .state = REPORT_TAKEN,
                           .incident = STR("I1"),
                           .loss = LOSS,
                           .taker = STR("ann")};
}

static struct command drafting(int i)
{
    struct command cmd = {.act = i == HOLD ? ACT_ORDER_EMERGENCY : ACT_ORDER_DRAFT,
                          .record = str_from_c(ids[i]),
                          .actor = staff("ann", ROLES(ROLE_OPERATOR)),
                          .why = STR("because")};
    cmd.body.order = (struct order){.incident = STR("I1"),
                                    .report = STR("R1"),
                                    .kind = i == HOLD ? ORDER_HOLD : ORDER_FREEZE,
                                    .target_kind = INDICATOR_ACCOUNT,
                                    .target = STR("BKA:1"),
                                    .amount = i == HOLD ? LOSS : 400,
                                    .currency = STR("CNY"),
                                    .takes = i == HOLD ? STR("") : STR("O1"),
                                    .basis = STR("fraud_law_20"),
                                    .reason = STR("mule_account"),
                                    .provider = STR("bank-a")};
    return cmd;
}

static struct command by(const char *user, int i, enum act act)
{
    return (struct command){.act = act,
                            .record = str_from_c(ids[i]),
                            .actor = staff(user, ROLES(ROLE_OPERATOR) | ROLES(ROLE_APPROVER)),
                            .why = STR("because")};
}

/* --- what the store does: a change and all that follows, or nothing --- */

static void show(struct bench *b, const struct life *l, const struct command *cmd,
                 union record *own)
{
    int i = place_of(l, cmd->record);
    str takes = i >= 0 ? l->orders[i].takes : cmd->body.order.takes;
    bool is_order = act_record_kind(cmd->act) == RECORD_ORDER;
    int taken = is_order ? place_of(l, takes) : -1;
    if (is_order && i >= 0)
        own->order = l->orders[i];
    if (act_record_kind(cmd->act) == RECORD_REPORT)
        own->report = l->report;
    bench_own(b, (is_order && i < 0) || act_record_kind(cmd->act) == RECORD_RECEIPT ? NULL : own);
    b->view.report = &l->report;
    b->view.taken = taken >= 0 ? &l->orders[taken] : NULL;
    b->at = at_us(l->now_us);
}

static void keep(struct bench *b, struct life *l, const struct command *cmd)
{
    if (act_record_kind(cmd->act) == RECORD_REPORT)
        l->report = b->change.after.report;
    for (int i = 0; i < ORDERS && act_record_kind(cmd->act) == RECORD_ORDER; i++)
        if (str_equal(cmd->record, str_from_c(ids[i]))) {
            l->orders[i] = b->change.after.order;
            l->orders[i].id = str_from_c(ids[i]);
            l->orders[i].deciders = STR("");
            l->is_there[i] = true;
        }
}

static const char *apply(struct bench *b, struct life *l, const struct command *first)
{
    struct life before = *l;
    struct command cmd = *first;
    for (int depth = 0; depth <= FOLLOWS_MAX; depth++) {
        union record own;
        show(b, l, &cmd, &own);
        b->view.is_follow = depth > 0;
        const char *why = decided(b, &cmd);
        b->view.is_follow = false;
        if (*why != '\0') {
            before.dice = l->dice;
            *l = before;
            return why;
        }
        keep(b, l, &cmd);
        if (!b->change.has_follow)
            return "";
        cmd = b->change.follow;
        cmd.actor = first->actor;
    }
    fail_msg("what follows does not end");
    return "";
}

static const char *bring(struct bench *b, struct life *l, int i, struct receipt r)
{
    struct command cmd = {
        .act = ACT_RECEIPT_TAKE,
        .record = STR("Q1"),
        .actor = {.user = STR("bank"),
                  .roles = ROLES(ROLE_PROVIDER),
                  .provider = STR("bank-a"),
                  .kind = ACTOR_STAFF}
    };
    r.provider = STR("bank-a");
    r.order = str_from_c(ids[i]);
    r.balance = -1;
    cmd.body.receipt = r;
    b->view.order = &l->orders[i];
    const char *why = apply(b, l, &cmd);
    b->view.order = NULL;
    return why;
}

/* --- by hand --- */

/* The hold is carried out, and somebody asked for it to be frozen. */
static void scene(struct bench *b, struct life *l)
{
    static const struct receipt done = {.result = RECEIPT_DONE, .ask = 1, .held = LOSS};
    *l = (struct life){.report = taken_report(), .now_us = T0};
    law_of(b);
    struct command cmd = drafting(HOLD);
    assert_string_equal(apply(b, l, &cmd), "");
    assert_string_equal(bring(b, l, HOLD, done), "");
    cmd = by("bob", HOLD, ACT_ORDER_APPROVE);
    assert_string_equal(apply(b, l, &cmd), "");
    cmd = drafting(FREEZE);
    assert_string_equal(apply(b, l, &cmd), "");
    assert_int_equal(l->report.pledged, LOSS);
}

static void approve(struct bench *b, struct life *l, int i, const char *why)
{
    struct command cmd = by("bob", i, ACT_ORDER_APPROVE);
    assert_string_equal(apply(b, l, &cmd), why);
}

static void one_thing_wrong(void **state)
{
    struct bench *b = *state;
    static const struct {
        struct order wrong; /* what is not empty replaces */
        const char *why;
    } rows[] = {
        {{.amount = LOSS},                       ""                  },
        {{.amount = LOSS + 1},                   "order.takes_more"  },
        {{.target = {.at = "BKA:2", .size = 5}}, "order.takes_other" },
        {{.currency = {.at = "USD", .size = 3}}, "order.takes_other" },
        {{.incident = {.at = "I2", .size = 2}},  "order.takes_other" },
        {{.kind = ORDER_STOP},                   "order.takes_kind"  },
        {{.takes = {.at = "O9", .size = 2}},     "order.takes_absent"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct life l;
        scene(b, &l);
        const struct order *w = &rows[i].wrong;
        struct command cmd = drafting(OTHER);
        struct order *o = &cmd.body.order;
        o->amount = w->amount != 0 ? w->amount : o->amount;
        o->kind = w->kind != 0 ? w->kind : o->kind;
        o->target = str_is_empty(w->target) ? o->target : w->target;
        o->currency = str_is_empty(w->currency) ? o->currency : w->currency;
        o->incident = str_is_empty(w->incident) ? o->incident : w->incident;
        o->takes = str_is_empty(w->takes) ? o->takes : w->takes;
        assert_string_equal(apply(b, &l, &cmd), rows[i].why);
    }
}

static void counted_once(void **state)
{
    struct bench *b = *state;
    struct life l;
    scene(b, &l);
    approve(b, &l, FREEZE, "");
    assert_int_equal(l.report.pledged, LOSS);
    assert_int_equal(takeover_bound(&l.orders[HOLD]), 200);
    assert_true(takeover_is_doubled(&l.orders[FREEZE], l.orders, ORDERS));
    assert_string_equal(
        bring(b, &l, FREEZE, (struct receipt){.result = RECEIPT_DONE, .ask = 1, .held = 400}), "");
    assert_int_equal(l.orders[FREEZE].state, ORDER_EXECUTED);
    assert_int_equal(l.orders[HOLD].state, ORDER_LIFTING);
    assert_str(l.orders[HOLD].ended_why, ORDER_WHY_TAKEN);
    assert_false(takeover_is_doubled(&l.orders[FREEZE], l.orders, ORDERS));
    assert_int_equal(l.report.pledged, LOSS); /* 200 of it may still be held */
    assert_string_equal(
        bring(b, &l, HOLD, (struct receipt){.result = RECEIPT_DONE, .ask = 2, .held = 0}), "");
    assert_int_equal(l.orders[HOLD].state, ORDER_LIFTED);
    assert_int_equal(l.report.pledged, 400);
}

static void the_hold_stands_else(void **state)
{
    struct bench *b = *state;
    static const struct {
        struct receipt said;
        int64_t yielded;
    } rows[] = {
        {{.result = RECEIPT_REFUSED, .ask = 1, .held = -1},  0  },
        {{.result = RECEIPT_PARTIAL, .ask = 1, .held = 300}, 400},
        {{.result = RECEIPT_DONE, .ask = 1, .held = 399},    400}, /* whatever it calls that */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct life l;
        scene(b, &l);
        approve(b, &l, FREEZE, "");
        assert_string_equal(bring(b, &l, FREEZE, rows[i].said), "");
        assert_int_equal(l.orders[HOLD].state, ORDER_EXECUTED);
        assert_int_equal(l.orders[HOLD].asked, ASK_NOTHING);
        assert_int_equal(l.orders[HOLD].yielded, rows[i].yielded);
        assert_int_equal(l.report.pledged, LOSS);
    }
}

static void one_at_a_time(void **state)
{
    struct bench *b = *state;
    struct life l;
    scene(b, &l);
    struct command cmd = drafting(OTHER);
    assert_string_equal(apply(b, &l, &cmd), "");
    approve(b, &l, FREEZE, "");
    approve(b, &l, OTHER, "order.takes_twice");
    assert_string_equal(
        bring(b, &l, FREEZE, (struct receipt){.result = RECEIPT_REFUSED, .ask = 1, .held = -1}),
        "");
    approve(b, &l, OTHER, "");
    cmd = by("bob", HOLD, ACT_ORDER_LIFT);
    assert_string_equal(apply(b, &l, &cmd), "");
    scene(b, &l);
    cmd = by("bob", HOLD, ACT_ORDER_LIFT);
    assert_string_equal(apply(b, &l, &cmd), "");
    approve(b, &l, FREEZE, "order.takes_ended"); /* it has gone meanwhile */
}

/* What a bank is paying out does not change hands meanwhile. */
static void not_while_it_is_paid(void **state)
{
    struct bench *b = *state;
    struct life l;
    scene(b, &l);
    b->view.is_paying = true;
    approve(b, &l, FREEZE, "order.takes_paid");
    b->view.is_paying = false;
    approve(b, &l, FREEZE, "");
}

/* Nobody but what follows of the freeze says it. */
static void only_what_follows(void **state)
{
    struct bench *b = *state;
    struct life l;
    scene(b, &l);
    struct command cmd = by("bob", HOLD, ACT_ORDER_YIELD);
    assert_string_equal(apply(b, &l, &cmd), "permit.role");
    cmd.actor = centre_itself;
    assert_string_equal(apply(b, &l, &cmd), "permit.role");
}

/* --- many lives --- */

static void check_life(struct life *l)
{
    int64_t sum = 0;
    int takers = 0;
    for (int i = 0; i < ORDERS; i++)
        sum += l->is_there[i] ? takeover_bound(&l->orders[i]) : 0;
    assert_int_equal(l->report.pledged, sum);
    assert_true(sum >= 0 && sum <= l->report.loss);
    for (int i = FREEZE; i < ORDERS; i++)
        takers += l->is_there[i] && order_is_live(l->orders[i].state);
    const struct order *hold = &l->orders[HOLD];
    assert_true(takers <= 1);
    assert_true(hold->yielded == 0 || !str_is_empty(hold->taker));
    if (!l->is_there[HOLD] || !str_equal(hold->ended_why, STR(ORDER_WHY_TAKEN)))
        return;
    bool is_frozen = false;
    for (int i = FREEZE; i < ORDERS; i++)
        is_frozen = is_frozen || l->orders[i].executed_at.us > 0;
    assert_true(is_frozen);
    l->taken++;
}

static struct command deed(struct life *l, int i)
{
    static const enum act acts[] = {ACT_ORDER_APPROVE, ACT_ORDER_APPROVE, ACT_ORDER_TRIM,
                                    ACT_ORDER_LIFT,    ACT_ORDER_EXPIRE,  ACT_ORDER_REFUSE};
    if (!l->is_there[i]) {
        struct command cmd = drafting(i);
        cmd.body.order.amount = 1 + (int64_t)throw_of(l, LOSS + 100);
        return cmd;
    }
    struct command cmd = by("bob", i, acts[throw_of(l, COUNT_OF(acts))]);
    if (cmd.act == ACT_ORDER_LIFT && throw_of(l, 4) != 0)
        cmd.act = ACT_ORDER_APPROVE;
    if (cmd.act == ACT_ORDER_EXPIRE)
        cmd.actor = centre_itself;
    cmd.body.order.amount = 1 + (int64_t)throw_of(l, LOSS);
    return cmd;
}

static void hear(struct bench *b, struct life *l, int i)
{
    if (!l->is_there[i])
        return;
    const struct order *o = &l->orders[i];
    struct receipt r = {.result = (unsigned)throw_of(l, 4),
                        .ask = throw_of(l, 3) == 0 ? (int64_t)throw_of(l, 4) : o->ask,
                        .held = throw_of(l, 3) == 0 ? (int64_t)throw_of(l, LOSS) : o->amount,
                        .at = at_us(l->now_us)};
    if (o->asked == ASK_LIFT && throw_of(l, 2) == 0)
        r.held = 0;
    assert_string_equal(bring(b, l, i, r), ""); /* no receipt is ever lost */
}

static void what_holds_in_every_life(void **state)
{
    struct bench *b = *state;
    uint64_t taken = 0;
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        struct life l = {.report = taken_report(), .dice = seed * 7919, .now_us = T0};
        law_of(b);
        for (int step = 0; step < STEPS; step++) {
            int i = (int)throw_of(&l, ORDERS);
            l.now_us += (int64_t)throw_of(&l, 20) * US_PER_MIN;
            if (throw_of(&l, 2) == 0) {
                hear(b, &l, i);
            } else {
                struct command cmd = deed(&l, i);
                (void)apply(b, &l, &cmd);
            }
            check_life(&l);
            arena_reset(&b->turn);
        }
        taken += l.taken > 0;
    }
    assert_true(taken > LIVES / 50); /* the walk goes somewhere */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)
    const struct CMUnitTest tests[] = {
        TEST(one_thing_wrong),          TEST(counted_once),
        TEST(the_hold_stands_else),     TEST(one_at_a_time),
        TEST(only_what_follows),        TEST(not_while_it_is_paid),
        TEST(what_holds_in_every_life),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
