/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_replay_inside - the banks' side and the centre's, as they see each other. For the two alone.
 *
 * Shape     Banks call centre_*, when something is reported, told or answered; the centre calls
 *           banks_order. Lots are pieces of stolen money in the order in which they came.
 * Owns      -   Lives  A replay.   Fails  As race_replay.   Threads  One.   Bounds  As race_replay.
 */
#ifndef YUMEN_APP_RACE_RACE_REPLAY_INSIDE_H
#define YUMEN_APP_RACE_RACE_REPLAY_INSIDE_H

#include "app/race/race_replay.h"
#include "trail/case_report.h"

enum { ORDERS_MOST = 1 << 18, LOTS_MOST = 1 << 18, EVENTS_MOST = 1 << 19, INDEX_KEY_BYTES = 32 };
#define REPLAY_HOUR_US INT64_C(3600000000)

enum replay_kind { REPLAY_HOLD, REPLAY_STOP, REPLAY_TRIM };

struct replay_order {
    uint32_t of; /* the centre's case */
    uint32_t account;
    int64_t asked; /* of a trim: how much less */
    int64_t held;
    int64_t sent_us;
    int64_t landed_us;
    uint8_t kind;
    bool has_landed;
    bool is_refused;
    bool is_over;
};

struct purse {
    int64_t honest;
    int64_t stolen;
    int64_t held;     /* by holds: stolen money first */
    int64_t since_us; /* innocent hours are counted up to here */
    uint32_t first_lot;
    uint32_t last_lot;
    uint32_t stops;
};

struct piece {
    uint32_t next;
    uint32_t taking;  /* the victim's payment */
    uint32_t brought; /* by this intent */
    int64_t fen;
};

/* What an account paid and was paid, newest first: intents + 1; 0: no more. */
struct chain {
    uint32_t out;
    uint32_t in;
};

struct centre;

struct replay {
    const struct race_world *world;
    struct replay_settings settings;
    struct arena arena;
    struct purse *purses;
    int64_t *done_fen;    /* of each intent; -1: not yet */
    bool *is_told;        /* of each intent */
    int64_t *seen;        /* balances by what was told, where banks tell them */
    struct chain *chains; /* of each account */
    struct chain *next;   /* of each intent: the one before it, of its payer and of its payee */
    struct piece *lots;
    uint32_t lot_count;
    uint32_t free_lot;
    struct replay_order *orders; /* from 1 */
    uint32_t order_count;
    struct replay_event *events; /* a heap */
    uint32_t event_count;
    uint64_t event_number;
    int64_t now_us;
    __int128 innocent; /* fen x us */
    struct replay_result result;
    struct centre *centre;
};

err banks_order(struct replay *r, const struct replay_order *order);
bool banks_can_hold(uint32_t bank);
/* Closes a case, so many hours from now. */
err banks_remind(struct replay *r, uint32_t of, int64_t hours);
/* Stolen money of reported payments there, that the centre was told of. */
int64_t banks_known_stolen(const struct replay *r, uint32_t account, const bool *is_reported);

bool index_tells_balance(const struct replay *r, uint32_t account);
/* A transfer that happened, as the centre is told of it; its id lies in `key`. */
void index_event(const struct replay *r, uint32_t intent, char key[INDEX_KEY_BYTES],
                 struct trail_event *ret);
struct case_port index_port(struct replay *r);

err centre_make(struct replay *r);
void centre_done(struct centre *c);
err centre_report(struct replay *r, uint32_t taking);
err centre_told(struct replay *r, uint32_t intent);
err centre_landed(struct replay *r, const struct replay_order *o);
err centre_close(struct replay *r, uint32_t of);

#endif
