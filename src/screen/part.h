/* SPDX-License-Identifier: Apache-2.0 */
/*
 * part - what the files of screen/ know of each other, and nobody else.
 *
 * Shape     struct screen and its views, opened up. What readers may still look at is retired, with
 *           the epoch's stamp, and used again once that is past.
 * Owns      See screen.h.   Lives  See screen.h.   Fails  -
 * Threads   A view is constant once published; all else is the writer's.
 * Bounds    VIEWS views, DELTAS deltas, HOMES images: when all are retired, the writer waits.
 */
#ifndef YUMEN_SCREEN_PART_H
#define YUMEN_SCREEN_PART_H

#include "env/epoch.h"
#include "screen/delta.h"
#include "screen/load.h"
#include "screen/screen.h"

enum { SHARDS_MOST = 1 << SHARD_BITS_MOST, VIEWS = 8, DELTAS = 5, HOMES = 1024 };

struct screen_view {
    struct shard shards[SHARD_CLASS_COUNT][SHARDS_MOST];
    const struct delta *live;
    const struct delta *frozen; /* NULL: none; what `live` knows goes before it */
    struct key_seed seed;
    uint32_t depths;
    uint64_t generation;
    uint64_t sealed_mark;
    bool is_whole; /* false while it is being built */
};

/* Where shards lie: pages of their own each, or one file for all. */
struct home {
    struct pages pages;
    uint32_t users;
};

enum retired_kind { RETIRED_NOTHING, RETIRED_VIEW, RETIRED_DELTA, RETIRED_HOME };

struct retired {
    enum retired_kind kind;
    uint32_t index;
    uint64_t stamp;
};

enum { RETIRED_MOST = VIEWS + DELTAS + HOMES };

struct screen {
    struct epoch epoch; /* first: it wants its lines to itself */
    struct env_slot view;
    struct env_word mark;
    struct pages own; /* in which it lies */
    struct key_seed seed;

    struct screen_view views[VIEWS];
    struct delta deltas[DELTAS];
    struct home homes[HOMES];
    bool is_view_used[VIEWS];
    bool is_delta_used[DELTAS];
    uint16_t shard_home[SHARD_CLASS_COUNT][SHARDS_MOST]; /* and 1; 0: an empty shard */
    struct retired retired[RETIRED_MOST];
    size_t retired_count;

    struct load load; /* of the frozen delta */
    uint32_t next_shard;
    uint64_t frozen_mark;
    bool is_settling;
};

/* A shard without values, that can be asked. */
void shard_make_empty(enum shard_class class, struct shard *ret_shard);

/* The writer's own look at what is published. */
const struct screen_view *view_now(const struct screen *s);
/* A copy of it to change; the writer waits for one if need be. */
struct screen_view *view_begin(struct screen *s);
/* Readers that enter from here on find it. */
void view_publish(struct screen *s, struct screen_view *v);

/* Uses again what nobody looks at any more. */
void view_reuse(struct screen *s);
err view_new_delta(struct screen *s, const struct delta **ret_delta);
/* Of a view that has been begun; NULL is none. */
void view_retire_delta(struct screen *s, const struct delta *d);
/* Without shards. */
void view_empty(struct screen *s, struct screen_view *v);

err home_take(struct screen *s, const struct pages *pages, uint32_t users, uint16_t *ret_home);
/* One shard in place of another, in a view that has been begun. */
void view_put_shard(struct screen *s, struct screen_view *v, const struct shard *shard,
                    uint16_t home);
void view_sum_depths(struct screen_view *v);

#endif
