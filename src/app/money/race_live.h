/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_live - the race of an incident whose case stands: it stays from one transfer or receipt to
 * the next, and only accounts that either touched are put again.
 *
 * Shape     nodes that changed ---+
 *           orders, then and now -+--> their accounts, by number --> race_put … --> race_rank
 *
 *           What is learnt and how everything ranks is what race_scene_rank comes to, from all
 *           accounts as they were and as they are.
 * Owns      Its race.
 * Lives     From init to done.
 * Fails     ERR_LIMIT: the next pass puts everything.
 * Threads   One; what was learnt is behind race_rank's mutex.
 * Bounds    RACE_MOST accounts; a pass is one ranking, and O(log accounts) for each that is put.
 */
#ifndef YUMEN_APP_MONEY_RACE_LIVE_H
#define YUMEN_APP_MONEY_RACE_LIVE_H

#include "app/money/race_rank.h"
#include "app/money/trail_standing.h"

struct race_live {
    struct trail_standing *standing; /* the incident's: somebody else's */
    struct arena arena;
    struct race *race; /* NULL: none yet */
    uint32_t room;
    struct arena list;
    const uint32_t *ordered; /* accounts that orders spoke of */
    size_t ordered_count;
    bool is_cut_short; /* the last pass put some, and not all */
};

void race_live_init(struct race_live *l, struct trail_standing *standing);
/* `s->doc` follows `standing`; `s->before` counts where there is no race yet. */
err race_live_rank(struct race_live *l, const struct race_scene *s, struct race_rank *rank,
                   int64_t budget, struct race_plan *ret_plan);
/* Its accounts as the last pass put them, in the arena. */
err race_live_accounts(const struct race_live *l, struct arena *a, struct race_accounts *ret);
/* Nothing is learnt of what it forgets. */
void race_live_forget(struct race_live *l);
/* Accepts a zeroed one. */
void race_live_done(struct race_live *l);

#endif
