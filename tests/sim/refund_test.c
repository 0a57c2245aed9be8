/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever people, a bank, clocks and disks do to refund rounds, and in whatever order: no
 * fen is made or lost, in the store or at the bank; nobody gets back, or is promised by all rounds,
 * more than they lost; no round pays what is not held; nothing is approved by whoever computed it,
 * or before its notice is over; closing a round frees nothing but what it paid; the same store
 * comes back after a crash; what is personal goes in the end.
 * Method: worlds made from a seed: three accounts at a bank, six claims whose money came to two of
 * them each, freezes by two people, rounds computed by the trail from the bank's own record (later
 * ones of an account by a plain split); objections; a bank that pays, or cannot, or gets it back,
 * or pays after all, also when the round is closed, and says so late, twice, in another order;
 * another bank that speaks in its place; writes that fail and machines that stop in the middle of a
 * commit. After each step the bank's own book is held against the store's rows, in SQL
 * that the program does not use.
 *
 *     YUMEN_SEED=7 meson test ...      that world alone
 *     YUMEN_SEEDS=500                  so many worlds (./test --full)
 */
#include "desk/order_parts.h"
#include "desk/relief.h"
#include "desk/takeover.h"
#include "env/fault.h"
#include "env/vfs.h"
#include "kit/kit.h"
#include "refund_world.h"
#include "store/row.h"
#include "trail/refund.h"

#include <stdlib.h>
#include <string.h>

enum { SEEDS = 16, STEPS = 400 };
#define HOURS (60 * US_PER_MIN)

static struct refund_world world;

/* --- people --- */

static int64_t asked(struct refund_world *w, const char *literal, const char *id)
{
    return world_ask(w, literal, id);
}

static struct command step(struct refund_world *w, enum act act, const char *id)
{
    static const char *const people[] = {"ann", "bob", "cat", "dan", "sue"};
    struct command cmd = {.act = act,
                          .actor = trial_staff(people[roll(w, COUNT_OF(people))]),
                          .record = str_from_c(id),
                          .why = STR("because")};
    cmd.actor.roles = 1U << ROLE_ANALYST | 1U << ROLE_APPROVER | 1U << ROLE_COMMANDER;
    return cmd;
}

/* Of what it takes over: where it is, and at most so much. */
static int64_t find_hold(struct refund_world *w, struct held *ret)
{
    str id = world_text(w,
                        "SELECT id FROM \"order\" WHERE kind = 'hold' AND held > 0 AND state IN"
                        " ('executed', 'partial') AND id <> $1 ORDER BY taker IS NULL DESC, id DESC"
                        " LIMIT 1",
                        "");
    for (int i = 0; i < w->order_count; i++)
        if (str_equal(id, str_from_c(w->orders[i].id))) {
            *ret = w->orders[i];
            return asked(w, "SELECT min(amount, held) FROM \"order\" WHERE id = $1", ret->id);
        }
    return 0;
}

/* A hold for some days, or a freeze for months; often of what some hold holds. */
static struct order wanted(struct refund_world *w, struct held *h)
{
    static struct held taken;
    bool is_hold = roll(w, 3) == 0;
    int64_t most = is_hold || roll(w, 4) == 0 ? 0 : find_hold(w, &taken);
    struct order o = {.incident = STR("i0"),
                      .kind = is_hold ? ORDER_HOLD : ORDER_FREEZE,
                      .target_kind = INDICATOR_ACCOUNT,
                      .amount = is_hold || roll(w, 6) != 0 ? 1 + roll(w, 4000) : 0,
                      .currency = STR("CNY"),
                      .basis = STR("fraud_law_20"),
                      .reason = STR("mule_account"),
                      .provider = STR("bank-a"),
                      .until = instant_add_us(w->trial.at, (is_hold ? 90 : 170) * US_PER_DAY)};
    if (most > 0) {
        h->account = taken.account;
        o.takes = str_from_c(taken.id);
        o.amount = most - roll(w, 1 + (int)most / 2);
    }
    o.target = str_from_c(w->accounts[h->account].id);
    return o;
}

