/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_queue - what a provider still has to do, oldest ask first, from where it read last; and
 * what it said before.
 *
 * Shape     A place in the queue is (asked_at, order) and how many leaves there were then. Asks
 *           made at the very same instant, afterwards, are found by their leaves: nothing is passed
 *           over, also where a manual clock stands still.
 *
 *               place --order_queue_read--> orders asked after it, and the place behind them
 *
 * Owns      Nothing; answers are in the turn arena.
 * Lives     A call.
 * Fails     As sql; "limit.memory"; ERR_MALFORMED "cursor.malformed".
 * Threads   The connection's.
 * Bounds    LIST_MOST orders a page; ANSWERS_MOST answers are looked at for a provider's figures.
 */
#ifndef YUMEN_STORE_ORDER_QUEUE_H
#define YUMEN_STORE_ORDER_QUEUE_H

#include "store/reader.h"

enum { ANSWERS_MOST = 200 };

struct queue_place {
    instant asked_at; /* of the last order that was handed out */
    str order;        /* its id; empty: from the beginning */
    int64_t leaves;   /* how many there were */
};

/* An empty text is the beginning. */
err queue_place_parse(str text, struct queue_place *ret_place);
str queue_place_format(const struct queue_place *place, struct arena *turn);

struct queue_page {
    union record *items;
    size_t count;
    struct queue_place next;
};

struct queue_ask {
    str provider;
    struct queue_place after;
    int limit;
};
err order_queue_read(struct sql *db, const struct queue_ask *ask, struct arena *turn,
                     struct queue_page *ret_page);

/* Whether a round is being paid out of what it holds. */
err order_is_paying(struct sql *db, const struct order *o, bool *ret_is_paying);
/* The freeze drafted first of those that are to take it over; empty: none. */
err order_drafted_taker(struct sql *db, str order, struct arena *turn, str *ret_id);

/* The provider's receipt with this key. ERR_ABSENT. */
err receipt_find_key(struct sql *db, str provider, str key, struct arena *turn,
                     struct receipt *ret_receipt);
/* Whether its provider has said anything about what it is asked for now, naming the ask. */
err receipt_names_ask(struct sql *db, const struct order *o, bool *ret_is_named);
/* All receipts that name this order, oldest first. */
err receipts_of_share(struct sql *db, str share, struct arena *turn, struct list_page *ret_page);
err receipts_of_order(struct sql *db, str order, struct arena *turn, struct list_page *ret_page);

struct provider_figures {
    int64_t open; /* it is asked for something */
    int64_t late; /* and has not answered in time */
    int64_t lifting;
    int64_t median_ms; /* from sending to its first word; -1: it has said nothing yet */
    int64_t p90_ms;
    instant last_heard;
};

err provider_figures_read(struct sql *db, str provider, struct arena *turn,
                          struct provider_figures *ret_figures);

#endif
