/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_watch - the open incidents that the race follows, and which of them transfers concern.
 *
 * Shape     id --add--> watched --look (at what is shown)--> is_dirty --pass--> remember
 *
 *           Most are watched by a case that stands (race_live): it knows its accounts. The others
 *           by how many rows there are of each of theirs.
 * Owns      What it remembers of them, cases included.
 * Lives     From open to close.
 * Fails     ERR_LIMIT.
 * Threads   The race's.
 * Bounds    RACE_INCIDENTS, RACE_FOLLOWED accounts of each, RACE_STANDING cases.
 */
#ifndef YUMEN_APP_RACE_RACE_WATCH_H
#define YUMEN_APP_RACE_RACE_WATCH_H

#include "app/race/race_act.h"
#include "app/race/race_thread.h"
#include "env/id.h"

/* An incident whose accounts are watched. */
struct watched {
    char id[ID_ROOM];
    struct arena arena;
    uint32_t *accounts;
    uint64_t *prints; /* how much there is of each in the index */
    uint32_t count;
    struct race_accounts before;
    struct race_live *live; /* NULL: none; its accounts are watched by its case */
    uint64_t used;          /* its last pass */
    bool has_told;          /* of payments that may still come, as they were told */
    bool has_failed;        /* its last pass */
    bool is_dirty;
};

struct race_watch {
    struct watched *at;
    uint32_t count;
    uint64_t passes;
    struct runs *runs; /* NULL: no incident yet */
    struct runs_reader *reader;
    struct trail_standing standing[RACE_STANDING];
    struct race_live live[RACE_STANDING];
    struct view_news shown; /* which transfers, and how many statuses had changed */
    uint64_t amended;
};

err race_watch_open(struct race_watch *t, struct arena *boot);
void race_watch_close(struct race_watch *t);
/* Where there are too many, the oldest makes room. NULL: that is no id. */
struct watched *race_watch_add(struct race_watch *t, str id);
/* The last one stands in its place. */
void race_watch_forget(struct race_watch *t, struct watched *w);
/* What came makes dirty whom it concerns. */
err race_watch_look(struct race_watch *t, struct runs *runs);
struct race_live *race_watch_live(struct race_watch *t, struct watched *w);
err race_watch_remember(const struct race_watch *t, struct watched *w, const struct race_pass *p);

#endif
