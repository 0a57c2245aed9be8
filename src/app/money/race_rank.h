/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_rank - what banks have taught so far, and ranks by it, for whoever asks.
 *
 * Shape     a scene --> its accounts --> a plan: what to order where, and why
 * Owns      The hazards, behind a mutex: whoever learns locks it (race_thread).
 * Lives     From race_rank_open to race_rank_close.
 * Fails     ERR_LIMIT.
 * Threads   rank: any.
 * Bounds    As hazard.h.
 */
#ifndef YUMEN_APP_MONEY_RACE_RANK_H
#define YUMEN_APP_MONEY_RACE_RANK_H

#include "app/money/race_scene.h"
#include "env/thread.h"

struct race_rank {
    struct env_mutex mutex; /* guards: */
    struct hazard *hazard;
    struct arena arena;
};

err race_rank_open(struct race_rank *r);
void race_rank_close(struct race_rank *r);
/* `r` may be NULL: then by what is assumed of banks of which nothing is known. */
err race_rank_plan(struct race_rank *r, const struct race_scene *s, int64_t budget,
                   struct race_accounts *ret_accounts, struct race_plan *ret_plan);

#endif
