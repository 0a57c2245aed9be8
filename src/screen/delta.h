/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delta - the last changes, beside the sealed shards: a value that stands here is answered from
 * here alone.
 *
 * Shape     An open table of items. An item holds all listings of its value, also none; it is never
 *           changed: a new one is put in its place.
 * Owns      Its items.
 * Lives     From delta_open to delta_close; an item as long as its delta, for a reader may look at
 *           one that has just been replaced.
 * Fails     ERR_LIMIT "limit.memory"; delta_room says how many values it still takes.
 * Threads   One writes, any number read at the same time and never wait.
 * Bounds    DELTA_MOST items, replaced ones included.
 */
#ifndef YUMEN_SCREEN_DELTA_H
#define YUMEN_SCREEN_DELTA_H

#include "env/atomic.h"
#include "env/pages.h"
#include "screen/entry.h"

enum { DELTA_MOST = 48 * 1024, DELTA_SLOTS = 128 * 1024 };

struct delta_listing {
    struct term term;
    uint32_t row;
};

struct delta_item {
    uint64_t word; /* key and class */
    const uint8_t *text;
    uint32_t count;
    struct delta_listing listings[];
};

struct delta {
    struct env_word *words; /* 0: free; else an item's */
    struct env_slot *items;
    struct env_counter counts[SHARD_CLASS_COUNT]; /* of values, for those who need not look */
    struct env_word depths;                       /* as shard_head's */
    struct pages room;
    struct arena arena;
    uint32_t made; /* items ever */
};

err delta_open(struct delta *d);
void delta_close(struct delta *d);
uint32_t delta_room(const struct delta *d);

/* NULL: the value has not changed. */
const struct delta_item *delta_find(const struct delta *d, const struct place *p);
/* The value's listings from now on. */
err delta_put(struct delta *d, const struct place *p, const struct delta_listing *listings,
              uint32_t count);
/* Visits each value once; begin with 0. NULL at the end. */
const struct delta_item *delta_next(const struct delta *d, uint32_t *at);
struct place delta_place(const struct delta_item *item);

static inline uint64_t delta_word(const struct place *p)
{
    return p->key << 2 | (p->class + 1U);
}

static inline uint32_t delta_slot(uint64_t key)
{
    return (uint32_t)(key ^ key >> 31) & (DELTA_SLOTS - 1U);
}

/* It will be looked for soon. */
static inline void delta_expect(const struct delta *d, const struct place *p)
{
    __builtin_prefetch(&d->words[delta_slot(p->key)]);
}

#endif
