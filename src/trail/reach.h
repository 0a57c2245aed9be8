/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach - every account that money may have come to, whatever the amounts.
 *
 * Shape     From a receipt (an account, a time) go on with the first `first` transfers, by time and
 *           id, that left the account strictly later and within `window_ms`; each of them is a
 *           receipt of the next layer. A transfer counts once a layer, however many receipts lead
 *           to it. Rejected and reversed transfers and those to oneself are passed over; one that
 *           left by an exit is reached and not followed.
 *
 *               start --> layer 1: hits --> layer 2: hits --> ...       hits lie layer by layer
 *
 * Owns      Its workspace, in the caller's arena: made once, used for many questions.
 * Lives     Hits, until the next question to the same workspace.
 * Fails     ERR_LIMIT "trail.too_wide": most_hits would be exceeded. ERR_LIMIT "limit.memory".
 * Threads   One a workspace; any number over one view.
 * Bounds    REACH_LAYERS layers, REACH_FIRST transfers a receipt; work is in proportion to hits
 *           times the runs that overlap the window. Sources: spec of the trail (algorithms).
 */
#ifndef YUMEN_TRAIL_REACH_H
#define YUMEN_TRAIL_REACH_H

#include "trail/view.h"

enum { REACH_LAYERS = 32, REACH_FIRST = 1000, REACH_NONE = UINT32_MAX };

struct reach_settings {
    unsigned layers;   /* 6 */
    unsigned first;    /* 20 */
    int64_t window_ms; /* 72 h */
};

struct reach_start {
    uint32_t account;
    int64_t time_ms;
};

struct reach_hit {
    struct trail_ref transfer;
    uint32_t account; /* that received */
    uint32_t cause;   /* the hit whose receipt led here; REACH_NONE: a start's */
    int64_t time_ms;
    uint32_t layer; /* from 1 */
    bool is_end;    /* left by an exit */
};

struct reach_slot;
struct reach_cursor;

struct reach {
    struct reach_hit *hits;
    uint32_t hit_count;
    uint32_t most_hits;

    /* The rest is its own. */
    struct arena *arena;
    struct reach_slot *slots; /* the transfers of this layer */
    uint32_t slot_count;
    uint32_t slot_used;
    uint64_t epoch;
    struct reach_cursor *cursors; /* one for each run and receipt under way */
    uint32_t cursor_room;
};

err reach_init(struct reach *r, struct arena *a, uint32_t most_hits);
err reach_ask(struct reach *r, const struct trail_view *v, const struct reach_settings *settings,
              const struct reach_start *starts, uint32_t start_count);

#endif
