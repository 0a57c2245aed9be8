/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/rules.h"

#include "warn/decay.h"

#include <assert.h>

/* Chosen by hand: what a trainer begins with, and keeps of what its data do not show. */
void rules_usual(struct warn_rules *r)
{
    *r = (struct warn_rules){
        .weight_mn = {[SIGNAL_MESSAGE] = 1500,
                      [SIGNAL_CALL] = 5000,
                      [SIGNAL_CALLED] = 4500,
                      [SIGNAL_VISIT] = 2500,
                      [SIGNAL_PENDING] = 5000,
                      [SIGNAL_BOOKED] = 4500,
                      [SIGNAL_PAYEE] = 2500,
                      [SIGNAL_AMOUNT] = 1000,
                      [SIGNAL_REQUEST] = 2500,
                      [SIGNAL_CALM] = -6000},
        .half_life_s = {[SIGNAL_MESSAGE] = 4 * 3600,
                      [SIGNAL_CALL] = 15 * 60,
                      [SIGNAL_CALLED] = 60 * 60,
                      [SIGNAL_VISIT] = 2 * 3600,
                      [SIGNAL_PENDING] = 30 * 60,
                      [SIGNAL_BOOKED] = 3 * 3600,
                      [SIGNAL_PAYEE] = 3 * 3600,
                      [SIGNAL_AMOUNT] = 3 * 3600,
                      [SIGNAL_REQUEST] = 3600,
                      [SIGNAL_CALM] = 12 * 3600},
        .pairs = {{"a call while a listed site is open", SIGNAL_CALL, SIGNAL_VISIT, false, 2500},
                      {"a call and a listed site", SIGNAL_CALLED, SIGNAL_VISIT, false, 2500},
                      {"a link, then its site", SIGNAL_MESSAGE, SIGNAL_VISIT, true, 500},
                      {"a payment during a call", SIGNAL_CALL, SIGNAL_PENDING, true, 2500},
                      {"a payment after a call", SIGNAL_CALLED, SIGNAL_PENDING, true, 1500},
                      {"a payment after a listed site", SIGNAL_VISIT, SIGNAL_PENDING, true, 2000},
                      {"a payment after a link", SIGNAL_MESSAGE, SIGNAL_PENDING, true, 500},
                      {"a payment made after a call", SIGNAL_CALLED, SIGNAL_BOOKED, true, 2000},
                      {"a payment made after a site", SIGNAL_VISIT, SIGNAL_BOOKED, true, 2000},
                      {"a large payment during a call", SIGNAL_CALL, SIGNAL_AMOUNT, true, 500},
                      {"a large payment after a call", SIGNAL_CALLED, SIGNAL_AMOUNT, true, 500},
                      {"a large payment after a site", SIGNAL_VISIT, SIGNAL_AMOUNT, true, 500},
                      {"a risky payee after a call", SIGNAL_CALLED, SIGNAL_PAYEE, true, 500},
                      {"a risky payee after a site", SIGNAL_VISIT, SIGNAL_PAYEE, true, 500},
                      {"a large payment, a risky payee", SIGNAL_AMOUNT, SIGNAL_PAYEE, false, 500}},
        .pair_count = 15,
        .from_micro = {[TIER_LOW] = 100000,
                      [TIER_MEDIUM] = 400000,
                      [TIER_HIGH] = 880000,
                      [TIER_URGENT] = 950000},
        .stays_micro = 800000,
        .ahead_s = 120,
    };
    err e = rules_prepare(r);
    assert(!failed(e));
    (void)e;
}

static err kind_prepare(struct warn_rules *r, size_t kind)
{
    int32_t weight = r->weight_mn[kind];
    bool is_right_way = (weight < 0) == (kind == SIGNAL_CALM);
    if (weight == 0 || weight > WEIGHT_MOST_MN || weight < -WEIGHT_MOST_MN || !is_right_way)
        return fail(ERR_MALFORMED, "warn.weight", (uint32_t)kind);
    if (r->half_life_s[kind] < HALF_LIFE_LEAST_S || r->half_life_s[kind] > HALF_LIFE_MOST_S)
        return fail(ERR_MALFORMED, "warn.half_life", (uint32_t)kind);
    uint64_t size = (uint64_t)(weight < 0 ? -weight : weight);
    r->gone_q16[kind] = size <= FADED_MN ? 0 : decay_log2(size) - decay_log2(FADED_MN);
    return OK;
}

/* In Q16 seconds: how long until its whole weight has faded. */
static int64_t life_of(const struct warn_rules *r, size_t kind)
{
    return r->gone_q16[kind] * r->half_life_s[kind];
}

static bool pair_is_good(const struct warn_pair *p)
{
    bool is_of_kinds = p->first < SIGNAL_KINDS && p->second < SIGNAL_KINDS;
    return p->name != NULL && is_of_kinds && p->first != p->second &&
           p->weight_mn >= -WEIGHT_MOST_MN && p->weight_mn <= WEIGHT_MOST_MN;
}

static err tiers_check(const struct warn_rules *r)
{
    for (size_t tier = TIER_LOW; tier < TIER_COUNT; tier++)
        if (r->from_micro[tier] <= r->from_micro[tier - 1] || r->from_micro[tier] > RULES_MICRO)
            return fail(ERR_MALFORMED, "warn.tier", (uint32_t)tier);
    bool is_good =
        r->from_micro[TIER_NONE] == 0 && r->stays_micro > 0 && r->stays_micro <= RULES_MICRO;
    return is_good ? OK : fail(ERR_MALFORMED, "warn.tier", 0);
}

err rules_prepare(struct warn_rules *r)
{
    for (size_t kind = 0; kind < SIGNAL_KINDS; kind++)
        TRY(kind_prepare(r, kind));
    /* A call that is over must be known as long as the call is; so must what was pending. */
    if (life_of(r, SIGNAL_CALLED) < life_of(r, SIGNAL_CALL))
        return fail(ERR_MALFORMED, "warn.half_life", SIGNAL_CALLED);
    if (life_of(r, SIGNAL_BOOKED) < life_of(r, SIGNAL_PENDING))
        return fail(ERR_MALFORMED, "warn.half_life", SIGNAL_BOOKED);
    for (uint32_t i = 0; i < r->pair_count; i++)
        if (i == PAIRS_MOST || !pair_is_good(&r->pairs[i]))
            return fail(ERR_MALFORMED, "warn.pair", i);
    for (int64_t strength = 1; strength <= SIGNAL_WHOLE; strength++)
        r->log2_q16[strength] =
            (int32_t)(decay_log2((uint64_t)strength) - decay_log2(SIGNAL_WHOLE));
    r->log2_q16[0] = INT32_MIN;
    return tiers_check(r);
}

str tier_name(enum tier tier)
{
    static const char *const names[TIER_COUNT] = {
#define X(name, word) [TIER_##name] = word,
        TIER_LIST(X)
#undef X
    };
    assert(tier < TIER_COUNT);
    return str_from_c(names[tier]);
}