static err freeze(struct refund_world *w)
{
    struct command cmd = step(w, ACT_ORDER_DRAFT, "");
    struct held *h = &w->orders[w->order_count];
    if (w->order_count == WORLD_ORDERS)
        return OK;
    *h = (struct held){.account = roll(w, WORLD_ACCOUNTS)};
    cmd.body.order = wanted(w, h);
    snprintf(h->id, sizeof h->id, "o%03d", w->order_count++);
    cmd.record = str_from_c(h->id);
    TRY(trial_apply(&w->trial, &cmd));
    struct command approve = step(w, ACT_ORDER_APPROVE, h->id);
    return trial_apply(&w->trial, &approve);
}

/* Freezes are placed while there are few; now and then one is lifted by one person. */
static err any_order(struct refund_world *w)
{
    if (w->order_count < 6 || roll(w, 3) == 0)
        return freeze(w);
    struct command cmd = step(w, roll(w, 20) == 0 ? ACT_ORDER_LIFT : ACT_ORDER_APPROVE,
                              w->orders[roll(w, w->order_count)].id);
    return trial_apply(&w->trial, &cmd);
}

/* --- computing --- */

/* Of one account: what stands under orders that were carried out, and which those are. */
#define HELD                                                                                       \
    "FROM \"order\" o WHERE target = $1 AND state IN ('executed', 'partial') AND approver IS NOT"  \
    " NULL AND held > 0 AND asked <> 'trim' AND NOT EXISTS (SELECT 1 FROM \"order\" t WHERE t.id"  \
    " = o.takes AND t.state IN ('executed', 'partial') AND t.held > 0)"

struct computing {
    struct refund_world *w;
    struct account *of;
    int64_t frozen;
    int64_t loss[WORLD_CLAIMS];
    int64_t amount[WORLD_CLAIMS];
    unsigned basis[WORLD_CLAIMS];
};

/* The trail's own rule, on the bank's own record. */
static void compute_by_rule(struct computing *c, enum refund_rule rule)
{
    struct arena *a = &c->w->trial.turn;
    struct refund_claim claims[WORLD_CLAIMS];
    for (int i = 0; i < WORLD_CLAIMS; i++)
        claims[i] =
            (struct refund_claim){.id = str_from_c(c->w->claims[i].id), .loss_minor = c->loss[i]};
    struct refund_case of = {.account = str_from_c(c->of->id),
                             .currency = STR("CNY"),
                             .frozen_minor = c->frozen,
                             .frozen_ms = TRIAL_T0 / US_PER_MS,
                             .entries = c->of->entries,
                             .entry_count = (uint32_t)c->of->entry_count,
                             .claims = claims,
                             .claim_count = WORLD_CLAIMS};
    struct refund_record record;
    struct refund_faults faults = {0};
    struct refund refund;
    err e = refund_record_make(&of, a, &record, &faults);
    WELL(c->w, !failed(e), "record: %s (%s)", e.why, faults.count > 0 ? faults.at[0].why : "");
    e = refund_compute(&record, rule, a, &refund);
    WELL(c->w, !failed(e), "refund: %s", e.why);
    for (int i = 0; i < WORLD_CLAIMS; i++) {
        c->amount[i] = refund.parts[i].amount_minor;
        c->basis[i] = refund.parts[i].basis;
    }
}

/* Every loss its part, rounded down: what is left stays frozen. */
static void compute_plainly(struct computing *c)
{
    int64_t sum = 0;
    unsigned basis = roll(c->w, 3) == 0 ? BASIS_PROPORTIONAL : BASIS_TIMESTAMP;
    for (int i = 0; i < WORLD_CLAIMS; i++)
        sum += c->loss[i];
    for (int i = 0; i < WORLD_CLAIMS && sum > 0; i++) {
        int64_t part = c->frozen * c->loss[i] / sum;
        c->amount[i] = part < c->loss[i] ? part : c->loss[i];
        c->basis[i] = basis;
    }
}

