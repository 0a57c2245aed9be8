/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warned_inside - what warned.c (the thread) and warned_snapshot.c (its file) share. Nobody else
 * includes it.
 *
 * Shape     As warned.h.   Owns  As warned.h.   Lives  As warned.h.
 * Fails     load: "warned.damaged" or "warned.other_key", and what could be opened stands.
 *           save: as file.
 * Threads   The warned thread, and main before and after it.
 * Bounds    WARNED_CHUNK episodes are copied at a time while others wait.
 */
#ifndef YUMEN_APP_HOUSE_WARNED_INSIDE_H
#define YUMEN_APP_HOUSE_WARNED_INSIDE_H

#include "app/house/warned.h"
#include "env/pages.h"
#include "kit/cipher.h"
#include "warn/model.h"

enum { WARNED_CHUNK = 256, WARNED_MARK_BYTES = 8 };

struct warned_source {
    uint32_t seen_s; /* by our clock */
    uint16_t source; /* 0: a free place */
    uint16_t skew_s;
};

struct warned {
    struct env_mutex mutex; /* of everything down to the line */
    struct live live;
    struct warned_source sources[WARNED_SOURCES];
    struct warned_counts counts;
    err trouble;
    /* --- */
    struct house *house;
    struct warn_model model;
    char mark[2 * WARNED_MARK_BYTES]; /* of rules and curve */
    struct warn_budget budget;
    struct pages room;
    struct sight_keys keys;
    struct cipher_key seal; /* of the snapshot */
    struct arena arena;     /* of the ring */
    struct ring ring;
    struct env_thread thread;
    struct env_flag stopping;
    struct env_counter told;
    struct env_counter dropped;
    struct warned_port port;
    struct warned_block block; /* being taken */
    struct signal signals[WARNED_BLOCK];
    struct warn_turn turns[WARNED_BLOCK];
    struct warned_turn turned[WARNED_BLOCK];
    struct episode chunk[WARNED_CHUNK];
    uint32_t swept_s;
    int64_t tick_us;  /* monotonic */
    int64_t saved_us; /* likewise */
    bool is_open;
    char path[PATH_BYTES + 64];
};

/* Into a table without anybody. */
err warned_load(struct warned *w);
err warned_save(struct warned *w);

#endif
