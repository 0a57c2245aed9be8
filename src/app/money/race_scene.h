/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_scene - an incident's trail and orders, as the race wants to see them.
 *
 * Shape     nodes of the trail + what stands on each --> race accounts --> plan
 *
 *           An order counts as standing while somebody still decides on it, too: what is drafted is
 *           not asked for twice. On an account whose order ended, nothing is asked again by
 *           itself; only where a bank refused, or found less than was asked, or the centre let go
 *           because nothing stolen was left there, and new money has come since. A stopped account
 *           lets nothing out: it is not chased.
 * Owns      Nothing; in the arena.
 * Lives     A ranking.
 * Fails     ERR_LIMIT.
 * Threads   One at a time with one hazard.
 * Bounds    RACE_MOST accounts: those with most of the money.
 */
#ifndef YUMEN_APP_MONEY_RACE_SCENE_H
#define YUMEN_APP_MONEY_RACE_SCENE_H

#include "app/money/trail_doc.h"
#include "fact/listing.h"
#include "fact/provider.h"
#include "trail/race_why.h"

/* Why the centre itself lets go. */
#define RACE_WHY_GONE     "race.gone"
#define RACE_WHY_MISMATCH "race.mismatch"

/* By account: one a node that money is attributed to, but for the victims' own; nodes[i] is its
 * place in the document. */
struct race_accounts {
    struct race_account *at;
    uint32_t *nodes;
    uint32_t count;
};

struct race_scene {
    const struct providers *providers;
    const struct trail_doc *doc;
    const struct order *orders; /* of the incident */
    size_t order_count;
    const struct race_accounts *before; /* as they were: what became of the money is learnt */
    int zone_min;
    instant now;
    struct arena *arena;
};

/* Orders that speak of accounts, by what they are on; those on one account in their own order. */
struct race_orders {
    const struct order **at;
    size_t count;
};

err race_scene_orders(const struct race_scene *s, struct race_orders *ret);
/* But for when its money left. */
struct race_account race_scene_account(const struct race_scene *s, const struct race_orders *orders,
                                       const struct trail_node *node);
bool race_scene_is_victims_own(const struct trail_doc *doc, uint32_t account);
err race_scene_accounts(const struct race_scene *s, struct race_accounts *ret);
struct race_settings race_scene_settings(const struct race_scene *s);
/* Learns what became of the money since `before`, and ranks. */
err race_scene_rank(const struct race_scene *s, struct hazard *hazard, int64_t budget,
                    const struct race_accounts *accounts, struct race_plan *ret_plan);
/* The node a pick is about. */
const struct trail_node *race_scene_node(const struct race_scene *s,
                                         const struct race_accounts *accounts, uint32_t account);
/* "key number" a line, as an order keeps it. */
err race_scene_why(const struct race_pick *pick, struct arena *a, str *ret_lines);

#endif
