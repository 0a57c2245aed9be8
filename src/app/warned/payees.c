/* SPDX-License-Identifier: Apache-2.0 */
#include "app/warned/payees.h"

#include <assert.h>

#define SPREAD UINT64_C(0x9E3779B97F4A7C15)

enum { FAST_S = 3600, MOST_PERCENT = 60, LARGE_MINOR = 200000 };

/* Its place, which is another's no more. */
static struct payee *place_of(struct payees *p, uint64_t key)
{
    struct payee *at = &p->at[key % PAYEES];
    if (at->key != key)
        *at = (struct payee){.key = key};
    return at;
}

/* Was it there before? It is from now on. */
static bool was_paid(struct payees *p, const struct payment *paid)
{
    uint64_t pair = (paid->from * SPREAD) ^ paid->to;
    uint64_t *at = &p->pairs[pair % PAYEE_PAIRS];
    bool was = *at == pair;
    *at = pair;
    return was;
}

static void pay_out(struct payee *payer, const struct payment *paid)
{
    bool is_soon = paid->time_s < payer->came_s + FAST_S && payer->came_minor >= LARGE_MINOR;
    if (is_soon && paid->amount_minor >= payer->came_minor / 100 * MOST_PERCENT)
        payer->fast += payer->fast < UINT32_MAX;
}

struct payment_risk payees_take(struct payees *p, const struct payment *paid)
{
    assert(paid->from != 0 && paid->to != 0);
    pay_out(place_of(p, paid->from), paid);
    struct payee *payee = place_of(p, paid->to);
    struct payment_risk risk = {.is_new = !was_paid(p, paid), .fast = payee->fast};
    payee->came_minor = paid->amount_minor;
    payee->came_s = paid->time_s;
    return risk;
}
