/* SPDX-License-Identifier: Apache-2.0 */
#include "app/warned/watch.h"
#include "app/warned/watch_inside.h"
#include "fact/number.h"

#include <assert.h>
#include <string.h>

enum { TURN_BYTES = 1 << 16 };

void watch_money_begin(struct watch_money *w, struct house *house, struct runs *runs, str from)
{
    *w = (struct watch_money){.house = house, .runs = runs, .currency = house->law.currency};
    warned_tell_begin(&w->tell, house, STR("transfers"), from);
    row_judge_init(&w->judge, house);
    suspects_refresh(house);
}

void watch_money_end(struct watch_money *w)
{
    if (w->house == NULL)
        return;
    warned_tell_end(&w->tell);
    row_judge_done(&w->judge);
}

/* --- whose number --- */

/* One that many accounts share is nobody's: a branch's desk, a line that somebody typed. */
static bool is_shared(struct watch *w, uint64_t contact, uint64_t account)
{
    struct contact *c = &w->contacts[contact % CONTACTS];
    if (c->key != contact)
        *c = (struct contact){.key = contact};
    for (size_t i = 0; i < CONTACT_ACCOUNTS; i++) {
        if (c->accounts[i] == 0)
            c->accounts[i] = account;
        if (c->accounts[i] == account)
            return c->is_shared;
    }
    c->is_shared = true;
    return true;
}

static str number_of_facts(struct house *house, const struct account_facts *facts,
                           struct arena *turn)
{
    struct number number = {0};
    struct watch *memory = house->watch;
    if (failed(number_parse(facts->contact, house->law.phone_region, turn, &number)))
        return STR("");
    uint64_t contact = warned_hash(house, number.value);
    uint64_t account = warned_hash(house, facts->account);
    env_mutex_lock(&memory->mutex);
    bool is_nobodys = is_shared(memory, contact, account);
    env_mutex_unlock(&memory->mutex);
    return is_nobodys ? STR("") : number.value;
}

/* By the word of the account's own bank; empty: nobody's. */
static str number_of(const struct watch_money *w, str account, struct arena *turn)
{
    struct account_facts facts = {0};
    uint32_t ordinal = 0;
    err e = runs_ask_account(w->runs, account, &ordinal);
    if (!failed(e))
        e = runs_ask_facts(w->runs, ordinal, turn, &facts);
    facts.account = account;
    return failed(e) ? STR("") : number_of_facts(w->house, &facts, turn);
}

void watch_accounts(struct house *house, const struct account_facts *facts, uint32_t count)
{
    struct arena turn;
    if (house->watch == NULL)
        return;
    arena_init(&turn, TURN_BYTES);
    for (uint32_t i = 0; i < count; i++) {
        arena_reset(&turn);
        if (!str_is_empty(facts[i].contact))
            (void)number_of_facts(house, &facts[i], &turn);
    }
    arena_done(&turn);
}

/* --- how risky --- */

static struct paid paid_of(const struct house *house, str from, str to, int64_t minor,
                           uint32_t time_s)
{
    return (struct paid){.from = warned_hash(house, from),
                         .to = warned_hash(house, to),
                         .amount_minor = minor,
                         .time_s = time_s};
}

/* To an account, in the law profile's currency, and no small sum. */
static bool is_worth_a_look(const struct watch_money *w, const struct transfer *t)
{
    return t->exit == EXIT_NONE && str_equal(str_from_c(t->currency), w->currency) &&
           t->amount_minor >= PAYMENT_LEAST_MINOR;
}

/* A payee that is known to be bad is, whatever else is known. */
static struct watch_risk known_bad(struct watch_risk risk, enum warned_basis basis)
{
    risk.basis = basis;
    risk.is_waiting = true;
    risk.payee = SIGNAL_WHOLE;
    return risk;
}

static struct watch_risk of_known(const struct payment_risk *known)
{
    return (struct watch_risk){.basis = known->is_fast ? WARNED_EMPTYING : WARNED_NEW,
                               .is_waiting = known->is_new,
                               .payee = known->payee,
                               .amount = known->amount};
}

static struct watch_risk risk_of(struct watch_money *w, const struct transfer *t, uint32_t row)
{
    struct watch *memory = w->house->watch;
    const struct paid paid =
        paid_of(w->house, t->from, t->to, t->amount_minor, (uint32_t)(t->time_ms / 1000));
    bool is_booked = t->status == TRANSFER_BOOKED;
    env_mutex_lock(&memory->mutex);
    struct payment_risk known =
        is_booked ? payees_take(memory->payees, &paid) : payees_look(memory->payees, &paid);
    bool is_ordered = suspects_has(memory, paid.to ^ INDICATOR_ACCOUNT);
    env_mutex_unlock(&memory->mutex);
    if (!known.is_new || !is_worth_a_look(w, t))
        known = (struct payment_risk){0};
    struct watch_risk risk = of_known(&known);
    risk.row = row;
    if (row == 0 && !is_ordered)
        return risk;
    return known_bad(risk, row != 0 ? WARNED_LISTING : WARNED_ORDER);
}

