/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_act - what an incident's ranking comes to: commands, and on whose word.
 *
 * Shape     reports, claims, orders, trail --> rank --> race_deed … --> one transaction
 * Owns      Nothing; in the arena.   Lives  A pass.
 * Fails     As the readers and the runs. What the desk refuses of the deeds is left out.
 * Threads   The race thread's; race_act_write on the store thread.
 * Bounds    RACE_DEEDS a pass: the rest comes with the next.
 */
#ifndef YUMEN_APP_RACE_RACE_ACT_H
#define YUMEN_APP_RACE_RACE_ACT_H

#include "app/house/house.h"
#include "app/money/race_live.h"
#include "app/report/report_form.h"

enum { RACE_DEEDS = 256 };

struct race_pass {
    struct house *house;
    struct reader *reader;
    struct runs *runs;
    struct arena *arena;
    struct incident incident;
    instant now;
    const struct race_accounts *before; /* the last pass's; NULL: none, or `live` has them */
    struct race_live *live;             /* NULL: trail and race are made from nothing */
    /* read */
    struct report *reports;
    size_t report_count;
    struct claim *claims;
    size_t claim_count;
    struct order *orders;
    size_t order_count;
    /* made */
    struct order *standing; /* those that the trail speaks about */
    size_t standing_count;
    struct trail_doc doc; /* followed: its edges, exits and doubts are left out */
    bool has_doc;
    struct race_accounts accounts; /* none where `doc` is followed */
    struct race_plan plan;
    struct command *deeds;
    size_t deed_count;
};

/* Its rows. */
err race_act_read(struct race_pass *p);
/* Of the loss of its reports, what nothing is pledged for yet. */
int64_t race_act_budget(const struct race_pass *p);
/* Fills in trail and plan; has_doc is false while no payment is known to a bank. */
err race_act_rank(struct race_pass *p);
err race_act_decide(struct race_pass *p);
/* In an open transaction. */
err race_act_write(const struct race_pass *p, struct store *store, instant at);

#endif
