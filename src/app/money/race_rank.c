/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/race_rank.h"

enum { LEARN_BYTES = 16 << 20 };

void race_rank_close(struct race_rank *r)
{
    arena_done(&r->arena);
    env_mutex_done(&r->mutex);
}

err race_rank_open(struct race_rank *r)
{
    env_mutex_init(&r->mutex);
    arena_init(&r->arena, LEARN_BYTES);
    err e = hazard_make(&r->arena, &r->hazard);
    if (failed(e))
        race_rank_close(r);
    return e;
}

static err rank_alone(const struct race_scene *s, int64_t budget,
                      const struct race_accounts *accounts, struct race_plan *plan)
{
    struct hazard *hazard = NULL;
    TRY(hazard_make(s->arena, &hazard));
    return race_scene_rank(s, hazard, budget, accounts, plan);
}

/* Whatever waits for a disk is done before the others are kept from it. */
err race_rank_plan(struct race_rank *r, const struct race_scene *s, int64_t budget,
                   struct race_accounts *ret_accounts, struct race_plan *ret_plan)
{
    TRY(race_scene_accounts(s, ret_accounts));
    if (r == NULL)
        return rank_alone(s, budget, ret_accounts, ret_plan);
    env_mutex_lock(&r->mutex);
    err e = race_scene_rank(s, r->hazard, budget, ret_accounts, ret_plan);
    env_mutex_unlock(&r->mutex);
    return e;
}
