/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_counts - how many listings the database says there are, against those that there are.
 *
 * Shape     Each row of listing_count (store/counts.h) and each group of listings that it counts,
 *           in two walks over the listings. Asked when the ledger has proved the listings: of
 *           records that were changed the counts would only say so a second time.
 * Owns      Nothing.   Lives  A call.   Threads  Main.   Fails  As sql; "limit.memory".
 * Bounds    -
 */
#ifndef YUMEN_APP_CLI_AUDIT_COUNTS_H
#define YUMEN_APP_CLI_AUDIT_COUNTS_H

#include "ledger/finding.h"
#include "store/sql.h"

struct audit_counts {
    struct arena *arena;
    struct sql *db;
    void (*found)(void *self, const struct finding *f);
    void *found_self;
};

err audit_counts(const struct audit_counts *question, uint64_t *ret_findings);

/* Likewise what each report has pledged of its loss, against its orders. */
err audit_pledges(const struct audit_counts *question, uint64_t *ret_findings);

#endif
