/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_learnt - what was learnt of banks, over a restart: a file that is whole or not believed.
 *
 * Shape     head (form, leaf, banks, check) + hazard_saved
 *
 *           `leaf` is the last ledger leaf whose receipts are in it: those after it are read again
 *           from the ledger. `banks` says which bank is which number: with other banks, or in
 *           another order, nothing of it holds.
 * Owns      Nothing.
 * Lives     A call.
 * Fails     ERR_ABSENT when there is no file; ERR_CORRUPT "race.learnt" for a damaged one and
 *           "race.other_banks"; then nothing is learnt. As file_write.
 * Threads   The hazard's.
 * Bounds    Half a megabyte.
 */
#ifndef YUMEN_APP_MONEY_RACE_LEARNT_H
#define YUMEN_APP_MONEY_RACE_LEARNT_H

#include "fact/provider.h"
#include "trail/hazard.h"

struct race_learnt {
    const char *path;
    const struct providers *providers;
    struct arena *arena; /* room for a copy of the file */
};

/* As it stands, for race_learnt_write: the hazard may go on learning meanwhile. */
err race_learnt_copy(const struct race_learnt *l, const struct hazard *hazard, int64_t leaf,
                     str *ret_bytes);
/* An old file, or the new one; never a part. */
err race_learnt_write(const struct race_learnt *l, str bytes);
/* ret_leaf: -1 when it fails. */
err race_learnt_read(const struct race_learnt *l, struct hazard *hazard, int64_t *ret_leaf);

#endif