struct watch_risk watch_ask(struct house *house, const struct watch_asked *asked)
{
    struct watch *memory = house->watch;
    struct payment_risk known = {.is_new = true};
    bool is_ordered = false;
    if (memory != NULL) {
        const struct paid paid =
            paid_of(house, asked->from, asked->to, asked->minor, asked->time_s);
        env_mutex_lock(&memory->mutex);
        known = payees_look(memory->payees, &paid);
        is_ordered = suspects_has(memory, paid.to ^ INDICATOR_ACCOUNT);
        env_mutex_unlock(&memory->mutex);
    }
    if (!known.is_new || asked->is_known_payee || asked->minor < PAYMENT_LEAST_MINOR)
        known = (struct payment_risk){0};
    struct watch_risk risk = of_known(&known);
    risk.row = asked->row;
    if (!asked->is_listed && !is_ordered)
        return risk;
    return known_bad(risk, asked->is_listed ? WARNED_LISTING : WARNED_ORDER);
}

size_t watch_risk_signals(const struct watch_risk *risk, const struct warned_seen *payment,
                          struct warned_seen ret_seen[WATCH_SIGNALS])
{
    const struct {
        enum signal_kind kind;
        uint16_t strength;
    } beside[] = {
        {SIGNAL_PAYEE,  risk->payee },
        {SIGNAL_AMOUNT, risk->amount}
    };
    size_t count = 0;
    if (!risk->is_waiting)
        return 0;
    ret_seen[count] = *payment;
    ret_seen[count].basis = risk->basis;
    ret_seen[count].row = risk->row;
    ret_seen[count++].strength = SIGNAL_WHOLE;
    for (size_t i = 0; i < COUNT_OF(beside); i++) {
        if (beside[i].strength == 0)
            continue;
        ret_seen[count] = ret_seen[0];
        ret_seen[count].kind = beside[i].kind;
        ret_seen[count++].strength = beside[i].strength;
    }
    return count;
}

static void tell(struct watch_money *w, const struct transfer *t, const struct watch_risk *risk,
                 struct arena *turn)
{
    struct warned_seen seen[WATCH_SIGNALS];
    const struct warned_seen payment = {
        .kind = t->status == TRANSFER_PENDING ? SIGNAL_PENDING : SIGNAL_BOOKED,
        .time_s = (uint32_t)(t->time_ms / 1000),
        .id = warned_hash(w->house, t->id),
        .number = number_of(w, t->from, turn),
    };
    if (str_is_empty(payment.number))
        return;
    size_t count = watch_risk_signals(risk, &payment, seen);
    for (size_t i = 0; i < count; i++)
        warned_tell_put(&w->tell, &seen[i]);
}

/* --- rows --- */

static bool is_watched(const struct watch_money *w, const struct transfer *t, int64_t now_ms)
{
    bool is_paid = t->status == TRANSFER_PENDING || t->status == TRANSFER_BOOKED;
    return is_paid && w->house->watch != NULL && t->time_ms > now_ms - INT64_C(1000) * WATCH_S &&
           !str_equal(t->from, t->to);
}

static void judge_some(struct watch_money *w, const struct transfer *const *rows, size_t count)
{
    struct row_asked asked[JUDGE_AT_ONCE] = {0};
    uint32_t listed[JUDGE_AT_ONCE] = {0};
    struct arena turn;
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        asked[i] = (struct row_asked){.kind = INDICATOR_ACCOUNT,
                                      .value = rows[i]->to,
                                      .key = warned_hash(w->house, rows[i]->to)};
    if (failed(row_judge_many(&w->judge, asked, count, listed)))
        memset(listed, 0, sizeof listed);
    arena_init(&turn, TURN_BYTES);
    for (size_t i = 0; i < count; i++) {
        struct watch_risk risk = risk_of(w, rows[i], listed[i]);
        arena_reset(&turn);
        if (risk.is_waiting)
            tell(w, rows[i], &risk, &turn);
    }
    arena_done(&turn);
}

void watch_money_put(struct watch_money *w, const struct transfer *rows, const uint8_t *fates,
                     uint32_t count)
{
    const struct transfer *some[JUDGE_AT_ONCE];
    size_t waiting = 0;
    int64_t now_ms = clock_now(&w->house->clock).us / 1000;
    for (uint32_t i = 0; i < count; i++) {
        if (fates[i] != RUNS_ACCEPTED || !is_watched(w, &rows[i], now_ms))
            continue;
        some[waiting++] = &rows[i];
        if (waiting < JUDGE_AT_ONCE)
            continue;
        judge_some(w, some, waiting);
        waiting = 0;
    }
    judge_some(w, some, waiting);
}
