/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_read - the claims and orders of a report, and those of an incident, with its reports.
 *
 * Shape     report_claims(db, "report", id) --> in the order in which they were made
 * Owns      Nothing; in the arena.   Lives  A call.   Fails  As sql.
 * Threads   Any, with its own connection.   Bounds  REPORT_CHILDREN_MOST of each.
 */
#ifndef YUMEN_APP_REPORT_REPORT_READ_H
#define YUMEN_APP_REPORT_REPORT_READ_H

#include "fact/nouns.h"
#include "store/sql.h"

enum { REPORT_CHILDREN_MOST = 2000 };
enum report_under { UNDER_REPORT, UNDER_INCIDENT };

struct report_under_query {
    struct sql *db;
    enum report_under under;
    str id;
    struct arena *arena;
};

err report_claims(const struct report_under_query *q, struct claim **ret, size_t *ret_count);
err report_orders(const struct report_under_query *q, struct order **ret, size_t *ret_count);

/* Of an incident. */
err report_reports(const struct report_under_query *q, struct report **ret, size_t *ret_count);

#endif
