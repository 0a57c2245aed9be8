/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_unrelated - orders of two people on accounts where nothing stolen can have come.
 *
 * Shape     pass --> reached by no payment that followed, named by no victim, in no round -->
 *           found unrelated; so once more on its day --> released (decision 0106)
 *
 *           What a bank says of another's account must not clean it: it is asked where the money
 *           may have come at all (reach), whatever amounts and holds say.
 * Owns      Nothing.   Lives  A pass.   Threads  The race's.
 * Fails     As the trail; then nothing is found and nothing released.
 * Bounds    RACE_DEEDS.
 */
#ifndef YUMEN_APP_RACE_RACE_UNRELATED_H
#define YUMEN_APP_RACE_RACE_UNRELATED_H

#include "app/race/race_act.h"

/* Two people wrote it down, and no report stands behind it. */
bool race_unrelated_may(const struct order *o);
/* Some of what was stolen came to it, as the race follows it. */
bool race_unrelated_is_on_trail(const struct race_pass *p, str account);
err race_unrelated_find(struct race_pass *p);

#endif
