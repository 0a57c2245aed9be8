/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_read - what belongs to a refund round: its shares and what was said of them, its orders,
 * its objections; a provider's queue of rounds; what a report's claims get.
 *
 * Shape     A share comes with the report of its claim; those of a report with their round.
 *           A place in the queue is the leaf by which the round was sent, or asked for again:
 *           nothing is passed over, also where a manual clock stands still.
 * Owns      Nothing; in the arena.   Lives  A call.   Fails  As sql; ERR_LIMIT "limit.memory".
 * Threads   The connection's.
 * Bounds    ROUND_SHARES_MOST shares, the newest ROUND_WORDS_MOST words of them,
 *           ROUND_APPEALS_MOST objections of a round.
 */
#ifndef YUMEN_APP_ROUND_ROUND_READ_H
#define YUMEN_APP_ROUND_ROUND_READ_H

#include "desk/round_held.h"
#include "fact/nouns.h"
#include "store/sql.h"

enum {
    ROUND_SHARES_MOST = 4096,
    ROUND_WORDS_MOST = 16384,
    ROUND_APPEALS_MOST = 500,
    ROUND_CLAIM_SHOWN = 8
};

struct share_line {
    struct share is;
    str report;
    str round_state; /* of what a report gets only */
};

struct share_lines {
    struct share_line *at;
    size_t count;
};

/* In the order in which they were made. */
err round_shares(struct sql *db, str round, struct arena *turn, struct share_lines *ret_lines);
/* Of all claims of a report; void rounds are left out. */
err report_shares(struct sql *db, str report, struct arena *turn, struct share_lines *ret_lines);

/* What its provider said of them, by share, oldest first. */
struct share_words {
    struct receipt *at;
    size_t count;
};
err round_words(struct sql *db, const struct round *r, struct arena *turn,
                struct share_words *ret_words);

/* Those of its orders that there are, or what took them over. */
err round_orders(struct sql *db, const struct round *r, struct arena *turn,
                 struct round_orders *ret_orders);

struct round_appeals {
    struct appeal *at;
    size_t count;
};
err round_appeals(struct sql *db, str round, struct arena *turn, struct round_appeals *ret_appeals);

struct round_page {
    struct round *at;
    size_t count;
    int64_t next; /* behind them */
};
struct round_ask {
    str provider;
    int64_t after; /* a leaf; -1: from the beginning */
    int limit;
};
/* Sent and not paid, oldest first. */
err round_queue_read(struct sql *db, const struct round_ask *ask, struct arena *turn,
                     struct round_page *ret_page);

/* Rounds not approved yet in which this report's claims have a share: their ids. */
struct round_ids {
    str *at;
    size_t count;
};
err rounds_on_report(struct sql *db, str report, struct arena *turn, struct round_ids *ret_ids);

/* A claim as anybody may see it: its last characters. */
str claim_shown(str claim);

#endif
