/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_limits - the law's limits as the database has them, against the profile and the ledger.
 *
 * Shape     A row of law_limit or order_limit is known when the profile in effect sets it, or when
 *           a ledger entry speaks of a listing or an order under it. Any other was written past
 *           the program, which removes limits that nothing stands under when it opens a store
 *           (store.c).
 * Owns      Nothing.   Lives  A call.   Threads  Main.
 * Fails     As house_prepare (the profile cannot be read) and sql.
 * Bounds    -
 */
#ifndef YUMEN_APP_CLI_AUDIT_LIMITS_H
#define YUMEN_APP_CLI_AUDIT_LIMITS_H

#include "app/cli/command.h"
#include "ledger/finding.h"
#include "store/sql.h"

struct audit_limits {
    const struct command_line *line;
    struct sql *db;
    void (*found)(void *self, const struct finding *f);
    void *found_self;
};

err audit_limits(const struct audit_limits *question, uint64_t *ret_findings);

#endif
