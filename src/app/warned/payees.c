/* SPDX-License-Identifier: Apache-2.0 */
#include "app/warned/payees.h"

#include <assert.h>

#define SPREAD UINT64_C(0x9E3779B97F4A7C15)

enum {
    FAST_S = 3600,
    FAST_PERCENT = 60,
    LARGE_MINOR = 200000,
    STRANGERS_S = 7 * 86400,
    FAST_OFTEN = 3,
    STRANGERS_MANY = 4,
    STRANGERS_SOME = 2,
    TIMES_MANY = 10, /* the most it ever paid */
    TIMES_SOME = 3,
};
/* Strengths, of a thousand. */
enum { WHOLE = 1000, SOME = 400 };

/* --- looking --- */

static const struct payee *find(const struct payees *p, uint64_t key)
{
    static const struct payee nothing = {0};
    const struct payee *at = &p->at[key % PAYEES];
    return at->key == key ? at : &nothing;
}

static uint64_t pair_of(const struct paid *paid)
{
    return (paid->from * SPREAD) ^ paid->to;
}

static uint16_t payee_strength(const struct payee *payee)
{
    if (payee->fast >= FAST_OFTEN || payee->strangers >= STRANGERS_MANY)
        return WHOLE;
    return payee->fast > 0 || payee->strangers >= STRANGERS_SOME ? SOME : 0;
}

static uint16_t amount_strength(const struct payee *payer, int64_t minor)
{
    if (minor < LARGE_MINOR || payer->most_minor == 0)
        return 0;
    if (minor / TIMES_MANY >= payer->most_minor)
        return WHOLE;
    return minor / TIMES_SOME >= payer->most_minor ? SOME : 0;
}

struct payment_risk payees_look(const struct payees *p, const struct paid *paid)
{
    assert(paid->from != 0 && paid->to != 0);
    const struct payee *payee = find(p, paid->to);
    uint64_t pair = pair_of(paid);
    return (struct payment_risk){
        .is_new = p->pairs[pair % PAYEE_PAIRS] != pair,
        .is_fast = payee->fast > 0,
        .payee = payee_strength(payee),
        .amount = amount_strength(find(p, paid->from), paid->amount_minor),
    };
}

/* --- taking --- */

/* Its place, which is another's no more. */
static struct payee *place_of(struct payees *p, uint64_t key)
{
    struct payee *at = &p->at[key % PAYEES];
    if (at->key != key)
        *at = (struct payee){.key = key};
    return at;
}

static void pay_out(struct payee *payer, const struct paid *paid)
{
    bool is_soon = paid->time_s < payer->came_s + FAST_S && payer->came_minor >= LARGE_MINOR;
    if (is_soon && paid->amount_minor >= payer->came_minor / 100 * FAST_PERCENT)
        payer->fast += payer->fast < UINT32_MAX;
    if (paid->amount_minor > payer->most_minor)
        payer->most_minor = paid->amount_minor;
}

/* Half of those of a week ago are forgotten. */
static void count_stranger(struct payee *payee, uint32_t time_s)
{
    if (time_s > payee->strangers_s + STRANGERS_S) {
        payee->strangers /= 2;
        payee->strangers_s = time_s;
    }
    payee->strangers += payee->strangers < UINT32_MAX;
}

struct payment_risk payees_take(struct payees *p, const struct paid *paid)
{
    struct payment_risk risk = payees_look(p, paid);
    uint64_t pair = pair_of(paid);
    p->pairs[pair % PAYEE_PAIRS] = pair;
    pay_out(place_of(p, paid->from), paid);
    struct payee *payee = place_of(p, paid->to);
    payee->came_minor = paid->amount_minor;
    payee->came_s = paid->time_s;
    if (risk.is_new && paid->amount_minor >= PAYMENT_LEAST_MINOR)
        count_stranger(payee, paid->time_s);
    return risk;
}
