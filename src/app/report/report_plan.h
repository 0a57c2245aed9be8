/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_plan - which accounts are to be held first, and how much on each.
 *
 * Shape     matched payments --lifo--> what is present where --+
 *           payments only told ------> the payee itself -------+--rank--> targets
 *
 *           By the race's own rule (trail/race.h), with what banks have taught so far; where that
 *           cannot be said, the most first. What a victim paid is a target however little it is.
 *           Where all of it went on to accounts that the first orders do not wait for, it is asked
 *           for there, and the form says so ("report.later").
 *
 *           Of an account with a listing that allows it, or where money was spent at a merchant,
 *           nothing is sent on one person's word: the target is `is_guarded`, and two decide.
 *           By last in, first out each victim's money is told apart from every other's, so a
 *           report is planned for by itself.
 * Owns      Nothing; in the arena.
 * Lives     A call.
 * Fails     As the runs and the reader. What cannot be asked of anybody is a refusal of the form's.
 * Threads   Any but the web's.
 * Bounds    REPORT_TARGETS.
 */
#ifndef YUMEN_APP_REPORT_REPORT_PLAN_H
#define YUMEN_APP_REPORT_REPORT_PLAN_H

#include "app/money/trail_doc.h"
#include "app/report/report_form.h"
#include "fact/provider.h"
#include "store/reader.h"

struct house;

/* The first orders wait for no more transfers than these: the race follows the rest at once. */
enum { REPORT_TARGETS = 512, REPORT_TRANSFERS = 1 << 13, REPORT_NO_LINE = -1 };

struct report_target {
    str account;
    str bank;
    str name;
    int64_t amount;
    int64_t layer;
    int64_t line;      /* its place among the form's, where a victim paid this very account */
    const char *guard; /* why one person's word is not enough; NULL: it is */
    const struct provider *provider;
    unsigned kind; /* enum order_kind */
    str why;
};

struct report_plan {
    struct report_target *targets;
    size_t count;
    struct trail_doc *trail; /* NULL: no payment was matched */
};

struct report_planning {
    struct house *house;
    struct runs *runs;
    struct runs_reader *blocks; /* kept from one report to the next; NULL: none */
    struct reader *reader;
    const struct providers *providers;
    struct arena *arena;
    instant now;
};

/* Why one person's word is not enough to hold this account; NULL: it is. */
err report_guard(const struct report_planning *p, str account, const char **ret_code);
err report_plan(const struct report_planning *p, struct report_form *form,
                struct report_plan *ret_plan);

#endif
