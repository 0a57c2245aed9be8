/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shard - finds a value in one sealed piece of a table, and walks all of them.
 *
 * Shape     key --shard_want--> line, and what to look for --line_find--> slots --> text, listings
 *           A slot of several listings has them one after the other (image.h).
 * Owns      Nothing: a shard points into its image.
 * Lives     As long as that.
 * Fails     Never: what shard_open let in can be asked.
 * Threads   Any number.
 * Bounds    A key is found in its line or a few lines on; a value of a key that others share too is
 *           compared with each of them.
 */
#ifndef YUMEN_SCREEN_SHARD_H
#define YUMEN_SCREEN_SHARD_H

#include "screen/image.h"
#include "screen/text.h"

static inline uint32_t shard_index(enum shard_class class, uint64_t key)
{
    return (uint32_t)(key >> (KEY_BITS - shard_bits[class]));
}

/* Where a key is looked for, and as what. */
struct shard_want {
    uint64_t slot; /* the low bits of the key, with no term */
    uint64_t line;
};

static inline struct shard_want shard_want(const struct shard *s, uint64_t key)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t spot = key << (64 - KEY_BITS) << (s->key_shift); /* the shard's own bits, at the top */
    return (struct shard_want){.slot = spot >> (64 - KEY_BITS + s->key_shift) << s->term_bits,
                               .line = (uint64_t)(((wide)spot * s->bucket_count) >> 64)};
}

/* One bit a slot that has this key. An empty slot has term 0, and none has. */
static inline unsigned line_find(const uint64_t *line, uint64_t slot, uint64_t terms)
{
#define HAS(i) ((unsigned)((line[i] ^ slot) - 1 < terms) << (i))
    return HAS(0) | HAS(1) | HAS(2) | HAS(3) | HAS(4) | HAS(5) | HAS(6) | HAS(7);
#undef HAS
}

static inline uint64_t shard_terms_mask(const struct shard *s)
{
    return (UINT64_C(1) << s->term_bits) - 1;
}

/* Keys stand in order: one that sorts before a full line's last stands in it or nowhere. The
 * difference is read as signed, for only the low bits are there. */
static inline bool line_goes_on(const uint64_t *line, uint64_t slot, uint64_t terms)
{
    uint64_t last = line[LINE_SLOTS - 1];
    return last != 0 && (int64_t)((slot | terms) - last) >= 0;
}

/* What the first word of a line says: where its text begins, and the units of its slots. */
enum { META_AT_BITS = 32, META_UNIT_BITS = 5, META_LONG = (1 << META_UNIT_BITS) - 1 };

static inline uint64_t meta_units(uint64_t units, uint32_t slot)
{
    uint64_t said = units < META_LONG ? units : META_LONG;
    return slot == LINE_SLOTS - 1 ? 0 : said << (META_AT_BITS + META_UNIT_BITS * (slot - 1));
}

/* Where some text before it is longer than a field can say. */
const uint8_t *shard_long_text(const struct shard *s, const uint64_t *line, uint32_t slot);

#define META_EVEN UINT64_C(0x1F07C1F) /* each second field, and a bit in each */
#define META_ONES UINT64_C(0x2108421)

/* Of the slot-th of a line; without a branch that depends on the slot, for nothing foretells it. */
static inline const uint8_t *shard_text(const struct shard *s, const uint64_t *line, uint32_t slot)
{
    uint64_t at = (uint32_t)line[0];
    uint64_t before = (UINT64_C(1) << META_UNIT_BITS * (slot - 1)) - 1;
    uint64_t units = line[0] >> META_AT_BITS & before;
    uint64_t is_long = units & units >> 1 & units >> 2 & units >> 3 & units >> 4 & META_ONES;
    if (is_long != 0)
        return shard_long_text(s, line, slot);
    uint64_t pairs = (units & META_EVEN) + (units >> META_UNIT_BITS & META_EVEN);
    at += (pairs + (pairs >> 10) + (pairs >> 20)) & 0x3FF;
    return s->text + at * TEXT_UNIT;
}

/* The slot of a value, or SHARD_NONE. `value` is not looked at in a shard of numbers. */
#define SHARD_NONE UINT32_MAX
uint32_t shard_find(const struct shard *s, uint64_t key, unsigned kind, str value);
/* How many values stand before this slot: its place among the rows. */
uint32_t shard_rank(const struct shard *s, uint32_t slot);
/* It will be asked for soon. */
static inline void shard_expect_rank(const struct shard *s, uint32_t slot)
{
    uint32_t line = slot / LINE_SLOTS;
    __builtin_prefetch(&s->ranks[line / RANK_LINES]);
    for (uint32_t i = line & ~(RANK_LINES - 1U); i < line; i++)
        __builtin_prefetch(s->lines + (size_t)i * LINE_SLOTS);
}

/* The listings of a slot, one after the other. */
struct shard_listings {
    const uint32_t *next; /* of several */
    uint32_t left;
    uint32_t row;
    uint32_t term;
};
struct shard_listings shard_listings(const struct shard *s, uint32_t slot);
bool shard_listing_next(const struct shard *s, struct shard_listings *l, uint32_t *ret_row,
                        const struct term **ret_term);

/* Walks a shard in the order of its keys. Begin with a zeroed walk. */
struct shard_walk {
    uint32_t next; /* slot */
    uint32_t slot;
    uint64_t key;
    uint64_t last;       /* the largest key that points to the line the walk is in; */
    uint32_t last_line;  /* 0: not yet worked out, else that line and 1 */
    const uint8_t *text; /* size and kind, then bytes; NULL of numbers */
    const uint8_t *next_text;
};
bool shard_walk(const struct shard *s, struct shard_walk *w);

#endif
