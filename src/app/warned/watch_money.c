/* SPDX-License-Identifier: Apache-2.0 */
#include "app/warned/watch.h"
#include "app/warned/watch_inside.h"
#include "fact/number.h"

#include <assert.h>
#include <string.h>

/* Of a thousand. */
enum { LISTED = 1000, ORDERED = 900, EMPTIED_OFTEN = 1000, EMPTIED = 400, NEW = 50 };
enum { LEAST_MINOR = 50000, OFTEN = 3, TURN_BYTES = 1 << 16 };

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

struct risk {
    uint16_t strength; /* 0: none */
    enum warned_basis basis;
    uint32_t row;
};

static struct risk risk_of_payee(struct watch_money *w, const struct transfer *t)
{
    struct watch *memory = w->house->watch;
    const struct payment paid = {.from = warned_hash(w->house, t->from),
                                 .to = warned_hash(w->house, t->to),
                                 .amount_minor = t->amount_minor,
                                 .time_s = (uint32_t)(t->time_ms / 1000)};
    env_mutex_lock(&memory->mutex);
    struct payment_risk known = payees_take(memory->payees, &paid);
    bool is_ordered = suspects_has(memory, paid.to ^ INDICATOR_ACCOUNT);
    env_mutex_unlock(&memory->mutex);
    bool is_large =
        str_equal(str_from_c(t->currency), w->currency) && t->amount_minor >= LEAST_MINOR;
    if (is_ordered)
        return (struct risk){ORDERED, WARNED_ORDER, 0};
    if (!known.is_new || !is_large)
        return (struct risk){0};
    if (known.fast == 0)
        return (struct risk){NEW, WARNED_NEW, 0};
    return (struct risk){known.fast < OFTEN ? EMPTIED : EMPTIED_OFTEN, WARNED_EMPTYING, 0};
}

static void tell(struct watch_money *w, const struct transfer *t, const struct risk *risk,
                 struct arena *turn)
{
    str number = number_of(w, t->from, turn);
    if (str_is_empty(number))
        return;
    const struct warned_seen seen = {
        .kind = t->status == TRANSFER_PENDING ? SIGNAL_PENDING : SIGNAL_BOOKED,
        .basis = risk->basis,
        .row = risk->row,
        .time_s = (uint32_t)(t->time_ms / 1000),
        .strength = risk->strength,
        .id = warned_hash(w->house, t->id),
        .number = number,
    };
    warned_tell_put(&w->tell, &seen);
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
        struct risk risk = risk_of_payee(w, rows[i]);
        if (listed[i] != 0)
            risk = (struct risk){LISTED, WARNED_LISTING, listed[i]};
        arena_reset(&turn);
        if (risk.strength > 0)
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
