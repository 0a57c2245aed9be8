/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/tier.h"

#include <assert.h>
#include <string.h>

enum { DAY_S = 86400 };

enum tier tier_of(const struct warn_rules *r, int32_t micro, enum tier was)
{
    enum tier tier = TIER_NONE;
    for (enum tier next = TIER_LOW; next < TIER_COUNT; next++) {
        int64_t from = r->from_micro[next];
        if (next <= was)
            from = from * r->stays_micro / RULES_MICRO;
        if (micro >= from)
            tier = next;
    }
    return tier;
}

static uint32_t day_of(const struct warn_budget *b, uint32_t now_s)
{
    return (uint32_t)(((int64_t)now_s + b->zone_s) / DAY_S);
}

bool budget_holds(const struct warn_budget *b, const struct episode *e, uint32_t now_s)
{
    return e->reached_times > 0 && e->reached_day == day_of(b, now_s);
}

bool budget_take(struct warn_budget *b, struct episode *e, enum tier tier, uint32_t now_s)
{
    assert(tier > TIER_NONE && tier < TIER_COUNT);
    uint32_t day = day_of(b, now_s);
    if (b->day != day) {
        b->day = day;
        memset(b->spent, 0, sizeof b->spent);
    }
    if (!budget_holds(b, e, now_s))
        e->reached_times = 0;
    uint32_t a_number = b->a_number + (tier == TIER_URGENT ? BUDGET_URGENT_EXTRA : 0);
    bool has_one = b->a_day[tier] == BUDGET_NO_LIMIT || b->spent[tier] < b->a_day[tier];
    if (!has_one || e->reached_times >= a_number) {
        b->refused++;
        return false;
    }
    b->spent[tier]++;
    e->reached_times++;
    e->reached_day = day;
    return true;
}
