/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_news - what the ledger says since it was read last: which incidents are concerned, and how
 * banks answered.
 *
 * Shape     leaves since --> incidents with a report that was taken; receipts on what was asked
 * Owns      The number of the last leaf it read.
 * Lives     The race thread's.   Fails  As sql; what failed is read again.
 * Threads   One.   Bounds  NEWS_LEAVES a time; at the start all open incidents, no receipts.
 */
#ifndef YUMEN_APP_RACE_RACE_NEWS_H
#define YUMEN_APP_RACE_RACE_NEWS_H

#include "fact/provider.h"
#include "store/sql.h"
#include "trail/hazard.h"

enum { NEWS_LEAVES = 20000, NEWS_PAST = 1000000 };

struct race_news {
    int64_t leaf;   /* the last one read; -1: none */
    int64_t learnt; /* receipts up to here were learnt from already */
};

struct race_answer {
    str provider;
    bool is_stop;
    bool is_done;
    instant sent;
    instant landed;
};

struct race_heard {
    str *incidents;
    size_t incident_count;
    struct race_answer *answers;
    size_t answer_count;
};

/* `learnt`: the last leaf that was learnt from before this start; -1: none. */
void race_news_init(struct race_news *n, int64_t learnt);
err race_news_take(struct race_news *n, struct sql *db, struct arena *a, struct race_heard *ret);
void race_news_learn(const struct race_heard *heard, struct hazard *hazard,
                     const struct providers *providers, int zone_min);

#endif
