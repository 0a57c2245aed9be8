/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case_parts - the case itself, and what its files do for each other.
 *
 * Shape     case_event   the table of events and their order
 *           case_account the accounts, their items, marks and the heap
 *           case_map, case_heap
 *           case_walk    one step of one account
 *           case_settle  marked accounts to the end
 * Owns      See case_inside.h, which includes this.   Lives  As the case.
 * Fails     ERR_LIMIT when memory is spent.   Threads  One.   Bounds  -
 */
#ifndef YUMEN_TRAIL_CASE_PARTS_H
#define YUMEN_TRAIL_CASE_PARTS_H

#include "trail/case_inside.h"

struct trail_case {
    struct arena arena;  /* begun anew by a rebuild */
    struct arena steady; /* claims and scratch */
    struct case_pool pool;
    struct case_pool steady_pool;
    struct case_settings settings;
    struct case_port port;

    struct event **events;
    struct event_more **mores;
    uint32_t event_count;
    uint32_t chunk_room;
    struct map by_number;

    struct account **accounts;
    uint32_t account_count;
    uint32_t account_room;
    struct map by_account;
    uint32_t *touched; /* numbers of accounts, room for all: for case_nodes */
    uint32_t touched_count;

    struct mark *heap;
    uint32_t heap_count;
    uint32_t heap_room;

    struct claim *claims;
    uint32_t claim_count;
    uint32_t claim_room;
    struct outcome outcome; /* scratch, as are these */
    struct method_rest *rests;

    struct account *pulling;
    struct case_span pull_span;
    struct item *fresh;
    uint32_t fresh_count;
    uint32_t fresh_room;

    uint32_t check_apart; /* events between checkpoints, at least */
    uint64_t work;
    uint64_t rebuilds;       /* 1: it was only made */
    struct trail_case *self; /* for words that are read when they are first looked at, */
    err unread;              /* and could not be: then it answers nothing */
    bool is_strict;          /* at first, and in a rebuild: events come in order, from nothing */
    bool is_at_bound;        /* some account is beyond: every change is a rebuild */
    bool has_to_look;        /* some account's is_to_look */
    bool must_rebuild;
    err broken;
};

/* case_event */
static inline struct event *case_event(const struct trail_case *c, uint32_t e)
{
    assert(c->events != NULL);
    return &c->events[e >> CHUNK_SHIFT][e & (CHUNK_EVENTS - 1)];
}

static inline struct event_more *case_more(const struct trail_case *c, uint32_t e)
{
    return &c->mores[e >> CHUNK_SHIFT][e & (CHUNK_EVENTS - 1)];
}

static inline int64_t event_ms(const struct event *e)
{
    return (int64_t)(e->when >> ROW_TIME_SHIFT);
}

static inline unsigned event_exit(const struct event *e)
{
    return (unsigned)(e->when >> ROW_EXIT_SHIFT) & ROW_EXIT_MASK;
}

err case_event_make(struct trail_case *c, const struct trail_event *from, uint32_t *ret_e);
/* With its words. */
const struct event_more *case_event_words(const struct trail_case *c, uint32_t e);
/* The balance, when only the payer's account could say it. */
void case_event_learn(struct trail_case *c, uint32_t e, const struct trail_event *from);
uint32_t case_event_find(const struct trail_case *c, uint32_t number); /* or NONE */
struct trail_event case_event_tell(const struct trail_case *c, uint32_t e);
int case_event_compare(const struct trail_case *c, uint32_t x, uint32_t y);
/* Booked, between two accounts, in the case's currency. */
bool case_event_counts(const struct trail_case *c, const struct event *e);
int64_t portions_sum(const struct portions *p);
bool portions_equal(const struct portions *p, const struct takings *t);
err portions_set(struct trail_case *c, struct portions *p, const struct takings *t);

/* case_map */
uint32_t case_map_find(const struct map *m, uint32_t key); /* or NONE */
err case_map_put(struct map *m, struct case_pool *p, uint32_t key, uint32_t value);

/* case_heap */
err case_heap_mark(struct trail_case *c, uint32_t account, uint32_t event);
void case_heap_next(struct trail_case *c, uint32_t event); /* the first's next event */
void case_heap_drop(struct trail_case *c);                 /* the first */

/* case_account */
uint32_t case_account_find(const struct trail_case *c, uint32_t id); /* index or NONE */
err case_account_make(struct trail_case *c, uint32_t id, uint32_t *ret_index);
/* Where an event is among the items, or would be. */
uint32_t case_account_place(const struct trail_case *c, const struct account *a, uint32_t e);
err case_account_insert(struct trail_case *c, struct account *a, uint32_t e);
/* Whether an event of the account is among its items. */
bool case_account_lists(const struct trail_case *c, const struct account *a, uint32_t e);
/* It has more transfers than are worked through. */
bool case_account_outgrows(const struct trail_case *c, uint32_t id);
/* To follow where this goes would be more than is looked at at once. */
bool case_account_is_too_much(const struct trail_case *c, const struct event *e);
/* All events from the second of `time_ms` on are among the items afterwards. */
err case_account_reach_back(struct trail_case *c, struct account *a, int64_t time_ms);

/* case_walk */
/* What the account does at its next event, with its stand and to c->outcome. */
err case_walk_step(struct trail_case *c, struct stand *s, const struct account *a, uint32_t event);

/* It has been gone through. */
void case_account_touch(struct trail_case *c, struct account *a, uint32_t index);

/* case_settle */
err case_mark(struct trail_case *c, uint32_t account, uint32_t event);
/* The payee's account exists, has its events, and is marked; or is one too many. */
err case_reach(struct trail_case *c, uint32_t event);
/* Adds or takes away what an event says of exits and the unknown. */
void case_account_for(struct trail_case *c, const struct event *e, int sign);
err case_source_apply(struct trail_case *c, uint32_t event);
err case_run(struct trail_case *c);
void case_check_sums(const struct trail_case *c);

/* case_ties */
struct case_ambiguity;
/* Whether the order of an account's transfers within seconds matters, and what to say of it. */
err case_ties_look(struct trail_case *c, const struct account *a, struct arena *arena,
                   struct case_ambiguity *ret, bool *ret_matters);

#endif
