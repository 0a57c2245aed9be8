/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alerts - what a decision about an alert has to know besides, counts of alerts, and their pages.
 *
 * Shape     alerts_load fills in the desk's view; alerts_count adds to alert_count (how many are in
 *           which state, now), alert_day (the budget), and what alert_figures.h reads, in the
 *           transaction of the change. Pages are newest first, by index whatever is asked for.
 * Owns      Nothing; answers are in the turn arena.
 * Lives     A call.
 * Fails     As sql; "limit.memory".
 * Threads   The store thread loads and counts; any reader asks.
 * Bounds    A page reads ALERT_GROUPS pieces of `limit` ids of an index. Of a division below a
 *           county, or a whole province, it reads on in the index past what is others'.
 */
#ifndef YUMEN_STORE_ALERTS_H
#define YUMEN_STORE_ALERTS_H

#include "desk/desk.h"
#include "store/reader.h"
#include "store/store.h"

enum { ALERT_GROUPS = (int)ALERT_STATE_COUNT * (int)ALERT_TIER_COUNT, ALERT_PAGE_MOST = 500 };

/* `subject`: the alert as it is, or is to be. */
err alerts_load(struct store *store, const struct command *cmd, const union record *subject,
                instant at, struct desk_view *view);
/* `before` is NULL of one that is new. */
err alerts_count(struct store *store, const struct alert *before, const struct alert *after);

/* The open alert of an episode. ERR_ABSENT "alert.absent". */
err alerts_find_open(struct sql *db, str pseudonym, struct arena *turn, str *ret_id);
/* The newest alert of a number since then, open or closed, that no report was joined to. */
err alerts_find_warned(struct sql *db, str pseudonym, instant since, struct arena *turn,
                       str *ret_id);

struct alert_query {
    str scope; /* division: nothing outside it is seen */
    str state; /* words; empty: any */
    str tier;
    str officer; /* a user's id: theirs, not closed */
    bool is_late;
    bool is_to_check;
    bool is_unsent; /* somebody should go, and nobody does */
    str before;     /* id: the page after it; empty: the first */
    int limit;
};

err alerts_page(struct reader *reader, const struct alert_query *query, struct arena *turn,
                struct list_page *ret_page);

#endif