static int64_t number_of(struct refund_world *w, const struct account *of)
{
    return 1 + asked(w, "SELECT count(*) FROM round WHERE account = $1", of->id);
}

static struct command computed(struct computing *c, char *id, enum refund_rule rule, str orders)
{
    struct command cmd = step(c->w, ACT_ROUND_COMPUTE, id);
    int64_t shared = 0;
    for (int i = 0; i < WORLD_CLAIMS; i++)
        shared += c->amount[i];
    cmd.body.round = (struct round){
        .incident = STR("i0"),
        .account = str_from_c(c->of->id),
        .provider = STR("bank-a"),
        .orders = orders,
        .rule = rule,
        .currency = STR("CNY"),
        .number = number_of(c->w, c->of),
        .frozen = c->frozen,
        .shared = shared,
        .unclaimed = c->frozen - shared,
        .doubts = roll(c->w, 16) == 0,
        .frozen_at = c->w->trial.at,
        .statement = STR("{}"),
        .digest = STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")};
    return cmd;
}

static err write_round(struct computing *c, const struct command *cmd)
{
    struct trial *t = &c->w->trial;
    TRY(store_apply(t->store, cmd, t->at, &t->turn, NULL));
    for (int i = 0; i < WORLD_CLAIMS; i++) {
        char id[WORLD_ID];
        snprintf(id, sizeof id, "s%.*s-%d", STR_ARGS(str_from(cmd->record, 1)), i);
        struct command make = {
            .act = ACT_SHARE_MAKE, .actor = cmd->actor, .record = str_from_c(id)};
        make.body.share = (struct share){.round = cmd->record,
                                         .claim = str_from_c(c->w->claims[i].id),
                                         .basis = c->basis[i],
                                         .loss = c->loss[i],
                                         .amount = c->amount[i]};
        if (c->amount[i] > 0)
            TRY(store_apply(t->store, &make, t->at, &t->turn, NULL));
    }
    return OK;
}

static err in_one(struct refund_world *w, err (*write)(struct computing *, const struct command *),
                  struct computing *c, const struct command *cmd)
{
    struct trial *t = &w->trial;
    TRY(store_begin(t->store));
    err e = write(c, cmd);
    if (!failed(e))
        return store_commit(t->store, t->at);
    store_rollback(t->store);
    return e;
}

/* Now and then from what was known before another round was written: the store has to see it. */
static err compute(struct refund_world *w)
{
    struct computing c = {.w = w, .of = &w->accounts[roll(w, WORLD_ACCOUNTS)]};
    static const char *const promised =
        "SELECT coalesce(sum(s.amount), 0) FROM share s, round r WHERE r.id = s.round AND"
        " s.claim = $1 AND s.state <> 'paid' AND r.state NOT IN ('closed', 'void')";
    bool is_hasty = roll(w, 3) == 0;
    char id[WORLD_ID];
    c.frozen = asked(w,
                     "SELECT coalesce(sum(CASE WHEN amount > 0 AND amount < held THEN amount ELSE "
                     "held END), 0) " HELD,
                     c.of->id);
    for (int i = 0; i < WORLD_CLAIMS; i++) {
        const struct lost *l = &w->claims[i];
        c.loss[i] = l->amount - asked(w, "SELECT returned FROM claim WHERE id = $1", l->id);
        c.loss[i] -= is_hasty ? 0 : asked(w, promised, l->id);
    }
    bool is_first = number_of(w, c.of) == 1 && c.frozen > 0;
    enum refund_rule rule = is_first ? (enum refund_rule)roll(w, RULE_COUNT) : RULE_PROPORTIONAL;
    if (is_first)
        compute_by_rule(&c, rule);
    else
        compute_plainly(&c);
    str orders = world_text(
        w, "SELECT coalesce(group_concat(id, ' '), '') FROM (SELECT id " HELD " ORDER BY id)",
        c.of->id);
    snprintf(id, sizeof id, "d%03d", w->round_count++); /* a new one each time, come what may */
    struct command cmd = computed(&c, id, rule, orders);
    return in_one(w, write_round, &c, &cmd);
}

/* --- from step to step --- */

/* Mostly one that is open. */
static bool any_round(struct refund_world *w, struct round *ret)
{
    union record r;
    bool is_open = roll(w, 8) != 0;
    int64_t count = asked(w,
                          is_open ? "SELECT count(*) FROM round WHERE ended_at IS NULL AND id <> $1"
                                  : "SELECT count(*) FROM round WHERE id <> $1",
                          "");
    if (count == 0)
        return false;
    char skip[WORLD_ID];
    snprintf(skip, sizeof skip, "%d", roll(w, (int)count));
    str id = world_text(w,
                        is_open ? "SELECT id FROM round WHERE ended_at IS NULL ORDER BY id"
                                  " LIMIT 1 OFFSET CAST($1 AS INTEGER)"
                                : "SELECT id FROM round ORDER BY id LIMIT 1 OFFSET"
                                  " CAST($1 AS INTEGER)",
                        skip);
    err e = row_find(store_sql(w->trial.store), RECORD_ROUND, id, &w->trial.turn, &r);
    WELL(w, !failed(e), "%.*s: %s", STR_ARGS(id), e.why);
    *ret = r.round;
    return true;
}

struct round_orders_of {
    struct order orders[WORLD_ORDERS];
    const struct order *at[WORLD_ORDERS];
    size_t count;
};

static err orders_of(struct trial *t, const struct round *round, struct round_orders_of *ret)
{
    union record r;
    str ids = round->orders;
    ret->count = 0;
    for (str id = {0}; str_split(&ids, ' ', &id); ret->count++) {
        TRY(row_find(store_sql(t->store), RECORD_ORDER, id, &t->turn, &r));
        if (str_equal(r.order.ended_why, STR(ORDER_WHY_TAKEN)))
            TRY(row_find(store_sql(t->store), RECORD_ORDER, r.order.taker, &t->turn, &r));
        ret->orders[ret->count] = r.order;
        ret->at[ret->count] = &ret->orders[ret->count];
    }
    return OK;
}

/* Of a whole account: what is held is what the bank's book says, for all that rounds paid of it. */
static void check_whole(struct refund_world *w, const struct order *of)
{
    union record r;
    err e = row_find(store_sql(w->trial.store), RECORD_ORDER, of->id, &w->trial.turn, &r);
    WELL(w, !failed(e), "%.*s: %s", STR_ARGS(of->id), e.why);
    for (int i = 0; i < w->order_count; i++) {
        const struct held *h = &w->orders[i];
        bool is_it = str_equal(str_from_c(h->id), of->id);
        bool is_loose = w->accounts[h->account].is_loosened || w->is_fickle;
        WELL(w, !is_it || r.order.held == h->amount || is_loose, "%s: held %lld, at the bank %lld",
             h->id, (long long)r.order.held, (long long)h->amount);
    }
}

/* By what was paid, in the same transaction, as the program's own way to close does it. */
static err write_close(struct computing *c, const struct command *cmd)
{
    struct trial *t = &c->w->trial;
    struct round_orders_of of;
    struct relief reliefs[WORLD_ORDERS];
    union record r;
    TRY(store_apply(t->store, cmd, t->at, &t->turn, &r));
    struct round closed = r.round;
    TRY(orders_of(t, &closed, &of));
    int64_t ended = relief_ended(of.at, of.count, closed.sent_at);
    size_t live = 0;
    for (size_t i = 0; i < of.count; i++)
        if (order_is_live(of.at[i]->state))
            of.at[live++] = of.at[i];
    (void)round_relief(&(struct round_orders){of.at, live},
                       closed.returned > ended ? closed.returned - ended : 0, closed.paid_at,
                       reliefs);
    for (size_t i = 0; i < live; i++) {
        struct command let = {
            .actor = cmd->actor, .record = of.at[i]->id, .why = STR(WORLD_WHY_RETURNED)};
        if (relief_command(&reliefs[i], &let))
            TRY(store_apply(t->store, &let, t->at, &t->turn, NULL));
        if (let.act == ACT_ORDER_LOWER)
            check_whole(c->w, of.at[i]);
    }
    return OK;
}

/* Signed only while the orders carry it: the same transaction looks. */
static err write_signed(struct computing *c, const struct command *cmd)
{
    struct trial *t = &c->w->trial;
    struct round_orders_of of;
    union record r;
    TRY(store_apply(t->store, cmd, t->at, &t->turn, &r));
    struct round signed_now = r.round;
    TRY(orders_of(t, &signed_now, &of));
    struct round_orders orders = {of.at, of.count};
    return round_held_check(&signed_now, &orders, cmd->act, &t->law, t->at);
}

/* The next one mostly, so that rounds get somewhere. */
static enum act act_after(struct refund_world *w, const struct round *r)
{
    static const enum act acts[] = {ACT_ROUND_REVIEW, ACT_ROUND_NOTICE, ACT_ROUND_APPROVE,
                                    ACT_ROUND_CLOSE};
    if (roll(w, 60) == 0)
        return ACT_ROUND_VOID;
    if (roll(w, 5) == 0)
        return acts[roll(w, COUNT_OF(acts))];
    if (r->state == ROUND_COMPUTED)
        return ACT_ROUND_REVIEW;
    if (r->state == ROUND_REVIEWED && r->needs_notice != 0)
        return ACT_ROUND_NOTICE;
    return r->state == ROUND_PAID ? ACT_ROUND_CLOSE : ACT_ROUND_APPROVE;
}

static err any_step(struct refund_world *w)
{
    struct round r;
    struct computing c = {.w = w};
    if (!any_round(w, &r))
        return OK;
    struct command cmd = step(w, act_after(w, &r), "");
    cmd.record = r.id;
    if (cmd.act == ACT_ROUND_CLOSE)
        return in_one(w, write_close, &c, &cmd);
    return cmd.act == ACT_ROUND_VOID ? trial_apply(&w->trial, &cmd)
                                     : in_one(w, write_signed, &c, &cmd);
}

/* The digest of an objection's key. */
static str key_of(int objection)
{
    static char room[65];
    snprintf(room, sizeof room, "%064d", objection);
    return str_make(room, 64);
}

static err any_objection(struct refund_world *w)
{
    static const enum act acts[] = {ACT_APPEAL_REVIEW,   ACT_APPEAL_REJECT, ACT_APPEAL_REJECT,
                                    ACT_APPEAL_REJECT,   ACT_APPEAL_REJECT, ACT_APPEAL_WITHDRAW,
                                    ACT_APPEAL_WITHDRAW, ACT_APPEAL_GRANT};
    struct round r;
    char id[WORLD_ID];
    bool is_new = w->appeal_count == 0 || roll(w, 3) == 0;
    if (!any_round(w, &r))
        return OK;
    int i = is_new ? w->appeal_count++ : roll(w, w->appeal_count);
    snprintf(id, sizeof id, "a%03d", i);
    struct command cmd = step(w, is_new ? ACT_APPEAL_FILE : acts[roll(w, COUNT_OF(acts))], id);
    cmd.actor = is_new && roll(w, 4) != 0 ? trial_public : cmd.actor;
    cmd.body.appeal = (struct appeal){.round = r.id,
                                      .statement = STR("it is mine"),
                                      .secret = key_of(is_new || roll(w, 8) != 0 ? i : i + 1)};
    return trial_apply(&w->trial, &cmd);
}

/* --- time and trouble --- */

static void pass(struct refund_world *w, int64_t us)
{
    int fired = 1;
    w->trial.at = instant_add_us(w->trial.at, us);
    while (fired > 0) { /* one may set another */
        err e = trial_fire(&w->trial, w->trial.at, &fired);
        WELL(w, !failed(e), "timers: %s", e.why);
    }
}

static err any_deed(struct refund_world *w)
{
    switch (roll(w, 12)) {
    case 0:
        return any_order(w);
    case 1:
        return compute(w);
    case 2:
    case 3:
    case 4:
        return any_step(w);
    case 5:
        return any_objection(w);
    case 6:
        bank_carries_out(w, false);
        return OK;
    case 7:
    case 8:
        bank_pays(w, false);
        return OK;
    }
    return letter_arrives(w);
}

/* The machine stops in the middle of a commit, and comes back as it was before, or after. */
static void crash(struct refund_world *w)
{
    static const enum fault_kind kinds[] = {FAULT_VFS_FULL, FAULT_VFS_WRITE, FAULT_VFS_SYNC,
                                            FAULT_VFS_TEAR};
    vfs_tear((size_t)roll(w, 4096), VFS_TEAR_REFUSE);
    env_fault_from(kinds[roll(w, COUNT_OF(kinds))], 1 + random_below(&w->dice, 12));
    (void)any_deed(w);
    for (unsigned kind = FAULT_VFS_FULL; kind < FAULT_KIND_COUNT; kind++)
        env_fault_from((enum fault_kind)kind, 1);
    trial_close(&w->trial);
    env_fault_clear();
    world_open(w);
}

/* Stopped and started, nothing is another. */
static void restart(struct refund_world *w)
{
    struct digest before = trial_fingerprint(&w->trial);
    trial_close(&w->trial);
    world_open(w);
    struct digest after = trial_fingerprint(&w->trial);
    WELL(w, digest_equal(&before, &after), "another store comes back");
}

/* --- a world --- */

/* Nobody computes any more; what is sent is paid, or cannot be; what is frozen is let go. */
static void finish(struct refund_world *w)
{
    struct computing c = {.w = w};
    char id[WORLD_ID];
    for (int turn = 0; turn < 8; turn++) {
        bank_carries_out(w, true);
        bank_pays(w, true);
        while (w->letter_count > 0)
            (void)letter_arrives(w);
        bank_repeats(w);
        while (w->letter_count > 0)
            (void)letter_arrives(w);
        for (int i = 0; i < w->round_count; i++) {
            snprintf(id, sizeof id, "d%03d", i);
            struct command end = step(w, ACT_ROUND_VOID, id);
            (void)trial_apply(&w->trial, &end); /* where it was not sent */
            end.act = ACT_ROUND_CLOSE;
            (void)in_one(w, write_close, &c, &end);
        }
        arena_reset(&w->trial.turn);
        world_check(w);
        pass(w, 25 * US_PER_DAY);
    }
    WELL(w, asked(w, "SELECT count(*) FROM round WHERE ended_at IS NULL AND id <> $1", "") == 0,
         "a round is still open");
    WELL(w,
         asked(w, "SELECT coalesce(sum(returned), 0) FROM claim WHERE id <> $1", "") ==
             world_returned(w) - world_settled(w),
         "the bank gave back %lld", (long long)world_returned(w));
    for (int i = 0; i < WORLD_ACCOUNTS; i++)
        WELL(w, world_held(w, i) == 0, "%s: the bank still holds %lld", w->accounts[i].id,
             (long long)world_held(w, i));
    pass(w, WORLD_RETENTION_DAYS * US_PER_DAY);
    WELL(w,
         asked(w,
               "SELECT (SELECT count(*) FROM round WHERE statement <> 'erased' OR account <>"
               " 'erased-' || id) + (SELECT count(*) FROM share WHERE \"to\" <> $1)"
               " + (SELECT count(*) FROM claim WHERE \"to\" <> 'erased-' || id)"
               " + (SELECT count(*) FROM receipt WHERE share IS NOT NULL AND (reference IS NOT NULL"
               " OR reason IS NOT NULL))"
               " + (SELECT count(*) FROM \"order\" o WHERE NOT EXISTS (SELECT 1 FROM ledger_leaf l"
               " WHERE l.record = o.id AND l.act = 'order.erase'))",
               "") == 0,
         "something personal is left");
    const char *fault = trial_check(&w->trial);
    WELL(w, fault == NULL, "%s", fault);
}

/* What worlds came to, all together: tests of nothing would pass too. */
static struct {
    int64_t paid;
    int64_t failed;
    int64_t closed;
    int64_t noticed;
    int64_t again;    /* a second round of an account was paid */
    int64_t taken;    /* a freeze took over what a hold held */
    int64_t bounced;  /* what had been paid came back */
    int64_t reopened; /* and its round was paid by then */
    int64_t belated;  /* or closed */
} reached;

static void count_reached(struct refund_world *w)
{
    reached.paid += asked(w, "SELECT count(*) FROM share WHERE state = 'paid' AND id <> $1", "");
    reached.failed +=
        asked(w, "SELECT count(*) FROM share WHERE state = 'failed' AND id <> $1", "");
    reached.closed +=
        asked(w, "SELECT count(*) FROM round WHERE state = 'closed' AND id <> $1", "");
    reached.noticed += asked(
        w, "SELECT count(*) FROM round WHERE state = 'closed' AND needs_notice = 1 AND id <> $1",
        "");
    reached.again += asked(
        w, "SELECT count(*) FROM round WHERE state = 'closed' AND number > 1 AND id <> $1", "");
    reached.taken += asked(
        w, "SELECT count(*) FROM \"order\" WHERE ended_why = 'order.taken_over' AND id <> $1", "");
    reached.bounced += asked(
        w, "SELECT count(*) FROM ledger_leaf WHERE act = 'claim.bounce' AND record <> $1", "");
    reached.reopened += asked(
        w, "SELECT count(*) FROM ledger_leaf WHERE act = 'round.reopen' AND record <> $1", "");
    reached.belated +=
        asked(w, "SELECT count(*) FROM receipt WHERE fate = 'contradicting' AND share <> $1", "");
}

static void live(uint64_t seed)
{
    struct refund_world *w = &world;
    world_begin(w, seed);
    for (w->step = 0; w->step < STEPS; w->step++) {
        int what = roll(w, 24);
        if (what == 0)
            crash(w);
        else if (what == 1)
            restart(w);
        else if (what < 6)
            pass(w, (1 + roll(w, 60)) * 2 * HOURS);
        else
            (void)any_deed(w); /* refusals are the desk's to test */
        arena_reset(&w->trial.turn);
        world_check(w);
        arena_reset(&w->trial.turn);
    }
    finish(w);
    count_reached(w);
    trial_done(&w->trial);
}

static void rounds_and_crashes(void **state)
{
    (void)state;
    const char *seed = getenv("YUMEN_SEED");
    const char *seeds = getenv("YUMEN_SEEDS");
    if (seed != NULL) {
        live(strtoull(seed, NULL, 10));
        return;
    }
    unsigned count = seeds == NULL ? SEEDS : (unsigned)strtoul(seeds, NULL, 10);
    for (unsigned i = 1; i <= count; i++)
        live(i);
    print_message("paid %lld, failed %lld, closed %lld, noticed %lld, again %lld, taken %lld\n",
                  (long long)reached.paid, (long long)reached.failed, (long long)reached.closed,
                  (long long)reached.noticed, (long long)reached.again, (long long)reached.taken);
    print_message("came back %lld, opened again %lld, too late %lld\n", (long long)reached.bounced,
                  (long long)reached.reopened, (long long)reached.belated);
    if (count < SEEDS)
        return;
    assert_true(reached.paid > 0 && reached.failed > 0);
    assert_true(reached.closed > 0 && reached.noticed > 0 && reached.taken > 0);
    assert_true(reached.bounced > 0);
    if (count >= 60)
        assert_true(reached.reopened > 0 && reached.belated > 0);
}

static int begin(void **state)
{
    (void)state;
    err e = kit_boot();
    if (!failed(e))
        e = vfs_register();
    return failed(e) ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rounds_and_crashes)};
    return cmocka_run_group_tests_name("sim/refund", tests, begin, NULL);
}
