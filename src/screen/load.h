/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load - brings many entries into shards, one shard after the other, so that never more than one is
 * there twice.
 *
 * Shape     Entries are put in any order; each goes, packed, to the pile of its shard. Then every
 *           shard is made anew from what it held and its pile, which is given back with it.
 *
 *               load_put --> [ pile | pile | pile ... ] --load_seal--> shard
 *                                                 old shard --^
 *
 *           Entries of one value are taken in the order in which they were put: of one listing the
 *           last word counts.
 * Owns      The piles.
 * Lives     From load_init to load_done, which accepts a zeroed one.
 * Fails     ERR_LIMIT "limit.memory"; as seal.
 * Threads   One.
 * Bounds    A pile: 16 bytes an entry and its text. Terms: 2^30.
 */
#ifndef YUMEN_SCREEN_LOAD_H
#define YUMEN_SCREEN_LOAD_H

#include "env/pages.h"
#include "screen/entry.h"
#include "screen/terms.h"

enum load_op { LOAD_ADD, LOAD_DROP, LOAD_CLEAR }; /* CLEAR: all listings of the value go */

struct load_chunk;

struct load_pile {
    struct load_chunk *first;
    struct load_chunk *last;
    uint32_t count;
};

struct load {
    const struct key_seed *seed;
    struct load_pile piles[SHARD_CLASS_COUNT][1 << SHARD_BITS_MOST];
    struct terms terms;
};

void load_init(struct load *l, const struct key_seed *seed);
void load_done(struct load *l);
/* With its mark, if it needs one. */
err load_put(struct load *l, const struct screen_entry *e, enum load_op op);
err load_put_at(struct load *l, const struct place *p, uint32_t row, const struct term *term,
                enum load_op op);
struct load_order {
    enum shard_class class;
    uint32_t index;
    const struct shard *old; /* NULL: nothing of it is kept */
};
/* A shard without values is one too. The pile is gone afterwards. */
err load_seal(struct load *l, const struct load_order *order, struct pages *ret_image,
              struct shard *ret_shard);

#endif
