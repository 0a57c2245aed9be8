/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_before - which payments of a report were told of before, and which incident it joins.
 *
 * Shape     The same transfer; or the same payee, amount and time from the same account or the same
 *           caller: told before, and no loss again. Only reports that were taken count: what
 *           somebody types into the page takes nothing away from a victim. The same payee, amount
 *           and time from nobody knows whom, where no bank knows of either payment, may be the
 *           same: it is a loss of its own, but two decide whether more is held for it.
 * Owns      Nothing; in the arena.   Lives  A call.   Fails  As sql.
 * Threads   Any, with its own connection; the store thread within its transaction.
 * Bounds    One look-up by an index a line.
 */
#ifndef YUMEN_APP_REPORT_REPORT_BEFORE_H
#define YUMEN_APP_REPORT_REPORT_BEFORE_H

#include "app/report/report_form.h"
#include "fact/command.h"
#include "store/sql.h"

struct report_past {
    struct sql *db;
    const struct actor *actor; /* joins only what they may see */
    int64_t window_us;
    instant now;
    struct arena *arena;
};

/* Fills in `before`, `incident`, `is_found`, `is_perhaps` and `perhaps` of the lines.
 * *ret_incident: an open one that the report joins; empty when there is none. */
err report_find_before(const struct report_past *past, struct report_form *form, str *ret_incident);

#endif
